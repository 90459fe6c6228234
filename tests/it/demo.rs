//! The demo mailbox gives what its README says of it, mail by mail.

use crate::run::{events, root, text};

fn alternatives(cell: &str) -> Vec<String> {
    let cell = cell.replace(" or ", "·");
    cell.split('·')
        .map(|w| w.trim_matches([' ', '`']).to_owned())
        .collect()
}

#[test]
fn the_demo_is_read_as_its_readme_says() {
    let all = events(&["testdata/demo/bounces.mbox"], b"").0;
    let readme = std::fs::read_to_string(root().join("testdata/demo/README.md")).unwrap();
    let mut seen = 0;
    for line in readme.lines() {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let Some(Ok(index)) = cells.first().map(|c| c.parse::<u64>()) else {
            continue;
        };
        seen += 1;
        let (kind, categories) = (cells[2].trim_matches('`'), alternatives(cells[3]));
        let (reasons, recipients, held) = (alternatives(cells[4]), cells[5], cells[6]);
        let found: Vec<_> = all
            .iter()
            .filter(|e| e["origin"]["index"] == index)
            .collect();
        assert_eq!(found.is_empty(), kind == "–", "#{index}");
        for e in found {
            assert_eq!(text(e, "kind"), kind, "#{index}");
            let category = text(e, "category").to_owned();
            assert!(
                category.is_empty() || categories.contains(&category),
                "#{index}: {category}"
            );
            let reason = text(e, "reason").to_owned();
            assert!(
                reason.is_empty() || reasons.contains(&reason),
                "#{index}: {reason}"
            );
            assert!(recipients.contains(text(e, "recipient")), "#{index}: {e}");
            assert!(held != "no" || e["held"] != true, "#{index}: {e}");
            if let Some((_, date)) = cells[7].split_once("returns_on ") {
                assert!(date.starts_with(text(e, "returns_on")), "#{index}: {e}");
            }
        }
    }
    assert_eq!(seen, 46);
}
