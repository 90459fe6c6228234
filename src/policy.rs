//! The policy file `bounce.toml`: every key has a default.
