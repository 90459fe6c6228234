//! What the views of a report share: what is asked of them, the order of groups,
//! numbers and words for people.

pub mod number;
pub mod order;
pub mod words;

use crate::report::Summary;
use crate::report::summary::{Band, Figures, Group};

/// What a view groups by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// Sending mailbox.
    Mailbox,
    /// Recipient domain.
    Domain,
    /// Campaign.
    Campaign,
    /// Who runs the recipient's mail.
    Provider,
    /// UTC day.
    Day,
    /// Category.
    Category,
}

impl Grouping {
    /// Its key in the JSON and in the CSV.
    pub const fn key(self) -> &'static str {
        match self {
            Grouping::Mailbox => "mailbox",
            Grouping::Domain => "domain",
            Grouping::Campaign => "campaign",
            Grouping::Provider => "provider",
            Grouping::Day => "day",
            Grouping::Category => "category",
        }
    }

    /// What its groups are called, at the head of a list.
    pub const fn title(self) -> &'static str {
        match self {
            Grouping::Mailbox => "Mailboxes",
            Grouping::Domain => "Recipient domains",
            Grouping::Campaign => "Campaigns",
            Grouping::Provider => "Providers",
            Grouping::Day => "Days",
            Grouping::Category => "Categories",
        }
    }

    /// Its groups, as the JSON has them.
    pub fn groups(self, summary: &Summary) -> &[Group] {
        match self {
            Grouping::Mailbox => &summary.by.mailbox,
            Grouping::Domain => &summary.by.domain,
            Grouping::Campaign => &summary.by.campaign,
            Grouping::Provider => &summary.by.provider,
            Grouping::Day => &summary.by.day,
            Grouping::Category => &summary.by.category,
        }
    }
}

/// What is asked of a view.
#[derive(Clone, Debug)]
pub struct View {
    /// The groups; none: those that the view shows of itself.
    pub by: Vec<Grouping>,
    /// How many groups of each kind; none: as many as suit the view.
    pub top: Option<usize>,
    /// Where caution, danger and critical begin, as fractions (P2).
    pub bands: Bands,
}

impl View {
    /// The groups that are asked for, each once, else `standard`.
    pub fn groupings(&self, standard: &[Grouping]) -> Vec<Grouping> {
        let asked = if self.by.is_empty() {
            standard
        } else {
            &self.by
        };
        let mut out = Vec::new();
        for grouping in asked {
            if !out.contains(grouping) {
                out.push(*grouping);
            }
        }
        out
    }
}

/// The thresholds of the bands, as fractions of what was sent (P2).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bands {
    /// From here on: caution.
    pub caution: f64,
    /// Above: danger.
    pub danger: f64,
    /// Above: critical.
    pub critical: f64,
}

impl Bands {
    /// The band of a rate.
    pub fn of(&self, rate: f64) -> Band {
        if rate > self.critical {
            Band::Critical
        } else if rate > self.danger {
            Band::Danger
        } else if rate >= self.caution {
            Band::Caution
        } else {
            Band::Healthy
        }
    }

    /// What a band is of rates: `2 % to 5 %`.
    pub fn span(&self, band: Band) -> String {
        let percent = number::short_percent;
        match band {
            Band::Healthy => format!("below {}", percent(self.caution)),
            Band::Caution => format!("{} to {}", percent(self.caution), percent(self.danger)),
            Band::Danger => format!("above {}", percent(self.danger)),
            Band::Critical => format!("above {}", percent(self.critical)),
        }
    }
}

/// What can be said of the band of figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// No rate: not known what was sent, or nothing was.
    None,
    /// More bounced than was sent: the log has gaps.
    Incomplete,
    /// The interval reaches into other bands (P3): this is the band of the rate.
    TooFew(Band),
    /// The band, and the interval lies in it.
    Certain(Band),
}

impl Judgement {
    /// Of figures.
    pub fn of(figures: &Figures) -> Judgement {
        match (figures.band, figures.rate_low, figures.band_certain) {
            (None, ..) => Judgement::None,
            (Some(_), None, _) => Judgement::Incomplete,
            (Some(band), _, Some(true)) => Judgement::Certain(band),
            (Some(band), ..) => Judgement::TooFew(band),
        }
    }

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Judgement::None => "–",
            Judgement::Incomplete => "more than sent",
            Judgement::TooFew(_) => "too few to judge",
            Judgement::Certain(band) => band.as_str(),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::report::summary::sample;

    /// A view of everything, with the default bands.
    pub(crate) fn view() -> View {
        View {
            by: Vec::new(),
            top: None,
            bands: Bands {
                caution: 0.01,
                danger: 0.02,
                critical: 0.05,
            },
        }
    }

    #[test]
    fn p6_by_names_the_groups_once_and_in_its_order() {
        use Grouping::{Category, Day, Domain, Mailbox};
        for (by, expected) in [
            (vec![], vec![Mailbox, Domain]),
            (vec![Day, Mailbox, Day], vec![Day, Mailbox]),
            (vec![Category], vec![Category]),
        ] {
            let view = View { by, ..view() };
            assert_eq!(view.groupings(&[Mailbox, Domain]), expected);
        }
    }

    #[test]
    fn p3_a_band_is_named_only_if_it_is_certain() {
        let certain = |certain| Figures {
            band_certain: Some(certain),
            ..sample::figures(9, 200, Band::Danger)
        };
        let gaps = Figures {
            rate_low: None,
            ..certain(false)
        };
        for (figures, expected) in [
            (certain(true), "danger"),
            (certain(false), "too few to judge"),
            (gaps, "more than sent"),
            (Figures::default(), "–"),
        ] {
            assert_eq!(Judgement::of(&figures).words(), expected);
        }
    }

    #[test]
    fn p2_bands_have_their_spans() {
        let bands = view().bands;
        for (band, expected) in [
            (Band::Healthy, "below 1 %"),
            (Band::Caution, "1 % to 2 %"),
            (Band::Danger, "above 2 %"),
            (Band::Critical, "above 5 %"),
        ] {
            assert_eq!(bands.span(band), expected);
        }
        for (rate, expected) in [
            (0.0099, Band::Healthy),
            (0.01, Band::Caution),
            (0.02, Band::Caution),
            (0.05, Band::Danger),
            (0.051, Band::Critical),
        ] {
            assert_eq!(bands.of(rate), expected);
        }
    }
}
