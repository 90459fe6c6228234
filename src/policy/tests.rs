use super::*;
use crate::vocab::RetryStrategy;
use proptest::prelude::*;

const FULL: &str = include_str!("../../testdata/policy/full.toml");

fn parse(text: &str) -> Policy {
    Policy::parse(text, "bounce.toml").unwrap()
}

#[test]
fn u2_every_key_has_a_default() {
    assert_eq!(parse(""), Policy::default());
    assert_eq!(parse("\u{feff}# nothing\r\n"), Policy::default());
}

#[test]
fn u2_the_example_states_the_defaults() {
    let full = parse(FULL);
    let expected = Policy {
        // What has no default.
        workspaces: full.workspaces.clone(),
        mailboxes: full.mailboxes.clone(),
        overrides: full.overrides.clone(),
        retries: full.retries.clone(),
        roles: full.roles.clone(),
        rules: full.rules.clone(),
        model: Some("bounce.model".to_owned()),
        corrections: Some("corrections.ndjson".to_owned()),
        warmup: Warmup {
            subjects: full.warmup.subjects.clone(),
            ..Warmup::default()
        },
        ..Policy::default()
    };
    assert_eq!(full, expected);
    for &category in Category::ALL {
        let default = Policy::default().retry(category, "");
        assert_eq!(full.retry(category, ""), default, "{category}");
    }
}

#[test]
fn u2_the_example_has_every_figure() {
    let policy = Policy::default();
    let shown = [
        format!("{:?}", policy.thresholds),
        format!("{:?}", policy.verdicts),
        format!("{:?}", policy.schedule),
        format!("{:?}", policy.escalation),
        format!("{:?}", policy.pauses),
        format!("{:?}", policy.patterns),
        format!("{:?}", policy.corroboration),
        format!("{:?}", policy.matching),
        format!("{:?}", policy.lists),
        format!("{:?}", policy.roles),
    ]
    .join(" ");
    let keys: Vec<&str> = shown
        .split(' ')
        .filter_map(|word| word.strip_suffix(':'))
        .collect();
    assert!(keys.len() > 60, "{keys:?}");
    for key in keys {
        let stated = FULL.contains(&format!("\n{key} =")) || FULL.contains(&format!(".{key}]"));
        assert!(stated, "{key} is missing in full.toml");
    }
}

#[test]
fn t2_default_retries() {
    let cases = [
        (Category::HardBounce, RetryStrategy::Never, 0),
        (Category::SoftBounceMailbox, RetryStrategy::Hourly, 5),
        (Category::SoftBounceContent, RetryStrategy::Never, 0),
        (Category::SoftBounceReputation, RetryStrategy::Daily, 3),
        (Category::AutoReply, RetryStrategy::Never, 0),
        (Category::Complaint, RetryStrategy::Never, 0),
        (Category::Other, RetryStrategy::Never, 0),
    ];
    for (category, strategy, count) in cases {
        let expected = Retry { strategy, count };
        assert_eq!(Policy::default().retry(category, "default"), expected);
    }
}

#[test]
fn t2_a_workspace_has_its_own_retries() {
    // The workspace stands first: the order of the file decides nothing.
    let policy = parse(
        "[workspaces.a.retry]\nsoft_bounce_mailbox.count = 2\nother.strategy = \"daily\"\n\
         [retry]\nsoft_bounce_mailbox = { strategy = \"weekly\" }\n",
    );
    let retry = |category, workspace| {
        let retry = policy.retry(category, workspace);
        (retry.strategy, retry.count)
    };
    use RetryStrategy::{Daily, Never, Weekly};
    assert_eq!(retry(Category::SoftBounceMailbox, "a"), (Weekly, 2));
    assert_eq!(retry(Category::SoftBounceMailbox, "b"), (Weekly, 2));
    assert_eq!(retry(Category::Other, "a"), (Daily, 3));
    assert_eq!(retry(Category::Other, "b"), (Never, 0));
    let full = parse(FULL);
    let expected = Retry {
        strategy: Weekly,
        count: 1,
    };
    assert_eq!(
        full.retry(Category::SoftBounceReputation, "outreach"),
        expected
    );
}

#[test]
fn u2_workspaces_by_address_key() {
    let policy = parse(FULL);
    let cases = [
        ("sales1@acme.example", Some("outreach")),
        ("Sales2@ACME.example", Some("outreach")),
        ("care@acme.example", Some("customer care")),
        ("sales3@acme.example", None),
        ("", None),
    ];
    for (mailbox, expected) in cases {
        assert_eq!(policy.workspace_of(mailbox), expected, "{mailbox}");
    }
}

#[test]
fn u2_a_reason_may_have_another_category() {
    let policy = parse(
        "[reasons]\nspamdetected.category = \"hard_bounce\"\nclosed.category = \"hard_bounce\"",
    );
    let cases = [
        (Reason::SpamDetected, Some(Category::HardBounce), true),
        // Named, but as it was.
        (Reason::Closed, Some(Category::HardBounce), false),
        (
            Reason::MailboxFull,
            Some(Category::SoftBounceMailbox),
            false,
        ),
        (Reason::Delivered, None, false),
    ];
    for (reason, category, overridden) in cases {
        assert_eq!(policy.category_of(reason), category, "{reason}");
        assert_eq!(policy.overrides(reason), overridden, "{reason}");
    }
}

#[test]
fn c11_role_accounts_are_added_and_removed() {
    let policy = parse("[roles]\nadd = [\"FrontDesk@\"]\nremove = [\"team\"]");
    let cases = [
        ("frontdesk@a.example", true),
        ("frontdesk+x@a.example", true),
        ("team@a.example", false),
        ("info@a.example", true),
        ("jo@a.example", false),
        ("frontdesk", false),
    ];
    for (address, expected) in cases {
        assert_eq!(policy.is_role(address), expected, "{address}");
    }
    assert!(Policy::default().is_role("team@a.example"));
}

#[test]
fn u2_warmup_by_header_and_subject() {
    let warmup = parse(
        "[warmup]\nheaders = [\"X-Warm\", \"X-Stream: Warmup\"]\nsubjects = [\"[warm]\", '/wu-\\d+/']",
    )
    .warmup;
    let headers = [
        ("x-warm", "anything", true),
        ("X-Warm", "false", false),
        ("X-Stream", " warmup ", true),
        ("X-Stream", "news", false),
        ("X-Other", "warmup", false),
    ];
    for (name, value, expected) in headers {
        assert_eq!(
            warmup.marks_header(name, value),
            expected,
            "{name}: {value}"
        );
    }
    let subjects = [
        ("Hello [WARM] you", true),
        ("your order WU-17", true),
        ("warm regards", false),
        ("", false),
    ];
    for (subject, expected) in subjects {
        assert_eq!(warmup.marks_subject(subject), expected, "{subject}");
    }
}

#[test]
fn e1_the_zone_is_that_of_the_policy() {
    let policy = parse("timezone = \"Europe/Berlin\"");
    let moment = crate::time::parse_mail_date("3 Nov 2026 10:11:12", policy.zone());
    assert_eq!(
        moment.map(crate::time::rfc3339).as_deref(),
        Some("2026-11-03T09:11:12Z")
    );
}

#[test]
fn c4_rules_are_files_or_tables() {
    let cases: [(&str, &[&str], usize); 3] = [
        ("rules = \"a.tsv\"", &["a.tsv"], 0),
        ("rules = [\"a.tsv\", \"b.tsv\"]", &["a.tsv", "b.tsv"], 0),
        (FULL, &[], 1),
    ];
    for (text, files, own) in cases {
        let rules = parse(text).rules;
        assert_eq!(rules.files, files);
        assert_eq!(rules.own.len(), own);
    }
    let rules = parse(FULL).rules;
    let rule = rules.own.first().unwrap();
    assert_eq!(rule.reason, Reason::MailboxFull);
    assert_eq!(rule.text, "no room left for this user");
}

/// Files with one mistake: the file, then `=>` and all that is said about it.
const WRONG: &str = include_str!("../../testdata/policy/wrong.txt");

#[test]
fn u2_a_wrong_key_or_value_is_an_error_with_its_line() {
    let mut cases = 0;
    let mut rest = WRONG;
    while let Some((text, tail)) = rest.split_once("\n=> ") {
        let (expected, tail) = tail.split_once('\n').unwrap();
        let error = Policy::parse(text, "bounce.toml").unwrap_err();
        assert_eq!(error.to_string(), expected, "{text}");
        rest = tail.trim_start_matches('\n');
        cases += 1;
    }
    assert_eq!((cases, rest), (WRONG.matches("=> ").count(), ""));
    assert!(cases > 50, "{cases}");
}

proptest! {
    /// Whatever is cut out of a file and put in its place: policy or error, with a
    /// line that the file has.
    #[test]
    fn t16_no_damage_to_a_file_panics(
        from in 0..FULL.len(),
        len in 0usize..40,
        inserted in "[\\[\\]{}=.,\"'\\\\# \n0-9a-z\u{e9}]{0,4}",
    ) {
        let to = FULL.len().min(from + len);
        if FULL.is_char_boundary(from) && FULL.is_char_boundary(to) {
            let text = [&FULL[..from], &inserted, &FULL[to..]].concat();
            if let Err(error) = Policy::parse(&text, "f") {
                prop_assert!((1..=text.lines().count() + 1).contains(&error.line), "{}", error);
                prop_assert!(!error.to_string().contains('\n'));
            }
        }
    }
}

/// The keys of a policy with their tables; what a user names himself is `*`.
fn keys(table: &toml::Table, path: &str, out: &mut Vec<(String, toml::Value)>) {
    for (name, value) in table {
        let own = matches!(
            path,
            "workspaces" | "reasons" | "retry" | "workspaces.*.retry"
        );
        let name = if own { "*" } else { name.as_str() };
        let path = [path, name].join(".").trim_start_matches('.').to_owned();
        match value {
            toml::Value::Table(inner) => keys(inner, &path, out),
            toml::Value::Array(all) => match all.first() {
                Some(toml::Value::Table(inner)) => keys(inner, &path, out),
                _ => out.push((path, value.clone())),
            },
            value => out.push((path, value.clone())),
        }
    }
}

#[test]
fn u2_the_page_about_the_policy_has_every_key_and_the_defaults() {
    let page = include_str!("../../docs/policy.md");
    let mut told = Vec::new();
    for block in page.split("```toml\n").skip(1) {
        let text = block.split("```").next().unwrap();
        keys(&text.parse().unwrap(), "", &mut told);
    }
    let mut all = Vec::new();
    keys(&FULL.parse().unwrap(), "", &mut all);
    assert!(all.len() > 60, "{}", all.len());
    let figures = [
        "thresholds",
        "verdicts",
        "schedule",
        "escalation",
        "pauses",
        "patterns",
        "corroboration",
        "matching",
        "lists",
    ];
    for (key, value) in &all {
        let found = told.iter().find(|(k, _)| k == key);
        let Some((_, said)) = found else {
            panic!("docs/policy.md does not have {key}");
        };
        if figures.contains(&key.split('.').next().unwrap()) {
            assert_eq!(said, value, "{key}");
        }
    }
}
