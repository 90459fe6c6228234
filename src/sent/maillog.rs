//! Logs of mail servers: the first attempt to deliver a message to a recipient is a mail
//! that was sent; the attempts that follow are the same mail.

use super::Reading;
use super::form::{Each, Place};
use super::row::{Resolution, Row};
use super::source::Block;
use crate::address;
use crate::input::log::{self, Delivery};
use crate::input::{Kind, Record};
use crate::row::Key;
use jiff::Timestamp;
use std::borrow::Cow;

/// Reads the records of a block; how many there were.
pub fn rows(block: &Block, reading: &Reading, each: &mut Each<'_>) -> u64 {
    for (number, record) in (0..).zip(&block.records) {
        let place = Place {
            record: number,
            line: None,
            offset: record.offset,
        };
        match deliveries(block, record, reading) {
            Ok(all) => give(&all, place, reading, each),
            Err(why) => each(place, Err(why)),
        }
    }
    block.records.len() as u64
}

fn deliveries(block: &Block, record: &Record, reading: &Reading) -> Result<Vec<Delivery>, String> {
    match &record.kind {
        Kind::Skip(why) => Err(why.to_string()),
        Kind::Line(Some(log)) => {
            let bytes = block.bytes.get(record.range.clone()).unwrap_or_default();
            log::read(*log, bytes, reading.now, &reading.zone)
        }
        _ => Ok(Vec::new()),
    }
}

/// A row for each mail; one that is about something else if there is none.
fn give(all: &[Delivery], place: Place, reading: &Reading, each: &mut Each<'_>) {
    let mut sent = all.iter().filter(|d| d.first).peekable();
    if sent.peek().is_none() {
        return each(place, Ok(None));
    }
    for delivery in sent {
        each(
            place,
            row(delivery, reading)
                .as_ref()
                .map(Some)
                .map_err(Clone::clone),
        );
    }
}

fn row<'d>(delivery: &'d Delivery, reading: &Reading) -> Result<Row<'d>, String> {
    let cell = |key| delivery.row.get(key);
    let Some(recipient) = cell(Key::Recipient) else {
        return Err("a delivery without a recipient".to_owned());
    };
    let when = cell(Key::SentAt).or_else(|| cell(Key::OccurredAt));
    let own = |a: &&str| reading.verp.tag(a).is_none() && !a.contains('=');
    let id = |v: &'d str| v.trim_start_matches('<').trim_end_matches('>');
    Ok(Row {
        sent_at: when.and_then(|t| t.parse::<Timestamp>().ok()),
        resolution: Resolution::Second,
        mailbox: cell(Key::Sender)
            .filter(own)
            .map(|a| Cow::Owned(a.to_lowercase())),
        recipient_domain: address::domain(recipient).map(Cow::Owned),
        recipient: Some(Cow::Borrowed(recipient)),
        message_id: cell(Key::MessageId).map(id).map(Cow::Borrowed),
        count: 1,
        ..Row::default()
    })
}
