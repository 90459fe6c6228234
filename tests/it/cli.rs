//! The command line as files: `tests/cmd/*.toml` (command, output, exit code), and
//! the README's blocks.

#[test]
fn u1_commands_as_files() {
    trycmd::TestCases::new()
        .env("BOUNCE_TEST", "1")
        .case("tests/cmd/*.toml")
        .case("tests/cmd/*.trycmd");
}

#[test]
fn the_readme_shows_real_output() {
    trycmd::TestCases::new().case("README.md");
}
