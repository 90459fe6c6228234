use super::*;
use crate::event::{Event, Flag, Proof};
use crate::history::sample::failed;
use crate::history::{Act, What};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// An empty one, in which nothing is synced: all is one transaction.
fn ledger() -> Ledger {
    let mut ledger = Ledger::copy(Path::new("/nowhere")).unwrap();
    ledger.begin().unwrap();
    ledger
}

const HARD: &str = "1 2026-11-02T10:00:00Z s@a.example u@b.example userunknown";

fn with(change: impl FnOnce(&mut Event)) -> Event {
    let mut event = failed(HARD);
    change(&mut event);
    event
}

fn events(ledger: &Ledger) -> Vec<Event> {
    let mut all = Vec::new();
    let each = |event| -> Result<()> {
        all.push(event);
        Ok(())
    };
    ledger.each_event(each).unwrap();
    all
}

#[test]
fn s11_the_same_reading_is_kept_once() {
    let ledger = ledger();
    assert!(ledger.add(&failed(HARD)).unwrap());
    let elsewhere = with(|e| {
        e.origin.file = "y.mbox".to_owned();
        e.origin.index = 7;
        e.classified_at = "2026-11-25T00:00:00Z".to_owned();
    });
    assert!(!ledger.add(&elsewhere).unwrap());
    assert_eq!(events(&ledger), [failed(HARD)]);
}

#[test]
fn s11_of_several_readings_the_best_known_speaks_whatever_the_order() {
    let nameless = with(|e| e.mailbox = None);
    let forgotten = with(|e| e.flags = vec![Flag::Unmatched]);
    let sent = with(|e| {
        e.proof = Proof::Sent;
        e.mailbox = None;
        e.recipient = Some("first@b.example".to_owned());
    });
    let corrected = with(|e| {
        e.decided_by = Some("correction".to_owned());
        e.confidence = Some(0.8);
    });
    type Case<'e> = (&'e [&'e Event], fn(&Event) -> bool);
    let cases: [Case<'_>; 4] = [
        (&[&nameless, &failed(HARD)], |e| e.mailbox.is_some()),
        (&[&failed(HARD), &forgotten], |e| {
            e.flags == [Flag::Unmatched]
        }),
        (&[&sent, &forgotten, &failed(HARD)], |e| {
            e.proof == Proof::Sent
                && e.flags.is_empty()
                && e.recipient.as_deref() == Some("first@b.example")
                && e.mailbox.as_deref() == Some("s@a.example")
        }),
        (&[&failed(HARD), &corrected], |e| e.confidence == Some(0.8)),
    ];
    for (n, (readings, fits)) in cases.into_iter().enumerate() {
        let there = ledger();
        let back = ledger();
        for (a, b) in readings.iter().zip(readings.iter().rev()) {
            there.add(a).unwrap();
            back.add(b).unwrap();
        }
        assert_eq!(events(&there), events(&back), "case {n}");
        assert_eq!(events(&there).len(), 1);
        assert!(fits(&events(&there)[0]), "case {n}");
        let key = events(&there)[0].recipient.clone().unwrap();
        assert_eq!(there.events_of(&key).unwrap(), events(&there), "case {n}");
    }
}

#[test]
fn s5_an_act_is_remembered_once_with_its_comment() {
    let ledger = ledger();
    let act = |at, what| Act { at, what };
    let address = || "u@b.example".to_owned();
    let span = What::RemoveDomain {
        domain: "b.example".to_owned(),
        since: 5,
        until: 9,
    };
    let all = [
        act(1, What::Reverify { address: address() }),
        act(2, What::Remove { address: address() }),
        act(
            3,
            What::Import {
                address: address(),
                workspace: "one".to_owned(),
                complaint: true,
            },
        ),
        act(4, span),
    ];
    for act in &all {
        let deed = Deed {
            act: act.clone(),
            comment: Some("by phone".to_owned()),
        };
        assert!(ledger.act(&deed).unwrap());
        assert!(!ledger.act(&deed).unwrap());
    }
    let acts = |address: &str| -> Vec<Act> {
        let deeds = ledger.acts_on(address).unwrap().into_iter();
        deeds.map(|d| d.act).collect()
    };
    assert_eq!(acts("u@b.example"), all[..3]);
    assert_eq!(acts(""), all[3..]);
    let deeds = ledger.acts_on("u@b.example").unwrap();
    assert_eq!(deeds[0].comment.as_deref(), Some("by phone"));
    assert_eq!(ledger.imported().unwrap(), ["one"]);
}

#[test]
fn s10_the_largest_count_of_what_was_mailed_is_remembered() {
    let ledger = ledger();
    for (seen, expected) in [
        (None, None),
        (Some(40), Some(40)),
        (None, Some(40)),
        (Some(3), Some(40)),
        (Some(50), Some(50)),
    ] {
        let known = ledger.mailed("b.example", (1, 2), seen).unwrap();
        assert_eq!(known, expected, "{seen:?}");
    }
    assert_eq!(ledger.mailed("b.example", (1, 3), None).unwrap(), None);
}

#[test]
fn s11_another_programs_database_is_left_alone_and_a_newer_one_too() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(FILE);
    let other = Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE t (x)").unwrap();
    drop(other);
    let why = Ledger::open(dir.path()).unwrap_err().to_string();
    assert!(why.contains("another program"), "{why}");
    std::fs::remove_file(&path).unwrap();
    drop(Ledger::open(dir.path()).unwrap());
    let newer = Connection::open(&path).unwrap();
    newer.execute_batch("PRAGMA user_version = 99").unwrap();
    drop(newer);
    let why = Ledger::open(dir.path()).unwrap_err().to_string();
    assert!(why.contains("newer version"), "{why}");
    std::fs::write(&path, "no database at all, but long enough to be asked").unwrap();
    assert!(Ledger::open(dir.path()).is_err());
}

#[test]
fn s7_what_is_not_committed_never_was() {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(dir.path()).unwrap();
    ledger.begin().unwrap();
    ledger.add(&failed(HARD)).unwrap();
    drop(ledger);
    let mut ledger = Ledger::open(dir.path()).unwrap();
    assert!(events(&ledger).is_empty());
    ledger.begin().unwrap();
    ledger.add(&failed(HARD)).unwrap();
    ledger.commit().unwrap();
    assert_eq!(events(&Ledger::open_existing(dir.path()).unwrap()).len(), 1);
    assert_eq!(
        events(&Ledger::open_existing(&dir.path().join(FILE)).unwrap()).len(),
        1
    );
}

#[cfg(unix)]
#[test]
fn s7_a_ledger_that_is_a_link_is_not_followed() {
    let dir = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    drop(Ledger::open(elsewhere.path()).unwrap());
    let link = dir.path().join(FILE);
    std::os::unix::fs::symlink(elsewhere.path().join(FILE), link).unwrap();
    assert!(Ledger::open(dir.path()).is_err());
}

#[test]
fn s7_a_lock_is_held_by_one_and_goes_with_its_holder() {
    let dir = tempfile::tempdir().unwrap();
    let none = Duration::ZERO;
    assert!(take(dir.path(), none, false).unwrap().is_none());
    let lock = take(dir.path(), none, true).unwrap();
    assert!(lock.is_some());
    assert!(matches!(take(dir.path(), none, true), Err(LockError::Busy)));
    assert!(matches!(
        take(dir.path(), none, false),
        Err(LockError::Busy)
    ));
    drop(lock);
    assert!(take(dir.path(), none, true).unwrap().is_some());
}

fn row(address: &str, line: &str) -> Row {
    Row {
        address: address.to_owned(),
        line: line.to_owned(),
        ..Row::default()
    }
}

fn rows(ledger: &Ledger, list: &str) -> Vec<Row> {
    let mut all = Vec::new();
    let each = |row| -> Result<()> {
        all.push(row);
        Ok(())
    };
    ledger.each_row(list, Span::All, each).unwrap();
    all
}

fn replace(ledger: &Ledger, rows: &[Row]) -> Vec<(Action, String)> {
    let changes = ledger.replace("retry", Span::All, rows.to_vec()).unwrap();
    let changes = changes.into_iter();
    changes.map(|(action, row)| (action, row.address)).collect()
}

#[test]
fn s7_every_change_of_a_list_is_told_and_nothing_else() {
    let ledger = ledger();
    let (a, b) = (row("a@x.example", "1"), row("b@x.example", "1"));
    let escalated = Row {
        escalated: true,
        ..row("c@x.example", "1")
    };
    let name = |r: &Row| r.address.clone();
    let cases = [
        (vec![b.clone()], vec![(Action::Add, name(&b))]),
        (vec![b.clone()], vec![]),
        (vec![a.clone(), b.clone()], vec![(Action::Add, name(&a))]),
        (
            vec![row("a@x.example", "2"), b.clone(), escalated.clone()],
            vec![
                (Action::Update, name(&a)),
                (Action::Escalate, name(&escalated)),
            ],
        ),
        (
            vec![b.clone()],
            vec![
                (Action::Remove, name(&a)),
                (Action::Remove, name(&escalated)),
            ],
        ),
        (vec![], vec![(Action::Remove, name(&b))]),
    ];
    for (n, (rows, expected)) in cases.into_iter().enumerate() {
        assert_eq!(replace(&ledger, &rows), expected, "case {n}");
    }
}

fn entry(action: Action, list: Option<&str>, reason: Option<&str>, id: Option<&str>) -> Entry {
    Entry {
        at: "2026-11-24T00:00:00Z".to_owned(),
        action,
        list: list.map(str::to_owned),
        address: Some("a@x.example".to_owned()),
        reason: reason.map(str::to_owned),
        comment: list.is_none().then(|| "by phone".to_owned()),
        event_id: id.map(|id| format!("{id:0>32}")),
    }
}

#[test]
fn s7_entries_of_the_audit_come_back() {
    let ledger = ledger();
    let first = [
        entry(Action::Import, None, None, None),
        entry(
            Action::Add,
            Some("suppression"),
            Some("hard_bounce"),
            Some("1"),
        ),
        entry(Action::Add, Some("contacts"), Some("invalid"), Some("1")),
        entry(Action::Add, Some("skip"), None, Some("2")),
    ];
    ledger.note(&first).unwrap();
    let run = ledger.last_run().unwrap();
    assert_eq!(ledger.changes(), 4);
    let mut ledger = ledger;
    ledger.commit().unwrap();
    ledger.begin().unwrap();
    let second = [entry(
        Action::Remove,
        Some("skip/a b@x.example"),
        Some("why"),
        None,
    )];
    ledger.note(&second).unwrap();
    let behind = |after: i64| {
        let mut all = Vec::new();
        let each = |entry| -> Result<()> {
            all.push(entry);
            Ok(())
        };
        ledger.each_entry(after, each).unwrap();
        all
    };
    assert_eq!(behind(0), [&first[..], &second[..]].concat());
    assert_eq!(behind(run), second);
    assert_eq!(ledger.entries_of("a@x.example").unwrap(), behind(0));
    assert!(ledger.entries_of("b@x.example").unwrap().is_empty());
}

#[test]
fn s7_a_file_that_is_no_view_any_more_is_to_go() {
    let ledger = ledger();
    let view = |file: &str| View {
        file: file.to_owned(),
        list: "skip/s@a.example".to_owned(),
        part: None,
        form: Form::Csv,
        header: "address".to_owned(),
        stamp: None,
    };
    let forms = |ledger: &Ledger| -> Vec<(String, Form)> {
        let views = ledger.views().unwrap().into_iter();
        views.map(|v| (v.file, v.form)).collect()
    };
    ledger.show(&[view("a"), view("b")]).unwrap();
    ledger.show(&[view("b")]).unwrap();
    let gone = [("a".to_owned(), Form::Gone), ("b".to_owned(), Form::Csv)];
    assert_eq!(forms(&ledger), gone);
    ledger.show(&[view("a"), view("b")]).unwrap();
    assert_eq!(forms(&ledger)[0].1, Form::Csv);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn s7_a_list_is_what_it_was_made_last(
        sets in prop::collection::vec(
            prop::collection::btree_map(("[a-c]{1,2}", "[x-y]{0,1}"), "[1-3]", 0..8), 1..5)
    ) {
        let ledger = ledger();
        for set in sets {
            let set: BTreeMap<(String, String), String> = set;
            let made: Vec<Row> = set
                .into_iter()
                .map(|((address, part), line)| Row { address, part, line, ..Row::default() })
                .collect();
            replace(&ledger, &made);
            prop_assert_eq!(rows(&ledger, "retry"), made);
        }
    }
}

/// A ledger as version 1 wrote it, with an event, two acts, rows and entries.
fn first_version(dir: &Path) {
    let db = Connection::open(dir.join(FILE)).unwrap();
    let step = schema::STEPS[0];
    let application = schema::APPLICATION;
    let head = format!("PRAGMA application_id = {application}; PRAGMA user_version = 1;");
    db.execute_batch(&format!("{step} {head}")).unwrap();
    let event = serde_json::to_string(&failed(HARD)).unwrap();
    let id = &failed(HARD).event_id;
    let insert = "INSERT INTO events (event_id, reading, version, tagged, address, event)
         VALUES (?1, '00ff00ff00ff00ff', 1000, 0, 'u@b.example', ?2)";
    db.execute(insert, (id, &event)).unwrap();
    db.execute_batch(&format!(
        "INSERT INTO acts (at, action, address, comment) VALUES (5, 'remove', 'u@b.example', 'why');
         INSERT INTO acts (at, action, address, workspace) VALUES (6, 'import', 'v@b.example', 'one');
         INSERT INTO rows (list, address, part, line)
         VALUES ('retry', 'u@b.example', '', 'u@b.example,1,2'), ('retry', '', 'x', ',1,2'),
                ('skip/s@a.example', 'u@b.example', '', 'u@b.example,s');
         INSERT INTO views (file, list, form, header) VALUES ('retry.csv', 'retry', 'csv', 'address');
         INSERT INTO audit (at, action, list, address, reason, event_id)
         VALUES ('2026-11-24T00:00:00Z', 'add', 'retry', 'z@b.example', 'why', '{id}'),
                ('2026-11-25T00:00:00Z', 'remove', NULL, 'a@b.example', NULL, NULL);
         INSERT INTO settings (key, value) VALUES ('require_proof', 'true');"
    ))
    .unwrap();
}

#[test]
fn s11_a_ledger_of_the_first_version_is_brought_up_to_date() {
    let dir = tempfile::tempdir().unwrap();
    first_version(dir.path());
    let ledger = Ledger::open(dir.path()).unwrap();
    assert_eq!(events(&ledger), [failed(HARD)]);
    assert_eq!(ledger.events_of("u@b.example").unwrap(), [failed(HARD)]);
    let at = seconds("2026-11-02T10:00:00Z");
    let there = ledger.addresses_at("b.example", (at, at)).unwrap();
    assert_eq!(there.into_iter().collect::<Vec<_>>(), ["u@b.example"]);
    assert_eq!(ledger.acts_on("u@b.example").unwrap().len(), 1);
    assert_eq!(ledger.imported().unwrap(), ["one"]);
    let lines: Vec<String> = rows(&ledger, "retry").into_iter().map(|r| r.line).collect();
    assert_eq!(lines, [",1,2", "u@b.example,1,2"]);
    assert_eq!(ledger.views().unwrap()[0].stamp, None);
    assert_eq!(
        ledger.setting("require_proof").unwrap().as_deref(),
        Some("true")
    );
    // The audit in its old order.
    let mut all = Vec::new();
    let each = |e: Entry| -> Result<()> {
        all.push((e.at, e.list, e.address, e.reason, e.event_id));
        Ok(())
    };
    ledger.each_entry(0, each).unwrap();
    let text = |t: &str| Some(t.to_owned());
    let first = (
        "2026-11-24T00:00:00Z".to_owned(),
        text("retry"),
        text("z@b.example"),
        text("why"),
        Some(failed(HARD).event_id),
    );
    let second = (
        "2026-11-25T00:00:00Z".to_owned(),
        None,
        text("a@b.example"),
        None,
        None,
    );
    assert_eq!(all, [first, second]);
    drop(ledger);
    // And once only.
    assert_eq!(events(&Ledger::open(dir.path()).unwrap()).len(), 1);
}

fn seconds(text: &str) -> i64 {
    crate::time::parse_rfc3339(text).unwrap().as_second()
}
