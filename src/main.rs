//! `bounce`: see the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    bounce::run()
}
