//! The report as CSV: `by,key` and all figures, one row a group, the totals first.
//!
//! Numbers are those of the JSON, unrounded and ungrouped; what is absent there is an
//! empty cell here.

use super::report::order::ordered;
use super::report::{Grouping, View};
use super::safe::defused;
use crate::report::Summary;
use crate::report::summary::Figures;
use std::borrow::Cow;

/// What is shown unless `--by` asks for something else: the groups of the JSON.
const STANDARD: &[Grouping] = &[
    Grouping::Mailbox,
    Grouping::Domain,
    Grouping::Campaign,
    Grouping::Day,
    Grouping::Category,
];

/// The keys of [`Figures`], in the order of the JSON.
pub const FIGURES: &[&str] = &[
    "sent",
    "bounced",
    "rate",
    "rate_low",
    "rate_high",
    "band",
    "band_certain",
    "hard_bounce",
    "soft_bounce_mailbox",
    "soft_bounce_content",
    "soft_bounce_reputation",
    "other",
    "complaint",
    "auto_reply",
    "delayed",
    "held",
    "unmatched",
    "sender_fault",
    "escalated",
    "hard_rate",
    "content_rate",
    "reputation_rate",
    "complaint_rate",
];

/// The report as CSV with a header.
pub fn write(summary: &Summary, view: &View) -> Vec<u8> {
    let mut out = ::csv::WriterBuilder::new().from_writer(Vec::new());
    let header = ["by", "key"].into_iter().chain(FIGURES.iter().copied());
    let mut rows = vec![header.map(str::to_owned).collect()];
    rows.push(row("total", "".into(), &summary.totals));
    for grouping in view.groupings(STANDARD) {
        let groups = ordered(summary, grouping);
        for group in groups.into_iter().take(view.top.unwrap_or(usize::MAX)) {
            // An address must stay what it is, so that it can be looked up.
            let key = match grouping {
                Grouping::Mailbox => Cow::from(group.key.as_str()),
                _ => defused(&group.key),
            };
            rows.push(row(grouping.key(), key, &group.figures));
        }
    }
    // Writing to memory cannot fail.
    let written = rows.iter().try_for_each(|row| out.write_record(row));
    written
        .ok()
        .and_then(|()| out.into_inner().ok())
        .unwrap_or_default()
}

fn row(by: &str, key: Cow<'_, str>, figures: &Figures) -> Vec<String> {
    let value = serde_json::to_value(figures).unwrap_or_default();
    let cell = |name: &&str| match value.get(name) {
        None => String::new(),
        Some(serde_json::Value::String(word)) => word.clone(),
        Some(number) => number.to_string(),
    };
    let mut cells = vec![by.to_owned(), key.into_owned()];
    cells.extend(FIGURES.iter().map(cell));
    cells
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::view;
    use super::*;
    use crate::report::summary::{Band, Group, sample};

    #[test]
    fn p6_the_columns_are_the_keys_of_the_figures() {
        let text = serde_json::to_string(&sample::figures(3, 100, Band::Danger)).unwrap();
        let keys: Vec<&str> = text
            .split(['{', ','])
            .filter_map(|part| part.strip_prefix('"')?.split('"').next())
            .collect();
        assert_eq!(keys, FIGURES);
    }

    fn lines(summary: &Summary, view: &View) -> Vec<String> {
        let text = String::from_utf8(write(summary, view)).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn p6_one_row_a_group_totals_first() {
        let lines = lines(&sample::summary(), &view());
        assert!(lines[0].starts_with("by,key,sent,bounced,rate,"));
        let total =
            "total,,400,12,0.03,0.015,0.045,danger,false,12,0,0,0,0,0,0,0,0,0,0,0,0.03,0.0,0.0,0.0";
        assert_eq!(lines[1], total);
        let named: Vec<&str> = lines.iter().filter_map(|l| l.split(',').next()).collect();
        let expected = [
            "by", "total", "mailbox", "mailbox", "domain", "domain", "campaign", "day", "day",
            "category",
        ];
        assert_eq!(named, expected);
    }

    #[test]
    fn p6_without_a_sent_log_the_cells_of_rates_are_empty() {
        let summary = Summary {
            totals: Figures {
                bounced: 7,
                ..Figures::default()
            },
            ..Summary::default()
        };
        let expected = "total,,,7,,,,,,0,0,0,0,0,0,0,0,0,0,0,0,,,,";
        assert_eq!(lines(&summary, &view())[1], expected);
    }

    #[test]
    fn s6_keys_are_no_formulas_but_addresses_stay_exact() {
        let mut summary = sample::summary();
        let group = |key: &str| Group {
            key: key.to_owned(),
            ..Group::default()
        };
        summary.by.campaign = vec![group("=HYPERLINK(\"x\")")];
        summary.by.mailbox = vec![group("=a@acme.example")];
        let lines = lines(&summary, &view()).join("\n");
        assert!(lines.contains("\ncampaign,\"'=HYPERLINK(\"\"x\"\")\","));
        assert!(lines.contains("\nmailbox,=a@acme.example,"));
    }

    #[test]
    fn p6_top_limits_the_rows_of_each_kind() {
        let view = View {
            by: vec![Grouping::Domain, Grouping::Provider],
            top: Some(1),
            ..view()
        };
        let lines = lines(&sample::summary(), &view);
        assert_eq!(lines.len(), 4);
        assert!(lines[2].starts_with("domain,gmail.com,"), "{}", lines[2]);
        assert!(lines[3].starts_with("provider,gmail,"), "{}", lines[3]);
    }
}
