//! The files of the lists: names, columns.

use super::cells::cells_of;
use super::teams::Teams;
use super::{skip, uploads};
use crate::ledger::{Form, View};
use crate::vocab::Platform;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// A list with a file of its own.
#[derive(Clone, Copy, Debug)]
pub struct List {
    /// Its name: that of its file without ending.
    pub name: &'static str,
    /// Its columns.
    pub columns: &'static str,
    /// There is a file with the plain addresses, too.
    pub plain: bool,
}

const fn list(name: &'static str, columns: &'static str, plain: bool) -> List {
    List {
        name,
        columns,
        plain,
    }
}

/// The lists besides the skip lists.
pub const LISTS: &[List] = &[
    list(
        "suppression",
        "address,reason,workspace,since,mailbox,smtp_code,enhanced_code,smtp_message,event_id,repeat,flags",
        true,
    ),
    list(
        "global-suppression",
        "address,reason,since,workspaces,event_id",
        true,
    ),
    list(
        "retry",
        "address,mailbox,category,retry_strategy,retry_count,next_attempt_at,event_id",
        false,
    ),
    list(
        "out-of-office",
        "address,mailbox,returns_on,resume_on,event_id",
        false,
    ),
    list(
        "review",
        "address,mailbox,why,category,confidence,smtp_message,event_id",
        false,
    ),
    list(
        "templates",
        "subject,campaign_id,rejections,mailboxes,first,last",
        false,
    ),
    list(
        "contacts",
        "address,contact_id,verification_status,since,reason,event_id",
        false,
    ),
    list("warmup-pause", "mailbox,bounces,last,reason", false),
];

/// The reason of complaints.
pub(super) const COMPLAINT: &str = "spam_complaint";
/// The columns of a skip list.
const SKIP: &str = "address,status,origin_mailbox,since,event_id";
/// Where skip lists lie.
const SKIP_FOLDER: &str = "skip/";
/// The list that holds the rows of all skip lists.
pub const SKIPS: &str = "skip";
/// The longest name that is kept whole, in bytes, and what is kept of longer ones.
const LONGEST: usize = 200;
const KEPT: usize = 180;

/// The name of the skip list of a mailbox (a key).
pub fn skip_list(mailbox: &str) -> String {
    format!("{SKIP_FOLDER}{mailbox}")
}

/// The mailbox whose skip list has this name.
pub fn mailbox_of(list: &str) -> Option<&str> {
    list.strip_prefix(SKIP_FOLDER)
}

/// The reason and the event of a line of a list, as the audit names them.
pub fn told(list: &str, line: &str) -> (Option<String>, Option<String>) {
    let cells = cells_of(line);
    let cell = |wanted: &[&str]| {
        let at = columns(list).split(',').position(|c| wanted.contains(&c))?;
        let cell = cells.get(at).filter(|c| !c.is_empty());
        cell.map(|c| c.clone().into_owned())
    };
    let reason = match list {
        SKIPS => Some("hard_bounce".to_owned()),
        "out-of-office" => Some("vacation".to_owned()),
        "templates" => Some("soft_bounce_content".to_owned()),
        "contacts" => cell(&["verification_status"]),
        "retry" => cell(&["category"]),
        _ => cell(&["reason", "why"]),
    };
    (reason, cell(&["event_id"]))
}

/// The columns of a list.
pub fn columns(name: &str) -> &'static str {
    let list = LISTS.iter().find(|l| l.name == name);
    list.map_or(SKIP, |l| l.columns)
}

/// The files for these workspaces, mailboxes and platforms.
pub fn views(teams: &Teams, platforms: &[Platform]) -> Vec<View> {
    let workspaces: Vec<&str> = teams.names().collect();
    let mut views = Vec::new();
    let view = |file: String, list: &str, part: Option<&str>, form: Form, header: &str| View {
        file,
        list: list.to_owned(),
        part: part.map(str::to_owned),
        form,
        header: header.to_owned(),
        stamp: None,
    };
    for list in LISTS {
        let file = |ending: &str| format!("{}.{ending}", list.name);
        views.push(view(file("csv"), list.name, None, Form::Csv, list.columns));
        if list.plain && !(list.name == "suppression" && workspaces.len() > 1) {
            views.push(view(file("txt"), list.name, None, Form::Txt, ""));
        }
    }
    if workspaces.len() > 1 {
        views.extend(workspaces.iter().map(|workspace| {
            let file = format!("suppression/{}.txt", encoded(workspace));
            view(file, "suppression", Some(workspace), Form::Txt, "")
        }));
    }
    for platform in platforms {
        let mut upload = |list: &str, workspace: Option<&str>| {
            let stem = uploads::stem(*platform, list, workspace);
            let form = Form::Upload;
            views.push(view(stem, list, workspace, form, platform.as_str()));
        };
        upload("global-suppression", None);
        match workspaces.as_slice() {
            [] | [_] => upload("suppression", None),
            several => several.iter().for_each(|w| upload("suppression", Some(w))),
        }
    }
    for mailbox in teams.mailboxes() {
        let name = encoded(&mailbox.to_lowercase());
        let parts = skip::parts(mailbox, teams);
        let file = |ending: &str| format!("{SKIP_FOLDER}{name}.{ending}");
        views.push(view(file("csv"), SKIPS, Some(&parts), Form::Csv, SKIP));
        views.push(view(file("txt"), SKIPS, Some(&parts), Form::Txt, ""));
    }
    views
}

/// A name that is safe in every file system: bytes outside of `a-z0-9@._+-`, and a `.` or
/// `-` at the beginning, as %XX; long ones cut, with a hash.
pub fn encoded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for (n, byte) in name.bytes().enumerate() {
        let plain = match byte {
            b'.' | b'-' => n > 0,
            b'a'..=b'z' | b'0'..=b'9' | b'@' | b'_' | b'+' => true,
            _ => false,
        };
        if plain {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    if out.len() <= LONGEST {
        return out;
    }
    let hash = Sha256::digest(name.as_bytes());
    out.truncate(KEPT);
    out.push('-');
    for byte in hash.iter().take(8) {
        let _ = write!(out, "{byte:02x}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s6_file_names_are_safe() {
        for (name, expected) in [
            ("sales1@acme.example", "sales1@acme.example"),
            ("a+b_c-d@x.example", "a+b_c-d@x.example"),
            (
                "../../etc/passwd",
                "%2E./..%2Fetc%2Fpasswd".replace("./", ".%2F").as_str(),
            ),
            ("-rf", "%2Drf"),
            (".hidden", "%2Ehidden"),
            ("Größe", "%47r%C3%B6%C3%9Fe"),
            ("a\n\0b", "a%0A%00b"),
            ("a%b", "a%25b"),
            ("", ""),
        ] {
            assert_eq!(encoded(name), expected, "{name:?}");
        }
    }

    #[test]
    fn s6_long_file_names_are_cut_and_stay_different() {
        let (a, b) = ("a".repeat(201), "a".repeat(202));
        assert_eq!(encoded(&"a".repeat(200)).len(), 200);
        assert_eq!(encoded(&a).len(), 180 + 1 + 16);
        assert_ne!(encoded(&a), encoded(&b));
    }
}
