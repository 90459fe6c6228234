//! Which address was mailed to, and which one failed (E2).

use super::{Notice, Returned};
use crate::address;

/// The two addresses of a notice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Addresses {
    /// The address that was mailed to: the one on the list.
    pub recipient: Option<String>,
    /// The address that failed, where it is another.
    pub last: Option<String>,
}

/// Chooses by the order of E2: the VERP tag · what the report calls original · the address in
/// `Received … for` of our topmost hop · the only address in To and Cc of the
/// returned message · what the report calls final.
///
/// `alone` is true if the report names one recipient only: the To field of a
/// mail says nothing about which of several recipients failed. `verp` is the
/// recipient that the sender had written into its envelope address.
pub fn resolve(notice: &Notice, returned: &Returned, alone: bool, verp: Option<&str>) -> Addresses {
    let failed = notice.recipient.as_deref().filter(|a| !a.is_empty());
    let meant = verp
        .filter(|_| alone)
        .map(|v| {
            untagged(
                v,
                failed
                    .into_iter()
                    .chain(returned.to.iter().map(String::as_str)),
            )
        })
        .or_else(|| notice.original.clone())
        .or_else(|| received_for(returned, failed).filter(|_| alone))
        .or_else(|| only_to(returned, failed, alone));
    match (meant, failed) {
        (Some(m), Some(f)) if address::keyed(&m) != address::keyed(f) => Addresses {
            recipient: Some(m),
            last: Some(f.to_owned()),
        },
        (_, Some(f)) => Addresses {
            recipient: Some(f.to_owned()),
            last: None,
        },
        (m, None) => Addresses {
            recipient: m,
            last: None,
        },
    }
}

/// A VERP tag often holds more than the recipient (`4fd8a2.6b3c1-jane=example.com`,
/// `1234567-jane=example.com`): where it ends with an address that the report knows,
/// that address is meant.
fn untagged<'a>(tag: &str, known: impl Iterator<Item = &'a str>) -> String {
    let key = address::keyed(tag);
    let ends = |a: &&str| {
        key.strip_suffix(&*address::keyed(a))
            .is_some_and(|lead| lead.is_empty() || lead.ends_with(['-', '.', '+', '_']))
    };
    let mut known: Vec<&str> = known.filter(ends).collect();
    known.sort_by_key(|a| a.len());
    known.pop().unwrap_or(tag).to_owned()
}

/// The address of the topmost hop that is the sender's own: its host stands in
/// the domain of the returned From or Return-Path. Where the failed address was
/// itself written to, the hop names another recipient of the same mail.
fn received_for(returned: &Returned, failed: Option<&str>) -> Option<String> {
    let failed = failed.map(address::keyed);
    if returned
        .to
        .iter()
        .any(|to| Some(address::keyed(to)) == failed)
    {
        return None;
    }
    let own: Vec<String> = [&returned.from, &returned.return_path]
        .into_iter()
        .flatten()
        .filter_map(|a| address::domain(a))
        .collect();
    let hop = returned.hops().into_iter().find(|(by, _)| {
        own.iter()
            .any(|d| by == d || by.ends_with(&format!(".{d}")))
    })?;
    let taken_for = hop.1?;
    (!is_sender(returned, &taken_for)).then_some(taken_for)
}

/// To of the returned message, if To and Cc hold exactly one address. An address
/// that the sender shares (a mail to oneself with everybody in Bcc) says nothing.
fn only_to(returned: &Returned, failed: Option<&str>, alone: bool) -> Option<String> {
    let [to] = returned.to.as_slice() else {
        return None;
    };
    let shared = is_sender(returned, to);
    (!shared && (alone || failed.is_none())).then(|| to.clone())
}

fn is_sender(returned: &Returned, a: &str) -> bool {
    let key = address::keyed(a);
    [&returned.from, &returned.return_path]
        .into_iter()
        .flatten()
        .any(|s| address::keyed(s) == key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocab::Kind;

    fn returned(to: &[&str]) -> Returned {
        Returned {
            present: true,
            from: Some("sales1@acme.example".into()),
            to: to.iter().map(|s| (*s).to_owned()).collect(),
            ..Returned::default()
        }
    }

    #[test]
    fn e2_the_address_at_the_end_of_a_verp_tag() {
        let known = ["jane@example.com", "ane@example.com", "to@example.net"];
        for (tag, want) in [
            ("4fd8a2.6b3c1-jane@example.com", "jane@example.com"),
            ("1234567-Jane@Example.com", "jane@example.com"),
            ("jane@example.com", "jane@example.com"),
            // Nobody is known by that name: the tag is the address.
            ("mary-jane2@example.com", "mary-jane2@example.com"),
            // A longer name is another person.
            ("maryjane@example.com", "maryjane@example.com"),
        ] {
            assert_eq!(untagged(tag, known.into_iter()), want, "{tag}");
        }
    }

    #[test]
    fn e2_the_address_on_the_list() {
        for (original, failed, to, alone, recipient, last) in [
            (
                None,
                Some("a@x.example"),
                &[][..],
                true,
                Some("a@x.example"),
                None,
            ),
            (
                Some("o@y.example"),
                Some("a@x.example"),
                &["t@z.example"][..],
                true,
                Some("o@y.example"),
                Some("a@x.example"),
            ),
            (
                None,
                Some("a@x.example"),
                &["t@z.example"][..],
                true,
                Some("t@z.example"),
                Some("a@x.example"),
            ),
            (
                None,
                Some("A@X.example"),
                &["a@x.example"][..],
                true,
                Some("A@X.example"),
                None,
            ),
            (
                None,
                Some("a@x.example"),
                &["t@z.example"][..],
                false,
                Some("a@x.example"),
                None,
            ),
            (
                None,
                Some("a@x.example"),
                &["t@z.example", "u@z.example"][..],
                true,
                Some("a@x.example"),
                None,
            ),
            (
                None,
                Some("a@x.example"),
                &["sales1@acme.example"][..],
                true,
                Some("a@x.example"),
                None,
            ),
            (
                None,
                None,
                &["t@z.example"][..],
                true,
                Some("t@z.example"),
                None,
            ),
            (None, None, &[][..], true, None, None),
        ] {
            let mut notice = Notice::new(Kind::Failed);
            notice.original = original.map(str::to_owned);
            notice.recipient = failed.map(str::to_owned);
            let got = resolve(&notice, &returned(to), alone, None);
            assert_eq!(
                got.recipient.as_deref(),
                recipient,
                "{original:?} {failed:?} {to:?}"
            );
            assert_eq!(got.last.as_deref(), last, "{original:?} {failed:?} {to:?}");
        }
    }

    #[test]
    fn e2_our_topmost_hop() {
        let r = Returned::read(
            b"Received: from x by mx.forwarder.example for <other@forwarder.example>; Mon, 2 Nov 2026 10:00:00 +0000\n\
              Received: from y by mail.acme.example with ESMTP for <bob@z.example>; Mon, 2 Nov 2026 09:59:00 +0000\n\
              From: sales1@acme.example\nTo: alias@z.example, b@z.example\n\n",
        );
        let mut notice = Notice::new(Kind::Failed);
        notice.recipient = Some("other@forwarder.example".into());
        assert_eq!(
            resolve(&notice, &r, true, None).recipient.as_deref(),
            Some("bob@z.example")
        );
    }
}
