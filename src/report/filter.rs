//! What a report is about: the period, and the mailboxes, campaigns … that are asked for
//! (P7).

use super::sends::Send;
use crate::address;
use crate::event::Brief;
use crate::history::{History, Id, Item};
use crate::time;
use crate::vocab::Category;
use hashbrown::HashMap;

/// The period and the filters; empty lists let everything pass.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// From here on, in Unix seconds.
    pub since: Option<i64>,
    /// To before here.
    pub until: Option<i64>,
    /// Mailboxes, as keys.
    pub mailboxes: Vec<String>,
    /// Workspaces.
    pub workspaces: Vec<String>,
    /// Campaigns.
    pub campaigns: Vec<String>,
    /// Recipient domains, lower case, A-label.
    pub domains: Vec<String>,
    /// Categories; they do not filter what was sent.
    pub categories: Vec<Category>,
    /// The workspace of each mailbox that has one, for rows of the sent log.
    pub workspace_of: HashMap<String, String>,
    /// The workspace of the others.
    pub workspace: String,
}

/// The key of a domain: lower case, A-label, without an `@` before it.
pub fn domain_key(domain: &str) -> String {
    let key = address::key(&format!("x@{}", domain.trim_start_matches('@')));
    key.strip_prefix("x@").unwrap_or(&key).to_owned()
}

fn passes<'a>(list: &[String], value: impl FnOnce() -> Option<&'a str>) -> bool {
    list.is_empty() || value().is_some_and(|v| list.iter().any(|l| l == v))
}

impl Filter {
    /// True if the moment lies in the period. What is undated lies in every period that
    /// is not bounded.
    pub fn in_period(&self, at: Option<i64>) -> bool {
        match at {
            None => self.since.is_none() && self.until.is_none(),
            Some(at) => self.since.is_none_or(|s| at >= s) && self.until.is_none_or(|u| at < u),
        }
    }

    /// True if the filters, not the period, let an item pass.
    pub fn fits(&self, item: &Item, history: &History) -> bool {
        let text = |id: Option<Id>| id.map(|id| history.text(id));
        (self.categories.is_empty() || item.category.is_some_and(|c| self.categories.contains(&c)))
            && passes(&self.mailboxes, || text(item.mailbox))
            && passes(&self.workspaces, || text(Some(item.workspace)))
            && passes(&self.campaigns, || text(item.campaign))
            && passes(&self.domains, || text(item.domain))
    }

    /// True if period and filters let an event pass.
    pub fn wants(&self, event: &Brief<'_>) -> bool {
        let bounded = self.since.is_some() || self.until.is_some();
        let at = event.occurred_at.as_deref().filter(|_| bounded);
        let at = at.and_then(time::parse_rfc3339);
        let mailbox = event
            .mailbox
            .as_deref()
            .filter(|_| !self.mailboxes.is_empty());
        let domain = event
            .recipient_domain
            .as_deref()
            .filter(|_| !self.domains.is_empty());
        let (mailbox, domain) = (mailbox.map(address::keyed), domain.map(domain_key));
        (self.categories.is_empty() || event.category.is_some_and(|c| self.categories.contains(&c)))
            && self.in_period(at.map(|t| t.as_second()))
            && passes(&self.mailboxes, || mailbox.as_deref())
            && passes(&self.workspaces, || Some(&event.workspace))
            && passes(&self.campaigns, || event.campaign_id.as_deref())
            && passes(&self.domains, || domain.as_deref())
    }

    /// True if the filters, not the period, let a row of the sent log pass.
    pub fn fits_send(&self, send: &Send<'_>) -> bool {
        passes(&self.mailboxes, || send.mailbox)
            && passes(&self.campaigns, || send.campaign)
            && passes(&self.domains, || send.domain)
            && (self.workspaces.is_empty() || self.in_workspace(send))
    }

    /// True if a row does not say what a filter is about.
    pub fn lacks(&self, send: &Send<'_>) -> bool {
        let of_mailbox = !self.mailboxes.is_empty() || !self.workspaces.is_empty();
        of_mailbox && send.mailbox.is_none()
            || !self.campaigns.is_empty() && send.campaign.is_none()
            || !self.domains.is_empty() && send.domain.is_none()
    }

    fn in_workspace(&self, send: &Send<'_>) -> bool {
        let own = send.mailbox.and_then(|m| self.workspace_of.get(m));
        let workspace = own.unwrap_or(&self.workspace);
        send.mailbox.is_some() && self.workspaces.contains(workspace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p7_the_period_is_half_open() {
        let filter = Filter {
            since: Some(10),
            until: Some(20),
            ..Filter::default()
        };
        for (at, expected) in [(9, false), (10, true), (19, true), (20, false)] {
            assert_eq!(filter.in_period(Some(at)), expected, "{at}");
        }
        assert!(!filter.in_period(None));
        assert!(Filter::default().in_period(None));
    }

    #[test]
    fn p7_a_domain_is_its_a_label() {
        for (written, expected) in [
            ("Example.COM", "example.com"),
            ("@example.com", "example.com"),
            ("müller-bau.example", "xn--mller-bau-q9a.example"),
        ] {
            assert_eq!(domain_key(written), expected);
        }
    }

    #[test]
    fn p7_a_row_of_the_sent_log_belongs_to_the_workspace_of_its_mailbox() {
        let filter = Filter {
            workspaces: vec!["outreach".to_owned()],
            workspace: "default".to_owned(),
            workspace_of: [("s@a.example".to_owned(), "outreach".to_owned())].into(),
            ..Filter::default()
        };
        for (mailbox, expected) in [
            (Some("s@a.example"), true),
            (Some("t@a.example"), false),
            (None, false),
        ] {
            let send = Send {
                mailbox,
                ..Send::default()
            };
            assert_eq!(filter.fits_send(&send), expected, "{mailbox:?}");
        }
    }
}
