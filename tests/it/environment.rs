//! What surrounds the program: exit status of every situation that the documents name,
//! streams that are closed or full, signals, time zone, locale, terminal.
#![cfg(unix)]

use crate::run::{bounce, parse, pipe, root};
use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, SystemTime};

const DEMO: &str = "testdata/demo/bounces.mbox";
const NOW: [&str; 2] = ["--now", "2026-11-24"];
const MAIL: &str = "From: a@example.com\nSubject: hello\n\nhello\n";
/// A table with one good row and one without an address.
const ROWS: &str = "email,reason\na@example.com,550 5.1.1 no such user\nnobody,550 x\n";

/// Runs `words`, of which `{}` is a folder of the test.
fn words(dir: &Path, words: &str, input: &str) -> Output {
    let line = words.replace("{}", dir.to_str().unwrap());
    let args: Vec<&str> = line.split_whitespace().collect();
    pipe(&args, input.as_bytes())
}

/// Files that the situations below need.
fn scene() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    put("empty", "");
    put("old", "as before\n");
    put("mail.eml", MAIL);
    put("rows.csv", ROWS);
    put("others.csv", "name,city\nJane,Rome\n");
    put("noise", "neither this\nnor that\n");
    put("wrong.toml", "[thresholds]\ncuation = 1\n");
    put("key", "k");
    let gz = Command::new("gzip")
        .arg("-c")
        .arg(root().join(DEMO))
        .output()
        .unwrap()
        .stdout;
    fs::write(dir.path().join("cut.gz"), &gz[..gz.len() / 2]).unwrap();
    fs::create_dir(dir.path().join("broken")).unwrap();
    fs::write(
        dir.path().join("broken/ledger.db"),
        "SQLite format 3\0 and then nothing",
    )
    .unwrap();
    dir
}

/// Command line, standard input, exit status.
const SITUATIONS: &[(&str, &str, i32)] = &[
    // 0: done.
    ("--help", "", 0),
    ("--version", "", 0),
    ("classify --help", "", 0),
    ("classify testdata/demo/bounces.mbox", "", 0),
    ("classify -", "", 0),
    ("classify", "", 0),
    ("classify {}/empty", "", 0),
    ("classify {}/mail.eml", "", 0),
    ("classify {}/cut.gz", "", 0),
    ("classify {}/rows.csv", "", 0),
    ("classify {}/empty --strict", "", 0),
    ("classify testdata/demo/bounces.mbox --redact", "", 0),
    ("classify testdata/demo/bounces.mbox --redact={}/key", "", 0),
    ("report testdata/demo/bounces.mbox", "", 0),
    ("report", "", 0),
    (
        "report testdata/demo/bounces.mbox --fail-on critical",
        "",
        0,
    ),
    (
        "report testdata/demo/bounces.mbox --sent testdata/demo/sent.csv --fail-on critical",
        "",
        0,
    ),
    ("suppress testdata/demo/bounces.mbox --out {}/lists", "", 0),
    (
        "suppress testdata/demo/bounces.mbox --out {}/lists --dry-run",
        "",
        0,
    ),
    ("suppress why nobody@example.com --out {}/lists", "", 0),
    (
        "suppress remove nobody@example.com --comment x --out {}/lists",
        "",
        0,
    ),
    ("suppress import {}/rows.csv --out {}/lists", "", 0),
    ("explain 550", "", 0),
    ("explain -", "421 later", 0),
    // 1: an input could not be opened, or a write failed.
    ("classify {}/none", "", 1),
    ("classify {}/none testdata/demo/bounces.mbox", "", 1),
    ("classify {}/noise", "", 1),
    ("classify {}/others.csv", "", 1),
    ("classify -", "neither this\nnor that\n", 1),
    (
        "classify testdata/demo/bounces.mbox -o {}/none/events",
        "",
        1,
    ),
    ("classify testdata/demo/bounces.mbox -o {}", "", 1),
    ("classify testdata/demo/bounces.mbox -o /dev/full", "", 1),
    (
        "classify testdata/demo/bounces.mbox --rejects {}/none/rejects",
        "",
        1,
    ),
    ("classify testdata/demo/bounces.mbox --sent {}/none", "", 1),
    ("classify {}/broken", "", 1),
    ("report {}/none", "", 1),
    ("report {}/none -o {}/old", "", 1),
    ("report testdata/demo/bounces.mbox --sent {}/none", "", 1),
    ("report testdata/demo/bounces.mbox -o {}/none/report", "", 1),
    ("suppress {}/none --out {}/lists", "", 1),
    ("suppress {}/empty --out {}/none/lists", "", 1),
    ("suppress {}/empty --out {}/mail.eml", "", 1),
    ("suppress {}/empty --out {}/broken", "", 1),
    (
        "suppress {}/empty --reverified {}/none --out {}/lists",
        "",
        1,
    ),
    (
        "suppress remove a@example.com --comment x --out {}/none",
        "",
        1,
    ),
    ("suppress import {}/none --out {}/lists", "", 1),
    ("suppress why a@example.com --out {}/none", "", 1),
    ("explain -", MAIL, 1),
    ("train {}/none", "", 1),
    // 2: wrong use.
    ("", "", 2),
    ("nonsense", "", 2),
    ("classify --nonsense", "", 2),
    ("classify - -", "", 2),
    ("classify - --sent -", "", 2),
    ("classify --format html {}/empty", "", 2),
    ("classify --now yesterday-ish {}/empty", "", 2),
    ("classify --last 3 {}/empty", "", 2),
    ("classify --last 24h --since 2026-11-01 {}/empty", "", 2),
    ("classify --category hard {}/empty", "", 2),
    ("classify --threads 0 {}/empty", "", 2),
    ("classify --map recipient {}/empty", "", 2),
    ("classify --policy {}/wrong.toml {}/empty", "", 2),
    ("classify --policy {}/none {}/empty", "", 2),
    ("classify -q -v {}/empty", "", 2),
    ("classify --redact={}/none {}/empty", "", 2),
    ("classify --redact={}/empty {}/empty", "", 2),
    (
        "report --since 2026-11-02 --until 2026-11-01 {}/empty",
        "",
        2,
    ),
    ("report --fail-on-uncertain {}/empty", "", 2),
    ("report --top 0 {}/empty", "", 2),
    ("suppress {}/empty", "", 2),
    ("suppress remove a@example.com --out {}/lists", "", 2),
    ("suppress remove nobody --comment x --out {}/lists", "", 2),
    ("suppress remove --comment x --out {}/lists", "", 2),
    (
        "suppress remove --domain example.com --comment x --out {}/lists",
        "",
        2,
    ),
    ("suppress why nobody --out {}/lists", "", 2),
    ("suppress --out {}/lists remove", "", 2),
    ("explain", "", 2),
    ("explain -", " ", 2),
    ("train --no-base", "", 2),
    // 3: --fail-on.
    (
        "report testdata/demo/bounces.mbox --sent testdata/demo/sent.csv --fail-on caution",
        "",
        3,
    ),
    (
        "report testdata/demo/bounces.mbox --sent testdata/demo/sent.csv --fail-on critical --fail-on-uncertain",
        "",
        3,
    ),
    (
        "report testdata/demo/bounces.mbox {}/rows.csv --strict --sent testdata/demo/sent.csv --fail-on caution",
        "",
        3,
    ),
    // 4: --strict.
    ("classify --strict {}/rows.csv", "", 4),
    ("classify --strict {}/cut.gz", "", 4),
    ("report --strict {}/rows.csv", "", 4),
    ("suppress --strict {}/rows.csv --out {}/lists", "", 4),
    ("suppress import --strict {}/rows.csv --out {}/lists", "", 4),
];

#[test]
fn u1_every_situation_has_its_exit_status() {
    let dir = scene();
    for (line, input, code) in SITUATIONS {
        let line = line
            .strip_prefix("report")
            .map_or((*line).to_owned(), |rest| {
                if rest.contains("--help") {
                    (*line).to_owned()
                } else {
                    format!("report --now 2026-11-24{rest}")
                }
            });
        let out = words(dir.path(), &line, input);
        let told = String::from_utf8_lossy(&out.stderr);
        assert_eq!(out.status.code(), Some(*code), "{line}: {told}");
        assert!(!told.contains("panicked"), "{line}: {told}");
        // Whoever must act is told why; cron mails nothing else.
        let quiet = matches!(code, 0 | 3) && !line.contains("rows.csv") && !line.contains("cut.gz");
        let known = line.contains("nobody@");
        assert!(known || told.is_empty() == quiet, "{line}: {told}");
    }
    assert_eq!(
        fs::read_to_string(dir.path().join("old")).unwrap(),
        "as before\n"
    );
    assert!(!dir.path().join("none").exists());
}

#[test]
fn u1_another_run_at_the_folder_is_5() {
    let dir = scene();
    let run = |more: &str| {
        words(
            dir.path(),
            &format!("suppress {{}}/empty --out {{}}/lists {more}"),
            "",
        )
    };
    assert_eq!(run("").status.code(), Some(0));
    let lock = fs::File::open(dir.path().join("lists/.lock")).unwrap();
    lock.lock().unwrap();
    assert_eq!(run("--wait 0").status.code(), Some(5));
    let act = "suppress remove a@example.com --comment x --out {}/lists --wait 0";
    assert_eq!(words(dir.path(), act, "").status.code(), Some(5));
}

/// Every command that writes to standard output.
const WRITERS: &[&str] = &[
    "classify testdata/demo/bounces.mbox",
    "classify testdata/demo/bounces.mbox --sent testdata/demo/sent.csv",
    "classify --format table testdata/demo/bounces.mbox",
    "report testdata/demo/bounces.mbox",
    "report --format html testdata/demo/bounces.mbox",
    "suppress --dry-run --out {}/lists testdata/demo/bounces.mbox",
    "suppress why david.osei@harbourline.example --out {}/made",
    "explain 421",
    "--help",
    "--version",
];

/// Runs a line of a shell, in which `$BOUNCE` is the program.
fn shell(dir: &Path, line: &str) -> Output {
    let line = line.replace("{}", dir.to_str().unwrap());
    Command::new("bash")
        .args(["-c", &line])
        .env("BOUNCE", env!("CARGO_BIN_EXE_bounce"))
        .current_dir(root())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[test]
fn u1_streams_that_are_full_closed_or_gone() {
    let dir = scene();
    assert!(
        words(
            dir.path(),
            "suppress testdata/demo/bounces.mbox --out {}/made",
            ""
        )
        .status
        .success()
    );
    let full = "\"$BOUNCE\" {} > /dev/full";
    for writer in WRITERS {
        let out = shell(dir.path(), &full.replacen("{}", writer, 1));
        let told = String::from_utf8_lossy(&out.stderr);
        assert_eq!(out.status.code(), Some(1), "{writer}: {told}");
        assert!(
            told.contains("standard output") && !told.contains("panicked"),
            "{told}"
        );
    }
    for (how, code) in [
        // A reader that has gone is no error.
        ("set -o pipefail; \"$BOUNCE\" {} | true", 0),
        // The system puts /dev/null in the place of a closed stream.
        ("\"$BOUNCE\" {} >&-", 0),
        ("\"$BOUNCE\" {} > /dev/null 2>&-", 0),
        // Where nothing can be said, the exit status says it.
        ("\"$BOUNCE\" {} > /dev/full 2> /dev/full", 1),
    ] {
        for writer in WRITERS.iter().step_by(3) {
            let out = shell(dir.path(), &how.replacen("{}", writer, 1));
            let told = String::from_utf8_lossy(&out.stderr);
            assert_eq!(out.status.code(), Some(code), "{how}: {writer}: {told}");
            assert!(told.is_empty(), "{how}: {writer}: {told}");
        }
    }
    let missing = shell(dir.path(), "\"$BOUNCE\" classify {}/none 2> /dev/full");
    assert_eq!(missing.status.code(), Some(1));
    let closed = shell(dir.path(), "\"$BOUNCE\" classify - <&-");
    assert_eq!((closed.status.code(), closed.stdout.len()), (Some(0), 0));
}

#[test]
fn u1_the_same_bytes_whatever_the_zone_and_the_locale() {
    let dir = scene();
    let run = |line: &str, settings: &[(&str, &str)], out: &str| {
        let line = line.replace("{}", dir.path().join(out).to_str().unwrap());
        let args: Vec<&str> = line.split_whitespace().chain(NOW).collect();
        let mut command = bounce(&args);
        command
            .env_remove("TZ")
            .env_remove("LANG")
            .env_remove("LC_ALL")
            .env_remove("HOME");
        let out = command.envs(settings.iter().copied()).output().unwrap();
        assert!(
            out.status.success(),
            "{line}: {}",
            String::from_utf8_lossy(&out.stderr)
        );
        out.stdout
    };
    let settings: &[&[(&str, &str)]] = &[
        &[
            ("TZ", "Pacific/Kiritimati"),
            ("LANG", "de_DE.UTF-8"),
            ("HOME", "/nowhere"),
        ],
        &[("TZ", ":/nowhere"), ("LC_ALL", "tr_TR.UTF-8")],
    ];
    for line in [
        "classify testdata/demo/bounces.mbox testdata/table/hubspot.csv testdata/table/postfix.log",
        "classify --sent testdata/demo/sent.csv --format table testdata/demo/bounces.mbox",
        "report --format table --sent testdata/demo/sent.csv testdata/demo/bounces.mbox",
        "report --format html testdata/demo/bounces.mbox",
    ] {
        let plain = run(line, &[], "a");
        assert!(plain.len() > 1000, "{line}");
        for (n, more) in settings.iter().enumerate() {
            let threads = format!("{line} --threads {}", n * 3 + 1);
            assert!(run(&threads, more, "a") == plain, "{line} {more:?}");
        }
    }
    let lists = |out: &str, more: &[(&str, &str)]| {
        run(
            "suppress --out {} --sent testdata/demo/sent.csv testdata/demo/bounces.mbox",
            more,
            out,
        );
        let mut files: Vec<PathBuf> = fs::read_dir(dir.path().join(out))
            .unwrap()
            .map(|e| e.unwrap().path())
            .collect();
        files.sort();
        files
            .into_iter()
            .filter(|f| f.extension().is_some_and(|e| e != "db"))
            .map(|f| fs::read(f).unwrap())
            .collect::<Vec<_>>()
    };
    let plain = lists("lists", &[]);
    assert!(plain.len() > 10);
    for (n, more) in settings.iter().enumerate() {
        assert!(lists(&format!("lists{n}"), more) == plain, "{more:?}");
    }
}

#[test]
fn u1_the_umask_is_honoured_and_modes_are_kept() {
    let dir = scene();
    let mode = |name: &str| {
        fs::metadata(dir.path().join(name))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    for (umask, expected) in [("077", 0o600), ("022", 0o644), ("007", 0o660)] {
        let name = format!("events-{umask}");
        let line = format!(
            "umask {umask}; \"$BOUNCE\" classify testdata/demo/bounces.mbox -o {{}}/{name}"
        );
        assert!(shell(dir.path(), &line).status.success());
        assert_eq!(mode(&name), expected, "{umask}");
    }
    fs::set_permissions(dir.path().join("old"), fs::Permissions::from_mode(0o640)).unwrap();
    let line = "umask 077; \"$BOUNCE\" classify testdata/demo/bounces.mbox -o {}/old";
    assert!(shell(dir.path(), line).status.success());
    assert_eq!(mode("old"), 0o640);
}

#[test]
fn u1_no_place_for_temporary_files_is_an_error_only_where_they_are_needed() {
    let dir = scene();
    let run = |line: &str| {
        let line = line.replace("{}", dir.path().to_str().unwrap());
        let args: Vec<&str> = line.split_whitespace().collect();
        bounce(&args).env("TMPDIR", "/nowhere").output().unwrap()
    };
    for (line, code) in [
        ("classify testdata/demo/bounces.mbox", 0),
        (
            "classify testdata/demo/bounces.mbox --sent testdata/demo/sent.csv",
            0,
        ),
        (
            "report testdata/demo/bounces.mbox --sent testdata/demo/sent.csv",
            0,
        ),
        ("suppress testdata/demo/bounces.mbox --out {}/lists", 0),
        (
            "suppress testdata/demo/bounces.mbox --out {}/lists --dry-run",
            1,
        ),
    ] {
        let out = run(line);
        assert_eq!(
            out.status.code(),
            Some(code),
            "{line}: {}",
            String::from_utf8_lossy(&out.stderr)
        );
        assert_eq!(out.stderr.is_empty(), code == 0);
    }
}

/// A run that has read the demo mailbox from its standard input and waits for more.
fn waiting(args: &[&str]) -> (std::process::Child, std::process::ChildStdin) {
    let mut child = bounce(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let demo = fs::read(root().join(DEMO)).unwrap();
    stdin.write_all(&demo.repeat(30)).unwrap();
    (child, stdin)
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn u1_a_signal_leaves_the_old_file_and_the_next_run_sweeps() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("events.ndjson");
    fs::write(&file, "as before\n").unwrap();
    let out = file.to_str().unwrap();
    // What runs in the background or below `nohup` is deaf to INT, QUIT and HUP.
    for signal in ["TERM", "KILL", "USR1"] {
        let (mut child, stdin) = waiting(&["classify", "-", "-o", out]);
        let kill = Command::new("kill")
            .args([format!("-{signal}"), child.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
        let status = child.wait().unwrap();
        drop(stdin);
        assert!(!status.success(), "{signal}");
        assert_eq!(fs::read_to_string(&file).unwrap(), "as before\n");
    }
    // A run that is still alive keeps its file, those that are dead lose theirs.
    let (mut alive, stdin) = waiting(&["classify", "-", "-o", out]);
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    let begun = std::time::Instant::now();
    while names(dir.path()).len() < 5 && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(names(dir.path()).len(), 5, "{:?}", names(dir.path()));
    std::thread::sleep(Duration::from_millis(300));
    for name in names(dir.path())
        .iter()
        .filter(|n| n.starts_with(".bounce-"))
    {
        let left = fs::File::options()
            .append(true)
            .open(dir.path().join(name))
            .unwrap();
        left.set_modified(old).unwrap();
    }
    let other = dir.path().join("other.ndjson");
    assert!(
        bounce(&["classify", DEMO, "-o", other.to_str().unwrap()])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(names(dir.path()).len(), 3, "{:?}", names(dir.path()));
    drop(stdin);
    assert!(alive.wait().unwrap().success());
    assert_eq!(names(dir.path()), ["events.ndjson", "other.ndjson"]);
    assert!(parse(&fs::read(&file).unwrap()).len() > 1000);
}

#[test]
fn u1_events_come_while_the_input_is_still_open() {
    let mut child = bounce(&["classify", "-", "--threads", "1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // More than a batch, and more events than a pipe holds.
    let demo = fs::read(root().join(DEMO)).unwrap().repeat(30);
    let writer = std::thread::spawn(move || {
        // The program ends when nobody reads.
        let _ = stdin.write_all(&demo);
        stdin
    });
    let mut first = [0; 4096];
    child
        .stdout
        .as_mut()
        .unwrap()
        .read_exact(&mut first)
        .unwrap();
    assert!(first.starts_with(b"{\"schema\":1"));
    drop(child.stdout.take());
    drop(writer.join());
    assert!(child.wait().unwrap().success());
}

/// What a terminal of 80 columns shows, by `script` of util-linux.
fn terminal(setting: &str, line: &str) -> Option<String> {
    let line = format!(
        "stty cols 80 rows 24; {setting} {} {line}",
        env!("CARGO_BIN_EXE_bounce")
    );
    let out = Command::new("script")
        .args(["-qefc", &line, "/dev/null"])
        .current_dir(root())
        .env("TERM", "xterm")
        .env_remove("NO_COLOR")
        .env_remove("COLUMNS")
        .stdin(Stdio::null())
        .output()
        .ok()?;
    Some(String::from_utf8_lossy(&out.stdout).replace('\r', ""))
}

#[test]
fn u1_a_terminal_gets_tables_and_colours_unless_told_otherwise() {
    let line = format!("classify {DEMO} --now 2026-11-24");
    let Some(shown) = terminal("", &line) else {
        // No `script` here: what a pipe gets is held by the other tests.
        return;
    };
    assert!(
        shown.contains("WHEN") && shown.contains("hard_bounce"),
        "{shown}"
    );
    assert!(shown.contains("\x1b[3"));
    for (setting, more) in [
        ("NO_COLOR=1", ""),
        ("TERM=dumb", ""),
        ("", " --color never"),
    ] {
        let plain = terminal(setting, &format!("{line}{more} --progress never")).unwrap();
        assert!(
            plain.contains("hard_bounce") && !plain.contains('\x1b'),
            "{setting}{more}: {plain}"
        );
        for row in plain.lines() {
            assert!(row.chars().count() <= 80, "{row}");
        }
    }
    let json = terminal("", &format!("{line} --format ndjson --progress never")).unwrap();
    assert!(json.contains("{\"schema\":1"));
}

#[test]
fn u1_the_policy_of_the_working_folder_is_taken() {
    let dir = scene();
    fs::write(dir.path().join("bounce.toml"), "[thresholds]\nwrong = 1\n").unwrap();
    let out = bounce(&["classify", "empty"])
        .current_dir(dir.path())
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&out.stderr).contains("bounce.toml:2"));
}
