//! What is known of the domains of recipients: most of an export's are a few.

use crate::address;
use crate::classify::Providers;
use hashbrown::HashMap;

/// At most so many are remembered.
const MOST: usize = 32 * 1024;

/// The domains of one worker.
#[derive(Debug, Default)]
pub struct Domains {
    known: HashMap<Box<str>, Domain>,
}

#[derive(Debug)]
struct Domain {
    /// In lower case.
    lower: Box<str>,
    providers: u64,
    suggested: Option<&'static str>,
}

/// A domain.
#[derive(Clone, Copy, Debug)]
pub struct Known<'d> {
    /// In lower case, as [`address::domain`] has it.
    pub lower: &'d str,
    /// Whose it is, as [`Providers::bits`].
    pub providers: u64,
    /// What it was probably meant to be.
    pub suggested: Option<&'static str>,
    /// Its bytes in the address.
    pub length: usize,
}

impl Domains {
    /// The domain of an address.
    pub fn of(&mut self, recipient: &str) -> Known<'_> {
        let (_, domain) = address::split(recipient).unwrap_or_default();
        if !self.known.contains_key(domain) {
            if self.known.len() >= MOST {
                self.known.clear();
            }
            let new = Domain {
                lower: domain.to_lowercase().into(),
                providers: Providers::of("", None, Some(recipient)).bits(),
                suggested: address::typo_domain(domain),
            };
            self.known.insert(domain.into(), new);
        }
        match self.known.get(domain) {
            Some(known) => Known {
                lower: &known.lower,
                providers: known.providers,
                suggested: known.suggested,
                length: domain.len(),
            },
            None => Known {
                lower: "",
                providers: 0,
                suggested: None,
                length: 0,
            },
        }
    }
}
