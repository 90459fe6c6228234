//! The command line as files, and the README's blocks. `TRYCMD=overwrite cargo test cli`
//! writes what the program says now.

#[test]
fn u1_commands_as_files() {
    trycmd::TestCases::new().case("tests/cmd/*.trycmd");
}

#[test]
fn the_readme_shows_real_output() {
    trycmd::TestCases::new().case("README.md");
}
