//! What a reply says, taken apart and judged – once, where it comes again.
//!
//! Servers repeat themselves: in an export or a log most replies differ by the address
//! alone. A reply is therefore remembered as the text around the recipient's address
//! ([`template`]), and what was made of that text with a stand-in for the address is what
//! would be made of it with any other address that is [`plain`] enough: without digits
//! or words at a place where a code, a command or a host could be read from it. A reply
//! around another address, and a long one, is remembered as it is. The human
//! part of a notification is not in the template: what it adds is the stage, which is as if
//! the report had named it, and a verdict on replies that say too little, which are
//! remembered together with it.

use super::reply::{self, Parts};
use crate::classify::{self, Judge, Providers, Reply, Verdict};
use crate::code::Enhanced;
use crate::vocab::Command;
use hashbrown::{Equivalent, HashMap};
use std::cell::RefCell;
use std::hash::BuildHasher;
use std::rc::Rc;

/// Longer replies are not remembered.
const LONGEST: usize = 2048;
/// In longer ones nothing stands for the recipient: below this, and with the stand-ins of
/// [`MOST_PLACES`], no limit on lengths in [`reply`] is near.
const LONGEST_TEMPLATE: usize = 480;
/// The human part may name him more often: of it, only the words count.
const MOST_BESIDE: usize = 16;
/// Longest address that a stand-in stands for.
const LONGEST_ADDRESS: usize = 100;
/// Replies that name the recipient more often are not remembered.
const MOST_PLACES: usize = 4;
/// At most so many replies are remembered on each thread, of so many bytes.
const MOST: usize = 2048;
const MOST_BYTES: usize = 1 << 20;
/// So many hashes of replies that came once; a power of two.
const ONCE: usize = 4096;
/// What stands for the recipient.
const STAND_IN: &str = "stand.in@recipient.invalid";

/// What is known of a reply.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question<'a> {
    /// The reply, as written.
    pub reply: &'a str,
    /// What the human part of the notification says.
    pub context: &'a str,
    /// The status that the report gives beside it.
    pub status: Option<Enhanced>,
    /// The stage that the report names.
    pub command: Option<Command>,
    /// The host that the report names.
    pub remote: Option<&'a str>,
    /// The address that failed.
    pub recipient: Option<&'a str>,
    /// Whether a verdict is wanted.
    pub judged: bool,
}

/// What it says.
#[derive(Debug)]
pub(super) struct Said {
    /// Its codes and words.
    pub parts: Parts,
    /// The enhanced code: the more specific of the reply's and the report's.
    pub enhanced: Option<Enhanced>,
    /// The host that it names, if the report names none.
    pub remote: Option<String>,
    /// The stage, by the report, the reply or the human part.
    pub command: Option<Command>,
    /// Its canonical text.
    pub canonical: String,
    /// What it means.
    pub verdict: Option<Verdict>,
    /// Whether the human part could have changed what it means.
    heeds_context: bool,
    /// The message has stand-ins.
    stood_in: bool,
}

impl Said {
    /// The words of the reply.
    pub fn message(&self, of: &Question<'_>) -> Option<String> {
        let message = self.parts.message.as_ref()?;
        Some(match of.recipient.filter(|_| self.stood_in) {
            Some(address) => message.replace(STAND_IN, address),
            None => message.clone(),
        })
    }
}

/// Takes a reply apart and judges it.
pub(super) fn said(of: &Question<'_>, judge: &Judge) -> Rc<Said> {
    KNOWN.with_borrow_mut(|known| known.said(of, judge))
}

/// All that an answer depends on.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    template: Box<[u8]>,
    rest: Rest,
}

/// What it depends on besides the text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Rest {
    status: Option<Enhanced>,
    command: Option<Command>,
    /// The report names the host.
    remote: bool,
    providers: Providers,
    /// Whether the reply names the recipient, if there is one.
    named: Option<bool>,
    judged: bool,
    /// Where the human part begins in the text, if it counts.
    context: Option<usize>,
}

#[derive(Hash)]
struct Asked<'a> {
    template: &'a [u8],
    rest: Rest,
}

impl Equivalent<Key> for Asked<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        *self.template == *key.template && self.rest == key.rest
    }
}

/// The replies of one thread.
#[derive(Default)]
struct Known {
    /// Whose answers they are.
    judge: u64,
    answers: HashMap<Key, Rc<Said>>,
    /// The bytes of their templates.
    bytes: usize,
    /// Hashes of replies that came once: only what comes again is remembered.
    once: Vec<u64>,
    /// Room for a template.
    room: Vec<u8>,
    /// Room for one with the human part.
    second: Vec<u8>,
}

/// What is remembered of a question.
#[derive(Clone, Copy)]
struct Text<'a> {
    bytes: &'a [u8],
    /// Where the human part begins, if it counts.
    context: Option<usize>,
    /// The stand-ins in the reply.
    places: usize,
}

thread_local! {
    static KNOWN: RefCell<Known> = RefCell::default();
}

impl Known {
    fn said(&mut self, of: &Question<'_>, judge: &Judge) -> Rc<Said> {
        let mut room = std::mem::take(&mut self.room);
        let places = template(of, &mut room);
        let text = places.map(|places| Text {
            bytes: &room,
            context: None,
            places,
        });
        let answer = text.and_then(|text| self.remembered(of, judge, &text));
        self.room = room;
        answer.unwrap_or_else(|| Rc::new(read(of, judge)))
    }

    /// What the reply says, if that has been said before.
    fn remembered(
        &mut self,
        of: &Question<'_>,
        judge: &Judge,
        text: &Text<'_>,
    ) -> Option<Rc<Said>> {
        let alone = Question { context: "", ..*of };
        let mut answer = self.answer(&alone, judge, text)?;
        if of.context.trim().is_empty() {
            return Some(answer);
        }
        if answer.command.is_none()
            && let Some(command) = classify::command_in_report(of.context)
        {
            let named = Question {
                command: Some(command),
                ..alone
            };
            answer = self.answer(&named, judge, text)?;
        }
        if !answer.heeds_context {
            return Some(answer);
        }
        let mut room = std::mem::take(&mut self.second);
        room.clear();
        room.extend_from_slice(text.bytes);
        let whole = beside(of, &mut room).map(|()| Text {
            bytes: &room,
            context: Some(text.bytes.len()),
            places: text.places,
        });
        let answer = whole.and_then(|whole| self.answer(of, judge, &whole));
        self.second = room;
        answer
    }

    /// The answer to a question of which nothing else counts, from the second time on.
    fn answer(&mut self, of: &Question<'_>, judge: &Judge, text: &Text<'_>) -> Option<Rc<Said>> {
        if self.judge != judge.id() {
            self.forget();
            self.judge = judge.id();
        }
        let asked = Asked {
            template: text.bytes,
            rest: Rest {
                status: of.status,
                command: of.command,
                remote: of.remote.is_some(),
                // Nothing else depends on who replied, and to whom.
                providers: match of.judged {
                    true => Providers::of("", of.remote, of.recipient),
                    false => Providers::default(),
                },
                named: of.recipient.map(|r| text.places > 0 || names(of.reply, r)),
                judged: of.judged,
                context: text.context,
            },
        };
        if let Some(answer) = self.answers.get(&asked) {
            return Some(Rc::clone(answer));
        }
        if !self.came_again(self.answers.hasher().hash_one(&asked)) {
            return None;
        }
        let mut answer = read(of, judge);
        if let (Some(address), true) = (of.recipient, text.places > 0) {
            let message = answer.parts.message.as_mut();
            message
                .into_iter()
                .for_each(|m| *m = m.replace(address, STAND_IN));
            answer.stood_in = true;
        }
        let answer = Rc::new(answer);
        self.bytes += asked.template.len();
        if self.answers.len() >= MOST || self.bytes > MOST_BYTES {
            self.forget();
        }
        let key = Key {
            template: asked.template.into(),
            rest: asked.rest,
        };
        self.answers.insert(key, Rc::clone(&answer));
        Some(answer)
    }

    fn forget(&mut self) {
        self.answers.clear();
        self.bytes = 0;
    }

    /// Whether a reply with this hash came before, not too long ago.
    fn came_again(&mut self, hash: u64) -> bool {
        self.once.resize(ONCE, 0);
        let place = usize::try_from(hash % ONCE as u64).unwrap_or_default();
        let slot = self.once.get_mut(place);
        slot.is_some_and(|slot| std::mem::replace(slot, hash) == hash)
    }
}

/// Takes a reply apart and judges it.
fn read(of: &Question<'_>, judge: &Judge) -> Said {
    let parts = reply::parts(of.reply);
    let specific = |e: &Enhanced| !e.is_generic();
    let enhanced = parts
        .enhanced
        .filter(specific)
        .or(of.status.filter(specific))
        .or(parts.enhanced)
        .or(of.status);
    let remote = match of.remote {
        Some(_) => None,
        None => reply::remote_host(of.reply),
    };
    let command = of
        .command
        .or_else(|| classify::command_in(of.reply))
        .or_else(|| classify::command_in_report(of.context));
    let canonical = classify::canonical(of.reply);
    let asked = Reply {
        smtp_code: parts.code,
        enhanced,
        text: of.reply,
        context: of.context,
        command,
        remote_mta: of.remote.or(remote.as_deref()),
        recipient: of.recipient,
    };
    let judged = of.judged.then(|| judge.judge_canonical(&asked, &canonical));
    Said {
        heeds_context: judged.as_ref().is_some_and(|(_, heeds)| *heeds),
        verdict: judged.map(|(verdict, _)| verdict),
        parts,
        enhanced,
        remote,
        command,
        canonical,
        stood_in: false,
    }
}

/// Whether a reply names an address, in whatever case.
fn names(reply: &str, address: &str) -> bool {
    reply.contains('@') && reply.to_lowercase().contains(&address.to_lowercase())
}

/// Puts the reply into `room`, with stand-ins for the recipient where that is the same, and
/// says how many there are; `None` if what it says may depend on more than is remembered.
fn template(of: &Question<'_>, room: &mut Vec<u8>) -> Option<usize> {
    let reply = of.reply;
    let address = of.recipient.unwrap_or(STAND_IN);
    if reply.len() > LONGEST || !address.contains('@') {
        return None;
    }
    room.clear();
    let short = reply.len() <= LONGEST_TEMPLATE;
    put(reply, address, if short { MOST_PLACES } else { 0 }, room)
}

/// Puts the human part behind the reply, likewise.
fn beside(of: &Question<'_>, room: &mut Vec<u8>) -> Option<()> {
    let address = of.recipient.unwrap_or(STAND_IN);
    let fits = room.len() + of.context.len() <= LONGEST;
    let places = fits.then(|| put(of.context, address, MOST_BESIDE, room))?;
    places.map(|_| ())
}

/// Appends a text with at most so many stand-ins for an address, or as it is if with another
/// address it could say something else; `None` if a stand-in stands in it already.
fn put(text: &str, address: &str, most: usize, room: &mut Vec<u8>) -> Option<usize> {
    let mut marks = memchr::memchr_iter(b'@', text.as_bytes());
    if marks.any(|at| around(text, at, STAND_IN).is_some()) {
        return None;
    }
    let before = room.len();
    let places = stand_in(text, address, most, room);
    if places.is_none() {
        room.truncate(before);
        room.extend_from_slice(text.as_bytes());
    }
    Some(places.unwrap_or(0))
}

/// The same; `None` if the text must stay as it is.
fn stand_in(text: &str, address: &str, most: usize, room: &mut Vec<u8>) -> Option<usize> {
    let (mut from, mut places) = (0, 0);
    for at in memchr::memchr_iter(b'@', text.as_bytes()) {
        let Some((start, end)) = around(text, at, address) else {
            continue;
        };
        // Seldom more than one: what holds of the address need not be asked again.
        let plain = places > 0 || plain(address);
        if places == most || !plain || !stands_apart(text, start, end) {
            return None;
        }
        room.extend_from_slice(text.get(from..start)?.as_bytes());
        room.extend_from_slice(STAND_IN.as_bytes());
        (from, places) = (end, places + 1);
    }
    room.extend_from_slice(text.get(from..)?.as_bytes());
    Some(places)
}

/// The extent of this very address around the `@` that stands at `at`.
fn around(reply: &str, at: usize, address: &str) -> Option<(usize, usize)> {
    let start = at.checked_sub(address.find('@')?)?;
    let end = start + address.len();
    (reply.get(start..end)? == address).then_some((start, end))
}

/// Whether no code, command, host or other address can begin or end with the address that
/// stands there: there are marks or blanks around it, none that a host would follow, and no
/// words that go on behind it.
fn stands_apart(reply: &str, start: usize, end: usize) -> bool {
    let (before, rest) = reply.split_at_checked(start).unwrap_or_default();
    let (address, after) = rest.split_at_checked(end - start).unwrap_or_default();
    let begins = match before.as_bytes().last() {
        Some(b'<' | b'(' | b'[' | b'"' | b'\'') => true,
        Some(b' ' | b'\n') => !reply::may_name_host(before),
        _ => false,
    };
    let ends = match after.as_bytes().first() {
        None | Some(b'>' | b')' | b']' | b'"' | b'\'' | b':' | b',' | b';') => true,
        Some(b' ' | b'\n') => !classify::may_begin_in(address) && !reply::may_begin_mark(address),
        _ => false,
    };
    begins && ends
}

/// Whether an address has nothing that could be read as anything else: no code, also none
/// before a hyphen, and no wording.
fn plain(address: &str) -> bool {
    let bytes = address.as_bytes();
    let legal = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'@');
    let code = matches!(bytes, [a, b, c, b'-', ..] if [a, b, c].iter().all(|b| b.is_ascii_digit()));
    let said = |end: &str| {
        let from = address.len().saturating_sub(end.len());
        address
            .get(from..)
            .is_some_and(|last| last.eq_ignore_ascii_case(end))
    };
    bytes.len() <= LONGEST_ADDRESS
        && bytes.iter().all(legal)
        && bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.last().is_some_and(u8::is_ascii_alphanumeric)
        && memchr::memchr_iter(b'@', bytes).count() == 1
        && !code
        && crate::code::find_smtp_code(address).is_none()
        && crate::code::find_enhanced(address).is_none()
        && !classify::may_end_in(address)
        && !said("said")
        && !said("returned")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn question<'a>(reply: &'a str, recipient: Option<&'a str>) -> Question<'a> {
        Question {
            reply,
            context: "",
            status: None,
            command: None,
            remote: None,
            recipient,
            judged: true,
        }
    }

    fn told(of: &Question<'_>, said: &Said) -> String {
        let words = said.message(of);
        let Said {
            parts,
            enhanced,
            remote,
            command,
            canonical,
            verdict,
            ..
        } = said;
        let parts = (parts.code, parts.enhanced, words);
        format!("{parts:?} {enhanced:?} {remote:?} {command:?} {canonical} {verdict:?}")
    }

    #[test]
    fn e1_replies_that_differ_by_the_address_are_one_template() {
        let mut room = Vec::new();
        for (reply, recipient, places) in [
            (
                "550 5.1.1 <u@example.com> unknown",
                "u@example.com",
                Some(1),
            ),
            ("550 u@example.com unknown", "u@example.com", Some(1)),
            (
                "550 (u@example.com): u@example.com, no",
                "u@example.com",
                Some(2),
            ),
            ("550 no such user", "u@example.com", Some(0)),
            ("550 ask postmaster@example.net", "u@example.com", Some(0)),
            (
                "mail to u@example.com\nno such user",
                "u@example.com",
                Some(1),
            ),
            (
                "550 <no-such-user-4711@example.com>",
                "no-such-user-4711@example.com",
                Some(1),
            ),
            ("550 <4711@example.com>", "4711@example.com", Some(1)),
            // As they are.
            ("relay=u@example.com said no", "u@example.com", Some(0)),
            ("host u@example.com said no", "u@example.com", Some(0)),
            ("connect to  u@example.com", "u@example.com", Some(0)),
            ("550-u@example.com", "u@example.com", Some(0)),
            ("550 <au@example.com>", "u@example.com", Some(0)),
            ("550 <5.5.0@example.com>", "5.5.0@example.com", Some(0)),
            ("550 <599-u@example.com>", "599-u@example.com", Some(0)),
            ("after data@example.com", "data@example.com", Some(0)),
            ("to u@x.at the end of the message", "u@x.at", Some(0)),
            ("to u@x.com the end of the message", "u@x.com", Some(1)),
            ("to u@x.host mx.example.com", "u@x.host", Some(0)),
            (
                "550 <stand.in@recipient.invalid> of u@example.com",
                "u@example.com",
                None,
            ),
            ("550 <u>", "u", None),
        ] {
            let got = template(&question(reply, Some(recipient)), &mut room);
            assert_eq!(got, places, "{reply}");
        }
    }

    proptest! {
        /// What is remembered of one address is what would be read of another.
        #[test]
        fn e1_a_reply_that_is_remembered_says_what_it_would_say_anew(
            pieces in proptest::collection::vec(proptest::sample::select(&[
                "550", "5.1.1", "-", " ", " ", "<", ">", "(", ")", "[", "]", "{to}", "{to}", "{to} ", " {to}", "<{to}>",
                "host ", "mx.example.com", "after ", " the end of the message", " reply to data", "no ", ">>> data", "to ",
                "rcpt ", " recipients", " to mx.example.com", "4.0.0", "end of ", "\t",
                "x {to} the end of the message", "x {to} reply to data", "x {to} mx.example.com", "x {to} to mx.example.com",
                "after {to}", "in reply to {to}", ">>> data no {to}", ">>> data {to} recipients",
                "said", ": ", "#", "\n", "user unknown", "mailbox full", "RCPT TO:", "after data", ">>> ", "rcpt",
                "blocked by ", "zen.spamhaus.org", "relay=", "connect to ", "450 4.2.2 ", "=", "postmaster@example.org",
                "\u{fc}", "smtp; ", "unknown", "\"", "'", ",", "returned", "over quota", "in reply to", "x",
            ][..]), 0..14),
            first in "(|data|DATA|550|5.1.1|rcpt|no)[a-z][a-z0-9._-]{0,8}@[a-z0-9][a-z0-9.-]{0,5}(|.in|.at|.host|.no|x.connect)",
            second in "(|data|auth|554-|4.2.2|recipients|end-of-data|x)[a-z0-9._+-]{0,8}@[a-z0-9][a-z0-9.-]{0,5}(|.in|.at|.host|.com)",
            around in proptest::sample::select(&[
                "", " ", "user unknown", "the mailbox is full", "said (in reply to RCPT TO command)", "after end of data",
                "mail to {to} failed:\nno such user", "<{to}>: mailbox full\n<{to}>", "after {to}", "\n{to} the end of the message",
                "x{to} user unknown", "{to}", "I could not reach {to}:\n450 4.2.2 over quota {to}\nuser {to}",
            ][..]),
        ) {
            let judge = Judge::new();
            let reply = |to: &str| pieces.concat().replace("{to}", to);
            let (one, other) = (reply(&first), reply(&second));
            let mut known = Known::default();
            let beside = around.replace("{to}", &first);
            for context in ["", "", "over quota", &beside, &beside, &beside] {
                known.said(&Question { context, ..question(&one, Some(&first)) }, &judge);
            }
            let beside = around.replace("{to}", &second);
            let of = Question { context: &beside, ..question(&other, Some(&second)) };
            let got = known.said(&of, &judge);
            prop_assert_eq!(told(&of, &got), told(&of, &read(&of, &judge)));
        }
    }

    #[test]
    fn c3_what_is_remembered_depends_on_all_that_is_asked() {
        let judge = Judge::new();
        let mut known = Known::default();
        let plain = question("550 refused", Some("u@example.com"));
        let questions = [
            plain,
            Question {
                status: "5.1.1".parse().ok(),
                ..plain
            },
            Question {
                command: Some(Command::Mail),
                ..plain
            },
            Question {
                remote: Some("gmail-smtp-in.l.google.com"),
                ..plain
            },
            Question {
                recipient: Some("u@gmail.com"),
                ..plain
            },
            Question {
                recipient: None,
                ..plain
            },
            Question {
                judged: false,
                ..plain
            },
            Question {
                reply: "550 refused: u@example.com",
                ..plain
            },
            Question {
                context: "said in reply to RCPT TO: user unknown",
                ..plain
            },
            Question {
                context: "user unknown",
                reply: "",
                ..plain
            },
        ];
        for round in 0..3 {
            for of in &questions {
                let got = known.said(of, &judge);
                assert_eq!(
                    told(of, &got),
                    told(of, &read(of, &judge)),
                    "{round} {of:?}"
                );
            }
        }
        // Two of them need the human part, which is remembered with them.
        assert_eq!(known.answers.len(), questions.len() + 2);
    }
}
