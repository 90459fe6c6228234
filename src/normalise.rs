//! Reply text → canonical text, once.
