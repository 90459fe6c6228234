//! Diagnostics: no full address on standard error, which cron mails to anybody.

use super::scan;

/// A text whose addresses keep their domain and, if `letter`, the first letter.
pub fn masked(text: &str, letter: bool) -> String {
    scan::replaced(text, |found| {
        let (local, domain) = scan::halves(found);
        let first = local.chars().next().filter(|_| letter);
        let first = first.map(String::from).unwrap_or_default();
        format!("{first}***@{domain}")
    })
}
