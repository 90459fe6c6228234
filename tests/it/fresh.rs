//! Checked-in files that are generated: man pages and completions (U3).
//! `BOUNCE_BLESS=1 cargo test fresh` writes them anew.

use crate::run::root;
use bounce::cli::Cli;
use clap::CommandFactory;
use clap_complete::{Shell, generate};
use std::path::PathBuf;

fn check(path: PathBuf, bytes: &[u8]) {
    if std::env::var_os("BOUNCE_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
    }
    let there = std::fs::read(&path).unwrap_or_default();
    assert!(
        there == bytes,
        "{} is stale: BOUNCE_BLESS=1 cargo test fresh",
        path.display()
    );
}

#[test]
fn u3_completions_are_fresh() {
    for shell in [
        Shell::Bash,
        Shell::Zsh,
        Shell::Fish,
        Shell::PowerShell,
        Shell::Elvish,
    ] {
        let mut out = Vec::new();
        generate(shell, &mut Cli::command(), "bounce", &mut out);
        let name = match shell {
            Shell::Bash => "bounce.bash",
            Shell::Zsh => "_bounce",
            Shell::Fish => "bounce.fish",
            Shell::PowerShell => "_bounce.ps1",
            _ => "bounce.elv",
        };
        check(root().join("completions").join(name), &out);
    }
}

#[test]
fn u3_man_pages_are_fresh() {
    let mut command = Cli::command();
    command.build();
    let page = |command: clap::Command, name: &str| {
        let mut out = Vec::new();
        clap_mangen::Man::new(command)
            .title(name.to_uppercase())
            .render(&mut out)
            .unwrap();
        check(root().join("man").join(format!("{name}.1")), &out);
    };
    page(command.clone(), "bounce");
    for sub in command.get_subcommands().filter(|c| c.get_name() != "help") {
        let name = format!("bounce-{}", sub.get_name());
        page(
            sub.clone().name(name.clone()).display_name(name.clone()),
            &name,
        );
    }
}
