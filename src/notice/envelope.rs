//! The header fields of a notification that every reader asks for, read once.

use crate::address;
use crate::message::Message;
use crate::phrases::Phrases;
use std::sync::LazyLock;

/// Who wrote the notification, to whom, about what.
#[derive(Clone, Debug, Default)]
pub struct Envelope {
    /// The decoded subject.
    pub subject: String,
    /// The decoded From field, lower case.
    pub from: String,
    /// The address in From.
    pub from_address: Option<String>,
    /// The addresses in To, as written.
    pub to: Vec<String>,
    /// True if the envelope sender is empty: `Return-Path: <>` (RFC 5321 §4.5.5).
    pub null_sender: bool,
    pub(super) daemon: bool,
    /// True if In-Reply-To is there and no system wrote the mail.
    pub answers: bool,
    /// True if it came through a list, a mailing or a tracker: List-Id, List-Unsubscribe
    /// and the fields of what tells many of one thing.
    pub listed: bool,
    /// True if Auto-Submitted says that no person wrote it (RFC 3834 §5).
    pub automatic: bool,
    /// True if Auto-Submitted says that it answers one mail, as reports do; monitors and
    /// trackers write `auto-generated`.
    pub replied: bool,
    /// X-Failed-Recipients (Exim and its imitators), all fields and lists.
    pub failed_recipients: Vec<String>,
}

impl Envelope {
    /// Reads the fields.
    pub fn of(message: &Message<'_>) -> Self {
        let h = message.headers();
        let from = h.text("From").unwrap_or_default().into_owned();
        let to = h.plain("To").unwrap_or_default();
        let from_address = last_address(&from);
        let from = from.to_lowercase();
        let submitted = h.plain("Auto-Submitted").unwrap_or_default();
        let submitted = submitted.trim_start().to_ascii_lowercase();
        let replied = submitted.starts_with("auto-replied");
        // Few systems put the empty envelope sender into From as well.
        let nobody = from.trim() == "<>";
        Envelope {
            daemon: is_daemon(&from, from_address.as_deref()),
            subject: h.text("Subject").unwrap_or_default().into_owned(),
            from_address,
            from,
            to: addresses(&to),
            null_sender: nobody
                || h.raw("Return-Path")
                    .is_some_and(|v| v == b"<>" || v.eq_ignore_ascii_case(b"<MAILER-DAEMON>")),
            answers: h.has("In-Reply-To") && !h.has("Auto-Submitted"),
            listed: TO_MANY.iter().any(|name| h.has(name)),
            automatic: replied || submitted.starts_with("auto-generated"),
            replied,
            failed_recipients: failed_recipients(message),
        }
    }

    /// True if a mail system wrote it, by From, envelope sender or RFC 3834.
    pub fn is_system(&self) -> bool {
        self.from_daemon() || self.null_sender || self.automatic
    }

    /// True if the subject is that of an answer (`Re: …`).
    pub fn is_answer(&self) -> bool {
        if self.answers {
            return true;
        }
        let subject = self.subject.trim_start();
        let head = subject.get(..4).unwrap_or_default().to_ascii_lowercase();
        ["re:", "aw:", "sv:", "vs:"]
            .iter()
            .any(|p| head.starts_with(p))
    }

    /// True if the address in From is that of a mail system, whatever name it bears. A
    /// From without an address is written by old systems only.
    pub fn daemon_address(&self) -> bool {
        let address = self.from_address.as_deref().map(str::to_lowercase);
        let local = |a: &String| a.split('@').next().is_some_and(|l| is_daemon(l, Some(a)));
        self.daemon && address.as_ref().is_none_or(local)
    }

    /// True if the From field is that of a mail system rather than of a person.
    pub fn from_daemon(&self) -> bool {
        self.daemon
    }
}

/// Fields of lists, mailings and trackers, which quote reports to their readers.
const TO_MANY: &[&str] = &[
    "List-Id",
    "List-Unsubscribe",
    "X-Bugzilla-Type",
    "X-GitHub-Reason",
    "X-GitLab-Project",
    "X-JIRA-FingerPrint",
    "X-Redmine-Project",
];

/// What the From fields of mail systems contain.
const DAEMONS: &[&str] = &[
    "mailer-daemon",
    "mailer_daemon",
    "maildaemon",
    "mailer daemon",
    "mail-daemon",
    "mail delivery",
    "maildelivery",
    "mail deliver system",
    "delivery subsystem",
    "postmaster",
    "post_master",
    "mdaemon",
    "system administrator",
    "mail administrator",
    "mail system",
    "mailsystem",
    "mailadmin",
    "delivery-status",
    "ndr administrator",
    "mail.delivery",
    "microsoft exchange",
    // The sender of Exchange's own notices, the same number everywhere.
    "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e",
    "non-delivery",
    "mail transfer",
    "mail transport",
    "mail router",
    "mail gateway",
    "mailscanner",
    "courier mail server",
    "mailsweeper",
    "scanmail",
    "groupshield",
    "webshield",
    "antivirus_for_smtp",
    "content-filter at",
    "systemadministrat",
    "administrateur syst\u{e8}me",
    "administrador del sistema",
    "administrador do sistema",
    "amministratore di sistema",
    "systeembeheerder",
    "systeemadministrator",
    "administrator systemu",
    "\u{441}\u{438}\u{441}\u{442}\u{435}\u{43c}\u{43d}\u{44b}\u{439} \u{430}\u{434}\u{43c}\u{438}\u{43d}\u{438}\u{441}\u{442}\u{440}\u{430}\u{442}\u{43e}\u{440}",
    "sistem y\u{f6}neticisi",
];

static DAEMON: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(DAEMONS));

/// True if a From field (in lower case) and its address are those of a mail system.
pub fn is_daemon(from: &str, address: Option<&str>) -> bool {
    address.is_some_and(is_daemon_address) || DAEMON.stand_in(from)
}

/// True for the mailboxes that only machines write from; a list's `-bounces` address
/// among them, from which Mailman refuses what it does not post.
fn is_daemon_address(address: &str) -> bool {
    let address = address.to_ascii_lowercase();
    let local = address.split('@').next().unwrap_or_default();
    const NAMES: &[&str] = &[
        "mailer",
        "mmdf",
        "uucp",
        "mailgate",
        "mailgateway",
        "smtpgate",
        "viruswall",
        "majordomo",
        "sympa",
        "listserv",
        "listproc",
        "lyris",
        "lyris-noreply",
        "lyris-admin",
    ];
    let ends = ["-bounces", "-bounce"].iter().any(|e| local.ends_with(e));
    // `bounces+tag`, `bounce-4711`; `bounce-reports` sends reports of its own.
    let tagged = local.strip_prefix("bounce").is_some_and(|rest| {
        let rest = rest.strip_prefix('s').unwrap_or(rest);
        !rest.starts_with(char::is_alphabetic)
            && !rest
                .trim_start_matches(['-', '_', '.'])
                .starts_with(char::is_alphabetic)
    });
    ends || tagged || NAMES.contains(&local)
}

fn failed_recipients(message: &Message<'_>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for name in ["X-Failed-Recipients", "X-Failed-Recipient"] {
        for value in message.headers().all(name) {
            let text = crate::message::decode::unfold(value);
            for one in text.split(',') {
                if let Some(a) = address::clean(one).filter(|a| a.contains('@') && !out.contains(a))
                {
                    out.push(a);
                }
            }
        }
    }
    out
}

/// The addresses of an address list, in order.
pub fn addresses(list: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for (_, a) in address::find(list) {
        if !out.iter().any(|o| o == a) {
            out.push(a.to_owned());
        }
    }
    out
}

/// The address of a mailbox: the last one, as a display name may hold another.
pub fn last_address(mailbox: &str) -> Option<String> {
    let stop = mailbox.find('>').map_or(mailbox.len(), |n| n + 1);
    let last = |text: &str| address::find(text).last().map(|(_, a)| a.to_owned());
    let found = last(mailbox.get(..stop).unwrap_or(mailbox));
    found.or_else(|| (stop < mailbox.len()).then(|| last(mailbox))?)
}
