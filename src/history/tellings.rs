//! One failure is often told more than once: by the server that refused, by the relay
//! that gave up, by the platform's export. Here the events become one item.
//!
//! Two events of one address tell of one failure if they name the same Message-ID of
//! the returned message; where one of them names none, if they are of the same mailbox
//! and UTC day (a mailbox that is not known contradicts none). The highest confidence,
//! then the smallest event id, speaks.

use super::item::{EventId, Item};
use super::names::{Id, Names};
use crate::event::{Flag, Proof};
use crate::vocab::Kind;
use hashbrown::HashMap;
use std::cmp::{Ordering, Reverse};

/// Makes one item of each failure and complaint of one address. `items` are its events,
/// each event id once.
pub(super) fn merge(items: Vec<Item>, out: &mut Vec<Item>) {
    let (bounces, rest): (Vec<Item>, Vec<Item>) = items.into_iter().partition(Item::is_bounce);
    out.extend(rest);
    for kind in [Kind::Failed, Kind::Complaint] {
        let mut same: Vec<Item> = bounces.iter().filter(|i| i.kind == kind).copied().collect();
        if same.len() < 2 {
            out.append(&mut same);
            continue;
        }
        // From here on the order is that of time, whatever the input's was.
        same.sort_unstable_by_key(|i| (i.moment(), i.event_id));
        out.extend(groups(same).into_iter().filter_map(speaker));
    }
}

/// Mailbox and day of each telling of a group.
type Places = HashMap<Option<i64>, Vec<usize>>;

fn groups(items: Vec<Item>) -> Vec<Vec<Item>> {
    let mut groups: Vec<Vec<Item>> = Vec::new();
    let mut by_id: HashMap<Id, usize> = HashMap::new();
    let mut places = Places::new();
    let (known, unknown): (Vec<Item>, Vec<Item>) =
        items.into_iter().partition(|i| i.message_id.is_some());
    for item in known {
        let Some(id) = item.message_id else { continue };
        let at = *by_id.entry(id).or_insert(groups.len());
        enter(item, at, &mut groups, &mut places);
    }
    let (placed, placeless): (Vec<Item>, Vec<Item>) =
        unknown.into_iter().partition(|i| i.mailbox.is_some());
    for item in placed.into_iter().chain(placeless) {
        let at = home(&item, &groups, &places).unwrap_or(groups.len());
        enter(item, at, &mut groups, &mut places);
    }
    groups
}

fn enter(item: Item, at: usize, groups: &mut Vec<Vec<Item>>, places: &mut Places) {
    let here = places.entry(item.day()).or_default();
    if !here.contains(&at) {
        here.push(at);
    }
    match groups.get_mut(at) {
        Some(group) => group.push(item),
        None => groups.push(vec![item]),
    }
}

/// The earliest group of that day that no mailbox speaks against.
fn home(item: &Item, groups: &[Vec<Item>], places: &Places) -> Option<usize> {
    let fits = |other: &Item| {
        other.day() == item.day()
            && (other.mailbox == item.mailbox || other.mailbox.is_none() || item.mailbox.is_none())
    };
    let here = places.get(&item.day())?;
    here.iter()
        .copied()
        .filter(|&g| groups.get(g).is_some_and(|g| g.iter().any(fits)))
        .min_by_key(|&g| groups.get(g).and_then(|g| first(g)))
}

fn first(group: &[Item]) -> Option<(i64, EventId)> {
    group.iter().map(|i| (i.moment(), i.event_id)).min()
}

/// The telling that speaks, with what only the others know.
fn speaker(mut group: Vec<Item>) -> Option<Item> {
    group.sort_unstable_by_key(|i| (Reverse(i.confidence), i.event_id));
    let mut told = group.into_iter();
    let mut item = told.next()?;
    for other in told {
        item.tellings = item.tellings.saturating_add(other.tellings);
        fill(&mut item, &other);
    }
    Some(item)
}

/// Adds what the speaker does not know.
fn fill(item: &mut Item, other: &Item) {
    if item.mailbox.is_none() && other.mailbox.is_some() {
        item.mailbox = other.mailbox;
        item.workspace = other.workspace;
    }
    item.campaign = item.campaign.or(other.campaign);
    item.contact = item.contact.or(other.contact);
    item.subject = item.subject.or(other.subject);
    item.message_id = item.message_id.or(other.message_id);
    if item.at().is_none() {
        item.date(other.moment());
    }
    if proof(other.proof) > proof(item.proof) {
        item.proof = other.proof;
    }
    if !other.flags.has(Flag::Unmatched) {
        item.flags = item.flags.without(Flag::Unmatched);
    }
}

const fn proof(proof: Proof) -> u8 {
    match proof {
        Proof::Sent => 2,
        Proof::Returned => 1,
        Proof::None => 0,
    }
}

/// Makes one of the readings of one event (equal id): the same notification may have
/// been read with other options, which give it another mailbox or none. The best known
/// and most certain reading counts, whatever the order of the input.
pub(super) fn reading(mut same: Vec<Item>, names: &Names) -> Option<Item> {
    same.sort_by(|a, b| better(a, b, names));
    let mut all = same.into_iter();
    let mut best = all.next()?;
    for other in all {
        fill(&mut best, &other);
    }
    Some(best)
}

fn better(a: &Item, b: &Item, names: &Names) -> Ordering {
    let rank = |i: &Item| {
        (
            Reverse(proof(i.proof)),
            Reverse(i.mailbox.is_some()),
            Reverse(i.confidence),
            i.held,
            Reverse(i.confirmed),
            i.at().is_none(),
            i.moment(),
        )
    };
    let labels = |i: &Item| {
        (
            i.kind, i.category, i.reason, i.fault, i.stream, i.flags, i.code,
        )
    };
    let texts = |i: &Item| {
        [
            Some(i.workspace),
            i.mailbox,
            i.address,
            i.campaign,
            i.contact,
            i.subject,
            i.message_id,
            i.enhanced,
            i.returns_on,
        ]
        .map(|id| id.map(|id| names.text(id)))
    };
    rank(a)
        .cmp(&rank(b))
        .then_with(|| labels(a).cmp(&labels(b)))
        .then_with(|| texts(a).cmp(&texts(b)))
}
