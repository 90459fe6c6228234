use super::*;
use proptest::prelude::*;

/// Gives out so many bytes at a time.
struct Slow<'t>(&'t [u8], usize);

impl Read for Slow<'_> {
    fn read(&mut self, block: &mut [u8]) -> io::Result<usize> {
        let count = self.0.len().min(block.len()).min(self.1);
        self.0.read(block.get_mut(..count).unwrap_or_default())
    }
}

fn lines(raw: &[u8], shape: Shape, step: usize) -> String {
    let mut text = Vec::new();
    let mut journal = Journal::new(Slow(raw, step), shape);
    journal.read_to_end(&mut text).unwrap();
    String::from_utf8_lossy(&text).replace('\0', "!")
}

/// Entries as `journalctl -o export` writes them, and what becomes of them.
fn exported() -> (Vec<u8>, &'static str) {
    let mut raw = b"__CURSOR=s=1\n__REALTIME_TIMESTAMP=1793700672123456\n_HOSTNAME=mx1\n\
        SYSLOG_IDENTIFIER=postfix/smtp\nMESSAGE=4A: to=<u@example.com>\n\n"
        .to_vec();
    // A binary message, and a binary field with what would end an entry.
    raw.extend(b"__CURSOR=s=2\n__REALTIME_TIMESTAMP=1793700673000000\n_COMM=smtp\nMESSAGE\n");
    raw.extend(5_u64.to_le_bytes());
    raw.extend(b"a\n\xffb=\nCOREDUMP\n");
    raw.extend(2_u64.to_le_bytes());
    raw.extend(b"\n\n\n\n\n");
    // No message, a line that is no field, a length that is wrong, an end that is cut off.
    raw.extend(b"__CURSOR=s=3\n\n__CURSOR=s=4\nno field\nMESSAGE=x\n\n__CURSOR=s=5\nMESSAGE\n");
    raw.extend(1_u64.to_le_bytes());
    raw.extend(b"xx\n\n__CURSOR=s=6\nMESSAGE=x\n\n__CURSOR=s=7\nMESSAGE=y");
    let expected = "2026-11-03T10:11:12Z mx1 postfix/smtp: 4A: to=<u@example.com>\n\
        2026-11-03T10:11:13Z - smtp: a \u{fffd}b=\n\
        !journal: an entry without a message\n\
        !journal: an entry with a line that is no field\n\
        !journal: an entry with a field of another length than it says\n\
        !journal: an entry without a time\n\
        !journal: an entry that is cut off\n";
    (raw, expected)
}

/// JSON of journald, Docker and others, and what becomes of it.
const OBJECTS: &[(&str, &str)] = &[
    (
        "{\"__REALTIME_TIMESTAMP\":\"1793700672123456\",\"_HOSTNAME\":\"mx1\",\"SYSLOG_IDENTIFIER\":\"postfix/smtp\",\"MESSAGE\":\"4A: \\u00fc\\nto\"}\n",
        "2026-11-03T10:11:12Z mx1 postfix/smtp: 4A: ü to\n",
    ),
    // json-seq, and a message that is no UTF-8.
    (
        "\u{1e}{\"MESSAGE\":[52,65,255],\"__REALTIME_TIMESTAMP\":\"1793700672123456\"}\n",
        "2026-11-03T10:11:12Z 4A\u{fffd}\n",
    ),
    // A field that comes twice; json-pretty.
    (
        "{\n\t\"MESSAGE\" : [\n\t\t\"one\",\n\t\t\"two\"\n\t],\n\t\"__REALTIME_TIMESTAMP\" : \"1793700672000000\"\n}\n",
        "2026-11-03T10:11:12Z one\n",
    ),
    (
        "{\"log\":\"Nov  3 10:11:12 mx1 postfix/smtp[1]: 4A: x\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-03T10:11:12.123456789Z\"}\n",
        "2026-11-03T10:11:12.123456789Z Nov  3 10:11:12 mx1 postfix/smtp[1]: 4A: x\n",
    ),
    (
        "{\"date\":1793700672.123456,\"host\":\"mx1\",\"ident\":\"postfix/smtp[12]\",\"message\":\"4A: x\"}\n",
        "2026-11-03T10:11:12Z mx1 postfix/smtp: 4A: x\n",
    ),
    (
        "{\"MESSAGE\":null,\"__REALTIME_TIMESTAMP\":\"1\"}\n",
        "!journal: an entry whose message is left out (journalctl --all writes it)\n",
    ),
    (
        "{\"MESSAGE\":\"x\",\n{\"__CURSOR\":\"s\"}\n",
        "!journal: an entry that does not end\n!journal: an entry without a message\n",
    ),
    (
        "{\"MESSAGE\":\"x\n{\"MESSAGE\":\"y\"}\n",
        "!journal: an entry that does not end\ny\n",
    ),
    (
        "{\"MESSAGE\":\"4A: x\",\"SYSLOG_IDENTIFIER\":\"postfix/smtp\",\"__REALTIME_TIMESTAMP\":\"soon\"}\n",
        "!journal: an entry without a time\n",
    ),
    ("junk {}\n", "!journal: no entry of a journal\n"),
    (
        "{\"MESSAGE\":x}\n",
        "!journal: an entry that is no valid JSON\n",
    ),
];

#[test]
fn i6_entries_of_journald_are_lines() {
    let (raw, expected) = exported();
    assert_eq!(lines(&raw, Shape::Export, usize::MAX), expected);
    for (json, expected) in OBJECTS {
        let got = lines(json.as_bytes(), Shape::Objects, usize::MAX);
        assert_eq!(&got, expected, "{json}");
    }
}

#[test]
fn i6_a_journal_is_known_by_its_first_entries() {
    let entry = r#"{"program":"postfix/smtp","host":"mx1","timestamp":"2026-11-03T10:11:12Z","message":"4A: to=<u@example.com>, relay=none, dsn=5.1.1, status=bounced (x)"}"#;
    let other =
        r#"{"program":"dovecot","host":"mx1","timestamp":"2026-11-03T10:11:12Z","message":"x"}"#;
    let both = format!("{other}\n{entry}\n");
    for (head, expected) in [
        ("__CURSOR=s=1\n", Some(Some(Shape::Export))),
        ("__REALTIME", None),
        ("__INIT=1\n", Some(None)),
        (
            "{\"__REALTIME_TIMESTAMP\":\"1\"}",
            Some(Some(Shape::Objects)),
        ),
        (
            "{\"log\":\"x\",\"stream\":\"stdout\",\"time\":\"y\"}",
            Some(Some(Shape::Objects)),
        ),
        (entry, Some(Some(Shape::Objects))),
        (&both, Some(Some(Shape::Objects))),
        (other, None),
        (
            "{\"event\":\"bounce\",\"email\":\"u@example.com\"}",
            Some(None),
        ),
        (
            "{\"timestamp\":\"2026-11-03T10:11:12Z\",\"message\":\"bounce_fm: relay x said: 552 5.2.2 x\"}",
            Some(None),
        ),
        ("From x", Some(None)),
    ] {
        assert_eq!(shape(head.as_bytes(), false), expected, "{head}");
    }
    let peeked = peek(Vec::new(), &mut other.as_bytes());
    assert_eq!((peeked.shape, peeked.head.len()), (None, other.len()));
}

#[test]
fn i9_an_entry_without_end_does_not_fill_the_memory() {
    let mut raw = b"{\"MESSAGE\":\"".to_vec();
    raw.resize(3 << 20, b'x');
    raw.extend(b"\n{\"MESSAGE\":\"y\"}\n");
    assert_eq!(
        lines(&raw, Shape::Objects, usize::MAX),
        "!journal: an entry longer than 1 MiB\ny\n"
    );
}

proptest! {
    #[test]
    fn i6_blocks_never_change_the_lines(step in 1_usize..40) {
        let (raw, expected) = exported();
        prop_assert_eq!(lines(&raw, Shape::Export, step), expected);
        let json: String = OBJECTS.iter().map(|(json, _)| *json).collect();
        let expected: String = OBJECTS.iter().map(|(_, line)| *line).collect();
        prop_assert_eq!(lines(json.as_bytes(), Shape::Objects, step), expected);
    }

    #[test]
    fn i9_any_bytes_are_lines(raw in proptest::collection::vec(any::<u8>(), 0..300), export in any::<bool>()) {
        let shape = if export { Shape::Export } else { Shape::Objects };
        let start: &[u8] = if export { b"__CURSOR=s\n" } else { b"{\"MESSAGE\":\"" };
        let all = [start, &raw].concat();
        let whole = lines(&all, shape, usize::MAX);
        prop_assert!(whole.is_empty() || whole.ends_with('\n'));
        prop_assert_eq!(lines(&all, shape, 1), whole);
    }
}
