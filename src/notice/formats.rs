//! The table of layouts: how to tell who wrote a bounce in words.
//!
//! A row names a layout and its marks; the reading itself is the same for all
//! ([`scan`](super::scan)). The first row whose marks all stand in the mail wins.
//! To add a layout: one row here, one sample below `testdata/mail/<name>/`.

use super::Envelope;
use crate::message::Message;
use crate::phrases::{Lines, Phrases};
use std::cell::RefCell;
use std::sync::LazyLock;

/// One layout.
#[derive(Debug)]
pub struct Format {
    /// Its name in events.
    pub name: &'static str,
    /// What must stand in the mail, all of it.
    pub marks: &'static [Mark],
}

/// A mark of a layout. Texts are compared without regard to ASCII case.
#[derive(Debug)]
pub enum Mark {
    /// The From field contains it.
    From(&'static str),
    /// The subject contains it.
    Subject(&'static str),
    /// A header of that name contains it.
    Header(&'static str, &'static str),
    /// The report contains it.
    Text(&'static str),
    /// The report contains one of them.
    AnyText(&'static [&'static str]),
}

use Mark::{AnyText, From, Header, Subject, Text};

const fn row(name: &'static str, marks: &'static [Mark]) -> Format {
    Format { name, marks }
}

/// The layouts, the more particular before the more general: providers and products
/// by what only they write, then the mail servers whose texts others have copied.
pub const FORMATS: &[Format] = &[
    // Providers: by the address that writes.
    row("aol", &[From("@aol.com")]),
    row("yahoo", &[From("yahoo.com")]),
    row("facebook", &[From("facebook.com")]),
    row("verizon", &[From("vtext.com")]),
    row("verizon", &[From("vzwpix.com")]),
    row("ezweb", &[From("ezweb.ne.jp")]),
    row("kddi", &[From("auone-net.jp")]),
    row("biglobe", &[From("biglobe.ne.jp")]),
    row("mailru", &[From("mail.ru")]),
    row("qq", &[From("qq.com")]),
    row("163", &[From("@163.com")]),
    row("gmx", &[From("gmx.")]),
    row("gmx", &[From("kundenserver.de")]),
    row("tonline", &[From("t-online.de")]),
    row("messagelabs", &[From("messagelabs.com")]),
    row("zoho", &[Header("X-ZohoMail", "")]),
    row("mxlogic", &[Header("X-MXL-Hash", "")]),
    row("googlegroups", &[Text("the group you tried to contact")]),
    row("mimecast", &[Text("mimecast postmaster")]),
    // Products: by a field that they add or by their own name in the report.
    row("mfilter", &[Header("X-Mailer", "m-filter")]),
    row("fml", &[Header("X-MLServer", "fml")]),
    row("listserv", &[From("listserv@")]),
    row("lyris", &[From("lyris")]),
    row("activehunter", &[Header("X-AHMAILID", "")]),
    row("barracuda", &[Header("X-Barracuda-Version", "")]),
    row("surfcontrol", &[Header("X-SEF-Processed", "")]),
    row("mailmarshal", &[Header("X-Mailer", "mailmarshal")]),
    row("mcafee", &[Header("X-NAI-Header", "")]),
    row("trendmicro", &[From("interscan")]),
    row("mdaemon", &[From("mdaemon")]),
    row("groupwise", &[Header("X-Mailer", "groupwise")]),
    row("imailserver", &[Header("X-Mailer", "<smtp32")]),
    row("mailenable", &[Header("X-Mailer", "mailenable")]),
    row("hmailserver", &[Text("hmailserver")]),
    row("kerio", &[Text("kerio")]),
    row("vpop3", &[Text("vpop3")]),
    row("icewarp", &[Text("icewarp")]),
    row("lsmtp", &[Text("lsmtp")]),
    row("mxguard", &[Text("mxguard")]),
    row("apachejames", &[Text("james mail server")]),
    row("dragonfly", &[Text("dragonfly mail agent")]),
    row("courier", &[Text("running the courier mail server")]),
    // Servers: by the sentences of their reports.
    row(
        "opensmtpd",
        &[Text("this is the mailer-daemon, please do not reply")],
    ),
    row(
        "communigate",
        &[Text("failed to deliver to '"), Text(" reports:")],
    ),
    row(
        "smartermail",
        &[
            Text("could not deliver message to the following recipient(s)"),
            Text("failed recipient:"),
        ],
    ),
    row(
        "ironport",
        &[
            Text("the following message to <"),
            Text("was undeliverable."),
        ],
    ),
    row(
        "openwave",
        &[Text(
            "this message was undeliverable due to the following reason",
        )],
    ),
    row("smail", &[Text("failed addresses follow:")]),
    row("x400", &[Text("unrecognised o/r name")]),
    row("compuserve", &[Text("receiver not found")]),
    row(
        "mailfoundry",
        &[
            Text("unable to deliver message to:"),
            Text("delivery failed for the following reason"),
        ],
    ),
    row(
        "messagingserver",
        &[
            Subject("delivery notification:"),
            Text("recipient address:"),
        ],
    ),
    row("postfix", &[Text("this is the postfix program")]),
    row("postfix", &[Text("this is the mail system at host")]),
    row("qmail", &[Text("this is the qmail-send program")]),
    row(
        "exim",
        &[AnyText(&[
            "created automatically by mail delivery software",
            "a message that you sent could not be delivered to",
        ])],
    ),
    row(
        "domino",
        &[
            Header("X-MIMETrack", ""),
            AnyText(&[
                "could not be delivered",
                "was not delivered",
                "\u{914d}\u{4fe1}\u{3055}\u{308c}\u{307e}\u{305b}\u{3093}\u{3067}\u{3057}\u{305f}",
            ]),
        ],
    ),
    row(
        "gmail",
        &[AnyText(&[
            "technical details of permanent failure",
            "technical details of temporary failure",
            "the google email servers",
        ])],
    ),
    row("gmail", &[From("googlemail.com")]),
    row(
        "office365",
        &[AnyText(&[
            "office 365",
            "microsoft 365",
            "exchange online",
            "prod.outlook.com",
        ])],
    ),
    // Exchange 5.5
    row("exchange", &[Header("X-Mailer", "internet mail service")]),
    // Exchange 2000 and 2003, on the SMTP service of Windows
    row(
        "exchange",
        &[AnyText(&[
            "did not reach some or all of the intended recipients",
            "hat einige oder alle empf\u{e4}nger nicht erreicht",
            "n'est pas parvenu \u{e0} certains ou \u{e0} tous les destinataires",
        ])],
    ),
    // Exchange 2007 and later
    row(
        "exchange",
        &[AnyText(&[
            "delivery has failed to these recipients",
            "delivery is delayed to these recipients",
            "\u{e9}chec de la remise pour les destinataires ou groupes",
        ])],
    ),
    row(
        "exchange",
        &[AnyText(&[
            "diagnostic information for administrators",
            "diagnoseinformationen f\u{fc}r administratoren",
            "informations de diagnostic pour les administrateurs",
            "informaci\u{f3}n de diagn\u{f3}stico para",
            "informa\u{e7}\u{f5}es de diagn\u{f3}stico para",
            "diagnostische gegevens voor beheerders",
            "diagnostische informatie voor beheerders",
            "informazioni diagnostiche per gli amministratori",
            "informazioni di diagnostica per gli amministratori",
            "informacje diagnostyczne dla administrator",
            "diagnostikinformation f\u{f6}r administrat\u{f6}rer",
            "diagnosticeringsoplysninger til administratorer",
            "diagnostick\u{e9} informace pro spr\u{e1}vce",
            "diagnosztikai inform\u{e1}ci\u{f3}k rendszergazd\u{e1}k",
            "y\u{f6}neticiler i\u{e7}in tan\u{131}lama bilgileri",
            "\u{434}\u{438}\u{430}\u{433}\u{43d}\u{43e}\u{441}\u{442}\u{438}\u{447}\u{435}\u{441}\u{43a}\u{438}\u{435} \u{441}\u{432}\u{435}\u{434}\u{435}\u{43d}\u{438}\u{44f} \u{434}\u{43b}\u{44f} \u{430}\u{434}\u{43c}\u{438}\u{43d}\u{438}\u{441}\u{442}\u{440}\u{430}\u{442}\u{43e}\u{440}\u{43e}\u{432}",
            "\u{7ba1}\u{7406}\u{8005}\u{5411}\u{3051}\u{306e}\u{8a3a}\u{65ad}\u{60c5}\u{5831}",
            "\u{7ba1}\u{7406}\u{8005}\u{7528}\u{306e}\u{8a3a}\u{65ad}\u{60c5}\u{5831}",
            "\u{7ba1}\u{7406}\u{5458}\u{7684}\u{8bca}\u{65ad}\u{4fe1}\u{606f}",
            "\u{ad00}\u{b9ac}\u{c790}\u{c6a9} \u{c9c4}\u{b2e8} \u{c815}\u{bcf4}",
        ])],
    ),
    row(
        "smtpsvc",
        &[AnyText(&[
            "this is an automatically generated delivery status notification",
            "automatisch erstellte benachrichtigung \u{fc}ber den zustellstatus",
        ])],
    ),
    row(
        "sendmail",
        &[AnyText(&[
            "the following addresses had permanent",
            "the following addresses had transient",
            "the following addresses had delivery",
        ])],
    ),
    // Before release 8 no list of addresses stood above the transcript.
    row("v5sendmail", &[Text("transcript of session follows")]),
];

/// The name of the layout; `text` where no row claims the mail.
pub fn name(message: &Message<'_>, envelope: &Envelope, report: &str) -> &'static str {
    row_of(message, envelope, report)
        .and_then(|n| FORMATS.get(n))
        .map_or("text", |f| f.name)
}

/// Which row of [`FORMATS`] claims the mail.
pub fn row_of(message: &Message<'_>, envelope: &Envelope, report: &str) -> Option<usize> {
    let mail = Marks {
        message,
        from: FROMS.in_text(&envelope.from),
        subject: envelope.subject.to_lowercase(),
        texts: texts_in(report),
    };
    let mut needs = NEEDS.iter();
    FORMATS.iter().position(|format| {
        let needed = needs.next().map(Vec::as_slice).unwrap_or_default();
        let texts = needed.iter().all(|any| any & mail.texts != 0);
        texts && format.marks.iter().all(|m| mail.bears(m))
    })
}

/// Texts that are looked for in one pass, all in lower case.
struct Texts {
    all: Vec<&'static str>,
    finder: Phrases,
}

/// Every text that a row looks for in the From field.
static FROMS: LazyLock<Texts> = LazyLock::new(|| {
    Texts::of(|mark| match mark {
        From(text) => std::slice::from_ref(text),
        Text(_) | AnyText(_) | Subject(_) | Header(..) => &[],
    })
});

/// Every text that a row looks for in the report: at most 128.
static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::of(in_report));

/// What a row looks for in the report: for each of its marks one of these texts, a bit each.
static NEEDS: LazyLock<Vec<Vec<u128>>> = LazyLock::new(|| {
    let mut bit = 1_u128;
    let mut any_of = |mark| {
        in_report(mark).iter().fold(0, |any, _| {
            let this = bit;
            bit = bit.rotate_left(1);
            any | this
        })
    };
    let mut needs = |marks: &'static [Mark]| {
        let any = marks.iter().map(&mut any_of);
        any.filter(|any| *any != 0).collect()
    };
    FORMATS.iter().map(|format| needs(format.marks)).collect()
});

/// What a mark looks for in the report.
const fn in_report(mark: &'static Mark) -> &'static [&'static str] {
    match mark {
        Text(text) => std::slice::from_ref(text),
        AnyText(all) => all,
        From(_) | Subject(_) | Header(..) => &[],
    }
}

thread_local! {
    static KNOWN: RefCell<Lines<u128>> = RefCell::default();
}

/// The texts of rows that stand in the report, a bit each: none goes over the end of a line.
fn texts_in(report: &str) -> u128 {
    let mut found = 0;
    KNOWN.with_borrow_mut(|known| known.each(report, texts_in_line, |more| found |= more));
    found
}

fn texts_in_line(line: &str) -> u128 {
    let mut found = 0;
    let mut find = |text: &str| TEXTS.finder.each(text, |f| found |= 1 << f.phrase);
    match line.is_ascii() {
        true => find(line),
        false => find(&line.to_lowercase()),
    }
    found
}

impl Texts {
    fn of(texts: fn(&'static Mark) -> &'static [&'static str]) -> Texts {
        let marks = FORMATS.iter().flat_map(|f| f.marks);
        let all: Vec<&str> = marks.flat_map(texts).copied().collect();
        let finder = Phrases::ignoring_case(&all);
        Texts { all, finder }
    }

    /// Those that stand in a text: of ASCII, or in lower case.
    fn in_text(&self, text: &str) -> Vec<&'static str> {
        let mut found = Vec::new();
        self.finder
            .each(text, |f| found.extend(self.all.get(f.phrase)));
        found
    }
}

struct Marks<'a> {
    message: &'a Message<'a>,
    /// The texts of rows that stand in the From field.
    from: Vec<&'static str>,
    subject: String,
    /// The texts of rows that stand in the report, a bit each.
    texts: u128,
}

impl Marks<'_> {
    /// Whether the mail bears a mark; texts of the report have been looked at.
    fn bears(&self, mark: &Mark) -> bool {
        match mark {
            From(t) => self.from.contains(t),
            Subject(t) => self.subject.contains(t),
            Text(_) | AnyText(_) => true,
            Header(name, t) => self
                .message
                .headers()
                .all(name)
                .any(|v| t.is_empty() || String::from_utf8_lossy(v).to_lowercase().contains(t)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i3_texts_have_a_bit_each() {
        assert!(TEXTS.all.len() <= 128, "{}", TEXTS.all.len());
        for (at, text) in TEXTS.all.iter().enumerate() {
            let found = texts_in(&format!("so:\n> {text}\nx"));
            assert!(found & 1 << at != 0, "{text}");
            let needed = |n: &Vec<u128>| n.iter().any(|any| any & 1 << at != 0);
            assert_eq!(NEEDS.iter().filter(|n| needed(n)).count(), 1, "{text}");
        }
    }

    #[test]
    fn i3_marks_are_lower_case() {
        let lower = |t: &str| {
            assert_eq!(t, t.to_lowercase());
            assert!(!t.contains('\n'), "{t}");
        };
        for f in FORMATS {
            for m in f.marks {
                match m {
                    From(t) | Subject(t) | Text(t) | Header(_, t) => lower(t),
                    AnyText(all) => all.iter().for_each(|t| lower(t)),
                }
            }
        }
    }
}
