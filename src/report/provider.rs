//! Who runs the mail of a recipient domain, where the domain alone says so: one provider
//! has many, and judges a sender over all of them.

/// Providers and their own domains. An entry that ends with a dot stands for the domain
/// in every country: `yahoo.` is yahoo.com, yahoo.co.uk, yahoo.de … Sources: the
/// providers' sign-up and help pages.
const PROVIDERS: &[(&str, &[&str])] = &[
    ("gmail", &["gmail.com", "googlemail.com", "google.com"]),
    (
        "microsoft",
        &[
            "outlook.",
            "hotmail.",
            "live.",
            "msn.com",
            "windowslive.com",
            "passport.com",
        ],
    ),
    (
        "yahoo",
        &[
            "yahoo.",
            "ymail.com",
            "rocketmail.com",
            "myyahoo.com",
            "aol.",
            "aim.com",
            "netscape.net",
            "verizon.net",
            "att.net",
            "sbcglobal.net",
            "bellsouth.net",
            "pacbell.net",
            "ameritech.net",
            "swbell.net",
            "prodigy.net",
            "rogers.com",
            "sky.com",
        ],
    ),
    ("icloud", &["icloud.com", "me.com", "mac.com"]),
    ("gmx", &["gmx.", "web.de", "mail.com", "email.de"]),
    ("t-online", &["t-online.de", "magenta.de"]),
    ("comcast", &["comcast.net", "xfinity.com"]),
    ("orange", &["orange.fr", "wanadoo.fr"]),
    ("free", &["free.fr"]),
    ("sfr", &["sfr.fr", "neuf.fr"]),
    ("laposte", &["laposte.net"]),
    (
        "libero",
        &["libero.it", "virgilio.it", "inwind.it", "iol.it"],
    ),
    ("wp", &["wp.pl", "o2.pl"]),
    ("onet", &["onet.pl", "op.pl", "poczta.onet.pl"]),
    ("seznam", &["seznam.cz", "email.cz", "post.cz"]),
    (
        "proton",
        &["proton.me", "protonmail.com", "protonmail.ch", "pm.me"],
    ),
    ("zoho", &["zoho.", "zohomail."]),
    ("yandex", &["yandex.", "ya.ru"]),
    (
        "mail.ru",
        &["mail.ru", "bk.ru", "list.ru", "inbox.ru", "internet.ru"],
    ),
    ("qq", &["qq.com", "foxmail.com"]),
    ("netease", &["163.com", "126.com", "yeah.net", "188.com"]),
    ("naver", &["naver.com"]),
    ("docomo", &["docomo.ne.jp"]),
    ("kddi", &["ezweb.ne.jp", "au.com"]),
    (
        "softbank",
        &["softbank.ne.jp", "i.softbank.jp", "ymobile.ne.jp"],
    ),
    ("bt", &["btinternet.com", "btopenworld.com"]),
    ("bol", &["bol.com.br", "uol.com.br"]),
    ("terra", &["terra.com.br", "terra.com"]),
];

/// Everybody else.
pub const OTHER: &str = "other";

/// The provider of a domain (lower case), or [`OTHER`].
pub fn of(domain: &str) -> &'static str {
    let found = PROVIDERS
        .iter()
        .find(|(_, domains)| domains.iter().any(|d| is(domain, d)));
    found.map_or(OTHER, |(name, _)| name)
}

fn is(domain: &str, entry: &str) -> bool {
    if !entry.ends_with('.') {
        return domain == entry;
    }
    // `yahoo.` has a country or com behind it: `uk`, `co.uk`, `com.br`.
    let Some(rest) = domain.strip_prefix(entry) else {
        return false;
    };
    let short = |label: &str| (2..=3).contains(&label.len());
    match rest.split_once('.') {
        None => short(rest),
        Some((second, top)) => ["co", "com", "net"].contains(&second) && top.len() == 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p6_domains_of_one_provider() {
        for (domain, expected) in [
            ("gmail.com", "gmail"),
            ("googlemail.com", "gmail"),
            ("hotmail.co.uk", "microsoft"),
            ("outlook.com", "microsoft"),
            ("live.nl", "microsoft"),
            ("yahoo.com.br", "yahoo"),
            ("aol.com", "yahoo"),
            ("mac.com", "icloud"),
            ("web.de", "gmx"),
            ("gmx.net", "gmx"),
            ("yahoo.evil.example", "other"),
            ("live.example.com", "other"),
            ("notgmail.com", "other"),
            ("acme.example", "other"),
        ] {
            assert_eq!(of(domain), expected, "{domain}");
        }
    }
}
