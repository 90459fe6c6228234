//! Files, folders, Maildirs, compression.

use super::*;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use tempfile::TempDir;

const F: &str = "From bob@example.com Mon Sep 21 12:00:07 2026";

/// A folder of files with these paths and contents.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        if !content.is_empty() || !path.to_string_lossy().ends_with("keep") {
            fs::write(path, content).unwrap();
        }
    }
    folder
}

fn mail(subject: &str) -> Vec<u8> {
    format!("Subject: {subject}\n\nx\n").into_bytes()
}

/// Paths below the folder, with index, of all records.
fn origins(run: &Run, below: &Path) -> Vec<String> {
    let below = below.to_string_lossy().into_owned() + "/";
    run.records
        .iter()
        .map(|read| {
            let file = read
                .record
                .file
                .strip_prefix(&*below)
                .unwrap_or(&read.record.file);
            format!("{file} {}", read.record.index)
        })
        .collect()
}

#[test]
fn i2_a_folder_is_read_by_path_bytes_each_file_by_its_content() {
    let mbox = format!("{F}\nA: 1\n\nx\n\n{F}\nA: 2\n\ny\n");
    let folder = folder(&[
        ("b/2.eml", &mail("b2")),
        ("b/10.txt", &mail("b10")),
        ("b.eml", &mail("b")),
        ("b-c/x", &mail("bc")),
        ("a.csv", mbox.as_bytes()),
        ("c.mbox", b"{\"schema\":1,\"event_id\":\"a\"}\n"),
        ("d", b"\0\x01\x02\x03"),
        (".hidden", b"\0\x01\x02\x03"),
        ("e", b""),
    ]);
    let run = run(&[folder.path()], Format::Auto);
    assert_eq!(
        origins(&run, folder.path()),
        [
            "a.csv 0",
            "a.csv 1",
            "b-c/x 0",
            "b.eml 0",
            "b/10.txt 0",
            "b/2.eml 0",
            "c.mbox 0",
            "d 0"
        ]
    );
    assert_eq!(run.skips(), ["binary data of no known kind"]);
    assert_eq!(run.failures, []);
    let notes: Vec<&str> = run.notes.iter().map(|note| &*note.what).collect();
    assert_eq!(notes, ["binary data of no known kind", "empty"]);
    // Small files share a batch.
    assert_eq!(run.batches, 1);
}

#[test]
fn i2_a_maildir_is_read_by_base_name_and_never_tmp() {
    let folder = folder(&[
        ("cur/3.a:2,S", &mail("3")),
        (
            "cur/1.a:2,",
            format!("{F}\nSubject: 1\n\nx\n\n{F}\nSubject: y\n").as_bytes(),
        ),
        ("new/2.a", &mail("2")),
        ("new/10.a", b"no header at all\n"),
        ("new/.hidden", &mail("hidden")),
        ("tmp/4.a", &mail("4")),
        ("dovecot.index.log", &mail("index")),
        ("cur/dir/x", &mail("folder")),
        (".Sub/cur/5.a:2,", &mail("5")),
        (".Sub/new/keep", b""),
        (".Sub/tmp/6.a", &mail("6")),
        (".Sub/maildirfolder", b""),
        ("Old/2025/cur/7.a:2,", &mail("7")),
        ("Old/2025/new/keep", b""),
        ("Old/notes", &mail("notes")),
        ("sieve/x", &mail("sieve")),
    ]);
    for format in [Format::Auto, Format::Maildir] {
        let run = run(&[folder.path()], format);
        assert_eq!(
            origins(&run, folder.path()),
            [
                "cur/1.a:2, 0",
                "new/10.a 0",
                "new/2.a 0",
                "cur/3.a:2,S 0",
                "cur/dir 0",
                ".Sub/cur/5.a:2, 0",
                "Old/2025/cur/7.a:2, 0"
            ],
        );
        assert_eq!(run.skips(), ["a folder where a mail is expected"]);
        assert_eq!(run.failures, []);
        assert!(
            run.texts()[0].ends_with("Subject: y\n"),
            "one file is one mail"
        );
        assert_eq!(run.records[0].envelope.as_deref(), Some(F.as_bytes()));
    }
}

#[test]
fn i2_the_format_can_be_given() {
    let folder = folder(&[("a", b"hello world\n"), ("b", &mail("b"))]);
    let a = folder.path().join("a");
    for (input, format, texts, why) in [
        (
            folder.path(),
            Format::Eml,
            &["hello world\n", "Subject: b\n\nx\n"][..],
            "",
        ),
        (&a, Format::Eml, &["hello world\n"], ""),
        (&a, Format::Mbox, &["hello world\n"], ""),
        (&a, Format::Maildir, &[], "not a folder"),
        (
            folder.path(),
            Format::Maildir,
            &[],
            "no Maildir: no folder with cur and new",
        ),
        (
            &a,
            Format::Auto,
            &[],
            "of no known kind: no mail header, no From_ line, none of our events, no log of a mail server, no table or JSON with recipients",
        ),
    ] {
        let run = run(&[input], format);
        assert_eq!(run.texts(), texts, "{format}");
        let failures: Vec<&str> = run.failures.iter().map(|failure| &*failure.why).collect();
        assert_eq!(failures.concat(), why, "{format}");
    }
}

#[test]
fn u4_an_input_that_cannot_be_opened_does_not_stop_the_others() {
    let folder = folder(&[("a", &mail("a")), ("b", &mail("b"))]);
    let [a, b, missing] = ["a", "b", "missing"].map(|name| folder.path().join(name));
    let run = run(&[&a, &missing, &b], Format::Auto);
    assert_eq!(run.texts(), ["Subject: a\n\nx\n", "Subject: b\n\nx\n"]);
    assert_eq!(run.failures.len(), 1);
    assert_eq!(*run.failures[0].file, *missing.to_string_lossy());
}

#[test]
fn u4_empty_folders_are_no_failure() {
    let folder = folder(&[("cur/keep", b""), ("new/keep", b"")]);
    let run = run(&[folder.path()], Format::Auto);
    assert_eq!(
        (run.records.len(), run.failures.len(), run.notes.len()),
        (0, 0, 1)
    );
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd_of(bytes: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(bytes, 3).unwrap()
}

/// An mbox that does not compress well: blocks end inside of it.
fn long_mbox() -> (String, Vec<String>) {
    let mut seed = 1_u64;
    let (mut mbox, mut mails) = (String::new(), Vec::new());
    for at in 0..300 {
        let mut text = format!("Subject: {at}\n\n");
        for _ in 0..100 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            text += &format!("{seed:x}\n");
        }
        mbox += &format!("{F}\n{text}\n");
        mails.push(text);
    }
    (mbox, mails)
}

#[test]
fn i2_compressed_files_are_read() {
    let (mbox, mails) = long_mbox();
    let (left, right) = mbox.as_bytes().split_at(100_001);
    for (name, packed) in [
        ("gzip", gzip(mbox.as_bytes())),
        ("gzip, two members", [gzip(left), gzip(right)].concat()),
        ("zstd", zstd_of(mbox.as_bytes())),
        ("zstd, two frames", [zstd_of(left), zstd_of(right)].concat()),
    ] {
        for size in [1, 4096] {
            let run = run_bytes(&packed, size, Format::Auto);
            assert_eq!(run.texts(), mails, "{name}");
            assert_eq!(run.failures, [], "{name}");
            let second = mbox.find("From bob@example.com Mon Sep 21 12:00:07 2026\nSubject: 1\n");
            assert_eq!(
                Some(run.records[1].record.offset as usize),
                second,
                "{name}"
            );
        }
    }
}

#[test]
fn u4_a_cut_off_compressed_file_gives_what_could_be_read() {
    let (mbox, mails) = long_mbox();
    let mut damaged = gzip(mbox.as_bytes());
    let end = damaged.len() - 6;
    damaged[end] ^= 1;
    for (name, packed, at_least) in [
        ("gzip data", gzip(mbox.as_bytes()), 100),
        ("zstd data", zstd_of(mbox.as_bytes()), 50),
    ] {
        let run = run_bytes(&packed[..packed.len() * 2 / 3], 1000, Format::Auto);
        let count = run.records.len();
        assert!(count > at_least && count < 300, "{name}: {count}");
        assert_eq!(run.failures, [], "{name}");
        assert!(run.skips()[0].contains(name), "{:?}", run.skips());
        assert_eq!(run.texts()[..count - 2], mails[..count - 2]);
        let [.., last, skip] = &run.records[..] else {
            panic!()
        };
        assert!(last.record.truncated, "the last mail may be cut");
        assert_eq!(skip.record.index, count as u64 - 1);
    }
    let run = run_bytes(&damaged, 1000, Format::Auto);
    assert_eq!(
        (run.records.len(), run.skips().len(), run.failures.len()),
        (301, 1, 0)
    );
    // Nothing at all could be read.
    let run = run_bytes(&gzip(mbox.as_bytes())[..12], 1000, Format::Auto);
    assert_eq!(
        (run.records.len(), run.skips().len(), run.failures.len()),
        (1, 1, 0)
    );
    let run = run_bytes(&gzip(b""), 1000, Format::Auto);
    assert_eq!(
        (run.records.len(), run.notes.len(), run.failures.len()),
        (0, 1, 0)
    );
    let run = run_bytes(&gzip(b"hello world\n"), 1000, Format::Auto);
    assert_eq!((run.records.len(), run.failures.len()), (0, 1));
}

#[test]
fn the_size_is_that_on_disk() {
    let folder = folder(&[("a", b"12345"), ("b/c", b"123")]);
    let a = folder.path().join("a");
    assert_eq!(crate::input::size_of(&[folder.path(), &a]), Some(13));
    assert_eq!(crate::input::size_of(&[Path::new("-")]), None);
    let run = run(&[folder.path()], Format::Eml);
    assert_eq!(run.read, 8);
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::sync::atomic::{AtomicBool, Ordering};

    fn pipe(path: &Path) {
        let made = std::process::Command::new("mkfifo")
            .arg(path)
            .status()
            .unwrap();
        assert!(made.success());
    }

    #[test]
    fn u4_pipes_sockets_and_links_in_a_folder_do_not_hang() {
        let folder = folder(&[("a", &mail("a")), ("sub/b", &mail("b"))]);
        pipe(&folder.path().join("c"));
        let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("d")).unwrap();
        symlink("nowhere", folder.path().join("e")).unwrap();
        symlink("f", folder.path().join("f")).unwrap();
        symlink("..", folder.path().join("sub/up")).unwrap();
        symlink("sub", folder.path().join("z")).unwrap();
        symlink("a", folder.path().join("y")).unwrap();
        symlink("/dev/zero", folder.path().join("x")).unwrap();
        let run = run(&[folder.path()], Format::Auto);
        assert_eq!(
            origins(&run, folder.path()),
            ["a 0", "c 0", "d 0", "e 0", "f 0", "sub/b 0", "x 0", "y 0"]
        );
        assert_eq!(run.skips().len(), 5);
        assert_eq!(run.notes.len(), 2);
        assert_eq!(run.failures, []);
    }

    #[test]
    fn i2_a_pipe_that_is_named_is_read() {
        let folder = folder(&[("keep", b"")]);
        let path = folder.path().join("p");
        pipe(&path);
        let writer = std::thread::spawn({
            let path = path.clone();
            move || fs::write(path, mail("pipe")).unwrap()
        });
        let run = run(&[&path], Format::Auto);
        writer.join().unwrap();
        assert_eq!(run.texts(), ["Subject: pipe\n\nx\n"]);
        assert_eq!(crate::input::size_of(&[&path]), None);
    }

    #[test]
    fn u4_what_may_not_be_read_is_a_failure() {
        let folder = folder(&[("a", &mail("a")), ("b", &mail("b"))]);
        let a = folder.path().join("a");
        fs::set_permissions(&a, fs::Permissions::from_mode(0o0)).unwrap();
        // Root may read everything.
        if fs::read(&a).is_err() {
            let run = run(&[folder.path()], Format::Auto);
            assert_eq!((run.records.len(), run.failures.len()), (1, 1));
        }
    }

    #[test]
    fn u4_folders_nested_without_end_are_left() {
        let folder = folder(&[("a", &mail("a"))]);
        let mut path = folder.path().to_owned();
        for _ in 0..250 {
            path.push("d");
        }
        fs::create_dir_all(&path).unwrap();
        let run = run(&[folder.path()], Format::Auto);
        assert_eq!(run.skips(), ["folders are nested too deep"]);
    }

    /// Deliveries, reads and flag changes while the Maildir is read.
    #[test]
    fn i2_a_maildir_in_use_misses_nothing() {
        let folder = folder(&[("cur/keep", b""), ("new/keep", b"")]);
        let root = folder.path().to_owned();
        for at in 0..200 {
            fs::write(root.join(format!("new/{at:03}.a")), mail(&at.to_string())).unwrap();
        }
        let done = AtomicBool::new(false);
        let storm = |done: &AtomicBool| {
            let mut paths: Vec<PathBuf> =
                (0..200).map(|at| format!("new/{at:03}.a").into()).collect();
            for flags in ["S", "RS", "FS", ""].iter().cycle() {
                for (at, path) in paths.iter_mut().enumerate() {
                    if done.load(Ordering::Relaxed) {
                        return;
                    }
                    let next = PathBuf::from(format!("cur/{at:03}.a:2,{flags}"));
                    fs::rename(root.join(&*path), root.join(&next)).unwrap();
                    *path = next;
                    std::thread::sleep(std::time::Duration::from_micros(20));
                }
            }
        };
        std::thread::scope(|scope| {
            scope.spawn(|| storm(&done));
            for _ in 0..20 {
                let run = run(&[folder.path()], Format::Auto);
                let expected: Vec<String> =
                    (0..200).map(|at| format!("Subject: {at}\n\nx\n")).collect();
                let same = run.texts() == expected;
                let clean = run.failures.is_empty() && run.skips().is_empty();
                if !same || !clean {
                    done.store(true, Ordering::Relaxed);
                }
                assert!(same && clean, "{:?} {:?}", run.skips(), run.failures);
            }
            done.store(true, Ordering::Relaxed);
        });
    }
}

#[test]
fn i5_utf16_files_are_read() {
    let bytes: Vec<u8> = "\u{feff}Subject: \u{fc}\r\n\r\nx\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for packed in [bytes.clone(), gzip(&bytes), zstd_of(&bytes)] {
        for size in [1, 1000] {
            let run = run_bytes(&packed, size, Format::Auto);
            assert_eq!(run.texts(), ["Subject: \u{fc}\n\nx\n"]);
        }
    }
}
