//! Hostile input at a small size (`benches/hostile.sh` has the large one), and the table of
//! hazards in `docs/hazards.md`.

use crate::library::{mails, mbox, read};
use crate::run::root;
use bounce::input::{self, Format};
use bounce::vocab::Category;
use std::io::Write;
use std::ops::ControlFlow;
use std::sync::OnceLock;

/// A mail with one event.
fn sound() -> &'static [u8] {
    static SOUND: OnceLock<&[u8]> = OnceLock::new();
    SOUND.get_or_init(|| {
        let one = |mail: &[u8]| read(mail, Format::Eml).events.len() == 1;
        let mut exim = mails().iter().filter(|(name, _)| name.contains("/exim/"));
        &exim.find(|(_, mail)| one(mail)).unwrap().1
    })
}

/// Between sound mails, nonsense costs neither time nor its neighbours.
#[test]
fn t9_what_goes_on_without_end_is_left_alone() {
    let deep = |what: &str, times: usize| what.repeat(times);
    let head = "From: MAILER-DAEMON@example.com\nSubject: failure notice\n";
    let pile = 100_000;
    for (name, nonsense) in [
        (
            "parentheses",
            format!("{head}To: {}\n\nx\n", deep("(", pile)),
        ),
        ("colons", format!("{head}To: {}\n\nx\n", deep(":", pile))),
        (
            "brackets",
            format!(
                "{head}To: {}\n\n{}\n",
                deep("<", pile),
                deep("<a@b.example>", pile)
            ),
        ),
        ("blank lines", format!("{head}\n{}", deep("\n", pile))),
        (
            "blank fields",
            format!("{head}{}\n\nx\n", deep("X:\n", pile)),
        ),
        ("folded", format!("{head}X: a{}\n\nx\n", deep("\n b", pile))),
        (
            "words",
            format!("{head}X: {}\n\nx\n", deep("=?utf-8?Q?=41?= ", pile)),
        ),
        ("at signs", format!("{head}\n{}\n", deep("@", pile))),
        ("quotes", format!("{head}\n{}\n", deep("> ", pile))),
        (
            "numbers",
            format!("{head}\n<a@b.example>: {}\n", deep("550 ", pile)),
        ),
        (
            "parts",
            format!(
                "{head}Content-Type: multipart/mixed; boundary=b\n\n{}",
                deep("--b\n\nx\n", pile)
            ),
        ),
        (
            "nested",
            format!("{head}{}", deep("Content-Type: message/rfc822\n\n", pile)),
        ),
        (
            "parameters",
            format!(
                "{head}Content-Type: multipart/mixed{}\n\nx\n",
                deep("; boundary=b", pile)
            ),
        ),
        (
            "base64",
            format!(
                "{head}Content-Transfer-Encoding: base64\n\n{}\n",
                deep("A=!", pile)
            ),
        ),
        (
            "html",
            format!(
                "{head}Content-Type: text/html\n\n{}\n",
                deep("<div>&#x41;&", pile)
            ),
        ),
        ("nul", format!("{head}\n{}\n", deep("\0", pile))),
    ] {
        let all = [sound(), nonsense.as_bytes(), sound()];
        let found = read(&mbox(all.into_iter())[..], Format::Mbox);
        let ids: Vec<_> = found.events.iter().map(|e| &e.event_id).collect();
        assert!(
            ids.len() >= 2 && ids.first() == ids.last(),
            "{name}: {}",
            ids.len()
        );
        assert_eq!(found.books.messages, 3, "{name}");
    }
}

#[test]
fn t7_marks_and_nul_bytes_change_no_event() {
    let plain = mbox([sound(), sound()].into_iter());
    let want = read(&plain[..], Format::Auto).events;
    assert_eq!(want.len(), 2);
    let marked = [b"\xef\xbb\xbf", &plain[..]].concat();
    assert_eq!(read(&marked[..], Format::Auto).events, want);
    let blank = [b"\n\r\n\n", &plain[..]].concat();
    assert_eq!(read(&blank[..], Format::Auto).events, want);
    let cut = plain.trim_ascii_end();
    assert_eq!(read(cut, Format::Auto).events, want);
    let noisy: Vec<u8> = plain
        .iter()
        .flat_map(|b| {
            if *b == b'\n' {
                vec![0, b'\n']
            } else {
                vec![*b]
            }
        })
        .collect();
    assert!(!read(&noisy[..], Format::Mbox).events.is_empty());
}

#[test]
fn t12_a_wrong_charset_changes_no_verdict_of_a_report() {
    let (mut other, mut all) = (Vec::new(), 0);
    let plain = |bytes: &[u8]| read(bytes, Format::Eml).events;
    for (name, mail) in mails().iter().step_by(2) {
        let text = String::from_utf8_lossy(mail);
        let want = plain(mail);
        if !text.contains("charset=") || want.iter().all(|e| e.enhanced_code.is_none()) {
            continue;
        }
        for charset in ["utf-16", "iso-2022-jp", "x-nonsense", "windows-1256"] {
            let wrong = text.replace("charset=", &format!("charset={charset}; was="));
            let got = plain(wrong.as_bytes());
            let categories = |events: &[bounce::event::Event]| -> Vec<Option<Category>> {
                events.iter().map(|e| e.category).collect()
            };
            all += 1;
            if categories(&got) != categories(&want) {
                other.push(format!("{name} {charset}"));
            }
        }
    }
    assert!(
        all > 100 && other.len() * 100 <= all * 3,
        "{} of {all}: {other:?}",
        other.len()
    );
}

/// A mailbox to which mail is delivered while it is read, again and again.
#[test]
fn t10_a_mailbox_that_grows_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("growing.mbox");
    let mail = |n: usize| {
        let text = String::from_utf8_lossy(sound()).replace(
            "Message-ID:",
            &format!("Message-ID: <{n}@x.example>\nX-Old:"),
        );
        mbox(std::iter::once(text.as_bytes()))
    };
    let total = 150;
    std::fs::write(&path, mail(0)).unwrap();
    let target = path.clone();
    let writer = std::thread::spawn(move || {
        let mut file = std::fs::File::options().append(true).open(target).unwrap();
        for n in 1..total {
            // In two pieces: a reader may see half a mail.
            let bytes = mail(n);
            let (a, b) = bytes.split_at(bytes.len() / 2);
            file.write_all(a).unwrap();
            file.write_all(b).unwrap();
        }
    });
    let look = || {
        let mut ids = Vec::new();
        input::read(&[&path], Format::Auto, &Default::default(), &mut |batch| {
            let batch = batch.unwrap();
            ids.extend(batch.records.iter().map(|r| batch.bytes_of(r).to_vec()));
            ControlFlow::Continue(())
        });
        ids
    };
    let mut seen = Vec::new();
    while !writer.is_finished() {
        seen.push(look());
    }
    writer.join().unwrap();
    let last = look();
    assert_eq!(last.len(), total);
    for ids in seen {
        let whole = ids.len() - 1;
        assert!(
            ids[..whole] == last[..whole],
            "the last mail alone may be half there"
        );
    }
}

#[test]
fn t15_strange_tables_and_objects_are_counted() {
    let deep = "[".repeat(100_000);
    let wide = format!(
        "email,reason{}\na@x.example,550 5.1.1 no such user{}\n",
        ",x".repeat(50_000),
        ",y".repeat(50_000)
    );
    let huge = format!(
        "{{\"email\":\"a@x.example\",\"event\":\"bounce\",\"timestamp\":{}}}\n",
        "9".repeat(5_000)
    );
    let double = "email,email,reason\na@x.example,b@x.example,550 5.1.1 no such user\n";
    let open =
        "email,reason\n\"a@x.example,550 5.1.1 no such user\nb@x.example,550 5.1.1 no such user\n";
    for (name, bytes, format, least) in [
        (
            "deep",
            format!(
                "{{\"email\":{deep}\n{{\"email\":\"b@x.example\",\"event\":\"bounce\",\"reason\":\"550 5.1.1 no such user\"}}\n"
            ),
            Format::Json,
            0,
        ),
        ("wide", wide, Format::Csv, 1),
        ("huge number", huge, Format::Auto, 0),
        ("a column twice", double.to_owned(), Format::Auto, 1),
        ("an open quote", open.to_owned(), Format::Auto, 0),
    ] {
        let found = read(bytes.as_bytes(), format);
        let told = found.books.messages as usize + found.failures.len();
        assert!(told > 0, "{name}: never a silent nothing");
        assert!(found.events.len() >= least, "{name}: {found:?}");
    }
}

#[test]
fn the_table_of_hazards_names_tests_that_are_there() {
    let mut code = String::new();
    let mut folders = vec![root().join("src"), root().join("tests")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                code.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let table = std::fs::read_to_string(root().join("docs/hazards.md")).unwrap();
    let named = table.split('`').skip(1).step_by(2);
    let tests: Vec<&str> = named.filter(|word| word.matches('_').count() > 1).collect();
    assert!(tests.len() > 30, "{}", tests.len());
    for test in tests {
        assert!(
            code.contains(&format!("fn {test}(")),
            "there is no test {test}"
        );
    }
}
