//! What was sent, counted while the sent log streams past: by mailbox, campaign, domain
//! and day, and the times of the sends, from which any window can be counted exactly
//! when the bounces that define the windows are known.
//!
//! The times are kept as differences, one to three bytes a send, because which window a
//! send falls into is known only when the log has been read: it is the log that says
//! which mailbox and campaign a bounce belongs to.

use super::filter::Filter;
use crate::history::day;
use hashbrown::{HashMap, HashSet};

/// A row of the sent log, as far as counting goes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Send<'a> {
    /// When, in Unix seconds.
    pub at: Option<i64>,
    /// Only the UTC day is known; `at` is its first second.
    pub day: bool,
    /// The mailbox, as its key.
    pub mailbox: Option<&'a str>,
    /// The recipient's domain, lower case, A-label.
    pub domain: Option<&'a str>,
    /// The campaign.
    pub campaign: Option<&'a str>,
    /// Warm-up mail: it is in no figure.
    pub warmup: bool,
    /// How many messages.
    pub count: u64,
}

/// Sends of one mailbox or campaign.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// Messages in the period.
    pub sent: u64,
    /// The first of all, in Unix seconds.
    pub first: Option<i64>,
    times: Vec<Times>,
}

impl Line {
    fn add(&mut self, send: &Send<'_>, wanted: bool) {
        if wanted {
            self.sent += send.count;
        }
        let Some(at) = send.at.filter(|_| send.count > 0) else {
            return;
        };
        self.first = Some(self.first.map_or(at, |f| f.min(at)));
        if self.times.is_empty() {
            self.times.push(Times::default());
        }
        if let Some(times) = self.times.last_mut() {
            times.push(at, send.count);
        }
    }

    fn merge(&mut self, other: Line) {
        self.sent += other.sent;
        self.first = [self.first, other.first].into_iter().flatten().min();
        self.times.extend(other.times);
    }

    /// Ready for counting windows.
    pub fn windows(&self) -> Windows {
        Windows::of(&self.times)
    }
}

/// Counts of the sent log.
#[derive(Clone, Debug, Default)]
pub struct Sends {
    /// Messages in the period.
    pub total: u64,
    /// By UTC day from 1970-01-01.
    pub days: HashMap<i64, u64>,
    /// By mailbox key.
    pub mailboxes: HashMap<String, Line>,
    /// By campaign.
    pub campaigns: HashMap<String, Line>,
    /// By recipient domain.
    pub domains: HashMap<String, u64>,
    /// Domains whose times are counted, too.
    watched: HashMap<String, Line>,
    /// Some rows say only the day.
    pub by_day: bool,
    /// Rows that say to which domain.
    has_domains: bool,
    /// Rows that passed the filters.
    rows: u64,
    /// Rows that do not say what a filter is about.
    silent: u64,
}

impl Sends {
    /// None yet; for these domains the times are wanted, too.
    pub fn watching(domains: &HashSet<String>) -> Self {
        let line = |d: &String| (d.clone(), Line::default());
        Sends {
            watched: domains.iter().map(line).collect(),
            ..Sends::default()
        }
    }

    /// Adds a row.
    pub fn add(&mut self, send: &Send<'_>, filter: &Filter) {
        if send.warmup {
            return;
        }
        if !filter.fits_send(send) {
            self.silent += u64::from(filter.lacks(send));
            return;
        }
        self.rows += 1;
        self.by_day |= send.day && send.at.is_some();
        let wanted = filter.in_period(send.at);
        if wanted {
            self.total += send.count;
            if let Some(at) = send.at {
                *self.days.entry(day(at)).or_default() += send.count;
            }
        }
        if let Some(mailbox) = send.mailbox {
            self.mailboxes
                .entry_ref(mailbox)
                .or_default()
                .add(send, wanted);
        }
        if let Some(campaign) = send.campaign {
            self.campaigns
                .entry_ref(campaign)
                .or_default()
                .add(send, wanted);
        }
        if let Some(domain) = send.domain {
            self.has_domains = true;
            if wanted {
                *self.domains.entry_ref(domain).or_default() += send.count;
            }
            if let Some(line) = self.watched.get_mut(domain) {
                line.add(send, wanted);
            }
        }
    }

    /// The counts of two parts of a log.
    pub fn merge(&mut self, other: Sends) {
        self.total += other.total;
        self.rows += other.rows;
        self.silent += other.silent;
        self.has_domains |= other.has_domains;
        self.by_day |= other.by_day;
        for (day, n) in other.days {
            *self.days.entry(day).or_default() += n;
        }
        for (domain, n) in other.domains {
            *self.domains.entry(domain).or_default() += n;
        }
        let lines = [
            (&mut self.mailboxes, other.mailboxes),
            (&mut self.campaigns, other.campaigns),
            (&mut self.watched, other.watched),
        ];
        for (own, others) in lines {
            for (key, line) in others {
                own.entry(key).or_default().merge(line);
            }
        }
    }

    /// Gives mailboxes and campaigns other names; those of one name are one.
    pub fn rename(&mut self, mailbox: impl Fn(&str) -> String, campaign: impl Fn(&str) -> String) {
        self.mailboxes = renamed(std::mem::take(&mut self.mailboxes), mailbox);
        self.campaigns = renamed(std::mem::take(&mut self.campaigns), campaign);
    }

    /// False if the log does not say what a filter is about: then nothing is known about
    /// the sends that are asked for.
    pub fn is_known(&self) -> bool {
        self.rows > 0 || self.silent == 0
    }

    /// True if the log says to which domains.
    pub fn has_domains(&self) -> bool {
        self.has_domains
    }

    /// Sends to a watched domain, by time; `None` for others, and if the log does not name
    /// domains.
    pub fn to_domain(&self, domain: &str) -> Option<Windows> {
        let line = self.watched.get(domain).filter(|_| self.has_domains)?;
        Some(line.windows())
    }
}

fn renamed(lines: HashMap<String, Line>, name: impl Fn(&str) -> String) -> HashMap<String, Line> {
    let mut out: HashMap<String, Line> = HashMap::with_capacity(lines.len());
    for (key, line) in lines {
        out.entry(name(&key)).or_default().merge(line);
    }
    out
}

/// Moments and counts, packed: zigzag differences as variable-length integers, the lowest
/// bit says that a count other than 1 follows.
#[derive(Clone, Debug, Default)]
struct Times {
    bytes: Vec<u8>,
    last: i64,
}

impl Times {
    fn push(&mut self, at: i64, count: u64) {
        let at = i64::from(clamp(at));
        let step = at - self.last;
        self.last = at;
        let zigzag = ((step << 1) ^ (step >> 63)).unsigned_abs();
        let many = count != 1;
        self.number(zigzag << 1 | u64::from(many));
        if many {
            self.number(count);
        }
    }

    fn number(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.bytes.push((n & 0x7f) as u8 | 0x80);
            n >>= 7;
        }
        self.bytes.push(n as u8);
    }

    fn each(&self, mut each: impl FnMut(u32, u64)) {
        let mut bytes = self.bytes.iter().copied();
        let mut at = 0;
        while let Some(n) = number(&mut bytes) {
            let count = if n & 1 == 1 {
                number(&mut bytes)
            } else {
                Some(1)
            };
            let zigzag = n >> 1;
            // As it was packed: the difference fits.
            at += (zigzag >> 1) as i64 ^ -((zigzag & 1) as i64);
            each(clamp(at), count.unwrap_or(1));
        }
    }
}

fn number(bytes: &mut impl Iterator<Item = u8>) -> Option<u64> {
    let mut n = 0;
    for shift in (0..64).step_by(7) {
        let byte = bytes.next()?;
        n |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(n);
        }
    }
    Some(n)
}

/// Seconds that fit into 32 bits: from 1970 to 2106.
fn clamp(at: i64) -> u32 {
    u32::try_from(at.max(0)).unwrap_or(u32::MAX)
}

/// How many messages were sent in any window.
#[derive(Clone, Debug, Default)]
pub struct Windows {
    times: Vec<u32>,
    /// Messages up to and including the time at the same place.
    sums: Vec<u64>,
}

impl Windows {
    fn of(all: &[Times]) -> Self {
        let mut sends: Vec<(u32, u64)> = Vec::new();
        all.iter().for_each(|t| t.each(|at, n| sends.push((at, n))));
        sends.sort_unstable();
        let mut windows = Windows::default();
        let mut sum = 0;
        for same in sends.chunk_by(|a, b| a.0 == b.0) {
            sum += same.iter().map(|(_, n)| n).sum::<u64>();
            windows.times.extend(same.first().map(|(at, _)| at));
            windows.sums.push(sum);
        }
        windows
    }

    /// Messages in the window `(from, to]`.
    pub fn between(&self, from: i64, to: i64) -> u64 {
        self.until(to).saturating_sub(self.until(from))
    }

    fn until(&self, at: i64) -> u64 {
        let n = self.times.partition_point(|&t| i64::from(t) <= at);
        n.checked_sub(1)
            .and_then(|n| self.sums.get(n))
            .copied()
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn send(at: i64, count: u64) -> Send<'static> {
        Send {
            at: Some(at),
            mailbox: Some("s@a.example"),
            count,
            ..Send::default()
        }
    }

    fn counted(sends: &[(i64, u64)]) -> Sends {
        let mut all = Sends::default();
        for &(at, n) in sends {
            all.add(&send(at, n), &Filter::default());
        }
        all
    }

    #[test]
    fn p4_a_window_is_open_at_its_beginning_and_closed_at_its_end() {
        let sends = counted(&[(100, 1), (50, 2), (200, 1), (200, 1)]);
        let windows = sends.mailboxes["s@a.example"].windows();
        for (from, to, expected) in [
            (50, 200, 3),
            (49, 200, 5),
            (100, 199, 0),
            (100, 200, 2),
            (0, 50, 2),
            (-5, 49, 0),
            (200, 900, 0),
        ] {
            assert_eq!(windows.between(from, to), expected, "({from}, {to}]");
        }
    }

    #[test]
    fn p1_warm_up_mail_is_not_counted() {
        let mut sends = Sends::default();
        let warmup = Send {
            warmup: true,
            ..send(100, 1)
        };
        sends.add(&warmup, &Filter::default());
        assert_eq!(sends.total, 0);
    }

    #[test]
    fn p7_a_log_without_campaigns_knows_nothing_of_one() {
        let filter = Filter {
            campaigns: vec!["autumn".to_owned()],
            ..Filter::default()
        };
        for (campaign, known) in [
            (None, false),
            (Some("spring"), true),
            (Some("autumn"), true),
        ] {
            let mut sends = Sends::default();
            let row = Send {
                campaign,
                ..send(100, 1)
            };
            sends.add(&row, &filter);
            assert_eq!(sends.is_known(), known, "{campaign:?}");
        }
    }

    proptest! {
        #[test]
        fn p4_packed_times_count_like_plain_ones(
            sends in prop::collection::vec((0..4_000_000_000i64, 0..5u64), 0..50),
            from in 0..4_000_000_000i64,
            length in 0..4_000_000_000i64,
            split in 0..50usize,
        ) {
            let (a, b) = sends.split_at(split.min(sends.len()));
            let mut all = counted(a);
            all.merge(counted(b));
            let inside = |at: i64| at > from && at <= from + length;
            let expected: u64 = sends.iter().filter(|s| inside(s.0)).map(|s| s.1).sum();
            let line = all.mailboxes.get("s@a.example");
            let windows = line.map(Line::windows).unwrap_or_default();
            prop_assert_eq!(windows.between(from, from + length), expected);
            prop_assert_eq!(all.total, sends.iter().map(|s| s.1).sum::<u64>());
        }
    }
}
