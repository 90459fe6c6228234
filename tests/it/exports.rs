//! Exports and events that no profile knows, and what their layouts must not be taken for.

use crate::run::{parse, pipe, text};
use serde_json::Value;

/// What a file says: recipient, kind, category, time, mailbox.
fn told(input: &str) -> (Vec<String>, Option<i32>) {
    let out = pipe(
        &["classify", "--now", "2026-11-30T00:00:00Z", "-"],
        input.as_bytes(),
    );
    let keys = ["recipient", "kind", "category", "occurred_at", "mailbox"];
    let line = |event: &Value| {
        let cells = keys.map(|key| match event.get(key) {
            Some(_) => text(event, key).to_owned(),
            None => "-".to_owned(),
        });
        cells.join(" ")
    };
    (
        parse(&out.stdout).iter().map(line).collect(),
        out.status.code(),
    )
}

fn check(cases: &[(&str, &[&str])]) {
    for (input, expected) in cases {
        assert_eq!(
            told(input),
            (expected.iter().map(|e| (*e).to_owned()).collect(), Some(0)),
            "{input}"
        );
    }
}

#[test]
fn i5_what_was_delivered_or_never_sent_is_no_bounce() {
    check(&[
        (
            "recipient,event,severity,reason,delivery-status.message\n\
             a@example.com,failed,permanent,bounce,550 5.1.1 User unknown\n\
             b@example.com,failed,temporary,generic,451 4.7.1 Try again later\n\
             c@example.com,failed,permanent,suppress-bounce,\n\
             d@example.com,delivered,,,250 OK\n",
            &[
                "a@example.com failed hard_bounce - -",
                "b@example.com delayed soft_bounce_mailbox - -",
                "d@example.com delivered - - -",
            ],
        ),
        (
            "Email,Bounce type\na@example.com,Vacation/autoreply\nb@example.com,Mailbox full\n",
            &[
                "a@example.com auto_reply auto_reply - -",
                "b@example.com failed soft_bounce_mailbox - -",
            ],
        ),
    ]);
}

#[test]
fn i5_lists_of_suppressed_and_of_verified_addresses_hold_more_than_bounces() {
    check(&[
        (
            "Email,Reason,Date\na@example.com,Hard Bounce,2026-11-03\nb@example.com,Spam Complaint,2026-11-03\n\
             c@example.com,Unsubscribed,2026-11-03\nd@example.com,Manual,2026-11-03\n",
            &[
                "a@example.com failed other 2026-11-03T00:00:00Z -",
                "b@example.com complaint complaint 2026-11-03T00:00:00Z -",
            ],
        ),
        (
            "email,suppression_type\na@example.com,bounce\nb@example.com,complaint\nc@example.com,unsubscribe\n",
            &[
                "a@example.com failed other - -",
                "b@example.com complaint complaint - -",
            ],
        ),
        (
            "Email,Status,Score\na@example.com,invalid,0\nb@example.com,valid,95\n",
            &[],
        ),
        (
            "Email,Name,Opens,Bounces\na@example.com,Ann,3,0\nb@example.com,Bob,0,1\n",
            &["b@example.com failed other - -"],
        ),
        // Contacts, of which some bounced.
        (
            "Email,Bounce Reason,Bounced Time\na@example.com,550 5.1.1 User unknown,2026-11-03\nb@example.com,,\n",
            &["a@example.com failed hard_bounce 2026-11-03T00:00:00Z -"],
        ),
        // A column that names events in some rows does so in all.
        (
            "Email,Merge step\na@example.com,EMAIL_SENT\nb@example.com,BOUNCED\nc@example.com,EMAIL_OPENED\n",
            &["b@example.com failed other - -"],
        ),
        (
            "Email,Статус,Причина\na@example.com,Не доставлено,550 5.1.1 User unknown\nb@example.com,Доставлено,\n",
            &[
                "a@example.com failed hard_bounce - -",
                "b@example.com delivered - - -",
            ],
        ),
        // The reply alone says that it was taken.
        (
            "email,response\na@example.com,250 2.0.0 OK\nb@example.com,550 5.1.1 User unknown\n",
            &[
                "a@example.com delivered - - -",
                "b@example.com failed hard_bounce - -",
            ],
        ),
        (
            r#"[{"event":"suspension","email":"a@example.com","reason":"bounce"},{"event":"Marked as spam","email":"b@example.com"}]"#,
            &["b@example.com complaint complaint - -"],
        ),
    ]);
}

#[test]
fn i6_fields_are_found_where_they_are_nested() {
    check(&[
        (
            r#"{"type":"message.bounced","created":1793700672,"message":{"from":{"email":"sales1@acme.example"},"to":[{"email":"a@example.com"}]},"bounce":{"type":"permanent","description":"550 5.1.1 user unknown"}}"#,
            &["a@example.com failed hard_bounce 2026-11-03T10:11:12Z sales1@acme.example"],
        ),
        (
            r#"{"event":"bounce","email":"a@example.com","response":{"code":551,"enhanced_code":{"class":5,"subject":4,"detail":7},"content":"expired"}}"#,
            &["a@example.com failed soft_bounce_mailbox - -"],
        ),
    ]);
}

#[test]
fn i5_a_bounce_counts_whatever_else_became_of_the_mail() {
    check(&[
        (
            "recipient_email_address,user_email,status,bounced\n\
             a@example.com,sales1@acme.example,sent,true\n\
             b@example.com,sales1@acme.example,sent,false\n",
            &["a@example.com failed other - sales1@acme.example"],
        ),
        (
            r#"{"data":[{"recipient_email_address":"a@example.com","status":"sent","bounced":true},{"recipient_email_address":"b@example.com","status":"sent","bounced":false}]}"#,
            &["a@example.com failed other - -"],
        ),
        (
            "Subscriber,Status,Bounced\na@example.com,bounced,2026-11-03 10:11:12\nb@example.com,active,\n",
            &["a@example.com failed other 2026-11-03T10:11:12Z -"],
        ),
        (
            "E-Mail,Статус\na@example.com,Возврат\n",
            &["a@example.com failed other - -"],
        ),
    ]);
}

#[test]
fn i5_one_date_tells_how_the_others_are_meant() {
    let rows = |day: &str, last: &str| {
        format!(
            "Email,Reason,Date\na@example.com,550 5.1.1 User unknown,\nb@example.com,550 5.1.1 User unknown,{day}\nc@example.com,550 5.1.1 User unknown,{last}\n"
        )
    };
    for (day, last, expected) in [
        ("03/11/2026 2:05 PM", "25/11/2026", "2026-11-03T14:05:00Z"),
        ("03-11-2026 14:05", "25-11-2026", "2026-11-03T14:05:00Z"),
        ("11/03/2026 2:05 PM", "11/25/2026", "2026-11-03T14:05:00Z"),
        ("03/11/2026", "04/11/2026", "-"),
    ] {
        let (got, _) = told(&rows(day, last));
        let time = got.get(1).and_then(|line| line.split(' ').nth(3));
        assert_eq!(time, Some(expected), "{day} {last}");
    }
}

#[test]
fn i5_recipients_are_known_by_their_cells_where_a_column_tells_of_bounces() {
    check(&[
        (
            "Person,From,Status,Error\na@example.com,sales1@acme.example,hardbounced,user unknown\n",
            &["a@example.com failed hard_bounce - sales1@acme.example"],
        ),
        // No header: the list of suppressed addresses as Amazon imports it.
        (
            "a@example.com,BOUNCE\nb@example.com,COMPLAINT\n",
            &[
                "a@example.com failed other - -",
                "b@example.com complaint complaint - -",
            ],
        ),
        (
            "1;a@example.com;550 5.1.1 User unknown\n2;b@example.com;552 5.2.2 Mailbox full\n",
            &[
                "a@example.com failed hard_bounce - -",
                "b@example.com failed soft_bounce_mailbox - -",
            ],
        ),
    ]);
    for contacts in [
        "a@example.com,Ann\nb@example.com,Bob\n",
        "Person,Name\na@example.com,Ann\n",
        // Two columns may be meant.
        "Person,Other,Status\na@example.com,c@example.com,bounced\n",
        "a@example.com,c@example.com,BOUNCE\n",
    ] {
        assert_eq!(told(contacts), (Vec::new(), Some(1)), "{contacts}");
    }
}

#[test]
fn i6_envelopes_of_amazon_and_microsoft() {
    let event = r#"{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Permanent\",\"bouncedRecipients\":[{\"emailAddress\":\"a@example.com\",\"diagnosticCode\":\"smtp; 550 5.1.1 user unknown\"}],\"timestamp\":\"2026-11-03T10:11:12.123Z\"},\"mail\":{\"source\":\"sales1@acme.example\"}}"#;
    let logged = format!(
        r#"{{"events":[{{"timestamp":1793700699000,"message":"{event}","ingestionTime":1793700699001}}]}}"#
    );
    let trace = r#"{"d":{"results":[{"Received":"/Date(1793700672000)/","SenderAddress":"sales1@acme.example","RecipientAddress":"a@example.com","Status":"Failed"},{"RecipientAddress":"b@example.com","Status":"Expanded"}]}}"#;
    check(&[
        (
            &logged,
            &["a@example.com failed hard_bounce 2026-11-03T10:11:12Z sales1@acme.example"],
        ),
        (
            trace,
            &["a@example.com failed other 2026-11-03T10:11:12Z sales1@acme.example"],
        ),
        (
            r#"{"value":[{"recipientAddress":"a@example.com","status":"failed"}]}"#,
            &["a@example.com failed other - -"],
        ),
    ]);
}

#[test]
fn i8_numbers_of_columns_are_for_the_file_that_has_addresses_there() {
    let dir = tempfile::tempdir().unwrap();
    let sent = dir.path().join("sent.csv");
    std::fs::write(
        &sent,
        "2026-11-03;spring;sales1@acme.example;a@example.com\n2026-11-03;spring;sales1@acme.example;b@example.com\n",
    )
    .unwrap();
    let bounces = "recipient,smtp_message,occurred_at,mailbox\n\
                   a@example.com,550 5.1.1 User unknown,2026-11-03T12:00:00Z,sales1@acme.example\n";
    let map = "recipient=4,mailbox=3,sent_at=1,campaign_id=2";
    let out = pipe(
        &[
            "report",
            "-",
            "--sent",
            sent.to_str().unwrap(),
            "--map",
            map,
            "--format",
            "json",
        ],
        bounces.as_bytes(),
    );
    let report: Value = serde_json::from_slice(&out.stdout).unwrap();
    let totals = &report["totals"];
    assert_eq!(
        [&totals["sent"], &totals["bounced"], &totals["unmatched"]],
        [2, 1, 0],
        "{report}"
    );
    assert_eq!(report["by"]["campaign"][0]["key"], "spring");
}
