//! `--since`, `--until`, `--last` → moments (P7).

use super::Stop;
use crate::event::assemble::Setting;
use crate::time;
use jiff::Timestamp;

/// A half-open span of time, as far as the options bound it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// From here on.
    pub since: Option<Timestamp>,
    /// To before here.
    pub until: Option<Timestamp>,
}

impl Period {
    /// Reads the options.
    pub fn read(
        since: Option<&str>,
        until: Option<&str>,
        last: Option<&str>,
        setting: &Setting,
    ) -> Result<Period, Stop> {
        if let Some(span) = last {
            return back(span, setting.now);
        }
        let moment = |name: &str, text: Option<&str>| {
            let read = |t: &str| {
                time::parse_moment(t, setting.policy.zone(), setting.now)
                    .map_err(|why| Stop::Usage(format!("--{name} {t}: {why}")))
            };
            text.map(read).transpose()
        };
        let period = Period {
            since: moment("since", since)?,
            until: moment("until", until)?,
        };
        match (period.since, period.until) {
            (Some(s), Some(u)) if s >= u => Err(Stop::Usage(format!(
                "--since {} is not before --until {}",
                time::rfc3339(s),
                time::rfc3339(u)
            ))),
            _ => Ok(period),
        }
    }
}

/// So long before now.
fn back(span: &str, now: Timestamp) -> Result<Period, Stop> {
    let wrong = |why: String| Stop::Usage(format!("--last {span}: {why}"));
    let length = time::parse_span(span).map_err(wrong)?;
    let since = now.checked_sub(length).map_err(|e| wrong(e.to_string()))?;
    Ok(Period {
        since: Some(since),
        until: Some(now),
    })
}
