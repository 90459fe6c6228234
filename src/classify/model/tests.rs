//! The shipped data and the model made of it.

use super::*;
use crate::vocab::Category;

#[test]
fn c4_the_shipped_labels_are_sound() {
    let found = shipped_labels();
    assert_eq!(found.bad, []);
    assert!(found.labels.len() >= 1_800, "{}", found.labels.len());
    let mut seen = HashMap::new();
    for label in &found.labels {
        let key = (label.smtp_code, label.canonical.as_str());
        if let Some(before) = seen.insert(key, label.reason) {
            panic!("twice, as {before} and {}: {}", label.reason, label.text);
        }
    }
}

#[test]
fn c4_every_reason_of_a_failure_has_labels() {
    let found = shipped_labels();
    for reason in Reason::ALL {
        let wanted = !matches!(
            reason.category(),
            None | Some(Category::AutoReply | Category::Complaint)
        );
        let n = found.labels.iter().filter(|l| l.reason == *reason).count();
        assert_eq!(n >= 15, wanted, "{reason}: {n}");
    }
}

#[test]
fn c4_the_shipped_model_reads() {
    let model = Linear::parse(shipped()).unwrap();
    assert!(model.len() > 1_000);
    assert!(shipped().len() <= 300 << 10, "{}", shipped().len());
}

#[test]
fn c3_foreign_text_is_doubted() {
    for text in [
        "550 xyzzy plugh frobozz gnusto rezrov",
        "550 klaatu barada nikto",
        "lorem ipsum dolor sit amet consectetur",
        "",
    ] {
        let sure = BuiltIn.guess(Some(550), text).map_or(0.0, |(_, sure)| sure);
        assert!(sure < 0.70, "{text}: {sure}");
    }
}

#[test]
fn c4_own_labels_win() {
    let shipped = read("userunknown\t550 no such box\nmailboxfull\t552 full").labels;
    let own = read("suspend\t550 No such  box\nclosed\t550 no such box").labels;
    let all = with_own(shipped, own);
    let reasons: Vec<_> = all.iter().map(|l| (l.reason, l.own)).collect();
    assert_eq!(
        reasons,
        [(Reason::Closed, true), (Reason::MailboxFull, false)]
    );
}
