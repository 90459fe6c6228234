//! `bounce`: see the library.

fn main() {}
