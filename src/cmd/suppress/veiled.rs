//! `--redact` and the folder: it holds either addresses or tokens of one key, never both.

use super::super::Stop;
use super::super::veil::Veil;
use super::folder::Folder;
use crate::event::Event;
use crate::event::assemble::Setting;
use crate::event::mould::Shelf;
use crate::history::What;
use crate::ledger::{Deed, Entry, Ledger};
use crate::redact::Redactor;

/// The setting that names the key of the tokens in a ledger.
const KEY: &str = "redacted";

/// What a folder and the options of a run make of each other.
#[derive(Debug, Default)]
pub enum Hiding {
    /// Nothing is hidden.
    #[default]
    Nothing,
    /// The ledger holds tokens.
    Ledger(Redactor),
    /// The ledger holds addresses, what is printed of it does not.
    Print(Redactor),
}

impl Hiding {
    /// Of a ledger; `only_read`: nothing is written into it.
    pub fn of(ledger: &Ledger, veil: &Veil, only_read: bool) -> Result<Hiding, Stop> {
        let made_with = ledger.setting(KEY)?;
        let Some(redactor) = veil.redactor().cloned() else {
            return match made_with {
                None => Ok(Hiding::Nothing),
                Some(_) => Err(Stop::Usage(
                    "the folder holds redacted lists: give their key, --redact=KEYFILE".to_owned(),
                )),
            };
        };
        match made_with {
            Some(key) if key == redactor.fingerprint() => Ok(Hiding::Ledger(redactor)),
            Some(_) => Err(Stop::Usage(
                "the folder holds lists that were redacted with another key".to_owned(),
            )),
            None if ledger.views()?.is_empty() => Ok(Hiding::Ledger(redactor)),
            None if only_read => Ok(Hiding::Print(redactor)),
            None => Err(Stop::Usage(
                "the folder holds lists that are not redacted: --redact needs one of its own"
                    .to_owned(),
            )),
        }
    }
}

impl Hiding {
    /// An event as the ledger is to hold it.
    pub fn hide(&self, event: &mut Event) {
        if let Hiding::Ledger(redactor) = self {
            redactor.event(event);
        }
    }
}

impl Folder {
    /// Remembers the key of the tokens, with all that the run writes.
    pub fn remember_key(&self) -> Result<(), Stop> {
        match self.tokens() {
            Some(redactor) => Ok(self.ledger.set(KEY, &redactor.fingerprint())?),
            None => Ok(()),
        }
    }

    /// True if the ledger holds tokens.
    pub fn holds_tokens(&self) -> bool {
        self.tokens().is_some()
    }

    /// What makes the tokens of the ledger.
    fn tokens(&self) -> Option<&Redactor> {
        match &self.hiding {
            Hiding::Ledger(redactor) => Some(redactor),
            _ => None,
        }
    }

    /// An act as the ledger is to hold it.
    pub fn hidden_deed(&self, mut deed: Deed) -> Deed {
        if let Some(redactor) = self.tokens() {
            hide_deed(&mut deed, redactor);
        }
        deed
    }

    /// The address as the ledger has it.
    pub fn hidden_address(&self, address: &str) -> String {
        let token = self.tokens().map(|redactor| redactor.address(address));
        token.unwrap_or_else(|| address.to_owned())
    }

    /// Policy and clock for lists of tokens: its mailboxes are tokens, too.
    pub fn hidden_setting(&self, mut setting: Setting) -> Setting {
        if let Some(redactor) = self.tokens() {
            setting.policy.rename_mailboxes(|m| redactor.address(m));
            setting.moulds = Shelf::default();
        }
        setting
    }

    /// An entry of the audit as it is printed.
    pub fn hidden_entry(&self, mut entry: Entry) -> Entry {
        if let Hiding::Print(redactor) = &self.hiding {
            hide_entry(&mut entry, redactor);
        }
        entry
    }
}

/// Hides the address of an act.
pub fn hide_deed(deed: &mut Deed, redactor: &Redactor) {
    match &mut deed.act.what {
        What::Reverify { address } | What::Remove { address } | What::Import { address, .. } => {
            *address = redactor.address(address);
        }
        What::RemoveDomain { .. } => {}
    }
    deed.comment = deed.comment.as_deref().map(|c| redactor.text(c));
}

/// Hides what an entry of the audit is about.
pub fn hide_entry(entry: &mut Entry, redactor: &Redactor) {
    let of_subject = entry.list.as_deref() == Some("templates");
    let whole_domain = |a: &str| a.starts_with('@');
    entry.address = entry.address.as_deref().map(|address| match address {
        a if of_subject => redactor.subject(a),
        a if whole_domain(a) => a.to_owned(),
        a => redactor.address(a),
    });
    for text in [&mut entry.list, &mut entry.reason, &mut entry.comment] {
        *text = text.as_deref().map(|t| redactor.text(t));
    }
    entry.event_id = entry.event_id.as_deref().map(|id| redactor.event_id(id));
}
