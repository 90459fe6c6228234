//! The user's own rules, as the file has them. Their language is the classifier's.

use super::read::{Item, PolicyError};
use crate::vocab::Reason;

/// `rules = "file"`, or a list of files, or `[[rules]]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Files in the format of the built-in rules; as written.
    pub files: Vec<String>,
    /// Rules of the policy file itself, in its order.
    pub own: Vec<CustomRule>,
}

/// One `[[rules]]`, with the columns of the rules format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomRule {
    /// `id`: named in `decided_by`; unique.
    pub id: String,
    /// `reason`: what a reply that fits means.
    pub reason: Reason,
    /// `gate`: when the rule applies; empty for always.
    pub gate: String,
    /// `text`: the phrase.
    pub text: String,
    /// `example`: a reply that this rule must win; empty if none is given.
    pub example: String,
    /// Where it stands: the file and the line, from 1.
    pub at: (String, usize),
}

impl Rules {
    pub(super) fn read(&mut self, item: &Item<'_>) -> Result<(), PolicyError> {
        if !item.is_list() {
            self.files.push(item.text()?);
            return Ok(());
        }
        for item in item.list("files or rules")? {
            if item.is_table() {
                self.add(&item)?;
            } else {
                self.files.push(item.text()?);
            }
        }
        Ok(())
    }

    fn add(&mut self, item: &Item<'_>) -> Result<(), PolicyError> {
        let mut section = item.section()?;
        let id = section.require("id")?;
        let rule = CustomRule {
            id: id.text()?,
            reason: section.require("reason")?.word(Reason::ALL, "reason")?,
            gate: optional(section.take("gate"))?,
            text: section.require("text")?.text()?,
            example: optional(section.take("example"))?,
            at: (id.error("").file, id.error("").line),
        };
        if self.own.iter().any(|other| other.id == rule.id) {
            return Err(id.error(format!("there are two rules {:?}", rule.id)));
        }
        section.finish()?;
        self.own.push(rule);
        Ok(())
    }
}

fn optional(item: Option<Item<'_>>) -> Result<String, PolicyError> {
    item.map_or_else(|| Ok(String::new()), |item| item.text())
}
