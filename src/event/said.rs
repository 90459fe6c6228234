//! What a reply says, taken apart and judged – once, where it comes again.
//!
//! Servers repeat themselves: in an export or a log most replies differ by the address
//! alone. A reply is therefore remembered as the text around the recipient's address
//! ([`template`](template::template)), and what was made of that text with a stand-in for the address is what
//! would be made of it with any other address that is [plain](template) enough: without digits
//! or words at a place where a code, a command or a host could be read from it. A reply
//! around another address, and a long one, is remembered as it is. The human
//! part of a notification is not in the template: what it adds is the stage, which is as if
//! the report had named it, and a verdict on replies that say too little, which are
//! remembered together with it.

mod template;

use super::reply::{self, Parts};
use crate::classify::{self, Judge, Providers, Reply, Verdict};
use crate::code::Enhanced;
use crate::vocab::Command;
use hashbrown::{Equivalent, HashMap};
use std::cell::RefCell;
use std::hash::BuildHasher;
use std::rc::Rc;
pub(super) use template::STAND_IN;
use template::{beside, template};

/// At most so many replies are remembered on each thread, of so many bytes.
const MOST: usize = 2048;
const MOST_BYTES: usize = 1 << 20;
/// So many hashes of replies that came once; a power of two.
const ONCE: usize = 4096;
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
    memchr::memchr(b'@', reply.as_bytes()).is_some()
        && reply.to_lowercase().contains(&address.to_lowercase())
}

/// Puts a reply into `room`, with stand-ins for the recipient, and says whether it names
/// it; `None` if what it says may depend on more.
pub(super) fn apart(reply: &str, recipient: &str, room: &mut Vec<u8>) -> Option<bool> {
    let of = Question {
        reply,
        context: "",
        status: None,
        command: None,
        remote: None,
        recipient: Some(recipient),
        judged: true,
    };
    let places = template(&of, room)?;
    // An address that is left in it is that of this row alone.
    let left = || {
        let any = memchr::memchr(b'@', room).is_some();
        any && memchr::memmem::find(room, recipient.as_bytes()).is_some()
    };
    if places == 0 && left() {
        return None;
    }
    Some(places > 0 || names(reply, recipient))
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
