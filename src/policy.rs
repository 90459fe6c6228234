//! The policy file `bounce.toml`: every key has a default (U2).
//!
//! A policy is data and pure look-ups; it opens no file, and the paths in it are as
//! written. [`Policy::parse`] is strict: an unknown key or a wrong value is a
//! [`PolicyError`] with file, line and key, since a misspelt threshold that is
//! silently ignored is noticed when the mailbox is burnt.
//! `testdata/policy/full.toml` shows every key.
//!
//! ```
//! use bounce::policy::Policy;
//!
//! let policy = Policy::parse("thresholds.danger = 0.03", "bounce.toml")?;
//! assert_eq!(policy.thresholds.danger, 0.03);
//! assert_eq!(policy.thresholds.critical, 0.05);
//!
//! let error = Policy::parse("[thresholds]\ndangr = 0.03", "bounce.toml").unwrap_err();
//! let message = "bounce.toml:2: thresholds.dangr: unknown key; did you mean \"danger\"?";
//! assert_eq!(error.to_string(), message);
//! # Ok::<(), bounce::policy::PolicyError>(())
//! ```

mod figures;
mod names;
mod read;
mod retry;
mod rules;
mod verp;

pub use figures::{
    ComplaintJump, ComplaintRate, ContentRejections, Corroboration, DomainConcentration,
    DomainHardCluster, DomainSoftCluster, Escalation, FreshList, Lists, Matching, OtherShare,
    Patterns, Pauses, ReputationMailbox, ReputationOneMailbox, ReputationSpread, Schedule,
    TemplateRejections, Thresholds, Verdicts, VerifiedList,
};
pub use names::{HeaderMark, Headers, Phrase, Roles, Warmup};
pub use read::PolicyError;
pub use retry::{Retries, Retry};
pub use rules::{CustomRule, Rules};
pub use verp::{Tag, Template, Verp};

use crate::address;
use crate::vocab::{Category, Reason};
use jiff::tz::TimeZone;
use read::{Item, Section, Source};
use std::collections::{BTreeMap, HashMap};

/// Everything that `bounce.toml` can set.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// `timezone`: that of times without one; an IANA name, `UTC` by default.
    pub timezone: TimeZone,
    /// `[thresholds]`: the bands of the bounce rate (P2).
    pub thresholds: Thresholds,
    /// `[verdicts]`: what is done with a verdict (C3).
    pub verdicts: Verdicts,
    /// `[workspaces.NAME]`, by name.
    pub workspaces: BTreeMap<String, Workspace>,
    /// `[reasons.NAME] category`: categories that differ from the built-in ones.
    pub overrides: BTreeMap<Reason, Category>,
    /// `[retry.CATEGORY]`: strategy and number of retries (T2).
    pub retries: Retries,
    /// `[schedule]`: what the strategies mean (T1).
    pub schedule: Schedule,
    /// `[escalation]`: when soft bounces become final (T3).
    pub escalation: Escalation,
    /// `[pauses]`: auto-pause verdicts (P4).
    pub pauses: Pauses,
    /// `[patterns]`: what the report points out (P5).
    pub patterns: Patterns,
    /// `[corroboration]`: two workspaces confirm each other (S4).
    pub corroboration: Corroboration,
    /// `[matching]`: whether a bounce answers a mail of ours (S8, S9).
    pub matching: Matching,
    /// `[lists]`: how long rows stay.
    pub lists: Lists,
    /// `[headers]`: header names of the returned message (E3).
    pub headers: Headers,
    /// `[warmup]`: how warm-up mail is recognised.
    pub warmup: Warmup,
    /// `[roles]`: changes to the list of role accounts (C11).
    pub roles: Roles,
    /// `[verp]`: the forms of our return paths (E2).
    pub verp: Verp,
    /// `rules` or `[[rules]]`: rules that are tried before the built-in ones.
    pub rules: Rules,
    /// `[model] path`: a model to use instead of the built-in one (C4); as written.
    pub model: Option<String>,
    /// `corrections`: a file of human corrections (C4); as written.
    pub corrections: Option<String>,
    /// The workspace of each mailbox, by address key.
    mailboxes: HashMap<String, String>,
}

/// `[workspaces.NAME]`: the mailboxes of one team.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workspace {
    /// `mailboxes`: their addresses as written.
    pub mailboxes: Vec<String>,
    /// `[workspaces.NAME.retry.CATEGORY]`, complete: what the workspace does not set
    /// is as for all.
    pub retries: Retries,
}

impl Default for Policy {
    fn default() -> Self {
        Policy {
            timezone: TimeZone::UTC,
            thresholds: Thresholds::default(),
            verdicts: Verdicts::default(),
            workspaces: BTreeMap::new(),
            overrides: BTreeMap::new(),
            retries: Retries::default(),
            schedule: Schedule::default(),
            escalation: Escalation::default(),
            pauses: Pauses::default(),
            patterns: Patterns::default(),
            corroboration: Corroboration::default(),
            matching: Matching::default(),
            lists: Lists::default(),
            headers: Headers::default(),
            warmup: Warmup::default(),
            roles: Roles::default(),
            verp: Verp::default(),
            rules: Rules::default(),
            model: None,
            corrections: None,
            mailboxes: HashMap::new(),
        }
    }
}

impl Policy {
    /// The policy that the text of a file sets, with defaults for the rest. `file` is
    /// only named in errors; a byte order mark is skipped.
    pub fn parse(text: &str, file: &str) -> Result<Policy, PolicyError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let source = Source { file, text };
        let document = source.table()?;
        let mut root = Section::root(source, document.get_ref());
        let mut policy = Policy::default();
        policy.read_figures(&mut root)?;
        policy.read_names(&mut root)?;
        policy.read_verdicts(&mut root)?;
        policy.read_workspaces(&mut root)?;
        root.finish()?;
        Ok(policy)
    }

    fn read_figures(&mut self, root: &mut Section<'_>) -> Result<(), PolicyError> {
        if let Some(item) = root.take("thresholds") {
            self.thresholds.read(&item)?;
            self.thresholds.check(&item)?;
        }
        if let Some(item) = root.take("schedule") {
            self.schedule.read(&item)?;
            self.schedule.check(&item)?;
        }
        if let Some(item) = root.take("verdicts") {
            self.verdicts.read(&item)?;
        }
        if let Some(item) = root.take("escalation") {
            self.escalation.read(&item)?;
        }
        if let Some(item) = root.take("pauses") {
            self.pauses.read(&item)?;
        }
        if let Some(item) = root.take("patterns") {
            self.patterns.read(&item)?;
        }
        if let Some(item) = root.take("corroboration") {
            self.corroboration.read(&item)?;
        }
        if let Some(item) = root.take("matching") {
            self.matching.read(&item)?;
        }
        if let Some(item) = root.take("lists") {
            self.lists.read(&item)?;
        }
        Ok(())
    }

    fn read_names(&mut self, root: &mut Section<'_>) -> Result<(), PolicyError> {
        if let Some(item) = root.take("timezone") {
            let name = item.text()?;
            let unknown = |_| item.error(format!("no time zone is called {name:?}"));
            self.timezone = TimeZone::get(&name).map_err(unknown)?;
        }
        if let Some(item) = root.take("headers") {
            self.headers.read(&item)?;
        }
        if let Some(item) = root.take("warmup") {
            self.warmup.read(&item)?;
        }
        if let Some(item) = root.take("roles") {
            self.roles.read(&item)?;
        }
        if let Some(item) = root.take("verp") {
            self.verp.read(&item)?;
        }
        Ok(())
    }

    fn read_verdicts(&mut self, root: &mut Section<'_>) -> Result<(), PolicyError> {
        if let Some(item) = root.take("rules") {
            self.rules.read(&item)?;
        }
        if let Some(item) = root.take("corrections") {
            self.corrections = Some(item.text()?);
        }
        if let Some(item) = root.take("model") {
            let mut section = item.section()?;
            if let Some(item) = section.take("path") {
                self.model = Some(item.text()?);
            }
            section.finish()?;
        }
        match root.take("reasons") {
            Some(item) => self.read_overrides(&item.section()?),
            None => Ok(()),
        }
    }

    fn read_overrides(&mut self, reasons: &Section<'_>) -> Result<(), PolicyError> {
        let words: Vec<&str> = Reason::ALL.iter().map(|reason| reason.as_str()).collect();
        for (name, item) in reasons.entries() {
            let Some(reason) = Reason::from_word(name) else {
                return Err(item.bad_key(&words, name));
            };
            let mut section = item.section()?;
            let category = section.require("category")?;
            let Some(built_in) = reason.category() else {
                return Err(category.error("a success has no category"));
            };
            let category = category.word(Category::ALL, "category")?;
            section.finish()?;
            if category != built_in {
                self.overrides.insert(reason, category);
            }
        }
        Ok(())
    }

    /// Comes after the retries for all: those of a workspace start from them.
    fn read_workspaces(&mut self, root: &mut Section<'_>) -> Result<(), PolicyError> {
        if let Some(item) = root.take("retry") {
            self.retries.read(&item)?;
        }
        if let Some(item) = root.take("workspaces") {
            for (name, item) in item.section()?.entries() {
                self.read_workspace(name, &item)?;
            }
        }
        Ok(())
    }

    fn read_workspace(&mut self, name: &str, item: &Item<'_>) -> Result<(), PolicyError> {
        if name.trim().is_empty() || name.chars().any(char::is_control) {
            return Err(item.error("a workspace needs a name of visible characters"));
        }
        let mut section = item.section()?;
        let mut workspace = Workspace {
            mailboxes: Vec::new(),
            retries: self.retries.clone(),
        };
        if let Some(item) = section.take("mailboxes") {
            workspace.mailboxes = item.each(mailbox)?;
            for item in item.list("strings")? {
                self.claim(name, &item)?;
            }
        }
        if let Some(item) = section.take("retry") {
            workspace.retries.read(&item)?;
        }
        section.finish()?;
        self.workspaces.insert(name.to_owned(), workspace);
        Ok(())
    }

    /// A mailbox belongs to one workspace, once.
    fn claim(&mut self, workspace: &str, item: &Item<'_>) -> Result<(), PolicyError> {
        let address = item.text()?;
        let owner = self
            .mailboxes
            .insert(address::key(&address), workspace.to_owned());
        match owner {
            Some(owner) if owner == workspace => {
                Err(item.error(format!("{address:?} is here twice")))
            }
            Some(owner) => Err(item.error(format!("{address:?} is in workspace {owner:?}, too"))),
            None => Ok(()),
        }
    }

    /// The workspace that a mailbox belongs to, by address key.
    pub fn workspace_of(&self, mailbox: &str) -> Option<&str> {
        self.mailboxes
            .get(&*address::keyed(mailbox))
            .map(String::as_str)
    }

    /// Gives the mailboxes of the workspaces other names.
    pub fn rename_mailboxes(&mut self, name: impl Fn(&str) -> String) {
        let own = self.workspaces.values_mut().flat_map(|w| &mut w.mailboxes);
        own.for_each(|m| *m = name(m));
        let old = std::mem::take(&mut self.mailboxes);
        self.mailboxes = old.into_iter().map(|(m, w)| (name(&m), w)).collect();
    }

    /// The category of a reason, overridden or built in; `None` only for a success.
    pub fn category_of(&self, reason: Reason) -> Option<Category> {
        self.overrides
            .get(&reason)
            .copied()
            .or_else(|| reason.category())
    }

    /// True if the policy gives the reason another category than the built-in one
    /// (flag `override`).
    pub fn overrides(&self, reason: Reason) -> bool {
        self.overrides.contains_key(&reason)
    }

    /// Strategy and number of retries of a category in a workspace (T2); a workspace
    /// that the policy does not know has those for all.
    pub fn retry(&self, category: Category, workspace: &str) -> Retry {
        let own = self
            .workspaces
            .get(workspace)
            .map(|workspace| &workspace.retries);
        own.unwrap_or(&self.retries).of(category)
    }

    /// True for role accounts (C11), by the built-in list and `[roles]`.
    pub fn is_role(&self, address: &str) -> bool {
        self.roles.contains(address)
    }

    /// The zone of times that say none.
    pub fn zone(&self) -> &TimeZone {
        &self.timezone
    }
}

fn mailbox(item: &Item<'_>, text: String) -> Result<String, PolicyError> {
    if address::is_valid(&text) {
        return Ok(text);
    }
    Err(item.error(format!("{text:?} is no address")))
}

#[cfg(test)]
mod tests;
