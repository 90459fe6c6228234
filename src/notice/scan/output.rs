//! What a local mailer printed, as Sendmail's transcript shows it.

/// Lines of a transcript that no reply has claimed yet.
///
/// ```text
///    ----- Transcript of session follows -----
/// mail.local: /var/mail/kim: Disc quota exceeded
/// 554 5.3.0 <kim@example.org>... Service unavailable
/// ```
#[derive(Debug, Default)]
pub(super) struct MailerOutput {
    /// The lines are those of a transcript.
    within: bool,
    lines: Vec<String>,
}

/// A mailer that says more than this tells its cause at the start.
const MAX_LINES: usize = 20;

impl MailerOutput {
    /// A divider begins a section.
    pub(super) fn section(&mut self, divider: &str) {
        *self = Self {
            within: divider.to_ascii_lowercase().contains("transcript"),
            ..Self::default()
        };
    }

    /// The session with a host begins: what stood above is not of it.
    pub(super) fn clear(&mut self) {
        self.lines.clear();
    }

    pub(super) fn push(&mut self, line: &str) {
        if self.within && self.lines.len() < MAX_LINES {
            self.lines.push(line.to_owned());
        }
    }

    /// The lines above the reply that sums up. They are of its recipient alone.
    pub(super) fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.lines)
    }
}
