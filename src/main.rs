//! `bounce`: see the library.

use std::process::ExitCode;

/// Reading a mail takes and gives back memory a hundred times, in one thread or in two.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    bounce::run()
}
