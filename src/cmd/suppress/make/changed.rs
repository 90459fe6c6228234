//! Which addresses of which lists have changed, so that files are merged, not made anew.

use crate::ledger::{Form, View};
use std::collections::{BTreeMap, BTreeSet};

/// Beyond so many, files are made anew.
const MOST: usize = 100_000;

/// A list and a part of its rows.
type Place = (String, String);

/// What has changed.
#[derive(Debug, Default)]
pub struct Changed {
    /// The addresses by list and part; `None` if they are too many to remember.
    places: BTreeMap<Place, Option<BTreeSet<String>>>,
    count: usize,
    /// The files that were right before: others must be made anew.
    right: BTreeSet<String>,
}

impl Changed {
    /// A row has changed.
    pub fn add(&mut self, list: &str, part: &str, address: &str) {
        self.count += 1;
        let place = (list.to_owned(), part.to_owned());
        if self.count > MOST {
            self.places.insert(place, None);
            // What was remembered is of no use any more.
            if self.count == MOST + 1 {
                self.places.values_mut().for_each(|v| *v = None);
            }
            return;
        }
        let known = self
            .places
            .entry(place)
            .or_insert_with(|| Some(BTreeSet::new()));
        if let Some(addresses) = known {
            addresses.insert(address.to_owned());
        }
    }

    fn of<'c>(
        &'c self,
        view: &View,
    ) -> impl Iterator<Item = &'c Option<BTreeSet<String>>> + use<'c> {
        let parts: Option<BTreeSet<&str>> = view.part.as_deref().map(|p| p.lines().collect());
        let own = self.places.iter().filter(|((list, part), _)| {
            *list == view.list && parts.as_ref().is_none_or(|p| p.contains(part.as_str()))
        });
        let all: Vec<_> = own.map(|(_, addresses)| addresses).collect();
        all.into_iter()
    }

    /// True if a file is not what the rows say any more; `audit`: there are new entries.
    pub fn touches(&self, view: &View, audit: bool) -> bool {
        match view.form {
            Form::Audit => audit,
            Form::Gone | Form::Left => false,
            Form::Csv | Form::Txt | Form::Upload => self.of(view).next().is_some(),
        }
    }

    /// A file was what the rows said before this run.
    pub fn was_right(&mut self, view: &View) {
        self.right.insert(view.file.clone());
    }

    /// True if only what has changed must be written into a file.
    pub fn is_right(&self, view: &View) -> bool {
        self.right.contains(&view.file)
    }

    /// The addresses of a file whose rows have changed; `None` if they are too many, or if
    /// more than these rows may be wrong.
    pub fn addresses<'c>(&'c self, view: &View) -> Option<BTreeSet<&'c str>> {
        if !self.is_right(view) {
            return None;
        }
        let mut all = BTreeSet::new();
        for addresses in self.of(view) {
            all.extend(addresses.as_ref()?.iter().map(String::as_str));
        }
        Some(all)
    }
}
