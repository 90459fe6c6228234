//! The columns of a table of groups: the important ones always, the others where the
//! terminal is wide enough.

use crate::output::report::Judgement;
use crate::output::report::number::{count, interval, percent};
use crate::report::summary::{Figures, Group};
use unicode_width::UnicodeWidthStr;

/// The column of the band.
pub const BAND: &str = "BAND";

/// A column behind the key.
pub struct Column {
    /// Its heading.
    pub title: &'static str,
    /// Its cell for a group.
    pub cell: fn(&Figures) -> String,
}

/// In the order in which they stand; `true`: always shown with a sent log.
const RATED: &[(Column, bool)] = &[
    (column(BAND, |f| Judgement::of(f).words().to_owned()), true),
    (
        column("RATE", |f| f.rate.map_or("–".to_owned(), percent)),
        true,
    ),
    (
        column("95 % INT.", |f| interval(f).unwrap_or("–".to_owned())),
        true,
    ),
    (column("BOUNCED", |f| count(f.bounced)), true),
    (
        column("SENT", |f| f.sent.map_or("–".to_owned(), count)),
        true,
    ),
    (column("HARD", |f| count(f.hard_bounce)), false),
    (column("COMPLAINT", |f| count(f.complaint)), false),
    (
        column("REPUTATION", |f| count(f.soft_bounce_reputation)),
        false,
    ),
    (column("CONTENT", |f| count(f.soft_bounce_content)), false),
    (column("SOFT", |f| count(f.soft_bounce_mailbox)), false),
    (column("OTHER", |f| count(f.other)), false),
    (column("HELD", |f| count(f.held)), false),
];

/// The same where nothing is known of what was sent.
const COUNTED: &[(Column, bool)] = &[
    (column("BOUNCED", |f| count(f.bounced)), true),
    (column("HARD", |f| count(f.hard_bounce)), true),
    (column("SOFT", |f| count(f.soft_bounce_mailbox)), true),
    (column("CONTENT", |f| count(f.soft_bounce_content)), true),
    (column("REPUT.", |f| count(f.soft_bounce_reputation)), true),
    (column("COMPL.", |f| count(f.complaint)), true),
    (column("OTHER", |f| count(f.other)), false),
    (column("HELD", |f| count(f.held)), false),
];

const fn column(title: &'static str, cell: fn(&Figures) -> String) -> Column {
    Column { title, cell }
}

/// Columns that fit beside keys of a readable width.
pub fn columns(groups: &[&Group], width: usize) -> Vec<&'static Column> {
    let rated = groups.iter().any(|g| g.figures.sent.is_some());
    let all = if rated { RATED } else { COUNTED };
    let keys = groups.iter().map(|g| g.key.width()).max().unwrap_or(0);
    let mut left = width.saturating_sub(keys.clamp(8, 40) + 2);
    let mut out = Vec::new();
    for (column, always) in all {
        let cells = groups.iter().map(|g| (column.cell)(&g.figures).width());
        let needed = cells.max().unwrap_or(0).max(column.title.width()) + 1;
        if !always && needed > left {
            break;
        }
        left = left.saturating_sub(needed);
        out.push(column);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::summary::{Band, sample};

    fn titles(group: &Group, width: usize) -> Vec<&'static str> {
        columns(&[group], width).iter().map(|c| c.title).collect()
    }

    #[test]
    fn p6_a_wide_terminal_shows_more_figures() {
        let group = Group {
            key: "sales1@acme.example".to_owned(),
            figures: sample::figures(9, 200, Band::Danger),
        };
        let narrow = ["BAND", "RATE", "95 % INT.", "BOUNCED", "SENT"];
        assert_eq!(titles(&group, 70), narrow);
        assert_eq!(titles(&group, 80).last(), Some(&"HARD"));
        assert_eq!(titles(&group, 160).last(), Some(&"HELD"));
    }

    #[test]
    fn p1_without_a_sent_log_there_are_counts() {
        let group = Group {
            key: "gmail.com".to_owned(),
            figures: Figures {
                bounced: 3,
                ..Figures::default()
            },
        };
        assert_eq!(titles(&group, 80).first(), Some(&"BOUNCED"));
        assert!(!titles(&group, 200).contains(&"RATE"));
    }
}
