//! Variable envelope return paths: the address a bounce came back to says whom the
//! mail was for (E2) and what it belonged to (E3).

use super::read::{Item, PolicyError};
use crate::address;
use regex::Regex;

/// What a return path told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tag {
    /// The address that was mailed to.
    pub recipient: Option<String>,
    /// The campaign.
    pub campaign: Option<String>,
    /// The step of the sequence.
    pub step: Option<String>,
    /// The contact.
    pub contact: Option<String>,
}

/// `[verp]`: the forms of our return paths.
#[derive(Clone, Debug, PartialEq)]
pub struct Verp {
    /// Tried in order; the first that fits decides.
    pub patterns: Vec<Template>,
}

/// What the patterns stand for without a policy: SendGrid, ezmlm, and the plain
/// form of Postfix (`VERP_README`) and of most list managers. BATV (`prvs=…`) is
/// none of them: it holds the sender's own address.
const DEFAULTS: [&str; 3] = [
    "bounces+*-*-{local}={domain}@*",
    "*-return-*-{local}={domain}@*",
    "*+{local}={domain}@*",
];

impl Default for Verp {
    fn default() -> Self {
        Verp {
            patterns: DEFAULTS
                .iter()
                .filter_map(|text| Template::new(text).ok())
                .collect(),
        }
    }
}

impl Verp {
    pub(super) fn read(&mut self, item: &Item<'_>) -> Result<(), PolicyError> {
        let mut section = item.section()?;
        if let Some(item) = section.take("patterns") {
            self.patterns =
                item.each(|item, text| Template::new(&text).map_err(|why| item.error(why)))?;
        }
        section.finish()
    }

    /// What an envelope sender of ours, that a bounce was addressed to, tells;
    /// `None` where no pattern fits.
    pub fn tag(&self, return_path: &str) -> Option<Tag> {
        self.patterns
            .iter()
            .find_map(|template| template.tag(return_path.trim()))
    }
}

/// The form of a return path: text with `{local}`, `{domain}`, `{campaign}`,
/// `{step}`, `{contact}`, and `*` for anything.
///
/// Each of them takes as little as it can, and none takes an `@`.
#[derive(Clone, Debug)]
pub struct Template {
    written: String,
    regex: Regex,
    /// The bytes of it that are no letters, digits or placeholders: what has not all of
    /// them does not fit.
    marks: Vec<u8>,
}

impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

const FIELDS: [&str; 5] = ["local", "domain", "campaign", "step", "contact"];

impl Template {
    /// The template, or what is wrong with it.
    fn new(written: &str) -> Result<Self, String> {
        let source = source(written)?;
        let has = |field: &str| written.contains(&format!("{{{field}}}"));
        if has("local") != has("domain") {
            return Err("{local} and {domain} only make an address together".to_owned());
        }
        if !FIELDS.iter().any(|field| has(field)) {
            return Err(format!(
                "{written:?} has none of {{{}}}",
                FIELDS.join("}, {")
            ));
        }
        if !written.contains('@') {
            return Err(format!("{written:?} is no return path: it has no @"));
        }
        let regex = Regex::new(&source).map_err(|_| format!("{written:?} names a field twice"))?;
        Ok(Template {
            written: written.to_owned(),
            regex,
            marks: marks(written),
        })
    }

    fn tag(&self, return_path: &str) -> Option<Tag> {
        // Most return paths are none, and to say so costs no memory.
        let has = |mark: &u8| return_path.as_bytes().contains(mark);
        if !self.marks.iter().all(has) || !self.regex.is_match(return_path) {
            return None;
        }
        let found = self.regex.captures(return_path)?;
        let field = |name| found.name(name).map(|text| text.as_str().to_owned());
        let recipient = match (field("local"), field("domain")) {
            (Some(local), Some(domain)) => Some(format!("{local}@{domain}")),
            _ => None,
        };
        // What only looks like VERP is left to the other ways of E2.
        if recipient
            .as_deref()
            .is_some_and(|recipient| !address::is_valid(recipient))
        {
            return None;
        }
        let (campaign, step, contact) = (field("campaign"), field("step"), field("contact"));
        Some(Tag {
            recipient,
            campaign,
            step,
            contact,
        })
    }
}

/// The marks outside the placeholders of a template.
fn marks(written: &str) -> Vec<u8> {
    let mut marks = Vec::new();
    let mut inside = false;
    for byte in written.bytes() {
        inside = byte == b'{' || inside && byte != b'}';
        let mark = byte.is_ascii_punctuation() && !matches!(byte, b'*' | b'{' | b'}');
        if mark && !inside && !marks.contains(&byte) {
            marks.push(byte);
        }
    }
    marks
}

/// The regular expression that a template stands for.
fn source(written: &str) -> Result<String, String> {
    let mut source = String::from("(?i)^");
    let mut rest = written;
    while let Some(at) = rest.find(['*', '{', '}']) {
        let (literal, special) = rest.split_at(at);
        source.push_str(&regex::escape(literal));
        if let Some(tail) = special.strip_prefix('*') {
            source.push_str("[^@]*?");
            rest = tail;
            continue;
        }
        let (name, tail) = special
            .strip_prefix('{')
            .and_then(|special| special.split_once('}'))
            .ok_or_else(|| format!("{written:?} has a brace without its partner"))?;
        if !FIELDS.contains(&name) {
            return Err(format!(
                "{{{name}}} is no field; known: {}",
                FIELDS.join(", ")
            ));
        }
        source.push_str(&format!("(?<{name}>[^@]+?)"));
        rest = tail;
    }
    source.push_str(&regex::escape(rest));
    source.push('$');
    Ok(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipient(verp: &Verp, path: &str) -> Option<String> {
        verp.tag(path).and_then(|tag| tag.recipient)
    }

    #[test]
    fn e2_default_return_paths_name_the_recipient() {
        let verp = Verp::default();
        assert_eq!(verp.patterns.len(), DEFAULTS.len());
        let cases = [
            ("bounce+jo=example.com@acme.example", Some("jo@example.com")),
            (
                "bounce+jo+tag=example.com@acme.example",
                Some("jo+tag@example.com"),
            ),
            (
                "bounces+1234-ab5f-jo-an=example.com@em.acme.example",
                Some("jo-an@example.com"),
            ),
            (
                "news-return-17-jo=example.com@acme.example",
                Some("jo@example.com"),
            ),
            ("prvs=1234abcdef=sales@acme.example", None),
            ("bounce+id=nodomain@acme.example", None),
            ("sales+a@acme.example", None),
            ("", None),
        ];
        for (path, expected) in cases {
            assert_eq!(recipient(&verp, path).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn e3_a_return_path_may_name_campaign_step_and_contact() {
        let template = Template::new("b.{campaign}.{step}.{contact}@r.acme.example").unwrap();
        let tag = template.tag("B.spring.2.c17@r.acme.example").unwrap();
        let expected = ["spring", "2", "c17"].map(|text| Some(text.to_owned()));
        assert_eq!([tag.campaign, tag.step, tag.contact], expected);
        assert_eq!(tag.recipient, None);
        assert_eq!(template.tag("b.spring.2@r.acme.example"), None);
    }
}
