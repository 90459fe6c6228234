//! Reading sent logs in every wrapping and spelling (I8).

use super::*;
use crate::time::rfc3339;
use std::io::Write;

/// What files give: rows, and what could not be read, as text.
fn read_all(files: &[&[u8]], reading: &Reading) -> (Vec<String>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = (0..files.len())
        .map(|n| folder.path().join(format!("{n}")))
        .collect();
    for (path, bytes) in paths.iter().zip(files) {
        std::fs::write(path, bytes).unwrap();
    }
    let (mut rows, mut rejects) = (Vec::new(), Vec::new());
    let mut tally = Tally::default();
    read(
        &paths,
        reading,
        |block| {
            let mut out = Vec::new();
            block.each(|row| out.push(text(row)));
            out
        },
        |part| {
            match part {
                Ok(part) => {
                    rows.extend(part.value);
                    tally.add(&part.tally);
                    rejects.extend(part.rejects.into_iter().map(|r| {
                        let line = r.line.map_or("-".to_owned(), |l| l.to_string());
                        format!("#{} line {line} byte {}: {}", r.index, r.offset, r.why)
                    }));
                }
                Err(failure) => rejects.push(failure.why),
            }
            ControlFlow::Continue(())
        },
    );
    assert_eq!(tally.rows, rows.len() as u64);
    (rows, rejects)
}

fn text(row: &Row<'_>) -> String {
    let of = |cell: &Option<std::borrow::Cow<'_, str>>| cell.as_deref().unwrap_or("-").to_owned();
    let mut at = row.sent_at.map_or("-".to_owned(), rfc3339);
    if row.resolution == Resolution::Day {
        at.truncate(10);
    }
    let whom = row
        .recipient
        .as_ref()
        .or(row.recipient_domain.as_ref())
        .cloned();
    let id = of(&row.message_id);
    let stream = row.stream.map_or("", |s| s.as_str());
    let count = row.count;
    format!(
        "{at} {} {} {} {id} {stream}{count}",
        of(&row.mailbox),
        of(&whom),
        of(&row.campaign)
    )
}

fn read_one(file: &[u8]) -> (Vec<String>, Vec<String>) {
    read_all(&[file], &Reading::default())
}

const PLAIN: &str = "sent_at,mailbox,recipient,campaign_id,message_id\n\
    2026-11-02T08:01:35Z,s1@a.example,u@x.example,c1,<m1@a>\n\
    2026-11-02T08:03:30Z,S2@a.example,v@x.example,c1,m2@a\n";
const ROWS: [&str; 2] = [
    "2026-11-02T08:01:35Z s1@a.example u@x.example c1 m1@a 1",
    "2026-11-02T08:03:30Z s2@a.example v@x.example c1 m2@a 1",
];

#[test]
fn i8_the_documented_table_in_every_wrapping() {
    let utf16: Vec<u8> = PLAIN.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(PLAIN.as_bytes()).unwrap();
    for (name, bytes) in [
        ("as documented", PLAIN.as_bytes().to_vec()),
        ("byte order mark", format!("\u{feff}{PLAIN}").into_bytes()),
        ("UTF-16", [&b"\xfe\xff"[..], &utf16].concat()),
        ("gzip", gzip.finish().unwrap()),
        ("zstd", zstd::encode_all(PLAIN.as_bytes(), 1).unwrap()),
        ("CRLF", PLAIN.replace('\n', "\r\n").into_bytes()),
        ("CR", PLAIN.replace('\n', "\r").into_bytes()),
        ("semicolons", PLAIN.replace(',', ";").into_bytes()),
        ("tabs", PLAIN.replace(',', "\t").into_bytes()),
        (
            "sep=",
            format!("sep=|\n{}", PLAIN.replace(',', "|")).into_bytes(),
        ),
        (
            "quotes",
            PLAIN
                .replace(',', "\",\"")
                .replace('\n', "\"\n")
                .replace("20", "\"20")
                .replace("sent_at", "\"sent_at")
                .into_bytes(),
        ),
        (
            "title",
            format!("Export of 2 November\n\n{PLAIN}").into_bytes(),
        ),
        (
            "header twice",
            format!("{PLAIN}{}", PLAIN.lines().next().unwrap()).into_bytes(),
        ),
        ("no last line end", PLAIN.trim_end().as_bytes().to_vec()),
    ] {
        assert_eq!(
            read_one(&bytes),
            (ROWS.map(str::to_owned).to_vec(), vec![]),
            "{name}"
        );
    }
}

#[test]
fn i8_logs_of_messages_in_other_spellings() {
    for (name, file, expected) in [
        (
            "names of columns",
            "From,To,Date sent,Campaign name,Message-ID,Subject\n\
             Sam <S1@a.example>,\"U <u@x.example>\",2026-11-02 08:01:35,\"c, 1\",<m1@a>,Hi\n",
            &["2026-11-02T08:01:35Z s1@a.example u@x.example c, 1 m1@a 1"][..],
        ),
        (
            "German, day first",
            "Absender;Empfänger;Gesendet am;Kampagne\n\
             s1@a.example;ü@x.example;03/11/2026 09:00;c1\n\
             s1@a.example;v@x.example;25/11/2026 09:00;c1\n",
            &[
                "2026-11-03T09:00:00Z s1@a.example ü@x.example c1 - 1",
                "2026-11-25T09:00:00Z s1@a.example v@x.example c1 - 1",
            ],
        ),
        (
            "delivered at",
            "Email,Delivered At,Inbox\nu@x.example,2026-11-02T08:01:35Z,s1@a.example\n",
            &["2026-11-02T08:01:35Z s1@a.example u@x.example - - 1"],
        ),
        (
            "streams",
            "sent_at,recipient,stream\n2026-11-02T08:01:35Z,u@x.example,warmup\n\
             2026-11-02T08:01:36Z,v@x.example,campaign\n",
            &[
                "2026-11-02T08:01:35Z - u@x.example - - warmup1",
                "2026-11-02T08:01:36Z - v@x.example - - campaign1",
            ],
        ),
        (
            "NDJSON",
            "{\"sent_at\":\"2026-11-02T08:01:35Z\",\"mailbox\":\"s1@a.example\",\"recipient\":\"u@x.example\",\"campaign_id\":17,\"message_id\":\"<m1@a>\"}\n\n\
             {\"recipient\":\"v@x.example\",\"sent_at\":1793606495}\n",
            &[
                "2026-11-02T08:01:35Z s1@a.example u@x.example 17 m1@a 1",
                "2026-11-02T08:01:35Z - v@x.example - - 1",
            ],
        ),
        (
            "Smartlead campaign statistics",
            "{\"total_stats\":\"2\",\"data\":[{\"stats_id\":\"a\",\"lead_email\":\"u@x.example\",\"sequence_number\":1,\
             \"sent_time\":\"2026-11-02T08:01:35.000Z\",\"is_bounced\":false,\"reply_time\":null},\n\
             {\"lead_email\":\"v@x.example\",\"sent_time\":\"2026-11-02T08:03:30.000Z\"}],\"offset\":0,\"limit\":1000}",
            &[
                "2026-11-02T08:01:35Z - u@x.example - - 1",
                "2026-11-02T08:03:30Z - v@x.example - - 1",
            ],
        ),
        (
            "lemlist activities",
            "[{\"_id\":\"x\",\"type\":\"emailsSent\",\"createdAt\":\"2026-11-02T08:01:35.000Z\",\"campaignId\":\"cam_1\",\
             \"leadEmail\":\"u@x.example\",\"sendUserEmail\":\"s1@a.example\",\"messageId\":\"<m1@a>\"},\
             {\"type\":\"emailsOpened\",\"createdAt\":\"2026-11-02T09:01:35.000Z\",\"leadEmail\":\"u@x.example\"}]",
            &["2026-11-02T08:01:35Z s1@a.example u@x.example cam_1 m1@a 1"],
        ),
        (
            "Amazon SES events",
            "{\"eventType\":\"Send\",\"mail\":{\"timestamp\":\"2026-11-02T08:01:35.000Z\",\"source\":\"S1 <s1@a.example>\",\
             \"messageId\":\"0100\",\"destination\":[\"u@x.example\",\"v@x.example\"]},\"send\":{}}\n",
            &[
                "2026-11-02T08:01:35Z s1@a.example u@x.example - 0100 1",
                "2026-11-02T08:01:35Z s1@a.example v@x.example - 0100 1",
            ],
        ),
        (
            "Mailgun events",
            "{\"items\":[{\"event\":\"accepted\",\"timestamp\":1793606495.5,\"recipient\":\"u@x.example\",\
             \"envelope\":{\"sender\":\"s1@a.example\"},\"message\":{\"headers\":{\"message-id\":\"m1@a\"}}},\
             {\"event\":\"delivered\",\"timestamp\":1793606496.5,\"recipient\":\"u@x.example\"}]}",
            &["2026-11-02T08:01:35Z s1@a.example u@x.example - m1@a 1"],
        ),
        (
            "Apollo contacts",
            "Email,Email Sent,Email Bounced\nu@x.example,TRUE,FALSE\nv@x.example,FALSE,FALSE\n",
            &["- - u@x.example - - 1"],
        ),
    ] {
        let expected: Vec<String> = expected.iter().map(|r| (*r).to_owned()).collect();
        assert_eq!(read_one(file.as_bytes()), (expected, vec![]), "{name}");
    }
}

#[test]
fn i8_logs_of_counts() {
    for (name, file, expected) in [
        (
            "as documented",
            "date,mailbox,recipient_domain,campaign_id,sent\n2026-11-02,s1@a.example,X.example,c1,120\n2026-11-03,,,,7\n",
            &[
                "2026-11-02 s1@a.example x.example c1 - 120",
                "2026-11-03 - - - - 7",
            ][..],
        ),
        (
            "as few columns as there can be",
            "mailbox,sent\ns1@a.example,120\n",
            &["- s1@a.example - - - 120"],
        ),
        (
            "the mailboxes are called email",
            "Email;Emails sent;Bounced\nS1@a.example;1.204;3\n",
            &["- s1@a.example - - - 1204"],
        ),
        (
            "Instantly accounts by day",
            "[{\"date\":\"2026-11-02\",\"email_account\":\"s1@a.example\",\"sent\":40,\"bounced\":1,\"contacted\":30}]",
            &["2026-11-02 s1@a.example - - - 40"],
        ),
        (
            "Instantly campaigns",
            "[{\"campaign_id\":\"c1\",\"campaign_name\":\"Autumn\",\"emails_sent_count\":400,\"bounced_count\":4}]",
            &["- - - c1 - 400"],
        ),
        (
            "SendGrid by category",
            "[{\"date\":\"2026-11-02\",\"stats\":[{\"type\":\"category\",\"name\":\"c1\",\"metrics\":{\"requests\":50,\"processed\":48,\"bounces\":1}}]}]",
            &["2026-11-02 - - c1 - 48"],
        ),
        (
            "Mailgun stats",
            "{\"stats\":[{\"time\":\"Mon, 02 Nov 2026 00:00:00 UTC\",\"accepted\":{\"incoming\":0,\"outgoing\":12,\"total\":12}}]}",
            &["2026-11-02 - - - - 12"],
        ),
        (
            "Postmark sends",
            "{\"Days\":[{\"Date\":\"2026-11-02\",\"Sent\":140},{\"Date\":\"2026-11-03\",\"Sent\":7}],\"Sent\":147}",
            &["2026-11-02 - - - - 140", "2026-11-03 - - - - 7"],
        ),
        (
            "SparkPost metrics",
            "{\"results\":[{\"campaign_id\":\"c1\",\"count_sent\":90},{\"campaign_id\":\"c2\",\"count_sent\":10}]}",
            &["- - - c1 - 90", "- - - c2 - 10"],
        ),
        (
            "Brevo reports",
            "{\"reports\":[{\"date\":\"2026-11-02\",\"requests\":20,\"delivered\":19}]}",
            &["2026-11-02 - - - - 20"],
        ),
        (
            "Amazon SES statistics",
            "{\"SendDataPoints\":[{\"Timestamp\":\"2026-11-02T22:15:00Z\",\"DeliveryAttempts\":3,\"Bounces\":0}]}",
            &["2026-11-02 - - - - 3"],
        ),
    ] {
        let expected: Vec<String> = expected.iter().map(|r| (*r).to_owned()).collect();
        assert_eq!(read_one(file.as_bytes()), (expected, vec![]), "{name}");
    }
}

#[test]
fn i8_map_names_columns_and_paths() {
    let map = Map::parse("recipient=Who,sent_at=When,mailbox=by.whom")
        .unwrap()
        .shared();
    let reading = Reading {
        map,
        ..Reading::default()
    };
    let expected = vec!["2026-11-02 - u@x.example - - 1".to_owned()];
    let table = b"When,Who,to\n2026-11-02,u@x.example,not@this.example\n";
    assert_eq!(read_all(&[table], &reading), (expected, vec![]));
    let expected = vec!["2026-11-02 s@a.example u@x.example - - 1".to_owned()];
    let json =
        b"{\"When\":\"2026-11-02\",\"Who\":\"u@x.example\",\"by\":{\"whom\":\"s@a.example\"}}\n";
    assert_eq!(read_all(&[json], &reading), (expected, vec![]));
    let map = Map::parse("date=Tag,sent=Menge,recipient_domain=Ziel").unwrap();
    let reading = Reading {
        map,
        ..Reading::default()
    };
    let table = b"Tag;Ziel;Menge\n2026-11-02;x.example;9\n";
    let expected = vec!["2026-11-02 - x.example - - 9".to_owned()];
    assert_eq!(read_all(&[table], &reading), (expected, vec![]));
}

#[test]
fn i8_map_names_columns_by_number() {
    let map = Map::parse("recipient=2,sent_at=3,mailbox=4").unwrap();
    let reading = Reading {
        map: map.shared(),
        ..Reading::default()
    };
    let expected = vec![
        "2026-11-03 s@a.example u@x.example - - 1".to_owned(),
        "2026-11-25 s@a.example v@x.example - - 1".to_owned(),
    ];
    let rows = "1;u@x.example;03/11/2026;s@a.example\n2;v@x.example;25/11/2026;s@a.example\n";
    let headed = format!("Nr;Wer;Wann;Von\n{rows}");
    for table in [rows, &headed, &rows.replace(';', "\t")] {
        assert_eq!(
            read_all(&[table.as_bytes()], &reading),
            (expected.clone(), vec![]),
            "{table}"
        );
    }
    let map = Map::parse("date=1,sent=2").unwrap();
    let reading = Reading {
        map,
        ..Reading::default()
    };
    let expected = vec!["2026-11-02 - - - - 1200".to_owned()];
    assert_eq!(
        read_all(&[b"2026-11-02;1.200\n"], &reading),
        (expected, vec![])
    );
}

#[test]
fn i8_columns_without_names_are_known_by_their_cells() {
    for (table, expected) in [
        (
            "2026-11-02,s@a.example,u@x.example,<m1@a.example>\n\
             2026-11-02,s@a.example,v@x.example,<m2@a.example>\n",
            &[
                "2026-11-02 s@a.example u@x.example - m1@a.example 1",
                "2026-11-02 s@a.example v@x.example - m2@a.example 1",
            ][..],
        ),
        (
            "U <u@x.example>;25/11/2026 10:11\nV <v@x.example>;03/11/2026 10:11\n",
            &[
                "2026-11-25T10:11:00Z - u@x.example - - 1",
                "2026-11-03T10:11:00Z - v@x.example - - 1",
            ],
        ),
        (
            "2026-11-02;s@a.example;1.200\n2026-11-02;t@a.example;80\n",
            &[
                "2026-11-02 s@a.example - - - 1200",
                "2026-11-02 t@a.example - - - 80",
            ],
        ),
    ] {
        let expected: Vec<String> = expected.iter().map(|r| (*r).to_owned()).collect();
        assert_eq!(read_one(table.as_bytes()), (expected, vec![]), "{table}");
    }
    for table in [
        // Nothing tells which of the two is the mailbox.
        "2026-11-02,a@a.example,u@x.example\n2026-11-02,b@a.example,v@x.example\n",
        // A list of contacts.
        "u@x.example,Ann\nv@x.example,Bob\n",
    ] {
        let (rows, rejects) = read_one(table.as_bytes());
        assert_eq!(rows.len(), 0, "{table}");
        assert!(
            rejects[0].contains("a table without a header"),
            "{rejects:?}"
        );
    }
}

#[test]
fn i8_the_sum_of_the_rows_counts_nothing() {
    let table = "Email Account,Sent\ns@a.example,\"1,200\"\nt@a.example,80\nTotal,\"1,280\"\n";
    let expected = ["- s@a.example - - - 1200", "- t@a.example - - - 80"];
    assert_eq!(
        read_one(table.as_bytes()),
        (expected.map(str::to_owned).to_vec(), vec![])
    );
    let table = "Title,Send Date,Total Recipients\nSpring,2026-11-03 10:11,1500\n";
    let expected = vec!["2026-11-03 - - Spring - 1500".to_owned()];
    assert_eq!(read_one(table.as_bytes()), (expected, vec![]));
}

#[test]
fn u4_bad_rows_are_named_and_the_rest_is_kept() {
    let file = "sent_at,recipient\n\
        2026-11-02,u@x.example\n\
        \n\
        2026-11-02,nobody\n\
        ,w@x.example\n\
        2026-02-30,w@x.example\n\
        2026-11-02,\"v@x.example\"\n\
        2026-11-02\n\
        1989-12-31,w@x.example\n\
        2026-11-02,\"w@x.example\n\
        2026-11-02,z@x.example\n";
    let (rows, rejects) = read_one(file.as_bytes());
    let all: Vec<String> = ["u", "v", "z"]
        .map(|u| format!("2026-11-02 - {u}@x.example - - 1"))
        .to_vec();
    assert_eq!(rows, all);
    assert_eq!(
        rejects,
        [
            "#1 line 4 byte 42: no address in \"nobody\"",
            "#2 line 5 byte 60: no time of sending",
            "#3 line 6 byte 73: \"2026-02-30\" is no date that can be read only one way",
            "#5 line 8 byte 121: neither a recipient nor a number of messages",
            "#6 line 9 byte 132: \"1989-12-31\" is before 1990",
            "#7 line 10 byte 155: a quote that is never closed",
        ]
    );
    let file = "{\"recipient\":\"u@x.example\"}\n{\"recipient\":\"v@x.ex\n{\"a\":1}\n{\"recipient\":\"w@x.example\"}\n";
    let (rows, rejects) = read_one(file.as_bytes());
    assert_eq!(rows.len(), 2);
    assert!(
        rejects[0].starts_with("#1 line 2 byte 28: no JSON object: "),
        "{rejects:?}"
    );
    assert_eq!(
        rejects[1],
        "#2 line 3 byte 49: neither a recipient nor a number of messages"
    );
}

#[test]
fn u4_what_is_no_sent_log_is_a_failure() {
    for (file, expected) in [
        ("First,Last\nJane,Doe\n", "its columns: First, Last"),
        ("Email,Name\n,Doe\nx,y\n", "its columns: Email, Name"),
        (
            "2026-11-03,s@a.example,u@x.example\n",
            "a table without a header",
        ),
        ("hello world\n", "no sent log"),
        (
            "#Fields: date-time,event-id,recipient-address\n2026-11-03T10:11:12Z,SEND,u@x.example\n",
            "no sent log",
        ),
    ] {
        let (rows, rejects) = read_one(file.as_bytes());
        assert_eq!(rows.len(), 0);
        assert!(
            rejects.len() == 1 && rejects[0].contains(expected),
            "{rejects:?}"
        );
    }
    assert_eq!(read_one(b""), (vec![], vec![]));
    assert_eq!(read_one(b"sent_at,recipient\n"), (vec![], vec![]));
}

#[test]
fn u4_a_cut_off_archive_gives_what_could_be_read() {
    let mut packed = zstd::encode_all(PLAIN.repeat(2_000).as_bytes(), 1).unwrap();
    packed.truncate(packed.len() - 7);
    let (_, rejects) = read_one(&packed);
    assert!(
        rejects
            .iter()
            .any(|r| r.contains("cut off or damaged zstd data")),
        "{rejects:?}"
    );
}

#[test]
fn i8_several_files_and_threads_give_the_same_rows_in_order() {
    let mut big = "sent_at,recipient,note\n".to_owned();
    for n in 0..60_000 {
        let quote = if n % 1000 == 0 {
            "\"two\nlines\""
        } else {
            "one line"
        };
        let recipient = if n % 777 == 5 {
            "bad".to_owned()
        } else {
            format!("u{n}@x.example")
        };
        big.push_str(&format!("2026-11-02T08:01:35Z,{recipient},{quote}\n"));
    }
    let small = b"{\"recipient\":\"v@x.example\",\"sent_at\":\"2026-11-02\"}\n{}\n";
    let read = |threads| {
        let reading = Reading {
            threads,
            ..Reading::default()
        };
        read_all(&[big.as_bytes(), small, big.as_bytes()], &reading)
    };
    let (rows, rejects) = read(1);
    assert_eq!(rows.len(), 2 * 60_000 - 2 * 78 + 1);
    assert_eq!(
        rejects[1],
        "#782 line 785 byte 35097: no address in \"bad\""
    );
    assert_eq!(
        rejects[78],
        "#1 line 2 byte 51: neither a recipient nor a number of messages"
    );
    assert_eq!(rejects[79], "#5 line 8 byte 241: no address in \"bad\"");
    assert_eq!(read(3), (rows, rejects));
}

#[test]
fn u4_a_row_without_end_is_named_once() {
    let long = "x".repeat(5 * 1024 * 1024);
    let file = format!("recipient,note\nu@x.example,a\n{long}\nv@x.example,b\n");
    let (rows, rejects) = read_one(file.as_bytes());
    assert_eq!(rows, ["- - u@x.example - - 1", "- - v@x.example - - 1"]);
    assert_eq!(rejects, ["#1 line 3 byte 29: a row longer than 1 MiB"]);
    let file = format!(
        "recipient,note\nu@x.example,\"a\n{}",
        "v@x.example,b\n".repeat(100_000)
    );
    let (rows, rejects) = read_one(file.as_bytes());
    assert_eq!(rows.len(), 100_000);
    assert_eq!(rejects, ["#0 line 2 byte 15: a quote that is never closed"]);
}
