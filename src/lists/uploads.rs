//! The lists as sending platforms import them (S6, `--for`).
//!
//! One table says what each platform takes; one writer fills it. What is not known of a
//! platform gets the plain form: one column, `email`. Lists hold addresses, never whole
//! domains, so no platform's way to write a domain is needed.

use super::cells::{Cells, cells_of};
use super::files::{COMPLAINT, encoded};
use crate::time;
use crate::vocab::Platform;

/// Where the files lie.
pub const FOLDER: &str = "for";
/// The header of a file without one.
const NONE: &str = "";

/// A cell of a platform's line.
#[derive(Clone, Copy, Debug)]
enum Cell {
    /// The address, exact.
    Address,
    /// The SMTP code, where it is known.
    Code,
    /// The reply, else the reason.
    Why,
    /// `hard_bounce` or `spam_complaint`.
    Reason,
    /// Since when, as mails write it: `Fri, 18 Oct 2024 18:28:14 UTC`.
    Since,
    /// One word for a dead address, another for a complaint.
    Either(&'static str, &'static str),
    /// A word.
    Word(&'static str),
}

/// What a platform takes.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    platform: Platform,
    /// The first line; none if empty.
    header: &'static str,
    /// The lines of one address.
    lines: &'static [&'static [Cell]],
    /// It is a list of complaints: dead addresses are not for it.
    complaints: bool,
    /// The most lines and bytes of a file, the header not counted and counted.
    most: (usize, usize),
}

/// One column of addresses with a header.
const fn column(platform: Platform, header: &'static str) -> Format {
    Format {
        platform,
        header,
        lines: &[&[Cell::Address]],
        complaints: false,
        most: (usize::MAX, usize::MAX),
    }
}

/// The same with a limit.
const fn limited(platform: Platform, header: &'static str, most: (usize, usize)) -> Format {
    Format {
        most,
        ..column(platform, header)
    }
}

/// Decimal megabytes: who means binary ones takes these, too.
const MB: usize = 1_000_000;

/// The platforms. Columns and limits are those of their documentation.
const FORMATS: &[Format] = &[
    Format {
        lines: &[&[Cell::Address, Cell::Either("BOUNCE", "COMPLAINT")]],
        ..limited(Platform::Ses, NONE, (100_000, usize::MAX))
    },
    column(Platform::Apollo, "email"),
    column(Platform::Brevo, "EMAIL"),
    column(Platform::Cakemail, "email"),
    column(Platform::Cloudflare, NONE),
    column(Platform::Hubspot, "email"),
    column(Platform::Instantly, "email"),
    column(Platform::Klaviyo, "email"),
    column(Platform::Klenty, "email"),
    column(Platform::Lemlist, NONE),
    column(Platform::Mailchimp, "Email Address"),
    Format {
        lines: &[&[Cell::Address, Cell::Code, Cell::Why, Cell::Since]],
        ..limited(
            Platform::Mailgun,
            "address,code,error,created_at",
            (usize::MAX, 25 * MB),
        )
    },
    Format {
        lines: &[&[Cell::Address, Cell::Since]],
        complaints: true,
        ..limited(
            Platform::MailgunComplaints,
            "address,created_at",
            (usize::MAX, 25 * MB),
        )
    },
    // The documentation calls the third column both tag and tags; it may be left out.
    Format {
        lines: &[&[Cell::Address, Cell::Since]],
        ..limited(
            Platform::MailgunUnsubscribes,
            "address,created_at",
            (usize::MAX, 25 * MB),
        )
    },
    column(Platform::Mandrill, "email"),
    limited(Platform::Postmark, "email", (50, usize::MAX)),
    column(Platform::Reachinbox, "email"),
    column(Platform::Sfmc, "email"),
    column(Platform::Sendgrid, "email"),
    column(Platform::Smartlead, "email"),
    // Both types of mail are stopped by a line each.
    Format {
        lines: &[
            &[Cell::Address, Cell::Word("transactional"), Cell::Reason],
            &[Cell::Address, Cell::Word("non_transactional"), Cell::Reason],
        ],
        ..limited(
            Platform::Sparkpost,
            "recipient,type,description",
            (1_000_000, usize::MAX),
        )
    },
    limited(Platform::Telnyx, "email", (250_000, 25 * MB)),
    limited(Platform::Woodpecker, "email", (500, usize::MAX)),
];

/// A row of a list, as far as platforms want to know it.
#[derive(Debug, Default)]
struct Entry {
    reason: String,
    code: String,
    reply: String,
    since: String,
}

impl Entry {
    /// Of a line under these columns.
    fn of(columns: &str, line: &str) -> Entry {
        let mut entry = Entry::default();
        for (column, cell) in columns.split(',').zip(cells_of(line)) {
            let own = match column {
                "reason" => &mut entry.reason,
                "smtp_code" => &mut entry.code,
                "smtp_message" => &mut entry.reply,
                "since" => &mut entry.since,
                _ => continue,
            };
            *own = cell.into_owned();
        }
        entry
    }

    fn is_complaint(&self) -> bool {
        self.reason == COMPLAINT
    }

    fn cell(&self, cells: Cells, address: &str, cell: Cell) -> Cells {
        match cell {
            Cell::Address => cells.exact(address),
            Cell::Code => cells.text(&self.code),
            Cell::Why if self.reply.is_empty() => cells.text(&self.reason),
            Cell::Why => cells.text(&self.reply),
            Cell::Reason => cells.text(&self.reason),
            Cell::Since => cells.text(&mail_date(&self.since)),
            Cell::Either(_, complaint) if self.is_complaint() => cells.text(complaint),
            Cell::Either(dead, _) => cells.text(dead),
            Cell::Word(word) => cells.text(word),
        }
    }
}

/// A moment of a list as mails write it; empty where there is none.
fn mail_date(since: &str) -> String {
    let at = time::parse_rfc3339(since);
    at.map(|t| t.strftime("%a, %d %b %Y %H:%M:%S UTC").to_string())
        .unwrap_or_default()
}

impl Format {
    /// That of a platform.
    pub fn of(platform: Platform) -> Option<&'static Format> {
        FORMATS.iter().find(|f| f.platform == platform)
    }

    /// The first line of each file, with its end; empty if there is none.
    pub fn head(&self) -> String {
        match self.header {
            NONE => String::new(),
            header => format!("{header}\n"),
        }
    }

    /// The lines of a row of a list with these columns; none if it is not for this
    /// platform.
    pub fn lines(&self, address: &str, columns: &str, line: &str) -> String {
        let entry = Entry::of(columns, line);
        // Nothing but an address can be blocked, and it must stay on its line.
        let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        if self.complaints && !entry.is_complaint() || address.contains(breaks) {
            return String::new();
        }
        let one = |cells: &&[Cell]| {
            let filled = cells.iter().fold(Cells::default(), |filled, cell| {
                entry.cell(filled, address, *cell)
            });
            filled.line() + "\n"
        };
        self.lines.iter().map(one).collect()
    }
}

/// Fills file after file.
#[derive(Debug)]
pub struct Fill {
    format: &'static Format,
    most: (usize, usize),
    lines: usize,
    bytes: usize,
    /// Files begun so far.
    pub files: usize,
}

impl Fill {
    /// The first file has begun.
    pub fn new(format: &'static Format) -> Fill {
        Fill {
            format,
            most: format.most,
            lines: 0,
            bytes: format.head().len(),
            files: 1,
        }
    }

    /// Takes the lines of an address. True if they are the first of another file: an
    /// address is never torn apart.
    pub fn take(&mut self, lines: &str) -> bool {
        let count = lines.lines().count();
        let full = self.lines + count > self.most.0 || self.bytes + lines.len() > self.most.1;
        let next = full && self.lines > 0;
        if next {
            self.files += 1;
            self.lines = 0;
            self.bytes = self.format.head().len();
        }
        self.lines += count;
        self.bytes += lines.len();
        next
    }
}

/// The file of a list without ending: of one workspace if there are several. Whatever a
/// workspace is called, its files are not the numbered ones of another.
pub fn stem(platform: Platform, list: &str, workspace: Option<&str>) -> String {
    let folder = format!("{FOLDER}/{platform}/{list}");
    let Some(workspace) = workspace else {
        return folder;
    };
    let mut name = encoded(workspace);
    if let Some(at) = name.rfind('-')
        && numbered(&name, name.get(..at).unwrap_or_default())
    {
        name.replace_range(at..=at, "%2D");
    }
    format!("{folder}/{name}")
}

/// The n-th of so many files, with its ending.
pub fn file(stem: &str, n: usize, of: usize) -> String {
    if of == 1 {
        format!("{stem}.csv")
    } else {
        format!("{stem}-{n:03}.csv")
    }
}

/// True if a name (without ending) is a numbered one of this stem.
fn numbered(name: &str, stem: &str) -> bool {
    let number = name.strip_prefix(stem).and_then(|r| r.strip_prefix('-'));
    number.is_some_and(|n| n.len() >= 3 && n.bytes().all(|b| b.is_ascii_digit()))
}

/// True if a file name is one of a stem's, whatever its number; both without their folder.
pub fn is_file_of(name: &str, stem: &str) -> bool {
    let name = name.strip_suffix(".csv");
    name.is_some_and(|n| n == stem || numbered(n, stem))
}

#[cfg(test)]
mod tests;
