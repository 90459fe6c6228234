//! What stands before the message of a line: time, host, program; and with that,
//! which server wrote it.

use super::{Log, Sniff, class, exim, postfix, qmail};

/// Lines that may stand before the first that looks like a line of a log: the rest
/// of one that was cut off, a title.
const MAX_BEFORE: usize = 3;
/// Longest name of a container before a line, in bytes.
const MAX_LABEL: usize = 80;
/// So many lines of a system log are enough to call it one.
const MIN_SYSTEM: usize = 5;
/// The programs of Postfix that write about messages; the name before the slash is
/// free (`syslog_name`).
const POSTFIX: [&[u8]; 16] = [
    b"smtp",
    b"lmtp",
    b"local",
    b"virtual",
    b"pipe",
    b"error",
    b"retry",
    b"discard",
    b"bounce",
    b"qmgr",
    b"nqmgr",
    b"cleanup",
    b"smtpd",
    b"pickup",
    b"relay",
    b"trivial-rewrite",
];
const MONTHS: [&[u8]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];

/// A line that a mail server wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found<'a> {
    /// Who wrote it.
    pub log: Log,
    /// When, as written; empty if the line does not say.
    pub stamp: &'a [u8],
    /// On which host; empty if the line does not say.
    pub host: &'a [u8],
    /// What it says.
    pub body: &'a [u8],
}

/// Takes a line apart; `None` if no mail server wrote it. `forced`: all is of that
/// one, whatever its programs are called.
pub(super) fn of(line: &[u8], forced: Option<Log>) -> Option<Found<'_>> {
    let (stamp, rest) = stamped(line).unwrap_or((b"", line));
    let found = bare(stamp, rest).or_else(|| by_program(stamp, rest));
    match (found, forced) {
        (found, None) => found,
        (Some(found), Some(log)) if found.log == log => Some(found),
        (_, Some(log)) => {
            let tagged = tagged(rest).filter(|_| !stamp.is_empty());
            let (host, body) = tagged.map_or((&b""[..], rest), |(host, _, body)| (host, body));
            Some(Found {
                log,
                stamp,
                host,
                body,
            })
        }
    }
}

/// Lines that name no program: known by what they say.
fn bare<'a>(stamp: &'a [u8], rest: &'a [u8]) -> Option<Found<'a>> {
    let found = |log| Found {
        log,
        stamp,
        host: b"",
        body: rest,
    };
    if !stamp.is_empty() && exim::message_of(rest).is_some() {
        return Some(found(Log::Exim));
    }
    if qmail::is_own(rest) {
        return Some(found(Log::Qmail));
    }
    if class::at(rest).is_some() {
        return Some(found(Log::Bounce));
    }
    (stamp.is_empty() && postfix::is_own(rest)).then(|| found(Log::Postfix))
}

/// Lines of syslog.
fn by_program<'a>(stamp: &'a [u8], rest: &'a [u8]) -> Option<Found<'a>> {
    if stamp.is_empty() {
        return None;
    }
    let (host, program, body) = tagged(rest)?;
    // RFC 5424, §6.2.4: nothing is known of it.
    let host = if host == b"-" { b"" } else { host };
    let found = |log, stamp, body| {
        Some(Found {
            log,
            stamp,
            host,
            body,
        })
    };
    let base = program.rsplit(|b| *b == b'/').next().unwrap_or(program);
    if base.len() < program.len() {
        return POSTFIX
            .contains(&base)
            .then(|| found(Log::Postfix, stamp, body))?;
    }
    if program == b"smtpd" {
        return found(Log::OpenSmtpd, stamp, body);
    }
    if program.starts_with(b"sm-") || program.starts_with(b"sendmail") {
        return found(Log::Sendmail, stamp, body);
    }
    // These write a time of their own, which has a year.
    if program.starts_with(b"exim") || program.starts_with(b"qmail") {
        let log = if program.starts_with(b"exim") {
            Log::Exim
        } else {
            Log::Qmail
        };
        let (own, body) = self::stamp(body).unwrap_or((stamp, body));
        return found(log, if is_zoned(stamp) { stamp } else { own }, body);
    }
    class::at(body).and_then(|_| found(Log::Bounce, stamp, body))
}

/// Host, program and message of what follows the time, in the forms of RFC 3164
/// (`host program[pid]: …`, busybox and Solaris with words between) and RFC 5424
/// (`host program pid id data …`).
fn tagged(rest: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (host, rest) = word(rest)?;
    let (first, after) = word(rest)?;
    if let Some(program) = program(first) {
        return Some((host, program, without_id(after)));
    }
    let (second, more) = word(after)?;
    if let Some(program) = program(second) {
        return Some((host, program, without_id(more)));
    }
    let (_, data) = word(more)?;
    let body = match data {
        [b'-', b' ', body @ ..] => body,
        [b'[', ..] => data.get(memchr::memmem::find(data, b"] ")? + 2..)?,
        _ => return None,
    };
    Some((host, first, body.trim_ascii_start()))
}

/// `postfix/smtp[123]:` is `postfix/smtp`.
fn program(tag: &[u8]) -> Option<&[u8]> {
    let name = tag.strip_suffix(b":")?;
    let end = memchr::memchr(b'[', name).unwrap_or(name.len());
    name.get(..end).filter(|n| !n.is_empty())
}

/// Without the `[ID 801593 mail.info]` of Solaris.
fn without_id(body: &[u8]) -> &[u8] {
    let body = body.trim_ascii_start();
    let end = body
        .starts_with(b"[ID ")
        .then(|| memchr::memchr(b']', body))
        .flatten();
    end.and_then(|end| body.get(end + 1..))
        .map_or(body, <[u8]>::trim_ascii_start)
}

/// The first word, and what follows its blanks.
pub(super) fn word(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr::memchr(b' ', text)?;
    let (word, rest) = text.split_at_checked(end)?;
    Some((word, rest.trim_ascii_start())).filter(|_| !word.is_empty())
}

/// The time that a line begins with, and what follows it. What runs containers puts a
/// time of its own before that, which has a year and a zone: `docker logs -t`, and with
/// the name of the stream what containerd writes (Kubernetes: "CRI log format").
fn stamped(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let (first, rest) = stamp(line).or_else(|| stamp(unlabelled(line)?))?;
    let streams: [&[u8]; 4] = [b"stdout F ", b"stderr F ", b"stdout P ", b"stderr P "];
    let inner = streams.iter().find_map(|name| rest.strip_prefix(*name));
    let rest = inner.unwrap_or(rest);
    match stamp(rest) {
        Some((_, rest)) if is_zoned(first) => Some((first, rest)),
        Some(second) => Some(second),
        None => Some((first, rest)),
    }
}

/// Without the name of the container that `docker compose logs` (`mail-1  | `) and
/// `kubectl logs --prefix` (`[pod/mail-0/postfix] `) put first.
fn unlabelled(line: &[u8]) -> Option<&[u8]> {
    if line.starts_with(b"[pod/") {
        return line
            .get(memchr::memchr(b']', line)? + 1..)?
            .strip_prefix(b" ");
    }
    let head = line.get(..MAX_LABEL).unwrap_or(line);
    let end = memchr::memmem::find(head, b" | ")?;
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || b"_-. ".contains(b);
    let label = line.get(..end)?;
    label
        .iter()
        .all(is_name)
        .then(|| line.get(end + 3..))
        .flatten()
}

/// Whether a time says in which zone it is.
fn is_zoned(stamp: &[u8]) -> bool {
    let zone = stamp.get(19..).unwrap_or_default();
    stamp.starts_with(b"@")
        || stamp.first().is_some_and(u8::is_ascii_digit)
            && zone.iter().any(|b| matches!(b, b'Z' | b'+' | b'-'))
}

/// The time that a line begins with, and what follows it: a syslog priority may stand
/// before it, brackets around it.
pub(super) fn stamp(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let line = without_priority(line);
    if let [b'[', inner @ ..] = line {
        let len = stamp_len(inner)?;
        let rest = inner.get(len..)?.strip_prefix(b"]")?;
        return Some((inner.get(..len)?, rest.trim_ascii_start()));
    }
    let (stamp, rest) = line.split_at_checked(stamp_len(line)?)?;
    let ends = rest
        .first()
        .is_none_or(|b| matches!(b, b' ' | b'\t' | b':' | b','));
    ends.then(|| (stamp, rest.trim_ascii_start()))
}

/// Without `<22>` (RFC 3164) or `<22>1 ` (RFC 5424).
fn without_priority(line: &[u8]) -> &[u8] {
    let [b'<', rest @ ..] = line else { return line };
    let digits = rest
        .iter()
        .take(3)
        .take_while(|b| b.is_ascii_digit())
        .count();
    match rest.get(digits..) {
        Some([b'>', b'1', b' ', rest @ ..]) if digits > 0 => rest,
        Some([b'>', rest @ ..]) if digits > 0 => rest,
        _ => line,
    }
}

/// The length of the time at the start of a line.
fn stamp_len(line: &[u8]) -> Option<usize> {
    match line.first()? {
        b'@' => fits(line, "@xxxxxxxxxxxxxxxxxxxxxxxx").then_some(25),
        b'0'..=b'9' => dated(line).or_else(|| unix(line)),
        _ if fits(line, "aaa Dd dd:dd:dd") => {
            let month = MONTHS.contains(&line.get(..3)?);
            month.then(|| 15 + fraction(line.get(15..).unwrap_or_default()))
        }
        _ if fits(line, "aaa dddd-dd-dd dd:dd:dd") => {
            // `journalctl -o short-full` names the zone.
            let len = 4 + dated(line.get(4..)?)?;
            let zone = line.get(len + 1..).unwrap_or_default();
            let zone = zone.iter().take_while(|b| b.is_ascii_uppercase()).count();
            Some(if (2..=5).contains(&zone) {
                len + 1 + zone
            } else {
                len
            })
        }
        _ => None,
    }
}

/// RFC 3339 and what is like it: a blank for the T, no zone, a zone behind a blank.
fn dated(line: &[u8]) -> Option<usize> {
    if !fits(line, "dddd-dd-ddTdd:dd:dd") && !fits(line, "dddd-dd-dd dd:dd:dd") {
        return None;
    }
    let len = 19 + fraction(line.get(19..)?);
    let zone = line.get(len..)?;
    Some(
        len + match zone {
            [b'Z', ..] => 1,
            _ if fits(zone, "±dd:dd") => 6,
            _ if fits(zone, "±dddd") => 5,
            _ if fits(zone, " ±dd:dd ") => 7,
            _ if fits(zone, " ±dddd ") => 6,
            _ => 0,
        },
    )
}

/// Seconds since 1970, with a fraction.
fn unix(line: &[u8]) -> Option<usize> {
    let digits = line.iter().take_while(|b| b.is_ascii_digit()).count();
    let fraction = fraction(line.get(digits..)?);
    (digits == 10 && fraction > 0).then_some(digits + fraction)
}

fn fraction(rest: &[u8]) -> usize {
    match rest {
        [b'.' | b',', digits @ ..] => {
            match digits.iter().take_while(|b| b.is_ascii_digit()).count() {
                0 => 0,
                some => 1 + some,
            }
        }
        _ => 0,
    }
}

/// Whether a text begins like a shape: `d` a digit, `D` a digit or blank, `a` a
/// letter, `x` a hexadecimal digit, `±` a sign, else itself.
fn fits(text: &[u8], shape: &str) -> bool {
    let mut bytes = text.iter();
    shape.chars().all(|form| {
        bytes.next().is_some_and(|b| match form {
            'd' => b.is_ascii_digit(),
            'D' => b.is_ascii_digit() || *b == b' ',
            'a' => b.is_ascii_alphabetic(),
            'x' => b.is_ascii_hexdigit(),
            '±' => matches!(b, b'+' | b'-'),
            other => char::from(*b) == other,
        })
    })
}

/// Which server wrote a line, if one did.
pub fn writer(line: &[u8]) -> Option<Log> {
    of(line, None).map(|found| found.log)
}

/// Whether `head`, the beginning of a file, is one of a log. `whole`: no more comes.
pub fn sniff(head: &[u8], whole: bool) -> Sniff {
    let mut rest = head;
    let (mut system, mut seen) = (0, 0);
    while let Some(end) =
        memchr::memchr(b'\n', rest).or((whole && !rest.is_empty()).then_some(rest.len()))
    {
        let (line, after) = rest.split_at(end);
        rest = after.get(1..).unwrap_or_default();
        if line.trim_ascii().is_empty() {
            continue;
        }
        if let Some(found) = of(line, None) {
            return Sniff::Log(Some(found.log));
        }
        seen += 1;
        let tag = stamped(line).and_then(|(_, rest)| tagged(rest));
        system += usize::from(tag.is_some());
        if system == 0 && seen >= MAX_BEFORE {
            return Sniff::Nothing;
        }
    }
    match whole {
        false => Sniff::More,
        true if system >= MIN_SYSTEM && system * 10 >= seen * 9 => Sniff::Log(None),
        true => Sniff::Nothing,
    }
}
