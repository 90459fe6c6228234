//! The report as one page of HTML that needs nothing else: no network, no server, no
//! script to be read.
//!
//! Text of mails is hostile. All of it passes `text` (what could reorder or hide
//! characters is replaced) and the escaping of the templates; and should both fail, the
//! page's own Content-Security-Policy (W3C CSP 3) lets run only the one script and apply
//! only the one style sheet whose hashes it names, and lets nothing be loaded.
//!
//! Charts are SVG whose abscissae are percentages, so that they fit any width while
//! letters keep their size. Every chart has its figures in words or in a table beside it.

mod actions;
mod areas;
mod bars;
mod chart;
mod events;
mod groups;
mod head;
mod trend;

use super::report::words;
use super::report::{Bands, Grouping, View, number};
use super::safe::printable;
use crate::report::advice;
use crate::report::summary::{Band, Summary};
use data_encoding::BASE64;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};
use std::borrow::Cow;

const STYLE: &str = include_str!("report_html/page.css");
const SCRIPT: &str = include_str!("report_html/page.js");

/// The tables of groups that are there unless `--by` asks for something else.
const STANDARD: &[Grouping] = &[
    Grouping::Mailbox,
    Grouping::Domain,
    Grouping::Campaign,
    Grouping::Day,
    Grouping::Category,
];
/// Most bars of a chart, unless `--top` says.
const BARS: usize = 10;
/// Most rows of a table, unless `--top` says.
const ROWS: usize = 500;

/// The page; `json` is the same report as `--format json` writes it.
pub fn write(summary: &Summary, view: &View, json: &[u8]) -> Vec<u8> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            (metadata(summary))
            body {
                (content(summary, view))
                script type="application/json" id="report" { (data(json)) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    let mut bytes = page.into_string().into_bytes();
    bytes.push(b'\n');
    bytes
}

fn metadata(summary: &Summary) -> Markup {
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(SCRIPT),
        hash(STYLE)
    );
    html! {
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(policy);
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="referrer" content="no-referrer";
            meta name="robots" content="noindex";
            title { "Bounce report, " (words::period(summary)) }
            style { (PreEscaped(STYLE)) }
        }
    }
}

fn hash(text: &str) -> String {
    BASE64.encode(&Sha256::digest(text.as_bytes()))
}

/// JSON inside of HTML: `<`, `>` and `&` as escapes, so that no tag can begin or end.
fn data(json: &[u8]) -> PreEscaped<String> {
    let text = String::from_utf8_lossy(json);
    let text = text
        .trim_end()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026");
    PreEscaped(text)
}

fn content(summary: &Summary, view: &View) -> Markup {
    let top = view.top.unwrap_or(BARS);
    let asked = view.groupings(STANDARD);
    let rest = [
        Grouping::Campaign,
        Grouping::Provider,
        Grouping::Day,
        Grouping::Category,
    ];
    let table = |by: Grouping| match asked.contains(&by) {
        true => groups::table(summary, by, view),
        false => html! {},
    };
    html! {
        (head::header(summary))
        main {
            (head::verdict(summary, view))
            (head::tiles(summary))
            (actions::section(summary))
            (trend::section(summary, &view.bands))
            (areas::section(summary))
            div.pair {
                section {
                    h2 { "Mailboxes by danger" }
                    (bars::mailboxes(summary, top))
                    (table(Grouping::Mailbox))
                }
                section {
                    h2 { "Domains that bounce most" }
                    (bars::domains(summary, top))
                    (table(Grouping::Domain))
                }
            }
            (events::templates(summary))
            (events::recent(summary))
            @if rest.iter().any(|by| asked.contains(by)) {
                section {
                    h2 { "More figures" }
                    (groups::totals(summary))
                    @for by in rest { (table(by)) }
                }
            }
            (bands(&view.bands))
        }
        (head::footer(summary))
    }
}

/// What the bands mean.
fn bands(bands: &Bands) -> Markup {
    html! {
        section {
            h2 { "How to read the rates" }
            p {
                "The bounce rate is the number of recipients that bounced, divided by the number of mails sent. "
                "Where few mails were sent a rate says little: the interval holds the true rate with 95 % "
                "probability, and the band is named only where all of it lies in one band."
            }
            dl.bands {
                @for band in Band::ALL {
                    div {
                        dt { (badge(*band)) " " (bands.span(*band)) }
                        dd { (advice::of_band(*band)) }
                    }
                }
            }
        }
    }
}

/// The word of a band in its colour.
fn badge(band: Band) -> Markup {
    html! { span.badge.(band.as_str()) { (band) } }
}

/// Text from elsewhere as the page may show it.
fn text(text: &str) -> Cow<'_, str> {
    printable(text)
}

/// A moment, to the minute.
fn moment(at: &str) -> Markup {
    html! { time datetime=(at) { (number::minute(at)) } }
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::view;
    use super::*;
    use crate::report::summary::sample;

    fn page(summary: &Summary) -> String {
        let json = serde_json::to_vec(summary).unwrap();
        String::from_utf8(write(summary, &view(), &json)).unwrap()
    }

    #[test]
    fn p6_text_of_mails_is_no_markup() {
        let page = page(&sample::summary());
        for (hostile, harmless) in [
            ("<script>alert(1)", "&lt;script&gt;alert(1)"),
            ("<b>User</b>", "&lt;b&gt;User&lt;/b&gt;"),
            ("\u{1b}[31m", "unknown ?[31m"),
        ] {
            assert!(!page.contains(hostile), "{hostile}");
            assert!(page.contains(harmless), "{harmless}");
        }
    }

    #[test]
    fn p6_only_what_the_policy_of_the_page_names_can_run() {
        let page = page(&sample::summary());
        for (kind, text) in [("script", SCRIPT), ("style", STYLE)] {
            assert_eq!(page.matches(text).count(), 1, "{kind}");
            let named = format!("{kind}-src 'sha256-{}'", hash(text));
            assert!(page.contains(&named), "{kind}");
            assert!(!text.contains("</"), "{kind}");
        }
        assert_eq!(page.matches("style=").count(), 0);
        assert_eq!(page.matches("<script>").count(), 1);
    }

    #[test]
    fn p6_the_json_of_the_page_is_the_report() {
        let mut summary = sample::summary();
        let hostile = "</script><!--<script>&amp;";
        if let Some(alert) = summary.alerts.first_mut() {
            alert.key = hostile.to_owned();
        }
        let page = page(&summary);
        let begin = page.find("id=\"report\">").unwrap() + 12;
        let json = page[begin..].split("</script>").next().unwrap();
        let read: serde_json::Value = serde_json::from_str(json).unwrap();
        assert_eq!(read, serde_json::to_value(&summary).unwrap());
        assert_eq!(read["alerts"][0]["key"], hostile);
    }

    #[test]
    fn p6_an_empty_report_is_a_page_too() {
        let page = page(&Summary::default());
        assert!(page.contains("0 recipients bounced"), "{page}");
        let shown = page.split("<script").next().unwrap();
        assert!(!shown.contains("NaN") && !shown.contains("inf"), "{shown}");
    }
}
