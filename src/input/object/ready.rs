//! Profiles of objects as they are looked up: every event asks for twenty paths.

use super::{Value, text};
use crate::input::profiles::{OBJECTS, Profile};
use crate::row::Key;
use std::borrow::Cow;
use std::sync::LazyLock;

/// A profile with its paths taken apart.
pub(super) struct Ready {
    pub profile: &'static Profile,
    marks: Vec<Vec<Mark>>,
    /// With what tells that an event reports nothing.
    pub telling: Vec<(Key, Vec<Path>)>,
    pub fields: Vec<(Key, Vec<Path>)>,
}

/// A path that must be there, with a text that begins so.
struct Mark {
    path: Path,
    start: &'static str,
}

/// The way to a value.
pub(super) struct Path {
    whole: &'static str,
    parts: Vec<&'static str>,
    of: Of,
}

/// What a path begins at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Event,
    Element,
    /// KumoMTA's queue names: what stands before the colon.
    Campaign,
}

/// All of them.
pub(super) static READY: LazyLock<Vec<Ready>> = LazyLock::new(|| {
    let paths = |(key, paths): &(Key, &'static str)| {
        let all = paths.split('|').map(Path::new).collect();
        (*key, all)
    };
    let mark = |mark: &'static str| {
        let (path, start) = mark.split_once('=').unwrap_or((mark, ""));
        let (path, start) = (Path::new(path), start.trim_end_matches('*'));
        Mark { path, start }
    };
    let ready = |profile: &'static Profile| {
        let telling = |key: Key| profile.whats.iter().any(|(k, _, _)| *k == key);
        let marks = profile.marks.iter().map(|all| all.split('|').map(mark));
        let fields = profile.fields.iter();
        Ready {
            profile,
            marks: marks.map(Iterator::collect).collect(),
            telling: fields
                .clone()
                .filter(|(key, _)| telling(*key))
                .map(paths)
                .collect(),
            fields: fields.map(paths).collect(),
        }
    };
    OBJECTS.iter().map(ready).collect()
});

impl Path {
    fn new(path: &'static str) -> Path {
        let (of, path) = match (path.strip_prefix('*'), path.strip_suffix(":campaign")) {
            (Some(rest), _) => (Of::Element, rest.trim_start_matches('.')),
            (None, Some(queue)) => (Of::Campaign, queue),
            (None, None) => (Of::Event, path),
        };
        let parts = path.split('.').collect();
        Path {
            whole: path,
            parts,
            of,
        }
    }

    /// The value that it leads to.
    fn get<'v, 'a>(&self, value: &'v Value<'a>) -> Option<&'v Value<'a>> {
        if let Some(found) = value.get(self.whole) {
            return Some(found);
        }
        let nested = self.parts.len() > 1;
        let mut parts = self.parts.iter().filter(|_| nested);
        let first = value.get(parts.next()?)?;
        parts.try_fold(first, |v, key| v.get(key))
    }

    /// The text that it leads to.
    pub fn text<'v>(
        &self,
        event: &'v Value<'_>,
        element: Option<&'v Value<'_>>,
    ) -> Option<Cow<'v, str>> {
        match self.of {
            Of::Event => self.get(event).and_then(text),
            Of::Element if self.whole.is_empty() => text(element?),
            Of::Element => text(self.get(element?)?),
            Of::Campaign => {
                let (campaign, _) = self.get(event)?.as_str()?.split_once(':')?;
                (!campaign.is_empty()).then_some(campaign.into())
            }
        }
    }
}

impl Ready {
    /// Whether an event has all marks of the profile.
    pub fn claims(&self, event: &Value<'_>) -> bool {
        let has = |mark: &Mark| {
            let found = mark.path.get(event).filter(|v| **v != Value::Null);
            let begins = |v: &Value<'_>| v.as_str().is_some_and(|s| s.starts_with(mark.start));
            found.is_some_and(|v| mark.start.is_empty() || begins(v))
        };
        self.marks.iter().all(|any| any.iter().any(has))
    }
}
