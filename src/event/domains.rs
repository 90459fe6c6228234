//! What is known of the domains of recipients: most of an export's are a few.

use crate::address;
use crate::classify::Providers;
use hashbrown::HashMap;

/// At most so many are remembered.
const MOST: usize = 32 * 1024;
/// Longer names are not remembered, in bytes.
const LONGEST: usize = 100;

/// The domains of one worker.
#[derive(Debug, Default)]
pub struct Domains {
    known: HashMap<String, Domain>,
    hosts: HashMap<String, Providers>,
}

/// A domain.
#[derive(Debug)]
pub struct Domain {
    /// In lower case, as [`address::domain`] has it.
    pub lower: Box<str>,
    /// Whose it is.
    pub providers: Providers,
    /// What it was probably meant to be.
    pub suggested: Option<&'static str>,
}

impl Domains {
    /// The domain of an address, if it has one that is short enough.
    pub fn of(&mut self, recipient: &str) -> Option<&Domain> {
        let (_, domain) = address::split(recipient).filter(|(_, d)| d.len() <= LONGEST)?;
        if self.known.len() >= MOST {
            self.known.clear();
        }
        let new = || Domain {
            lower: domain.to_lowercase().into(),
            providers: Providers::of("", None, Some(recipient)),
            suggested: address::typo_domain(domain),
        };
        Some(self.known.entry_ref(domain).or_insert_with(new))
    }

    /// Whose host it is, if its name is short enough.
    pub fn host(&mut self, host: &str) -> Option<Providers> {
        if host.len() > LONGEST {
            return None;
        }
        if self.hosts.len() >= MOST {
            self.hosts.clear();
        }
        let new = || Providers::of("", Some(host), None);
        Some(*self.hosts.entry_ref(host).or_insert_with(new))
    }
}
