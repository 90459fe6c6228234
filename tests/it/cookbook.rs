//! `docs/cookbook.md`: every command in it is run, and prints what the page says.
//! `BOUNCE_BLESS=1 cargo test cookbook` writes what the program says now.

use crate::run::root;
use std::path::Path;
use std::process::{Command, Output};

/// The folder that the crontabs of the page work in.
const PLACE: &str = "/srv/outreach";

/// A shell in a folder with the test data, with the program on its path.
fn shell(dir: &Path, command: &str) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_bounce"));
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", program.parent().unwrap().display());
    Command::new("sh")
        .args(["-c", command])
        .current_dir(dir)
        .env("PATH", path)
        .env_remove("COLUMNS")
        .output()
        .unwrap()
}

fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(root().join("testdata"), dir.path().join("testdata")).unwrap();
    dir
}

fn text(out: &Output) -> String {
    let all = [&out.stdout[..], &out.stderr[..]].concat();
    String::from_utf8(all).unwrap()
}

/// The commands of a block and what they print: `$ ` begins one, `> ` goes on with it, and
/// `? N` says its exit status.
fn blessed(block: &str, dir: &Path) -> String {
    let mut said = String::new();
    let mut lines = block.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(first) = line.strip_prefix("$ ") else {
            continue;
        };
        let mut command = first.to_owned();
        said.push_str(&format!("{line}\n"));
        while let Some(more) = lines.next_if(|l| l.starts_with("> ")) {
            command.push_str(&format!("\n{}", &more[2..]));
            said.push_str(&format!("{more}\n"));
        }
        let out = shell(dir, &command);
        match out.status.code() {
            Some(0) => {}
            code => said.push_str(&format!("? {}\n", code.unwrap_or(-1))),
        }
        said.push_str(&text(&out));
    }
    said
}

/// Runs the commands of a crontab: they must go well and print nothing, as cron mails what
/// they print.
fn crontab(block: &str) {
    let dir = folder();
    let place = dir.path().to_str().unwrap();
    let files = "cp testdata/demo/bounces.mbox testdata/demo/sent.csv . \
        && cp testdata/table/sendgrid.csv export.csv \
        && mkdir -p Maildir/cur Maildir/new Maildir/tmp \
        && cp bounces.mbox Maildir/new/1";
    assert!(shell(dir.path(), files).status.success());
    let mut count = 0;
    for line in block.lines().filter(|l| !l.starts_with('#')) {
        let fields: Vec<&str> = line.splitn(6, ' ').collect();
        let command = fields[5].trim().replace(PLACE, place);
        let out = shell(dir.path(), &command);
        assert_eq!(
            (out.status.code(), text(&out).as_str()),
            (Some(0), ""),
            "{line}"
        );
        count += 1;
    }
    assert!(count > 0);
}

#[test]
fn s7_the_cookbook_says_what_the_program_does() {
    let path = root().join("docs/cookbook.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let dir = folder();
    let mut said = String::new();
    let mut rest = page.as_str();
    let (mut blocks, mut tabs) = (0, 0);
    while let Some((before, after)) = rest.split_once("```") {
        let (kind, after) = after.split_once('\n').unwrap();
        let (block, after) = after.split_once("```").unwrap();
        said.push_str(&format!("{before}```{kind}\n"));
        match kind {
            "console" => {
                said.push_str(&blessed(block, dir.path()));
                blocks += 1;
            }
            "crontab" => {
                crontab(block);
                said.push_str(block);
                tabs += 1;
            }
            _ => said.push_str(block),
        }
        said.push_str("```");
        rest = after;
    }
    said.push_str(rest);
    assert!(blocks > 0 && tabs > 0);
    if std::env::var_os("BOUNCE_BLESS").is_some() {
        std::fs::write(&path, &said).unwrap();
    }
    for (n, (is, was)) in said.lines().zip(page.lines()).enumerate() {
        assert_eq!(is, was, "line {}", n + 1);
    }
    assert_eq!(said.len(), page.len());
}
