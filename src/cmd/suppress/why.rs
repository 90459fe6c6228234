//! `bounce suppress why`: the story of an address.

use super::super::veil::Veil;
use super::super::{Status, Stop};
use super::veiled::{Hiding, hide_deed, hide_entry};
use crate::address;
use crate::cli::{SuppressWhy, WhyFormat};
use crate::event::Event;
use crate::history::What;
use crate::ledger::{Deed, Entry, Form, Ledger, LedgerError};
use crate::lists::files::{SKIPS, skip_list};
use crate::lists::{each_line, skip};
use crate::output::ndjson;
use crate::output::safe::printable;
use crate::output::sink::{self, Sink};
use crate::redact::Redactor;
use jiff::Timestamp;
use serde::Serialize;

/// A line of the story.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Line<'a> {
    Event(&'a Event),
    Act(Act<'a>),
    Change(&'a Entry),
    Row(serde_json::Map<String, serde_json::Value>),
}

/// Something that somebody did.
#[derive(Serialize)]
struct Act<'a> {
    at: String,
    action: &'static str,
    address: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a str>,
}

/// Runs the command.
pub fn run(options: &SuppressWhy) -> Result<Status, Stop> {
    let key = address::key(&options.address);
    if address::split(&key).is_none() {
        return Err(Stop::Usage(format!("{:?} is no address", options.address)));
    }
    let name = options.out.display();
    let opened = Ledger::open_existing(&options.out);
    let ledger = opened.map_err(|e| Stop::Failed(format!("{name}: {e}")))?;
    let standard = if sink::stdout_is_terminal() {
        WhyFormat::Table
    } else {
        WhyFormat::Ndjson
    };
    let mut out = Sink::open(None)?;
    let hiding = Hiding::of(&ledger, &Veil::open(&options.hiding)?, true)?;
    let key = match &hiding {
        Hiding::Ledger(redactor) => redactor.address(&key),
        _ => key,
    };
    let mut told = Told::of(&ledger, &key)?;
    let key = match &hiding {
        Hiding::Print(redactor) => {
            told.hide(redactor);
            redactor.address(&key)
        }
        _ => key,
    };
    let bytes = match options.format.unwrap_or(standard) {
        WhyFormat::Ndjson => told.lines(),
        WhyFormat::Table => told.text(&key).into_bytes(),
    };
    out.write(&bytes)?;
    out.keep()?;
    Ok(Status::Done)
}

/// A list, its header and the line of the address.
pub type Place = (String, String, String);

/// The lists that an address is on.
pub fn places(ledger: &Ledger, key: &str) -> crate::ledger::Result<Vec<Place>> {
    let mut places = Vec::new();
    for view in ledger.views()? {
        let shown = view.form == Form::Csv || view.form == Form::Left && !view.header.is_empty();
        if !shown {
            continue;
        }
        let mailbox = view.part.as_deref().and_then(skip::mailbox_of);
        let skips = mailbox.filter(|_| view.list == SKIPS).map(skip_list);
        let name = skips.unwrap_or_else(|| view.list.clone());
        each_line(
            ledger,
            &view,
            Some(key),
            |_, line| -> Result<(), LedgerError> {
                places.push((name.clone(), view.header.clone(), line));
                Ok(())
            },
        )?;
    }
    Ok(places)
}

struct Told {
    events: Vec<Event>,
    deeds: Vec<Deed>,
    changes: Vec<Entry>,
    rows: Vec<Place>,
}

impl Told {
    fn of(ledger: &Ledger, key: &str) -> Result<Told, Stop> {
        let domain = address::split(key).map(|(_, d)| d);
        let about = |deed: &Deed| match &deed.act.what {
            What::Reverify { address }
            | What::Remove { address }
            | What::Import { address, .. } => address == key,
            What::RemoveDomain { domain: d, .. } => Some(d.as_str()) == domain,
        };
        let mut deeds = ledger.acts_on(key)?;
        deeds.extend(ledger.acts_on("")?);
        deeds.sort_by_key(|d| d.act.at);
        Ok(Told {
            events: ledger.events_of(key)?,
            deeds: deeds.into_iter().filter(about).collect(),
            changes: ledger.entries_of(key)?,
            rows: places(ledger, key)?,
        })
    }

    fn hide(&mut self, redactor: &Redactor) {
        // What a row says in words it says with the names of the address's events.
        let of = |e: &Event| {
            [
                e.recipient.clone(),
                e.final_recipient.clone(),
                e.mailbox.clone(),
            ]
        };
        let names: Vec<String> = self.events.iter().flat_map(of).flatten().collect();
        for row in &mut self.rows {
            hide_row(row, &names, redactor);
        }
        self.events.iter_mut().for_each(|e| redactor.event(e));
        self.deeds.iter_mut().for_each(|d| hide_deed(d, redactor));
        self.changes
            .iter_mut()
            .for_each(|c| hide_entry(c, redactor));
    }

    fn lines(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut line = |line: Line<'_>| ndjson::line(&line, &mut out);
        self.events.iter().for_each(|e| line(Line::Event(e)));
        self.deeds.iter().for_each(|d| line(Line::Act(act(d))));
        self.changes.iter().for_each(|c| line(Line::Change(c)));
        for place in &self.rows {
            let mut row = serde_json::Map::new();
            row.insert("list".to_owned(), place.0.as_str().into());
            for (column, cell) in cells(place) {
                row.insert(column, cell.into());
            }
            line(Line::Row(row));
        }
        out
    }

    fn text(&self, key: &str) -> String {
        let mut out = String::new();
        let mut say = |text: &str| {
            out.push_str(&printable(text));
            out.push('\n');
        };
        say(key);
        if self.events.is_empty() && self.deeds.is_empty() && self.rows.is_empty() {
            say("  nothing is known of it");
        }
        for e in &self.events {
            let when = e.occurred_at.as_deref().unwrap_or("(no date)");
            let what = e.category.map_or(e.kind.as_str(), |c| c.as_str());
            let reason = e.reason.map_or("", |r| r.as_str());
            let mailbox = e.mailbox.as_deref().unwrap_or("?");
            let reply = e.smtp_message.as_deref().unwrap_or_default();
            say(&format!("  {when}  {what} {reason}, at {mailbox}: {reply}"));
        }
        for deed in &self.deeds {
            let act = act(deed);
            let comment = act.comment.unwrap_or_default();
            say(&format!(
                "  {}  {} {}: {comment}",
                act.at, act.action, act.address
            ));
        }
        say(if self.rows.is_empty() {
            "on no list"
        } else {
            "on these lists:"
        });
        for place in &self.rows {
            let cells = cells(place)
                .into_iter()
                .skip(1)
                .filter(|(_, cell)| !cell.is_empty());
            let cells: Vec<String> = cells
                .map(|(column, cell)| format!("{column} {cell}"))
                .collect();
            say(&format!("  {}: {}", place.0, cells.join(", ")));
        }
        out
    }
}

/// Hides what a row of a list says of people.
fn hide_row(place: &mut Place, names: &[String], redactor: &Redactor) {
    let hidden = |(column, cell): (String, String)| match column.as_str() {
        _ if cell.is_empty() => cell,
        "address" | "mailbox" | "origin_mailbox" => redactor.address(&cell),
        "subject" => redactor.subject(&cell),
        "event_id" => redactor.event_id(&cell),
        _ => redactor.text_about(&cell, names.iter().map(String::as_str)),
    };
    let cells: Vec<String> = cells(place).into_iter().map(hidden).collect();
    let mut line = csv::WriterBuilder::new().from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = line.write_record(&cells);
    let bytes = line.into_inner().unwrap_or_default();
    place.2 = String::from_utf8_lossy(&bytes).trim_end().to_owned();
    place.0 = redactor.text(&place.0);
}

fn act(deed: &Deed) -> Act<'_> {
    let (action, address) = match &deed.act.what {
        What::Reverify { address } => ("reverify", address),
        What::Remove { address } => ("remove", address),
        What::Import { address, .. } => ("import", address),
        What::RemoveDomain { domain, .. } => ("remove", domain),
    };
    let at = Timestamp::from_second(deed.act.at);
    Act {
        at: at.map_or_else(|_| String::new(), crate::time::rfc3339),
        action,
        address,
        comment: deed.comment.as_deref(),
    }
}

/// The cells of a line, with their columns.
fn cells((_, header, line): &Place) -> Vec<(String, String)> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(line.as_bytes());
    let row = reader
        .records()
        .next()
        .and_then(Result::ok)
        .unwrap_or_default();
    let columns = header.split(',').map(str::to_owned);
    columns.zip(row.iter().map(str::to_owned)).collect()
}
