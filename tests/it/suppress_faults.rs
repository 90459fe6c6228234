//! `bounce suppress` when things go wrong: kills, other runs, links, full disks (S7).

use crate::run::{bounce, root};
use crate::suppress::{NOW, done, file, hard, lists, ndjson, quiet, rows, suppress};
use serde_json::Value;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

fn events(night: u32) -> Vec<Value> {
    (0..40)
        .map(|n| {
            let mailbox = format!("sales{}@acme.example", n % 5);
            let who = format!("u{n}@night{night}.example");
            hard(
                &format!("{night:x}c{n:x}"),
                "2026-11-20T10:00:00Z",
                &mailbox,
                &who,
            )
        })
        .collect()
}

/// A run on the events of a night, in the background.
fn start(dir: &Path, input: &Path) -> Child {
    let args = [
        "suppress",
        input.to_str().unwrap(),
        "--out",
        dir.to_str().unwrap(),
        "--now",
        NOW,
    ];
    bounce(&args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn input(dir: &Path, night: u32) -> PathBuf {
    let path = dir.join(format!("{night}.ndjson"));
    std::fs::write(&path, ndjson(&events(night))).unwrap();
    path
}

/// Every list is whole: that of so many nights.
fn check(dir: &Path) {
    let addresses = rows(dir, "suppression.csv", 1);
    assert!(addresses.len().is_multiple_of(40), "{}", addresses.len());
    for (name, bytes) in lists(dir) {
        assert!(
            name.contains(".bounce-") || bytes.is_empty() || bytes.ends_with(b"\n"),
            "{name}"
        );
    }
    let audit = file(dir, "audit.ndjson");
    assert!(
        audit
            .lines()
            .all(|l| serde_json::from_str::<Value>(l).is_ok())
    );
}

/// Kills the runs of as many nights, each at another moment; then the lists must be those
/// of runs that were not killed.
fn kill(times: u32) {
    let tmp = tempfile::tempdir().unwrap();
    let dir = tmp.path().join("lists");
    done(&dir, &events(0), &[]);
    // How long a run takes here, so that the kills fall into all of it.
    let begin = std::time::Instant::now();
    done(&tmp.path().join("other"), &events(0), &[]);
    let whole = begin.elapsed();
    for night in 1..=times {
        let mut run = start(&dir, &input(tmp.path(), night));
        std::thread::sleep(whole * (night * 7 % times) / times);
        run.kill().unwrap();
        run.wait().unwrap();
        check(&dir);
    }
    let all: Vec<Value> = (0..=times).flat_map(events).collect();
    done(&dir, &all, &[]);
    let once = tmp.path().join("once");
    done(&once, &all, &[]);
    assert!(lists(&dir) == lists(&once));
    assert_eq!(
        rows(&dir, "suppression.csv", 1).len(),
        40 * (times as usize + 1)
    );
}

#[test]
fn s7_a_run_that_is_killed_leaves_the_old_or_the_new_lists() {
    kill(20);
}

/// As many as `benches/kills.sh` asks for.
#[test]
#[ignore = "takes minutes; benches/kills.sh runs it"]
fn s7_a_thousand_kills() {
    kill(times("BOUNCE_KILLS", 1_000));
}

/// A figure that `benches/kills.sh` sets.
fn times(name: &str, standard: u32) -> u32 {
    let set = std::env::var(name).ok().and_then(|n| n.parse().ok());
    set.unwrap_or(standard)
}

/// So many runs at the same time, none of which may be lost.
fn crowd(count: u32) {
    let tmp = tempfile::tempdir().unwrap();
    let dir = tmp.path().join("lists");
    let runs: Vec<Child> = (0..count)
        .map(|night| start(&dir, &input(tmp.path(), night)))
        .collect();
    for mut run in runs {
        assert!(run.wait().unwrap().success());
    }
    let once = tmp.path().join("once");
    done(&once, &(0..count).flat_map(events).collect::<Vec<_>>(), &[]);
    assert!(lists(&dir) == lists(&once));
    let audit = file(&dir, "audit.ndjson");
    let added = r#""action":"add","list":"suppression""#;
    assert_eq!(audit.matches(added).count(), 40 * count as usize);
}

#[test]
fn s7_runs_at_the_same_time_lose_no_row() {
    crowd(5);
}

/// As many as `benches/kills.sh` asks for.
#[test]
#[ignore = "takes minutes; benches/kills.sh runs it"]
fn s7_fifty_runs_at_the_same_time() {
    crowd(times("BOUNCE_RUNS", 50));
}

/// While a run waits for its turn, the folder goes away, as a disk that is unmounted.
#[cfg(unix)]
#[test]
fn s7_a_folder_that_vanishes_is_not_made_anew() {
    let tmp = tempfile::tempdir().unwrap();
    let (dir, away) = (tmp.path().join("lists"), tmp.path().join("away"));
    done(&dir, &events(0), &[]);
    let before = lists(&dir);
    let lock = File::open(dir.join(".lock")).unwrap();
    lock.lock().unwrap();
    let mut run = start(&dir, &input(tmp.path(), 1));
    std::thread::sleep(Duration::from_millis(500));
    assert!(run.try_wait().unwrap().is_none());
    std::fs::rename(&dir, &away).unwrap();
    lock.unlock().unwrap();
    assert_eq!(run.wait().unwrap().code(), Some(1));
    assert!(!dir.exists());
    assert!(lists(&away) == before);
}

/// A file stands where a folder should be: as root, folders refuse nothing.
#[test]
fn s7_a_folder_that_cannot_be_written_changes_nothing() {
    let tmp = tempfile::tempdir().unwrap();
    let dir = tmp.path().join("lists");
    std::fs::write(&dir, "no folder").unwrap();
    let out = suppress(&dir, &events(0), &[]);
    assert_eq!(out.status.code(), Some(1));
    assert_eq!(file(tmp.path(), "lists"), "no folder");
    std::fs::remove_file(&dir).unwrap();
    done(&dir, &events(0), &[]);
    std::fs::remove_dir_all(dir.join("skip")).unwrap();
    std::fs::write(dir.join("skip"), "no folder").unwrap();
    let before = lists(&dir);
    let out = suppress(&dir, &events(1), &[]);
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stderr).contains("skip"));
    // What is not right is found before anything is changed.
    assert!(lists(&dir) == before);
    std::fs::remove_file(dir.join("skip")).unwrap();
    done(&dir, &events(1), &[]);
    assert_eq!(rows(&dir, "skip/sales1@acme.example.csv", 1).len(), 80);
}

#[test]
fn s7_a_run_waits_for_another_and_gives_up() {
    let tmp = tempfile::tempdir().unwrap();
    done(tmp.path(), &events(0), &[]);
    let before = lists(tmp.path());
    let lock = File::open(tmp.path().join(".lock")).unwrap();
    lock.lock().unwrap();
    let out = suppress(tmp.path(), &events(1), &["--wait", "0"]);
    assert_eq!(out.status.code(), Some(5));
    assert!(String::from_utf8_lossy(&out.stderr).contains("another run"));
    assert!(lists(tmp.path()) == before);
    let mut run = start(tmp.path(), &input(tmp.path(), 1));
    std::thread::sleep(Duration::from_millis(300));
    assert!(run.try_wait().unwrap().is_none());
    lock.unlock().unwrap();
    assert!(run.wait().unwrap().success());
    assert_eq!(rows(tmp.path(), "suppression.csv", 1).len(), 80);
}

#[cfg(unix)]
#[test]
fn s7_a_link_in_the_folder_leads_nowhere() {
    use std::os::unix::fs::symlink;
    let tmp = tempfile::tempdir().unwrap();
    let (dir, outside) = (tmp.path().join("lists"), tmp.path().join("outside"));
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("precious"), "as it was").unwrap();
    done(&dir, &events(0), &[]);
    // In the place of a file: the link is replaced.
    std::fs::remove_file(dir.join("suppression.csv")).unwrap();
    symlink(outside.join("precious"), dir.join("suppression.csv")).unwrap();
    done(&dir, &events(1), &[]);
    assert!(!dir.join("suppression.csv").is_symlink());
    assert_eq!(rows(&dir, "suppression.csv", 1).len(), 80);
    // In the place of a folder, the lock, the ledger: refused.
    for name in ["skip", ".lock", "ledger.db"] {
        let kept = tmp.path().join("kept");
        std::fs::rename(dir.join(name), &kept).unwrap();
        symlink(&outside, dir.join(name)).unwrap();
        let out = suppress(&dir, &events(2), &[]);
        assert_eq!(out.status.code(), Some(1), "{name}");
        assert!(!out.stderr.is_empty(), "{name}");
        std::fs::remove_file(dir.join(name)).unwrap();
        std::fs::rename(&kept, dir.join(name)).unwrap();
    }
    assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 1);
    assert_eq!(file(&outside, "precious"), "as it was");
    // The folder itself may be one.
    symlink(&dir, tmp.path().join("link")).unwrap();
    done(&tmp.path().join("link"), &events(3), &[]);
    assert!(rows(&dir, "suppression.csv", 1).len() >= 120);
}

/// A limit on the size of files stands for a full disk: writes fail at that point.
#[cfg(unix)]
#[test]
fn s7_a_full_disk_leaves_the_lists_as_they_were() {
    let tmp = tempfile::tempdir().unwrap();
    let dir = tmp.path().join("lists");
    done(&dir, &events(0), &[]);
    let before = lists(&dir);
    let more: Vec<Value> = (1..30).flat_map(events).collect();
    let input = tmp.path().join("more.ndjson");
    std::fs::write(&input, ndjson(&more)).unwrap();
    let program = env!("CARGO_BIN_EXE_bounce");
    let mut failed = 0;
    for blocks in [1, 8, 64, 200, 400, 600, 800] {
        // The signal of the limit is ignored, so that the program sees the error.
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
        let out = std::process::Command::new("sh")
            .args(["-c", &script, "sh", program, "suppress"])
            .args([&input, Path::new("--out"), &dir])
            .args(["--now", NOW])
            .current_dir(root())
            .output()
            .unwrap();
        if out.status.success() {
            break;
        }
        failed += 1;
        assert_eq!(out.status.code(), Some(1), "{blocks}");
        assert!(!out.stderr.is_empty(), "{blocks}");
        // Old or, where only a file could not be written, new: never half.
        let now = rows(&dir, "suppression.csv", 1).len();
        assert!([40, 1200].contains(&now), "{blocks}: {now}");
        if now == 40 {
            let same = |name: &str| lists(&dir).get(name) == before.get(name);
            assert!(same("/suppression.txt") && same("skip/sales1@acme.example.csv"));
        }
    }
    assert!(failed > 0);
    done(&dir, &more, &[]);
    let once = tmp.path().join("once");
    done(&once, &(0..30).flat_map(events).collect::<Vec<_>>(), &[]);
    assert!(lists(&dir) == lists(&once));
}

#[test]
fn s7_a_list_is_found_where_a_folder_is_in_its_place() {
    let tmp = tempfile::tempdir().unwrap();
    done(tmp.path(), &events(0), &[]);
    std::fs::remove_file(tmp.path().join("retry.csv")).unwrap();
    std::fs::create_dir(tmp.path().join("retry.csv")).unwrap();
    let out = suppress(tmp.path(), &events(1), &[]);
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stderr).contains("retry.csv"));
    std::fs::remove_dir(tmp.path().join("retry.csv")).unwrap();
    quiet(suppress(tmp.path(), &events(1), &[]));
    assert_eq!(rows(tmp.path(), "suppression.csv", 1).len(), 80);
}

/// Somebody puts a link in the place of a folder, and takes it away, all the time.
#[cfg(unix)]
#[test]
fn s7_a_link_that_comes_and_goes_leads_nowhere() {
    use std::os::unix::fs::symlink;
    use std::sync::atomic::{AtomicBool, Ordering};
    let tmp = tempfile::tempdir().unwrap();
    let (dir, outside) = (tmp.path().join("lists"), tmp.path().join("outside"));
    std::fs::create_dir(&outside).unwrap();
    done(&dir, &events(0), &[]);
    let end = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let swap = || {
            let (skip, aside) = (dir.join("skip"), dir.join("aside"));
            while !end.load(Ordering::Relaxed) {
                // The run may be making the folder anew at the same time.
                let _ = std::fs::rename(&skip, &aside);
                let _ = symlink(&outside, &skip);
                let _ = std::fs::remove_file(&skip);
                let _ = std::fs::rename(&aside, &skip);
            }
        };
        scope.spawn(swap);
        for night in 1..6 {
            let code = suppress(&dir, &events(night), &[]).status.code();
            assert!([Some(0), Some(1)].contains(&code), "{code:?}");
        }
        end.store(true, Ordering::Relaxed);
    });
    assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 0);
}
