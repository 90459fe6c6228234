//! What a code means, and what to do about a verdict.
