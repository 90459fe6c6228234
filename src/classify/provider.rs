//! Who replied: providers and gateways, by the name of the remote host, by marks
//! that only they print, or by the domain of the recipient.

use crate::phrases::Phrases;
use hashbrown::HashMap;
use std::sync::LazyLock;

/// One provider, as a bit in a [`Providers`] set.
struct Provider {
    /// The name that rules use: `at=google`.
    name: &'static str,
    /// Host names end in one of these.
    hosts: &'static [&'static str],
    /// Words (see `words.rs`) that no one else writes.
    marks: &'static [&'static str],
    /// Domains of its mailboxes.
    domains: &'static [&'static str],
}

/// The providers that rules can name. A new one is a row here.
const TABLE: &[Provider] = &[
    Provider {
        name: "google",
        hosts: &["google.com", "googlemail.com", "gmail.com"],
        marks: &["gsmtp", "support.google.com", "mail.google.com"],
        domains: &["gmail.com", "googlemail.com"],
    },
    Provider {
        name: "microsoft",
        hosts: &[
            "outlook.com",
            "hotmail.com",
            "office365.com",
            "exchangelabs.com",
            "outlook.de",
        ],
        marks: &[
            "aka.ms",
            "mail.protection.outlook.com",
            "resolver.adr",
            "go.microsoft.com",
            "mail.live.com",
            "postmaster.live.com",
        ],
        domains: &[
            "outlook.com",
            "hotmail.com",
            "live.com",
            "msn.com",
            "hotmail.co.uk",
            "hotmail.fr",
            "hotmail.de",
            "hotmail.it",
            "hotmail.es",
            "outlook.de",
            "outlook.fr",
            "live.fr",
            "live.nl",
            "live.co.uk",
        ],
    },
    Provider {
        name: "yahoo",
        hosts: &["yahoodns.net", "yahoo.com", "yahoo.co.jp", "aol.com"],
        marks: &[
            "postmaster.yahooinc.com",
            "senders.yahooinc.com",
            "help.yahoo.com",
            "postmaster.yahoo.com",
            "postmaster.aol.com",
        ],
        domains: &[
            "yahoo.com",
            "ymail.com",
            "rocketmail.com",
            "aol.com",
            "aim.com",
            "yahoo.co.uk",
            "yahoo.fr",
            "yahoo.de",
            "yahoo.it",
            "yahoo.es",
            "yahoo.com.br",
            "yahoo.co.in",
            "verizon.net",
        ],
    },
    Provider {
        name: "apple",
        hosts: &["icloud.com", "me.com", "mac.com", "apple.com"],
        marks: &["support.apple.com"],
        domains: &["icloud.com", "me.com", "mac.com"],
    },
    Provider {
        name: "comcast",
        hosts: &["comcast.net"],
        marks: &["postmaster.comcast.net", "xfinity.com"],
        domains: &["comcast.net"],
    },
    Provider {
        name: "charter",
        hosts: &["charter.net", "rr.com", "twc.com", "spectrum.net"],
        marks: &["spectrum.net"],
        domains: &["charter.net", "roadrunner.com", "twc.com"],
    },
    Provider {
        name: "cox",
        hosts: &["cox.net"],
        marks: &["postmaster.cox.net"],
        domains: &["cox.net"],
    },
    Provider {
        name: "att",
        hosts: &["att.net", "prodigy.net", "sbcglobal.net", "bellsouth.net"],
        marks: &["abuse rbl", "rbl.att.net"],
        domains: &["att.net", "sbcglobal.net", "bellsouth.net"],
    },
    Provider {
        name: "orange",
        hosts: &["orange.fr", "wanadoo.fr"],
        marks: &["postmaster.orange.fr"],
        domains: &["orange.fr", "wanadoo.fr"],
    },
    Provider {
        name: "free",
        hosts: &["free.fr", "proxad.net"],
        marks: &["postmaster.free.fr"],
        domains: &["free.fr"],
    },
    Provider {
        name: "gmx",
        hosts: &[
            "gmx.net",
            "gmx.de",
            "web.de",
            "kundenserver.de",
            "1and1.com",
            "ionos.com",
            "perfora.net",
            "mail.com",
        ],
        marks: &[
            "postmaster.gmx.net",
            "postmaster.gmx.com",
            "postmaster.web.de",
            "postmaster.1und1.de",
            "postmaster.ionos.com",
        ],
        domains: &[
            "gmx.de", "gmx.net", "gmx.at", "gmx.ch", "web.de", "mail.com", "gmx.com",
        ],
    },
    Provider {
        name: "telekom",
        hosts: &["t-online.de"],
        marks: &["postmaster.t online.de", "tosa rx.t online.de"],
        domains: &["t-online.de"],
    },
    Provider {
        name: "mimecast",
        hosts: &["mimecast.com", "mimecast.co.za"],
        marks: &["community.mimecast.com", "kb.mimecast.com"],
        domains: &[],
    },
    Provider {
        name: "proofpoint",
        hosts: &["pphosted.com", "ppe-hosted.com", "gpphosted.com"],
        marks: &[
            "ipcheck.proofpoint.com",
            "prs.proofpoint.com",
            "pphosted.com",
        ],
        domains: &[],
    },
    Provider {
        name: "barracuda",
        hosts: &["barracudanetworks.com"],
        marks: &["cuda nsu", "barracudacentral.org"],
        domains: &[],
    },
    Provider {
        name: "qq",
        hosts: &["qq.com"],
        marks: &["service.mail.qq.com", "open.work.weixin.qq.com"],
        domains: &["qq.com", "foxmail.com"],
    },
    Provider {
        name: "netease",
        hosts: &["163.com", "netease.com", "126.com", "yeah.net"],
        marks: &["mail.163.com", "qiye.163.com"],
        domains: &["163.com", "126.com", "yeah.net"],
    },
    Provider {
        name: "yandex",
        hosts: &["yandex.ru", "yandex.net", "yandex.com"],
        marks: &["ya.cc", "yandex.ru support"],
        domains: &["yandex.ru", "ya.ru", "yandex.com"],
    },
    Provider {
        name: "mailru",
        hosts: &["mail.ru"],
        marks: &["help.mail.ru", "postmaster.mail.ru"],
        domains: &["mail.ru", "bk.ru", "inbox.ru", "list.ru"],
    },
    Provider {
        name: "docomo",
        hosts: &["docomo.ne.jp"],
        marks: &[],
        domains: &["docomo.ne.jp"],
    },
    Provider {
        name: "kddi",
        hosts: &["ezweb.ne.jp", "au.com", "dion.ne.jp"],
        marks: &[],
        domains: &["ezweb.ne.jp", "au.com"],
    },
    Provider {
        name: "softbank",
        hosts: &["softbank.ne.jp", "softbank.jp", "vodafone.ne.jp"],
        marks: &[],
        domains: &["softbank.ne.jp", "i.softbank.jp"],
    },
    Provider {
        name: "godaddy",
        hosts: &["secureserver.net"],
        marks: &["unblock.secureserver.net"],
        domains: &[],
    },
    Provider {
        name: "amazon",
        hosts: &["amazonaws.com", "amazonses.com", "awsapps.com"],
        marks: &["amazonses.com"],
        domains: &[],
    },
    Provider {
        name: "zoho",
        hosts: &["zoho.com", "zoho.eu", "zohomail.com"],
        marks: &["mailadmin.zoho.com"],
        domains: &["zoho.com", "zohomail.com"],
    },
];

/// A set of providers. More than one may have left its mark on a reply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Providers(u64);

impl Providers {
    /// The provider that rules call `name`.
    pub fn named(name: &str) -> Option<Self> {
        TABLE
            .iter()
            .position(|p| p.name == name)
            .map(|i| Self(1 << i))
    }

    /// Those who can have written a reply: by remote host, by the recipient's
    /// domain, by marks in its words.
    pub fn of(words: &str, remote: Option<&str>, recipient: Option<&str>) -> Self {
        let remote = remote.map(host_name);
        let domain = recipient.and_then(crate::address::domain);
        let marked = marks_in(words);
        let named = host_in(words).map(|h| h.replace(' ', "-"));
        let hosts = remote.iter().chain(&named).map(|h| at_host(h));
        let domains = domain.iter().filter_map(|d| OWNERS.domains.get(d.as_str()));
        Self(
            hosts
                .chain(domains.copied())
                .fold(marked, |set, more| set | more),
        )
    }

    /// The set as bits, which mean something in this version of the program only.
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// All of both.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// True if the sets have a provider in common.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// Finds the marks of all providers in one pass; `MARKS.1[i]` is whose mark `i` is.
static MARKS: LazyLock<(Phrases, Vec<u64>)> = LazyLock::new(|| {
    let marks = TABLE
        .iter()
        .enumerate()
        .flat_map(|(i, p)| p.marks.iter().map(move |m| (*m, 1 << i)));
    let (words, bits): (Vec<&str>, Vec<u64>) = marks.unzip();
    (Phrases::new(words), bits)
});

/// The providers whose marks stand in the words.
fn marks_in(words: &str) -> u64 {
    if words.is_empty() {
        return 0;
    }
    let (finder, bits) = &*MARKS;
    let mut set = 0;
    finder.each(words, |f| {
        set |= bits.get(f.phrase).copied().unwrap_or_default()
    });
    set
}

/// `mx.example.com[192.0.2.1]:25`, `dns; mx.example.com` → `mx.example.com`.
fn host_name(written: &str) -> String {
    let host = written.rsplit(';').next().unwrap_or(written).trim();
    let end = host.find(['[', ':', ' ', '(']).unwrap_or(host.len());
    host[..end].trim_end_matches('.').to_ascii_lowercase()
}

/// Whose hosts and domains are whose.
struct Owners {
    hosts: HashMap<&'static str, u64>,
    domains: HashMap<&'static str, u64>,
}

static OWNERS: LazyLock<Owners> = LazyLock::new(|| {
    let mut all = Owners {
        hosts: HashMap::new(),
        domains: HashMap::new(),
    };
    for (i, p) in TABLE.iter().enumerate() {
        p.hosts
            .iter()
            .for_each(|h| *all.hosts.entry(h).or_default() |= 1 << i);
        p.domains
            .iter()
            .for_each(|d| *all.domains.entry(d).or_default() |= 1 << i);
    }
    all
});

/// The providers whose hosts a host is, or is below.
fn at_host(host: &str) -> u64 {
    let below = memchr::memchr_iter(b'.', host.as_bytes()).map(|dot| dot + 1);
    std::iter::once(0)
        .chain(below)
        .filter_map(|from| OWNERS.hosts.get(host.get(from..)?))
        .fold(0, |set, bit| set | bit)
}

/// The host that a mail server says it was talking to. Other host names in a text
/// may be the sender's own, so they say nothing about who replied.
fn host_in(words: &str) -> Option<&str> {
    let mut first: [Option<usize>; 4] = [None; 4];
    HOST_CUES.each(words, |found| {
        if let Some(first) = first.get_mut(found.phrase) {
            *first = Some(first.map_or(found.range.end, |f| f.min(found.range.end)));
        }
    });
    first.into_iter().flatten().find_map(|after| {
        let rest = words.get(after..)?;
        // A host name with dashes is several words; its end is the word with the dots.
        let mut end = 0;
        for word in rest.split(' ').take(6) {
            end += word.len() + 1;
            if word.contains('.') {
                return rest.get(..end - 1);
            }
        }
        None
    })
}

static HOST_CUES: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::new(["host ", "talking to ", "remote server ", "mail server "]));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c2_who_replied() {
        let google = Providers::named("google").unwrap();
        for (words, remote, recipient, want) in [
            ("no such user gsmtp", None, None, true),
            ("unknown", Some("dns; ASPMX.L.google.com"), None, true),
            (
                "unknown",
                Some("gmail-smtp-in.l.google.com[192.0.2.4]:25"),
                None,
                true,
            ),
            (
                "host gmail smtp in.l.google.com {ip} said 550",
                None,
                None,
                true,
            ),
            ("unknown", None, Some("x@gmail.com"), true),
            // Our own host, as others see it.
            ("mail pj1 f41.google.com is listed", None, None, false),
            (
                "unknown",
                Some("mx.notgoogle.com"),
                Some("x@example.com"),
                false,
            ),
        ] {
            let got = Providers::of(words, remote, recipient).meets(google);
            assert_eq!(got, want, "{words}");
        }
        assert_eq!(Providers::named("nobody"), None);
    }

    #[test]
    fn c2_provider_names_are_unique() {
        for (i, p) in TABLE.iter().enumerate() {
            assert!(TABLE[..i].iter().all(|q| q.name != p.name), "{}", p.name);
        }
        assert!(TABLE.len() <= 64);
    }
}
