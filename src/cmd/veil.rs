//! `--redact` (U5), and what standard error may show of addresses.

use super::Stop;
use crate::cli::Redact;
use crate::event::Event;
use crate::output::safe::printable;
use crate::output::sink::complain;
use crate::redact::{Redactor, masked};
use crate::report::{Filter, Sends};

/// Bytes of a key that is made up.
const KEY: usize = 32;

/// What hides addresses, or lets everything through.
#[derive(Clone, Debug, Default)]
pub struct Veil(Option<Redactor>);

impl Veil {
    /// By the options: with the key of a file, or with one for this run.
    pub fn open(options: &Redact) -> Result<Veil, Stop> {
        let key = match &options.redact {
            None => return Ok(Veil(None)),
            Some(Some(path)) => {
                let wrong = |why: &dyn std::fmt::Display| {
                    Stop::Usage(format!("--redact={}: {why}", path.display()))
                };
                let bytes = std::fs::read(path).map_err(|e| wrong(&e))?;
                // An editor adds a line end that is not meant.
                let key = bytes.trim_ascii_end().to_vec();
                if key.is_empty() {
                    return Err(wrong(&"there is no key in it"));
                }
                key
            }
            Some(None) => {
                let mut key = [0; KEY];
                getrandom::fill(&mut key)
                    .map_err(|e| Stop::Failed(format!("no key can be made up: {e}")))?;
                key.to_vec()
            }
        };
        Ok(Veil(Some(Redactor::new(&key))))
    }

    /// What makes the tokens, if anything is hidden.
    pub fn redactor(&self) -> Option<&Redactor> {
        self.0.as_ref()
    }

    /// Hides what an event says of people.
    pub fn event(&self, event: &mut Event) {
        if let Some(redactor) = &self.0 {
            redactor.event(event);
        }
    }

    /// Hides addresses in a text.
    pub fn text(&self, text: String) -> String {
        match &self.0 {
            Some(redactor) => redactor.text(&text),
            None => text,
        }
    }

    /// Hides what is quoted from the input, too: it may be a name.
    pub fn why(&self, why: String) -> String {
        match &self.0 {
            Some(redactor) => unquoted(&redactor.text(&why)),
            None => why,
        }
    }

    /// The filters for events that are redacted.
    pub fn filter(&self, filter: &Filter) -> Filter {
        let mut filter = filter.clone();
        if let Some(redactor) = &self.0 {
            let address = |a: &mut String| *a = redactor.address(a);
            let text = |t: &mut String| *t = redactor.text(t);
            filter.mailboxes.iter_mut().for_each(address);
            filter.campaigns.iter_mut().for_each(text);
            filter.workspaces.iter_mut().for_each(text);
            // Only rows of the sent log are looked up there, and those have been counted.
            filter.workspace_of.clear();
        }
        filter
    }

    /// Counts of the sent log by the names that redacted events have.
    pub fn sends(&self, sends: &mut Sends) {
        if let Some(redactor) = &self.0 {
            sends.rename(|m| redactor.address(m), |c| redactor.text(c));
        }
    }

    /// Says a line on standard error.
    pub fn tell(&self, text: &str) {
        tell(text, self.0.is_some());
    }
}

/// Says a line on standard error, without full addresses; `hidden`: with nothing of them.
pub fn tell(text: &str, hidden: bool) {
    let text = if hidden {
        unquoted(text)
    } else {
        text.to_owned()
    };
    complain(&printable(&masked(&text, !hidden)));
}

/// A text without what stands in quotes, but for the names of columns.
fn unquoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('"') {
        let (before, quoted) = rest.split_at(open);
        let close = closing(quoted);
        let (quoted, after) = quoted.split_at(close);
        out.push_str(before);
        out.push_str(if before.ends_with("column ") {
            quoted
        } else {
            "\"…\""
        });
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The length of what begins with a quote, up to the next one that has no backslash.
fn closing(quoted: &str) -> usize {
    let mut escaped = false;
    for (at, c) in quoted.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    quoted.len()
}

#[cfg(test)]
mod tests {
    use super::unquoted;

    #[test]
    fn u5_what_is_quoted_is_hidden_but_for_columns() {
        for (text, expected) in [
            (r#""jane doe" is no address"#, r#""…" is no address"#),
            (
                r#"no address in the column "Email""#,
                r#"no address in the column "Email""#,
            ),
            (r#"string "a \" b", expected"#, r#"string "…", expected"#),
            (r#"open "jane"#, r#"open "…""#),
            ("nothing", "nothing"),
        ] {
            assert_eq!(unquoted(text), expected);
        }
    }
}
