//! Which files are logs of mail servers, and which of them is the older.
//!
//! Lines of one message may stand in two files: `mail.log.1` has who sent it, `mail.log`
//! what became of it. Files whose names show a rotation are therefore read oldest first,
//! in the places that they have among the others – if all of them are logs: of mails that
//! are numbered so the order stays.

use std::cmp::Reverse;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hashbrown::HashMap;

use super::detect::{self, Content, WINDOW};
use super::entry::{Entry, entries};
use super::lf::lf;
use super::maildir::is_maildir;
use super::plain::Plain;

/// Folders below folders that are searched for logs, at most.
const MAX_DEPTH: usize = 20;
/// A folder whose first files are no logs, so many of them, is not searched further.
const MAX_OTHERS: usize = 200;
/// Endings of packed files.
const PACKED: [&str; 3] = [".gz", ".zst", ".zstd"];

/// Whether a regular file begins as the log of a mail server that is known.
pub fn is_log(path: &Path) -> bool {
    if !fs::metadata(path).is_ok_and(|data| data.is_file()) {
        return false;
    }
    let mut head = Vec::new();
    let Ok(plain) = Plain::open(path, &Arc::default()) else {
        return false;
    };
    // A damaged file may be one up to there.
    let _ = plain.take(WINDOW as u64).read_to_end(&mut head);
    let head = lf(&head);
    let start = head.iter().take_while(|b| **b == b'\n').count();
    let text = head.get(start..).unwrap_or_default();
    matches!(detect::detect(text, true), Some(Content::Log(Some(_))))
}

/// The logs among inputs, and in the folders among them.
pub fn logs(inputs: &[PathBuf]) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for input in inputs {
        if input.is_dir() {
            below(input, 0, &mut out);
        } else if input.as_os_str() != "-" && is_log(input) {
            out.push(input.clone());
        }
    }
    out
}

fn below(folder: &Path, depth: usize, out: &mut Vec<PathBuf>) {
    let Ok(all) = entries(folder) else { return };
    if depth > MAX_DEPTH || is_maildir(folder) {
        return;
    }
    let mut others = 0;
    for (name, entry) in all {
        let path = folder.join(name);
        match entry {
            // Links may lead back to where they are.
            Entry::Folder if path.is_symlink() => {}
            Entry::Folder => below(&path, depth + 1, out),
            Entry::File if others >= MAX_OTHERS => {}
            Entry::File if is_log(&path) => {
                others = 0;
                out.push(path);
            }
            _ => others += 1,
        }
    }
}

/// How old a log is among those of its name, by that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Age {
    /// `mail.log-20261103`.
    Day(u32),
    /// `mail.log.2.gz`: two times rotated.
    Times(Reverse<u32>),
    /// `mail.log`.
    Now,
}

/// Puts rotated logs into the places of all logs of their name, oldest first. `path` says
/// where a file is; nothing else is moved.
pub fn oldest_first<T>(all: Vec<T>, path: impl Fn(&T) -> Option<PathBuf>) -> Vec<T> {
    let mut names: HashMap<PathBuf, Vec<(Age, usize)>> = HashMap::new();
    for (at, one) in all.iter().enumerate() {
        if let Some((base, age)) = path(one).as_deref().and_then(age) {
            names.entry(base).or_default().push((age, at));
        }
    }
    let mut places: Vec<usize> = (0..all.len()).collect();
    for group in names.into_values().filter(|g| is_rotation(g)) {
        let file = |at: usize| all.get(at).and_then(&path);
        if !group
            .iter()
            .all(|(_, at)| file(*at).is_some_and(|p| is_log(&p)))
        {
            continue;
        }
        let mut sorted = group.clone();
        sorted.sort_by_key(|(age, _)| *age);
        for ((_, to), (_, from)) in group.iter().zip(&sorted) {
            if let Some(place) = places.get_mut(*to) {
                *place = *from;
            }
        }
    }
    let mut all: Vec<Option<T>> = all.into_iter().map(Some).collect();
    let taken = |at: usize| all.get_mut(at).and_then(Option::take);
    places.into_iter().filter_map(taken).collect()
}

/// Several files, told apart by days or by numbers, not by both.
fn is_rotation(group: &[(Age, usize)]) -> bool {
    let days = group.iter().any(|(age, _)| matches!(age, Age::Day(_)));
    let times = group.iter().any(|(age, _)| matches!(age, Age::Times(_)));
    group.len() > 1 && days != times
}

/// The name without its age, and that.
fn age(path: &Path) -> Option<(PathBuf, Age)> {
    let name = path.file_name()?.to_str()?;
    let bare = PACKED.iter().find_map(|end| name.strip_suffix(end));
    let bare = bare.unwrap_or(name);
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>| {
        let fits = digits.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| text.parse::<u32>().ok()).flatten()
    };
    let times = bare
        .rsplit_once('.')
        .and_then(|(base, n)| Some((base, Age::Times(Reverse(number(n, 1..=4)?)))));
    let day = || {
        let (base, day) = bare.rsplit_once('-')?;
        Some((base, Age::Day(number(day, 8..=8)?)))
    };
    let (base, age) = times.or_else(day).unwrap_or((bare, Age::Now));
    Some((path.with_file_name(base), age))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "Nov  3 10:11:12 mx1 postfix/smtp[1]: 4ABCDEF: to=<u@example.com>, relay=none, \
                        delay=1, dsn=5.1.1, status=bounced (no such user)\n";

    #[test]
    fn i6_rotated_logs_are_read_oldest_first_in_their_places() {
        let folder = tempfile::tempdir().unwrap();
        for (names, text, expected) in [
            (
                &[
                    "a.csv",
                    "mail.log",
                    "mail.log.1",
                    "mail.log.10",
                    "mail.log.2",
                    "z.eml",
                ][..],
                LINE,
                &[
                    "a.csv",
                    "mail.log.10",
                    "mail.log.2",
                    "mail.log.1",
                    "mail.log",
                    "z.eml",
                ][..],
            ),
            (
                &["maillog", "maillog-20261025", "maillog-20261101"],
                LINE,
                &["maillog-20261025", "maillog-20261101", "maillog"],
            ),
            // By both: nothing is known of the order.
            (
                &["maillog", "maillog-20261025", "maillog.1"],
                LINE,
                &["maillog", "maillog-20261025", "maillog.1"],
            ),
            (&["mail.log"], LINE, &["mail.log"]),
            // Numbered mails are no rotated logs.
            (
                &["msg.1", "msg.2"],
                "From: a@b.example\nSubject: x\n\ny\n",
                &["msg.1", "msg.2"],
            ),
        ] {
            let path = |name: &&str| Some(folder.path().join(name));
            for name in names {
                fs::write(folder.path().join(name), text).unwrap();
            }
            assert_eq!(oldest_first(names.to_vec(), path), expected);
        }
    }

    #[test]
    fn i6_logs_are_found_in_folders_too() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            path
        };
        let inner = put("old/mail.log.1", LINE);
        let log = put("mail.log", LINE);
        let mail = put("1.eml", "From: a@b.example\nSubject: x\n\ny\n");
        put("empty", "");
        assert_eq!(logs(&[folder.path().to_owned()]), [log.clone(), inner]);
        assert_eq!(
            logs(&[mail, log.clone(), folder.path().join("gone")]),
            [log]
        );
    }
}
