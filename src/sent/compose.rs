//! Cells → row: what a record of a sent log says was sent, or why it says nothing.

use super::Reading;
use super::cell::{self, Count, Order};
use super::form::Form;
use super::names::{SLOTS, Slot};
use super::row::{Resolution, Row, all, lower};
use crate::address;
use crate::time;
use jiff::Timestamp;
use std::borrow::Cow;

/// The cells of one record by [`Slot`]; empty ones are absent.
pub type Cells<'a> = [Option<Cow<'a, str>>; SLOTS];

/// No cells.
pub const EMPTY: Cells<'static> = [const { None }; SLOTS];

/// Cells that only look filled.
pub fn is_empty(cell: &str) -> bool {
    cell.len() <= 4
        && matches!(
            cell,
            "" | "-" | "--" | "n/a" | "N/A" | "NULL" | "null" | "\\N" | "None"
        )
}

/// What is the same for all records of a file.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// How the user wants logs to be read.
    pub reading: &'a Reading,
    /// How dates with slashes are meant.
    pub order: Order,
    /// The file has a column of times, so that a message without one was not sent.
    pub dated: bool,
    /// The column of recipients may be that of mailboxes.
    pub vague: bool,
}

impl<'a> Context<'a> {
    /// For a file of a form.
    pub fn new(reading: &'a Reading, form: &Form) -> Self {
        let (order, dated, vague) = match form {
            Form::Table(table) => (table.order, table.has(Slot::SentAt), table.vague),
            Form::Lines(_) | Form::Log => (Order::Unknown, false, true),
        };
        Context {
            reading,
            order,
            dated,
            vague,
        }
    }
}

/// What one record gives: a row, nothing (it is about something else), or why not.
pub type Read<'r> = Result<Option<&'r Row<'r>>, String>;

/// Reads one record. One that names several recipients gives a row for each.
pub fn compose(cells: &mut Cells<'_>, context: &Context<'_>, each: &mut dyn FnMut(Read<'_>)) {
    let mut take = |slot: Slot| cells.get_mut(slot.at()).and_then(Option::take);
    let mut written = take(Slot::SentAt);
    let counted = match take(Slot::Count) {
        None => None,
        Some(text) => match cell::count(&text) {
            Some(Count::Number(n)) => Some(n),
            Some(Count::Truth(true)) => None,
            Some(Count::Truth(false)) => return each(Ok(None)),
            // A column called `sent` that says when.
            None if cell::moment(&text, &context.reading.zone, context.order).is_some() => {
                written = written.or(Some(text));
                None
            }
            None => return each(Err(format!("{:?} is no number of messages", short(&text)))),
        },
    };
    // What is counted was sent, whatever has become of its campaign since.
    let other = take(Slot::Event).is_some_and(|word| cell::is_other_event(&word))
        || take(Slot::Status).is_some_and(|word| cell::is_unsent(&word));
    if other && counted.is_none() {
        return each(Ok(None));
    }
    let named = [Slot::Mailbox, Slot::Campaign, Slot::Domain, Slot::Recipient];
    let sums = |text: Option<&str>| text.is_some_and(cell::is_total);
    if counted.is_some()
        && (sums(written.as_deref())
            || named
                .iter()
                .any(|slot| sums(cells.get(slot.at()).and_then(Option::as_deref))))
    {
        return each(Ok(None));
    }
    let mut take = |slot: Slot| cells.get_mut(slot.at()).and_then(Option::take);
    let (sent_at, resolution) = match when(written.as_deref(), counted.is_some(), context) {
        Ok(when) => when,
        Err(why) => return each(Err(why)),
    };
    let mut recipients = take(Slot::Recipient);
    let mut mailbox = take(Slot::Mailbox);
    if counted.is_some() && mailbox.is_none() && context.vague {
        mailbox = recipients.take();
    }
    let mut row = Row {
        sent_at,
        resolution,
        mailbox: mailbox.map(|m| lower(bare(m))),
        recipient: None,
        recipient_domain: take(Slot::Domain).map(|d| lower(without_at(d))),
        campaign: take(Slot::Campaign),
        message_id: take(Slot::MessageId)
            .map(cell::message_id)
            .filter(|id| !id.is_empty()),
        step: take(Slot::Step),
        contact: take(Slot::Contact),
        stream: take(Slot::Stream).map(|s| cell::stream(&s)),
        count: counted.unwrap_or(1),
    };
    match recipients {
        Some(cell) => for_each_recipient(cell, &mut row, each),
        None if counted.is_some() => each(Ok(Some(&row))),
        None => each(Err(
            "neither a recipient nor a number of messages".to_owned()
        )),
    }
}

/// When a record was sent; a count is one of a UTC day.
fn when(
    written: Option<&str>,
    counted: bool,
    context: &Context<'_>,
) -> Result<(Option<Timestamp>, Resolution), String> {
    let Some(text) = written else {
        return match context.dated && !counted {
            true => Err("no time of sending".to_owned()),
            false => Ok((None, Resolution::Second)),
        };
    };
    let reading = context.reading;
    let Some((at, resolution)) = cell::moment(text, &reading.zone, context.order) else {
        return Err(format!(
            "{:?} is no date that can be read only one way",
            short(text)
        ));
    };
    // The log may go on behind the clock: that is set back for backfills.
    if !time::plausible(at, at) {
        return Err(format!("{:?} is before 1990", short(text)));
    }
    if counted {
        let day = at.as_second().div_euclid(86_400) * 86_400;
        let day = Timestamp::from_second(day).unwrap_or(at);
        return Ok((Some(day), Resolution::Day));
    }
    Ok((Some(at), resolution))
}

fn for_each_recipient<'a>(cell: Cow<'a, str>, row: &mut Row<'a>, each: &mut dyn FnMut(Read<'_>)) {
    if is_plain(&cell) {
        return with_recipient(cell, row, each);
    }
    let found: Vec<String> = address::find_all(&cell)
        .into_iter()
        .map(|(_, a)| a.to_owned())
        .collect();
    if found.is_empty() {
        return match address::clean(&cell).filter(|a| address::split(a).is_some()) {
            Some(one) => with_recipient(Cow::Owned(one), row, each),
            None => each(Err(format!("no address in {:?}", short(&cell)))),
        };
    }
    for one in found {
        with_recipient(Cow::Owned(one), row, each);
    }
}

fn with_recipient<'a>(recipient: Cow<'a, str>, row: &mut Row<'a>, each: &mut dyn FnMut(Read<'_>)) {
    let at = memchr::memrchr(b'@', recipient.as_bytes()).map_or(recipient.len(), |at| at + 1);
    row.recipient_domain = Some(lower(match &recipient {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(at..).unwrap_or_default()),
        Cow::Owned(text) => Cow::Owned(text.get(at..).unwrap_or_default().to_owned()),
    }));
    row.recipient = Some(recipient);
    each(Ok(Some(row)));
}

/// Whether a cell is one bare address.
fn is_plain(cell: &str) -> bool {
    let no_mark = all(cell, |b| {
        (b > b' ')
            & (b != b',')
            & (b != b';')
            & (b != b'<')
            & (b != b'>')
            & (b != b'"')
            & (b != b'(')
    });
    let Some(at) = memchr::memchr(b'@', cell.as_bytes()) else {
        return false;
    };
    let behind = cell.as_bytes().get(at + 1..).unwrap_or_default();
    no_mark
        && at > 0
        && !behind.is_empty()
        && memchr::memchr(b'@', behind).is_none()
        && !cell.starts_with("mailto:")
}

/// The address of a mailbox that may be written with a name.
fn bare(cell: Cow<'_, str>) -> Cow<'_, str> {
    if is_plain(&cell) {
        return cell;
    }
    match address::find_all(&cell).as_slice() {
        [(_, one)] => Cow::Owned((*one).to_owned()),
        _ => cell,
    }
}

/// A domain that may be written with an `@`.
fn without_at(cell: Cow<'_, str>) -> Cow<'_, str> {
    match cell.strip_prefix('@') {
        Some(domain) => Cow::Owned(domain.to_owned()),
        None => cell,
    }
}

/// The beginning of a cell, for a person.
fn short(cell: &str) -> String {
    cell.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a record of a file with times gives, as text.
    fn read(cells: &[(Slot, &str)], vague: bool) -> Vec<String> {
        let reading = Reading::default();
        let context = Context {
            reading: &reading,
            order: Order::Unknown,
            dated: true,
            vague,
        };
        let mut all = EMPTY;
        for (slot, text) in cells {
            all[slot.at()] = Some(Cow::Borrowed(*text));
        }
        let mut out = Vec::new();
        compose(&mut all, &context, &mut |read| {
            out.push(match read {
                Err(why) => why,
                Ok(None) => "other".to_owned(),
                Ok(Some(row)) => format!(
                    "{} {} {} x{}",
                    row.sent_at.map(time::rfc3339).unwrap_or_default(),
                    row.mailbox.as_deref().unwrap_or("-"),
                    row.recipient
                        .as_deref()
                        .or(row.recipient_domain.as_deref())
                        .unwrap_or("-"),
                    row.count
                ),
            });
        });
        out
    }

    #[test]
    fn i8_records_give_rows() {
        use Slot::{Count, Domain, Event, Mailbox, Recipient, SentAt, Status};
        const AT: (Slot, &str) = (SentAt, "2026-11-03T10:11:12Z");
        const ON: (Slot, &str) = (SentAt, "2026-11-03");
        for (cells, vague, expected) in [
            (
                &[AT, (Mailbox, "S1@A.example"), (Recipient, "u@x.example")][..],
                false,
                &["2026-11-03T10:11:12Z s1@a.example u@x.example x1"][..],
            ),
            (
                &[
                    AT,
                    (Mailbox, "Sam <s1@a.example>"),
                    (Recipient, "U <u@x.example>, v@x.example"),
                ],
                false,
                &[
                    "2026-11-03T10:11:12Z s1@a.example u@x.example x1",
                    "2026-11-03T10:11:12Z s1@a.example v@x.example x1",
                ],
            ),
            (
                &[ON, (Domain, "@X.example"), (Count, "120")],
                false,
                &["2026-11-03T00:00:00Z - x.example x120"],
            ),
            (
                &[AT, (Count, "12")],
                false,
                &["2026-11-03T00:00:00Z - - x12"],
            ),
            (&[(Count, "12")], false, &[" - - x12"]),
            // The sum of the other rows.
            (&[(Mailbox, "Total"), (Count, "12")], false, &["other"]),
            (&[(SentAt, "Summe:"), (Count, "12")], false, &["other"]),
            (&[(Mailbox, "Average"), (Count, "12")], false, &["other"]),
            // Counts of an "Email" are those of a mailbox; of a "recipient" they are not.
            (
                &[ON, (Recipient, "s1@a.example"), (Count, "40")],
                true,
                &["2026-11-03T00:00:00Z s1@a.example - x40"],
            ),
            (
                &[ON, (Recipient, "u@x.example"), (Count, "2")],
                false,
                &["2026-11-03T00:00:00Z - u@x.example x2"],
            ),
            // A column called "sent" may say whether or when.
            (
                &[(Count, "2026-11-03 10:11:12"), (Recipient, "u@x.example")],
                true,
                &["2026-11-03T10:11:12Z - u@x.example x1"],
            ),
            (
                &[AT, (Count, "TRUE"), (Recipient, "u@x.example")],
                true,
                &["2026-11-03T10:11:12Z - u@x.example x1"],
            ),
            (
                &[AT, (Count, "FALSE"), (Recipient, "u@x.example")],
                true,
                &["other"],
            ),
            (
                &[AT, (Event, "email_opened"), (Recipient, "u@x.example")],
                true,
                &["other"],
            ),
            (
                &[AT, (Event, "emailsSent"), (Recipient, "u@x.example")],
                true,
                &["2026-11-03T10:11:12Z - u@x.example x1"],
            ),
            (
                &[AT, (Status, "bounced"), (Recipient, "u@x.example")],
                true,
                &["2026-11-03T10:11:12Z - u@x.example x1"],
            ),
            (
                &[(Status, "Scheduled"), (Recipient, "u@x.example")],
                true,
                &["other"],
            ),
            (&[(Recipient, "u@x.example")], true, &["no time of sending"]),
            (
                &[AT],
                true,
                &["neither a recipient nor a number of messages"],
            ),
            (
                &[AT, (Recipient, "nobody")],
                true,
                &["no address in \"nobody\""],
            ),
            (
                &[AT, (Count, "many"), (Recipient, "u@x.example")],
                true,
                &["\"many\" is no number of messages"],
            ),
            (
                &[(SentAt, "03/04/2026"), (Recipient, "u@x.example")],
                true,
                &["\"03/04/2026\" is no date that can be read only one way"],
            ),
            (
                &[(SentAt, "1971-11-03"), (Recipient, "u@x.example")],
                true,
                &["\"1971-11-03\" is before 1990"],
            ),
        ] {
            assert_eq!(read(cells, vague), expected, "{cells:?}");
        }
    }
}
