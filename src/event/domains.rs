//! What is known of the domains of recipients: most of an export's are a few.

use crate::address;
use crate::classify::Providers;
use hashbrown::HashMap;

/// At most so many are remembered.
const MOST: usize = 32 * 1024;

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
    /// The domain of an address; an empty one if it has none.
    pub fn of(&mut self, recipient: &str) -> &Domain {
        let (_, domain) = address::split(recipient).unwrap_or_default();
        if self.known.len() >= MOST {
            self.known.clear();
        }
        self.known.entry_ref(domain).or_insert_with(|| Domain {
            lower: domain.to_lowercase().into(),
            providers: Providers::of("", None, Some(recipient)),
            suggested: address::typo_domain(domain),
        })
    }

    /// Whose host it is.
    pub fn host(&mut self, host: &str) -> Providers {
        if self.hosts.len() >= MOST {
            self.hosts.clear();
        }
        let new = || Providers::of("", Some(host), None);
        *self.hosts.entry_ref(host).or_insert_with(new)
    }
}
