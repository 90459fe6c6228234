//! The stream: containers, line ends, threads, books, broken input, exit codes.

use crate::run::{bounce, events, parse, pipe, root, text};
use std::io::Write;

fn demo() -> Vec<u8> {
    std::fs::read(root().join("testdata/demo/bounces.mbox")).unwrap()
}

fn ids(events: &[serde_json::Value]) -> Vec<String> {
    events
        .iter()
        .map(|e| text(e, "event_id").to_owned())
        .collect()
}

fn replace(bytes: &[u8], end: &[u8]) -> Vec<u8> {
    bytes.split(|b| *b == b'\n').collect::<Vec<_>>().join(end)
}

#[test]
fn i9_the_same_events_from_every_line_end() {
    let lf = demo();
    let (want, _) = events(&[], &lf);
    assert!(want.len() > 40);
    for end in ["\r\n", "\r"] {
        let (got, _) = events(&[], &replace(&lf, end.as_bytes()));
        assert_eq!(ids(&got), ids(&want), "{end:?}");
    }
}

#[test]
fn i2_the_same_events_from_every_container() {
    let mbox = demo();
    let (want, _) = events(&[], &mbox);
    let dir = tempfile::tempdir().unwrap();
    let maildir = dir.path().join("Maildir");
    let folder = dir.path().join("folder");
    for d in ["Maildir/cur", "Maildir/new", "Maildir/tmp", "folder/sub"] {
        std::fs::create_dir_all(dir.path().join(d)).unwrap();
    }
    let text_of = String::from_utf8(mbox.clone()).unwrap();
    let mut mails: Vec<String> = Vec::new();
    for part in format!("\n\n{text_of}").split("\n\nFrom ").skip(1) {
        let (_, mail) = part.split_once('\n').unwrap();
        mails.push(mail.replace("\n>From ", "\nFrom "));
    }
    for (n, mail) in mails.iter().enumerate() {
        let place = if n % 2 == 0 { "cur" } else { "new" };
        let flags = if n % 2 == 0 { ":2,S" } else { "" };
        std::fs::write(
            maildir.join(place).join(format!("{n:05}.host{flags}")),
            mail,
        )
        .unwrap();
        std::fs::write(folder.join("sub").join(format!("{n:05}.eml")), mail).unwrap();
    }
    std::fs::write(maildir.join("tmp/unfinished"), &mails[0]).unwrap();
    let gz = dir.path().join("b.gz");
    let mut w = flate2::write::GzEncoder::new(
        std::fs::File::create(&gz).unwrap(),
        flate2::Compression::fast(),
    );
    w.write_all(&mbox).unwrap();
    w.finish().unwrap();
    let zst = dir.path().join("b.zst");
    std::fs::write(&zst, zstd::encode_all(&mbox[..], 1).unwrap()).unwrap();
    for path in [maildir, folder, gz, zst] {
        let (got, code) = events(&[path.to_str().unwrap()], b"");
        assert_eq!(code, 0);
        assert_eq!(ids(&got), ids(&want), "{}", path.display());
    }
}

#[test]
fn u1_the_same_bytes_whatever_the_number_of_threads() {
    let big = demo().repeat(60);
    let run = |n: &str| {
        pipe(
            &["classify", "--now", "2026-11-24T00:00:00Z", "--threads", n],
            &big,
        )
        .stdout
    };
    let one = run("1");
    assert!(one.len() > 1_000_000);
    assert!(one == run("2") && one == run("7"));
}

#[test]
fn u4_the_books_balance_and_rejects_are_written() {
    let dir = tempfile::tempdir().unwrap();
    let rejects = dir.path().join("bad.ndjson");
    let mut input = pipe(&["classify", "--now", "2026-11-24T00:00:00Z"], &demo()).stdout;
    let good = parse(&input).len();
    input.extend(b"{\"schema\":1,\"event_id\":\"x\"}\nnot json\n");
    let out = pipe(
        &[
            "classify",
            "-v",
            "--strict",
            "--rejects",
            rejects.to_str().unwrap(),
        ],
        &input,
    );
    assert_eq!(out.status.code(), Some(4));
    assert_eq!(parse(&out.stdout).len(), good);
    let bad = parse(&std::fs::read(&rejects).unwrap());
    assert_eq!(bad.len(), 2);
    assert_eq!(
        (text(&bad[0], "file"), bad[0]["index"].as_u64()),
        ("-", Some(good as u64))
    );
    let said = String::from_utf8(out.stderr).unwrap();
    assert!(
        said.contains(&format!(
            "from {} records: {good} reports, 0 others, 2 rejected",
            good + 2
        )),
        "{said}"
    );
}

#[test]
fn i9_nonsense_ends_by_itself() {
    let mut nested =
        String::from("From a@example.com Mon Jan  5 10:00:00 2026\nFrom: x@example.com\n");
    for i in 0..20_000 {
        nested.push_str(&format!(
            "Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n"
        ));
    }
    nested.push('\n');
    let mut long = b"From a@example.com Mon Jan  5 10:00:00 2026\nSubject: ".to_vec();
    long.extend(std::iter::repeat_n(b'x', 20_000_000));
    long.extend(b"\n\nbody\n\n");
    let (want, _) = events(&[], &demo());
    for (name, junk) in [("nested", nested.into_bytes()), ("long line", long)] {
        let mut input = demo();
        input.extend(&junk);
        input.extend(demo());
        let (got, code) = events(&[], &input);
        assert_eq!(code, 0, "{name}");
        assert_eq!(
            got.len(),
            want.len() * 2,
            "{name}: the mails around it are read"
        );
    }
    for (name, input, code) in [
        ("empty", Vec::new(), 0),
        (
            "binary",
            (0..=255u8).cycle().skip(1).take(100_000).collect(),
            1,
        ),
        ("text", b"hello world\n".to_vec(), 1),
    ] {
        let out = pipe(&["classify"], &input);
        assert_eq!(out.status.code(), Some(code), "{name}");
        assert!(out.stdout.is_empty());
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(!said.contains("panicked"), "{said}");
        assert_eq!(said.is_empty(), code == 0, "{name}: {said}");
    }
}

#[test]
fn i9_a_cut_off_gzip_gives_what_could_be_read() {
    let mut w = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    w.write_all(&demo().repeat(4)).unwrap();
    let whole = w.finish().unwrap();
    let (got, code) = events(&["--strict"], &whole[..whole.len() / 2]);
    assert_eq!(code, 4, "what is missing is rejected, not lost");
    assert!(got.len() > 40);
}

#[test]
fn u4_an_input_that_cannot_be_opened_does_not_stop_the_others() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("out.ndjson");
    std::fs::write(&file, "old\n").unwrap();
    let args = ["classify", "/nonexistent", "testdata/demo/bounces.mbox"];
    let out = bounce(&args).output().unwrap();
    assert_eq!(out.status.code(), Some(1));
    assert!(parse(&out.stdout).len() > 40);
    assert!(String::from_utf8_lossy(&out.stderr).contains("/nonexistent"));
    let mut more = args.to_vec();
    more.extend(["-o", file.to_str().unwrap()]);
    let out = bounce(&more).output().unwrap();
    assert_eq!(out.status.code(), Some(1));
    assert_eq!(
        std::fs::read_to_string(&file).unwrap(),
        "old\n",
        "as before the run"
    );
    let out = bounce(&[
        "classify",
        "testdata/demo/bounces.mbox",
        "-o",
        file.to_str().unwrap(),
    ])
    .output()
    .unwrap();
    assert_eq!(out.status.code(), Some(0));
    assert!(parse(&std::fs::read(&file).unwrap()).len() > 40);
    let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "no temporary file is left");
}

#[test]
#[cfg(unix)]
fn u1_a_broken_pipe_ends_quietly() {
    let out = std::process::Command::new("sh")
        .arg("-c")
        .arg(format!(
            "'{}' classify testdata/demo/bounces.mbox | head -1; echo ${{PIPESTATUS:-x}}",
            env!("CARGO_BIN_EXE_bounce")
        ))
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        out.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
}

#[test]
#[cfg(target_os = "linux")]
fn u1_a_full_disk_is_an_error() {
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let out = bounce(&["classify", "testdata/demo/bounces.mbox"])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(1));
    assert!(!out.stderr.is_empty());
}

#[test]
fn u6_escapes_do_not_reach_a_table() {
    let mail = b"From: Mail Delivery System <MAILER-DAEMON@mx.example.com>\nTo: sales1@acme.example\nSubject: Undelivered Mail\n\n<u@example.com>: host mx.example.com said: 550 5.1.1 \x1b]52;c;aGk=\x07 User unknown \xe2\x80\xae\n";
    let out = pipe(&["classify", "--format", "table", "--color", "never"], mail);
    let shown = String::from_utf8(out.stdout).unwrap();
    assert!(
        shown.contains("u@example.com") && shown.contains("hard_bounce"),
        "{shown}"
    );
    assert!(
        !shown.chars().any(|c| c.is_control() && c != '\n'),
        "{shown:?}"
    );
    let (events, _) = events(&[], mail);
    assert!(
        text(&events[0], "smtp_message").contains('\u{1b}'),
        "JSON keeps it, escaped"
    );
}

#[test]
fn p7_windows_and_filters_of_classify() {
    let all = events(&["testdata/demo/bounces.mbox"], b"").0;
    let hard = events(
        &["--category", "hard_bounce", "testdata/demo/bounces.mbox"],
        b"",
    )
    .0;
    assert!(!hard.is_empty() && hard.len() < all.len());
    assert!(hard.iter().all(|e| text(e, "category") == "hard_bounce"));
    let (a, b) = ("2026-11-05", "2026-11-10");
    let window = events(
        &["--since", a, "--until", b, "testdata/demo/bounces.mbox"],
        b"",
    )
    .0;
    let want = all
        .iter()
        .filter(|e| (a..b).contains(&&text(e, "occurred_at")[..10]))
        .count();
    assert_eq!(window.len(), want);
}

#[test]
fn u2_the_policy_changes_what_it_names() {
    let plain = events(&["testdata/demo/bounces.mbox"], b"").0;
    let own = events(
        &[
            "--policy",
            "testdata/policy/own.toml",
            "testdata/demo/bounces.mbox",
        ],
        b"",
    )
    .0;
    assert_eq!(ids(&plain), ids(&own), "the same notifications");
    let of = |who: &str| own.iter().find(|e| text(e, "recipient") == who).unwrap();
    let has = |e: &serde_json::Value, flag: &str| {
        e["flags"]
            .as_array()
            .is_some_and(|f| f.iter().any(|x| x == flag))
    };
    let david = of("david.osei@harbourline.example");
    assert_eq!(
        (text(david, "workspace"), text(david, "proof")),
        ("outreach", "returned")
    );
    assert!(
        text(david, "campaign_id").starts_with("<mailto:"),
        "{david}"
    );
    let full = of("marta.nowak@cedarpoint.example");
    assert_eq!(
        (text(full, "category"), text(full, "reason")),
        ("hard_bounce", "mailboxfull")
    );
    assert!(has(full, "override") && full["confirmed"] == true, "{full}");
    assert_eq!(
        text(of("compras@vinhosdosul.example"), "retry_strategy"),
        "weekly"
    );
    let jane = of("jane.miller@gmial.com");
    assert!(
        has(jane, "role_account") && has(jane, "typo_domain"),
        "{jane}"
    );
    assert_eq!(
        (text(jane, "decided_by"), text(jane, "reason")),
        ("rule:acme-host-gone", "networkerror")
    );
    let big = of("wei.zhang@longmarch-parts.example");
    assert_eq!(
        (text(big, "decided_by"), text(big, "reason")),
        ("correction", "policyviolation"),
        "{big}"
    );
}
