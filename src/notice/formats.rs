//! The table of layouts: how to tell who wrote a bounce in words.
//!
//! A row names a layout and its marks; the reading itself is the same for all
//! ([`scan`](super::scan)). The first row whose marks all stand in the mail wins.
//! To add a layout: one row here, one sample below `testdata/mail/<name>/`.

use super::Envelope;
use crate::message::Message;

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

/// The layouts, the more particular before the more general.
pub const FORMATS: &[Format] = &[
    row("mfilter", &[Header("X-Mailer", "m-filter")]),
    row(
        "mfilter",
        &[Text("-------server message"), Text("-------smtp command")],
    ),
    row("fml", &[Header("X-MLServer", "fml")]),
    row("zoho", &[Header("X-Mailer", "zoho")]),
    row("zoho", &[Header("X-ZohoMail", "")]),
    row("mailru", &[Header("X-Mailer-Daemon-Recipients", "")]),
    row(
        "mailru",
        &[
            From("mail.ru"),
            Text("message was created automatically by mail delivery software"),
        ],
    ),
    row(
        "exim",
        &[
            Header("X-Failed-Recipients", ""),
            Text("message was created automatically by mail delivery software"),
        ],
    ),
    row(
        "exim",
        &[
            Text("message was created automatically by mail delivery software"),
            Text("the following address"),
        ],
    ),
    row(
        "exim",
        &[Text("a message that you sent could not be delivered to")],
    ),
    row(
        "exim",
        &[Text("a message that you sent has not yet been delivered")],
    ),
    row("yahoo", &[Text("message from yahoo")]),
    row("yahoo", &[From("yahoo.com"), Subject("delivery failure")]),
    row("yahoo", &[From("yahoo.com"), Subject("failure notice")]),
    row("qmail", &[Text("this is the qmail-send program")]),
    row(
        "qmail",
        &[Text("remote host said:"), Text("below this line is a copy")],
    ),
    row(
        "qmail",
        &[Header("Received", "(qmail"), Subject("failure notice")],
    ),
    row("qmail", &[Subject("failure notice")]),
    row("postfix", &[Text("this is the postfix program")]),
    row("postfix", &[Text("this is the mail system at host")]),
    row("postfix", &[Subject("undelivered mail returned to sender")]),
    row("courier", &[Text("running the courier mail server")]),
    row("courier", &[Subject("notice: mail delivery status")]),
    row(
        "office365",
        &[
            Text("generating server:"),
            AnyText(&[
                "prod.outlook.com",
                "office 365",
                "exchange online",
                "microsoft 365",
            ]),
        ],
    ),
    row("office365", &[From("onmicrosoft.com")]),
    row(
        "office365",
        &[
            AnyText(&["office 365", "microsoft 365"]),
            AnyText(&["couldn't be delivered", "wasn't found at", "isn't"]),
        ],
    ),
    row("exchange", &[Text("did not reach the following recipient")]),
    row(
        "exchange",
        &[Text("diagnostic information for administrators")],
    ),
    row(
        "exchange",
        &[Text("delivery has failed to these recipients")],
    ),
    row("exchange", &[Text("generating server:")]),
    row("exchange", &[Header("X-Mailer", "internet mail service")]),
    row(
        "exchange",
        &[Header("X-MimeOLE", "exchange"), Subject("undeliver")],
    ),
    row(
        "exchange",
        &[AnyText(&[
            "diagnoseinformationen f\u{fc}r administratoren",
            "informations de diagnostic pour les administrateurs",
            "informaci\u{f3}n de diagn\u{f3}stico para administradores",
            "informa\u{e7}\u{f5}es de diagn\u{f3}stico para administradores",
            "diagnostische gegevens voor beheerders",
            "informazioni diagnostiche per gli amministratori",
            "informazioni di diagnostica per gli amministratori",
            "informacje diagnostyczne dla administrator",
        ])],
    ),
    row(
        "gmail",
        &[
            Text("technical details of"),
            AnyText(&["permanent failure", "temporary failure"]),
        ],
    ),
    row("gmail", &[From("googlemail.com")]),
    row(
        "gmail",
        &[AnyText(&[
            "delivery to the following recipient failed permanently",
            "delivery to the following recipient has been delayed",
            "the google email servers",
        ])],
    ),
    row(
        "domino",
        &[
            Header("X-MIMETrack", ""),
            AnyText(&[
                "could not be delivered",
                "was not delivered",
                "not delivered to",
            ]),
        ],
    ),
    row("domino", &[Subject("delivery failure report")]),
    row(
        "domino",
        &[
            Text("your message"),
            Text("was not delivered to:"),
            Text("because:"),
        ],
    ),
    row("amazonworkmail", &[From("amazon workmail")]),
    row("amazonses", &[From("amazonses.com")]),
    row("mdaemon", &[Header("X-MDaemon", "")]),
    row("mdaemon", &[From("mdaemon")]),
    row("groupwise", &[Header("X-Mailer", "groupwise")]),
    row(
        "groupwise",
        &[Text(
            "the message that you sent was undeliverable to the following",
        )],
    ),
    row("imail", &[Header("X-Mailer", "<smtp32")]),
    row(
        "imail",
        &[Text("undeliverable to"), Text("original message follows")],
    ),
    row(
        "messagingserver",
        &[AnyText(&[
            "recipient address:",
            "illegal host/domain name found",
            "remote smtp server has rejected address",
        ])],
    ),
    row("messagingserver", &[Subject("delivery notification: ")]),
    row(
        "mailmarshal",
        &[
            AnyText(&[
                "mailmarshal",
                "your message:",
                "could not be delivered because of",
            ]),
            Header("X-Mailer", "mailmarshal"),
        ],
    ),
    row("mailmarshal", &[Subject("undeliverable mail:")]),
    row(
        "mailfoundry",
        &[
            Text("unable to deliver message to:"),
            Text("delivery failed for the following reason"),
        ],
    ),
    row("trendmicro", &[Text("interscan")]),
    row(
        "trendmicro",
        &[
            Text("unable to deliver message to"),
            Subject("mail could not be delivered"),
        ],
    ),
    row(
        "mcafee",
        &[Text("the following addresses had delivery problems")],
    ),
    row(
        "surfcontrol",
        &[AnyText(&[
            "surfcontrol",
            "your message could not be sent. a transcript of the attempts",
        ])],
    ),
    row("mxlogic", &[AnyText(&["mxlogic", "mx logic"])]),
    row(
        "symantec",
        &[AnyText(&[
            "messagelabs",
            "symanteccloud",
            "symantec brightmail",
        ])],
    ),
    row("mimecast", &[AnyText(&["mimecast"])]),
    row("barracuda", &[AnyText(&["barracuda"])]),
    row("proofpoint", &[AnyText(&["proofpoint", "pphosted"])]),
    row("biglobe", &[Text("biglobe")]),
    row("biglobe", &[From("biglobe.ne.jp")]),
    row(
        "kddi",
        &[
            AnyText(&["the user(s) account is", "ezweb.ne.jp"]),
            From("ezweb.ne.jp"),
        ],
    ),
    row("kddi", &[From("ezweb.ne.jp")]),
    row("kddi", &[From("au.com")]),
    row("docomo", &[From("docomo.ne.jp")]),
    row("softbank", &[From("softbank.ne.jp")]),
    row("verizon", &[AnyText(&["vtext.com", "vzwpix.com"])]),
    row("verizon", &[From("vzwpix.com")]),
    row("facebook", &[From("facebook.com")]),
    row("icloud", &[From("icloud.com")]),
    row("aol", &[From("aol.com")]),
    row(
        "gmx",
        &[AnyText(&[
            "gmx.net",
            "1&1",
            "1und1",
            "kundenserver",
            "ui-portal",
        ])],
    ),
    row("tonline", &[AnyText(&["t-online.de", "smail"])]),
    row("yandex", &[From("yandex")]),
    row("qq", &[From("qq.com")]),
    row(
        "netease",
        &[AnyText(&["163.com", "126.com", "netease"]), From("163.com")],
    ),
    row("opensmtpd", &[Text("opensmtpd")]),
    row(
        "opensmtpd",
        &[Text("this is the mailer-daemon, please do not reply")],
    ),
    row("apachejames", &[Header("X-Mailer", "james")]),
    row("apachejames", &[Text("james mail server")]),
    row(
        "x400",
        &[
            AnyText(&["x.400", "x400", "c=", "mts-id"]),
            Text("non-delivery"),
        ],
    ),
    row("dragonfly", &[Text("this is the dragonfly mail agent")]),
    row("powermta", &[Text("powermta")]),
    row(
        "powermta",
        &[
            Text("could not be delivered to the following recipient"),
            Header("Received", "powermta"),
        ],
    ),
    row("smtpfeed", &[Text("smtpfeed")]),
    row("activehunter", &[Header("X-AHMAILID", "")]),
    row("sendmail", &[Text("transcript of session follows")]),
    row("sendmail", &[Text("the following addresses had permanent")]),
    row("sendmail", &[Text("the following addresses had transient")]),
    row("sendmail", &[Text("unsent message follows")]),
    row(
        "sendmail",
        &[Text("the following addresses had delivery errors")],
    ),
];

/// The name of the layout; `text` where no row claims the mail.
pub fn name(message: &Message<'_>, envelope: &Envelope, report: &str) -> &'static str {
    let subject = envelope.subject.to_lowercase();
    let report = report.to_lowercase();
    let mail = Marks {
        message,
        from: &envelope.from,
        subject: &subject,
        report: &report,
    };
    FORMATS
        .iter()
        .find(|f| f.marks.iter().all(|m| mail.bears(m)))
        .map_or("text", |f| f.name)
}

struct Marks<'a> {
    message: &'a Message<'a>,
    from: &'a str,
    subject: &'a str,
    report: &'a str,
}

impl Marks<'_> {
    fn bears(&self, mark: &Mark) -> bool {
        match mark {
            From(t) => self.from.contains(t),
            Subject(t) => self.subject.contains(t),
            Text(t) => self.report.contains(t),
            AnyText(all) => all.iter().any(|t| self.report.contains(t)),
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
    fn i3_marks_are_lower_case() {
        let lower = |t: &str| assert_eq!(t, t.to_lowercase());
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
