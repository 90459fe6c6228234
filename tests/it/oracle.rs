//! The lazy view of a mail against mailparse, the oracle: same header values, same
//! leaf parts, same decoded bytes, on every well-formed mail of `testdata/`.

use crate::run::root;
use bounce::message::Message;
use mailparse::{MailHeaderMap, ParsedMail};

fn leaves<'m, 'a>(mail: &'m ParsedMail<'a>, out: &mut Vec<&'m ParsedMail<'a>>) {
    if mail.subparts.is_empty() {
        out.push(mail);
    }
    for part in &mail.subparts {
        leaves(part, out);
    }
}

fn mails() -> Vec<(String, Vec<u8>)> {
    let mut out = Vec::new();
    for dir in std::fs::read_dir(root().join("testdata/mail")).unwrap() {
        let dir = dir.unwrap().path();
        if !dir.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(dir).unwrap() {
            let path = file.unwrap().path();
            out.push((path.display().to_string(), std::fs::read(path).unwrap()));
        }
    }
    let mbox = std::fs::read_to_string(root().join("testdata/demo/bounces.mbox")).unwrap();
    for (n, mail) in mbox.split("\nFrom ").enumerate() {
        let body = mail.split_once('\n').map_or("", |(_, m)| m);
        out.push((format!("bounces.mbox #{n}"), body.as_bytes().to_vec()));
    }
    out
}

#[test]
fn i1_the_lazy_view_agrees_with_mailparse() {
    let all = mails();
    assert!(all.len() > 60);
    for (name, raw) in &all {
        let oracle = mailparse::parse_mail(raw).unwrap();
        let view = Message::new(raw);
        for field in [
            "Subject",
            "From",
            "To",
            "Date",
            "Message-ID",
            "Content-Type",
        ] {
            let theirs = oracle
                .headers
                .get_first_value(field)
                .map(|v| v.split_whitespace().collect::<Vec<_>>().join(" "));
            let ours = view
                .headers()
                .text(field)
                .map(|v| v.split_whitespace().collect::<Vec<_>>().join(" "));
            assert_eq!(ours, theirs, "{name}: {field}");
        }
        let mut theirs = Vec::new();
        leaves(&oracle, &mut theirs);
        let ours: Vec<_> = view.parts().iter().filter(|p| !p.is_multipart()).collect();
        assert_eq!(ours.len(), theirs.len(), "{name}: parts");
        for (o, t) in ours.iter().zip(&theirs) {
            assert_eq!(o.kind, t.ctype.mimetype, "{name}");
            if !o.kind.starts_with("text/") && !o.kind.starts_with("message/") {
                continue;
            }
            let want = t.get_body_raw().unwrap();
            let trim = |b: &[u8]| {
                String::from_utf8_lossy(b)
                    .replace("\r\n", "\n")
                    .trim_end()
                    .to_owned()
            };
            assert_eq!(trim(&view.part_bytes(o)), trim(&want), "{name}: {}", o.kind);
        }
    }
}
