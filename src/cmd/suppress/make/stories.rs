//! The rows of addresses, made of their own events, their acts and the facts of their
//! domains.

use super::{PORTION, Work};
use crate::address;
use crate::history::{EventId, Facts, Item};
use crate::ledger::{Action, Entry, LedgerError, Row, Shares, Span};
use crate::lists::files::{SKIPS, told};
use crate::lists::{Heap, Question, Scene, skip};
use hashbrown::{HashMap, HashSet};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// The lists with a row, or rows, of each address.
const LISTS: &[&str] = &[
    "suppression",
    "global-suppression",
    SKIPS,
    "retry",
    "out-of-office",
    "review",
    "contacts",
];
/// Those that also have rows of what names nobody.
const NAMELESS: &[&str] = &["out-of-office", "review"];
/// The lists whose rows stand for many addresses.
const HEAPS: [&str; 2] = ["templates", "warmup-pause"];

/// Whose rows are to be made.
#[derive(Debug, Default)]
pub struct Names {
    /// Addresses.
    pub addresses: BTreeSet<String>,
    /// Events that name nobody, or did so once.
    pub nameless: BTreeSet<EventId>,
}

/// Rows of the lists that stand for many, which are others now.
type Piles = BTreeSet<(usize, String)>;

impl Work<'_> {
    /// Makes the rows of these.
    pub fn stories(&mut self, names: &Names) -> Result<(), LedgerError> {
        let addresses: Vec<String> = names.addresses.iter().cloned().collect();
        let mut piles = Piles::new();
        for portion in addresses.chunks(PORTION) {
            self.portion(portion, &BTreeSet::new(), false, &mut piles)?;
        }
        self.portion(&[], &names.nameless, false, &mut piles)?;
        self.piles(piles)
    }

    /// Makes all rows.
    pub fn all_stories(&mut self) -> Result<(), LedgerError> {
        let mut piles = Piles::new();
        let nameless = self.task.ledger.nameless()?;
        self.portion(&[], &nameless, false, &mut piles)?;
        let mut last = String::new();
        loop {
            let names = self.task.ledger.addresses_behind(&last, PORTION)?;
            let Some(end) = names.last() else {
                return self.piles(piles);
            };
            last.clone_from(end);
            self.portion(&names, &BTreeSet::new(), true, &mut piles)?;
        }
    }

    /// What is known of the domains of addresses.
    fn facts(&self, addresses: &[String]) -> Result<Facts, LedgerError> {
        let ledger = self.task.ledger;
        let mut facts = Facts::default();
        let domains: HashSet<&str> = addresses
            .iter()
            .filter_map(|a| address::split(a))
            .map(|(_, domain)| domain)
            .collect();
        for domain in domains {
            let days = ledger.outages(domain)?;
            facts
                .outages
                .extend(days.into_iter().map(|day| (domain.to_owned(), day)));
            let bursts = ledger.crowds(domain, true)?;
            if !bursts.is_empty() {
                facts.bursts.insert(domain.to_owned(), bursts);
            }
        }
        Ok(facts)
    }

    /// Makes the rows of some; `all`: there are no other addresses between them.
    fn portion(
        &mut self,
        addresses: &[String],
        nameless: &BTreeSet<EventId>,
        all: bool,
        piles: &mut Piles,
    ) -> Result<(), LedgerError> {
        let task = self.task;
        let names = addresses.iter().map(String::as_str);
        let mut collector = task.collect(names, nameless, i64::MAX)?;
        for deed in &self.domain_acts {
            collector.act(deed.act.clone());
        }
        task.acts(addresses.iter().map(String::as_str), &mut collector)?;
        let mut facts = self.facts(addresses)?;
        let history = collector.finish_in(task.policy, &facts);
        let confirmed = |i: &&Item| i.confirmed && self.partners;
        for item in history.items().iter().filter(confirmed) {
            if let Some(partner) = task.ledger.partner(item.event_id)? {
                facts.partners.insert(item.event_id, partner);
            }
        }
        let failure = RefCell::new(None);
        // Several lists quote the same reply.
        let quoted: RefCell<HashMap<EventId, Option<String>>> = RefCell::default();
        let teams = self.teams.clone();
        let question = Question {
            require_proof: self.rules.require_proof,
            facts: Some(&facts),
            teams: Some(&teams),
            reply: &|id| {
                let ask = || {
                    task.ledger.reply(id).unwrap_or_else(|e| {
                        failure.borrow_mut().get_or_insert(e);
                        None
                    })
                };
                quoted.borrow_mut().entry(id).or_insert_with(ask).clone()
            },
            ..Question::new(task.policy, task.now)
        };
        let scene = Scene::of(&history, &question);
        self.rows(&scene, addresses, nameless, all)?;
        self.shares(&scene, addresses, nameless, piles)?;
        failure.take().map_or(Ok(()), Err)
    }

    fn rows(
        &mut self,
        scene: &Scene<'_>,
        addresses: &[String],
        nameless: &BTreeSet<EventId>,
        all: bool,
    ) -> Result<(), LedgerError> {
        let ledger = self.task.ledger;
        let mut changes: Vec<(&str, Action, Row)> = Vec::new();
        for list in LISTS {
            let rows = match *list {
                SKIPS => scene.skip_parts(),
                name => scene.rows(name),
            };
            let mut put = |span: Span<'_>, rows: Vec<Row>| -> Result<(), LedgerError> {
                let done = ledger.replace(list, span, rows)?;
                changes.extend(done.into_iter().map(|(action, row)| (*list, action, row)));
                Ok(())
            };
            let mut rows = rows.into_iter().peekable();
            if NAMELESS.contains(list) {
                let mut own: BTreeMap<String, Row> = BTreeMap::new();
                while let Some(row) = rows.next_if(|r| r.address.is_empty()) {
                    own.insert(row.part.clone(), row);
                }
                for id in nameless {
                    let id = id.to_string();
                    put(Span::One("", &id), own.remove(&id).into_iter().collect())?;
                }
            }
            match (all, addresses.first(), addresses.last()) {
                (true, Some(from), Some(to)) => put(Span::Between(from, to), rows.collect())?,
                _ => {
                    for address in addresses {
                        let mut own = Vec::new();
                        while let Some(row) = rows.next_if(|r| r.address == *address) {
                            own.push(row);
                        }
                        put(Span::Of(address), own)?;
                    }
                }
            }
        }
        // The entries about an address stand together.
        changes.sort_by(|a, b| a.2.address.cmp(&b.2.address));
        for same in changes.chunk_by(|a, b| a.2.address == b.2.address) {
            self.note(same)?;
        }
        self.count(&changes)
    }

    /// Counts the rows of skip lists that have come and gone.
    fn count(&self, changes: &[(&str, Action, Row)]) -> Result<(), LedgerError> {
        let mut more: BTreeMap<&str, i64> = BTreeMap::new();
        for (_, action, row) in changes.iter().filter(|(list, ..)| *list == SKIPS) {
            *more.entry(&row.part).or_default() += match action {
                Action::Add | Action::Escalate => 1,
                Action::Remove => -1,
                _ => 0,
            };
        }
        let other = |(_, more): &(&str, i64)| *more != 0;
        more.into_iter()
            .filter(other)
            .try_for_each(|(part, more)| self.task.ledger.count(part, more))
    }

    /// Enters changes of one address.
    fn note(&mut self, changes: &[(&str, Action, Row)]) -> Result<(), LedgerError> {
        let mut entries = Vec::new();
        for (list, action, row) in changes {
            self.changed.add(list, &row.part, &row.address);
            let (reason, event_id) = told(list, &row.line);
            entries.push(Entry {
                at: self.task.at.to_owned(),
                action: *action,
                list: Some(match *list {
                    SKIPS => skip::list_of(&row.part),
                    name => name.to_owned(),
                }),
                address: Some(row.address.clone()).filter(|a| !a.is_empty()),
                comment: self.comments.of(&row.address, self.task.ledger)?,
                reason,
                event_id,
            });
        }
        self.task.ledger.note(&entries)
    }

    /// What these add to the rows that stand for many.
    fn shares(
        &self,
        scene: &Scene<'_>,
        addresses: &[String],
        nameless: &BTreeSet<EventId>,
        piles: &mut Piles,
    ) -> Result<(), LedgerError> {
        let ledger = self.task.ledger;
        let ids = nameless.iter().map(EventId::to_string);
        let mut left: BTreeSet<String> = addresses.iter().cloned().chain(ids).collect();
        let mut put = |name: &str, heaps: [Shares; 2]| -> Result<(), LedgerError> {
            if heaps.iter().all(Shares::is_empty) && !ledger.shares_at_all(name)? {
                return Ok(());
            }
            for (n, (list, shares)) in HEAPS.iter().zip(heaps).enumerate() {
                let changed = ledger.share(list, name, &shares)?;
                piles.extend(changed.into_iter().map(|thing| (n, thing)));
            }
            Ok(())
        };
        scene.each_share(|name, heaps| {
            left.remove(name);
            let [refused, warming] = heaps.map(|heaps| -> Result<Shares, LedgerError> {
                let one = |(thing, heap)| {
                    let text = |e: serde_json::Error| LedgerError::from(e);
                    let thing = serde_json::to_string(&thing).map_err(text)?;
                    Ok((thing, serde_json::to_string::<Heap>(&heap).map_err(text)?))
                };
                heaps.into_iter().map(one).collect()
            });
            put(name, [refused?, warming?])
        })?;
        for name in left {
            put(&name, [Shares::new(), Shares::new()])?;
        }
        Ok(())
    }

    /// Makes the rows that stand for many.
    fn piles(&mut self, piles: Piles) -> Result<(), LedgerError> {
        let ledger = self.task.ledger;
        for (n, thing) in piles {
            let Some(list) = HEAPS.get(n) else { continue };
            let mut pile: Option<Heap> = None;
            ledger.each_share(list, &thing, |heap| {
                let heap: Heap = serde_json::from_str(heap)?;
                pile.get_or_insert_default().merge(heap);
                Ok(())
            })?;
            let (a, b): (String, String) = serde_json::from_str(&thing)?;
            let row = pile.map(|pile| match n {
                0 => pile.template(&a, &b),
                _ => pile.warmup(&a),
            });
            let done = ledger.replace(list, Span::One(&a, &b), row.into_iter().collect())?;
            for (action, row) in done {
                self.note(&[(list, action, row)])?;
            }
        }
        Ok(())
    }
}
