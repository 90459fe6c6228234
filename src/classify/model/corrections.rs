//! The corrections file: replies whose reason a person has decided (C4). The same
//! lines as labels, `reason<TAB>reply` or events with `corrected_reason`.

use super::labels::{BadLine, read};
use crate::vocab::Reason;

/// Reads corrections: SMTP code, text, and what it means. One bad line spoils the
/// file, for a correction that is silently lost is made again and again.
///
/// ```
/// use bounce::classify::model::corrections;
/// use bounce::vocab::Reason;
///
/// let found = corrections::load("suspend\t550 Account on hold").unwrap();
/// assert_eq!(found, [(Some(550), "550 Account on hold".to_owned(), Reason::Suspend)]);
/// assert_eq!(corrections::load("\nsuspended\tAccount on hold").unwrap_err().line, 2);
/// ```
pub fn load(text: &str) -> Result<Vec<(Option<u16>, String, Reason)>, BadLine> {
    let found = read(text);
    if let Some(bad) = found.bad.into_iter().next() {
        return Err(bad);
    }
    let triple = |l: super::labels::Label| (l.smtp_code, l.text, l.reason);
    Ok(found.labels.into_iter().map(triple).collect())
}
