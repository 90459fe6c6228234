//! Names in mails that the policy knows: headers, warm-up marks, role accounts.

use super::read::{Item, PolicyError};
use crate::address;
use std::collections::BTreeSet;

/// `[headers]`: where the returned message carries its campaign, sequence step and
/// contact (E3). Names are compared without case; the first header present counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headers {
    /// Headers with the campaign.
    pub campaign: Vec<String>,
    /// Headers with the step of the sequence.
    pub step: Vec<String>,
    /// Headers with the contact.
    pub contact: Vec<String>,
}

impl Default for Headers {
    /// The names that sending programs and platforms use. `Feedback-ID` and `List-ID`
    /// are not among them: most senders put an account or a list there.
    fn default() -> Self {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Headers {
            // X-Mailgun-Campaign-Id, X-Mailin-Campaign (Brevo), X-MC-Tags (Mandrill),
            // X-Campaign and X-campaignid (Mailchimp), X-Job (PowerMTA)
            campaign: names(&[
                "X-Campaign-ID",
                "X-CampaignID",
                "X-Campaign",
                "X-Mailgun-Campaign-Id",
                "X-Mailin-Campaign",
                "X-Mailgun-Tag",
                "X-MC-Tags",
                "X-Job",
            ]),
            step: names(&[
                "X-Sequence-Step-ID",
                "X-Sequence-Step",
                "X-Step-ID",
                "X-Step",
            ]),
            contact: names(&[
                "X-Contact-ID",
                "X-Lead-ID",
                "X-Prospect-ID",
                "X-Subscriber-ID",
                "X-Recipient-ID",
            ]),
        }
    }
}

impl Headers {
    pub(super) fn read(&mut self, item: &Item<'_>) -> Result<(), PolicyError> {
        let mut section = item.section()?;
        let fields = [
            ("campaign", &mut self.campaign),
            ("step", &mut self.step),
            ("contact", &mut self.contact),
        ];
        for (key, names) in fields {
            if let Some(item) = section.take(key) {
                *names = item.each(header_name)?;
            }
        }
        section.finish()
    }
}

/// A field name of RFC 5322 section 3.6.8, perhaps with its colon.
fn header_name(item: &Item<'_>, text: String) -> Result<String, PolicyError> {
    let name = text.strip_suffix(':').unwrap_or(&text);
    let legal = |b: u8| b.is_ascii_graphic() && b != b':';
    if name.is_empty() || !name.bytes().all(legal) {
        return Err(item.error(format!("{text:?} is no header name")));
    }
    Ok(name.to_owned())
}

/// `[warmup]`: how mail of the warm-up stream is told from real mail.
#[derive(Clone, Debug, PartialEq)]
pub struct Warmup {
    /// Headers whose presence, or value, marks it.
    pub headers: Vec<HeaderMark>,
    /// Marks in the subject.
    pub subjects: Vec<Phrase>,
}

impl Default for Warmup {
    fn default() -> Self {
        let mark = |name: &str| HeaderMark {
            name: name.to_owned(),
            value: None,
        };
        Warmup {
            headers: ["X-Warmup", "X-Warmup-ID", "X-Warm-Up", "X-Email-Warmup"]
                .map(mark)
                .to_vec(),
            subjects: Vec::new(),
        }
    }
}

impl Warmup {
    pub(super) fn read(&mut self, item: &Item<'_>) -> Result<(), PolicyError> {
        let mut section = item.section()?;
        if let Some(item) = section.take("headers") {
            self.headers = item.each(HeaderMark::read)?;
        }
        if let Some(item) = section.take("subjects") {
            self.subjects = item.each(Phrase::read)?;
        }
        section.finish()
    }

    /// True if a header of the returned message marks it as warm-up mail.
    pub fn marks_header(&self, name: &str, value: &str) -> bool {
        self.headers.iter().any(|mark| mark.matches(name, value))
    }

    /// True if the subject of the returned message marks it as warm-up mail.
    pub fn marks_subject(&self, subject: &str) -> bool {
        self.subjects.iter().any(|phrase| phrase.is_in(subject))
    }
}

/// A header that marks a message, written `Name` or `Name: value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderMark {
    /// The name, compared without case.
    pub name: String,
    /// The value, compared without case; `None` if any value but a `no` will do.
    pub value: Option<String>,
}

impl HeaderMark {
    fn read(item: &Item<'_>, text: String) -> Result<Self, PolicyError> {
        let (name, value) = text.split_once(':').unwrap_or((&text, ""));
        Ok(HeaderMark {
            name: header_name(item, name.trim().to_owned())?,
            value: Some(value.trim().to_owned()).filter(|value| !value.is_empty()),
        })
    }

    fn matches(&self, name: &str, value: &str) -> bool {
        let value = value.trim();
        self.name.eq_ignore_ascii_case(name.trim())
            && match &self.value {
                Some(expected) => expected.to_lowercase() == value.to_lowercase(),
                None => !["", "0", "no", "false", "off"]
                    .iter()
                    .any(|off| value.eq_ignore_ascii_case(off)),
            }
    }
}

/// A phrase that is looked for without case, or a regular expression where it is
/// written between slashes: `warming up`, `/\[wu-\d+\]/`.
#[derive(Clone, Debug)]
pub struct Phrase {
    written: String,
    regex: regex::Regex,
}

impl PartialEq for Phrase {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Phrase {
    fn read(item: &Item<'_>, text: String) -> Result<Self, PolicyError> {
        let inner = text
            .strip_prefix('/')
            .and_then(|text| text.strip_suffix('/'));
        let source = inner.map_or_else(|| regex::escape(&text), str::to_owned);
        let regex = regex::RegexBuilder::new(&source)
            .case_insensitive(true)
            .size_limit(1 << 20)
            .build()
            .map_err(|error| {
                item.error(format!("bad regular expression: {}", last_line(&error)))
            })?;
        Ok(Phrase {
            written: text,
            regex,
        })
    }

    /// True if the text contains the phrase.
    pub fn is_in(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

/// The last line of the error of a regular expression says what is wrong.
fn last_line(error: &regex::Error) -> String {
    let text = error.to_string();
    let line = text.lines().last().unwrap_or_default();
    line.trim_start_matches("error: ").to_owned()
}

/// `[roles]`: local parts that are, or are not, role accounts beside the built-in
/// list (C11).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles {
    /// More of them, in lower case.
    pub add: BTreeSet<String>,
    /// Built-in ones that are people here, in lower case.
    pub remove: BTreeSet<String>,
}

impl Roles {
    pub(super) fn read(&mut self, item: &Item<'_>) -> Result<(), PolicyError> {
        let mut section = item.section()?;
        if let Some(item) = section.take("add") {
            self.add = item.each(local_part)?.into_iter().collect();
        }
        if let Some(item) = section.take("remove") {
            self.remove = item.each(local_part)?.into_iter().collect();
            if let Some(both) = self.add.intersection(&self.remove).next() {
                return Err(item.error(format!("{both:?} is in add, too")));
            }
        }
        section.finish()
    }

    /// True for a role account by the built-in list and these changes to it.
    pub fn contains(&self, address: &str) -> bool {
        if self.add.is_empty() && self.remove.is_empty() {
            return address::is_role(address);
        }
        let Some((local, _)) = address::split(address) else {
            return false;
        };
        let local = local.split('+').next().unwrap_or(local).to_lowercase();
        self.add.contains(&local) || (!self.remove.contains(&local) && address::is_role(address))
    }
}

/// The part of an address before its `@`, which may be written with it.
fn local_part(item: &Item<'_>, text: String) -> Result<String, PolicyError> {
    let local = text.strip_suffix('@').unwrap_or(&text).to_lowercase();
    if local.is_empty() || local.contains(|c: char| c == '@' || c.is_whitespace()) {
        return Err(item.error(format!("{text:?} is no local part, such as \"sales\"")));
    }
    Ok(local)
}
