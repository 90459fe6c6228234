//! What every command needs first: the clock, the policy, the judge, the screen.

use super::Stop;
use crate::classify::model::{BuiltIn, Linear, corrections};
use crate::classify::{Judge, Model, Rules};
use crate::cli::{Common, When};
use crate::event::assemble::Setting;
use crate::output::sink;
use crate::output::table::Look;
use crate::policy::Policy;
use crate::time;
use jiff::Timestamp;
use std::path::Path;

/// The policy that is taken where none is named.
const DEFAULT_POLICY: &str = "bounce.toml";

/// Clock, policy and judge, by the options.
pub fn setting(common: &Common) -> Result<Setting, Stop> {
    let policy = policy(common.policy.as_deref())?;
    let now = now(common, &policy)?;
    let judge = judge(&policy, common.policy.as_deref())?;
    Ok(Setting {
        now,
        classified_at: time::rfc3339(now),
        policy,
        judge,
        mailbox: None,
        workspace: None,
    })
}

/// `--now`, else the system's clock, read once.
fn now(common: &Common, policy: &Policy) -> Result<Timestamp, Stop> {
    #[allow(
        clippy::disallowed_methods,
        reason = "the one place where the clock is read"
    )]
    let system = Timestamp::now();
    match &common.now {
        None => Ok(system),
        Some(t) => time::parse_moment(t, policy.zone(), system)
            .map_err(|why| Stop::Usage(format!("--now {t}: {why}"))),
    }
}

fn policy(named: Option<&Path>) -> Result<Policy, Stop> {
    let path = match named {
        Some(p) => p,
        None if Path::new(DEFAULT_POLICY).is_file() => Path::new(DEFAULT_POLICY),
        None => return Ok(Policy::default()),
    };
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|e| Stop::Usage(format!("{name}: {e}")))?;
    Policy::parse(&text, &name).map_err(|e| Stop::Usage(e.to_string()))
}

/// The built-in rules behind those of the policy, its own first, then its files; the
/// model behind both, and corrections before all.
fn judge(policy: &Policy, named: Option<&Path>) -> Result<Judge, Stop> {
    let mut text = String::new();
    for r in &policy.rules.own {
        let or_dash = |s: &'_ String| {
            if s.is_empty() {
                "-".to_owned()
            } else {
                s.clone()
            }
        };
        let cells = [&r.gate, &r.text, &r.example].map(or_dash);
        text.push_str(&format!("{}\t{}\t{}\n", r.id, r.reason, cells.join("\t")));
    }
    for file in &policy.rules.files {
        let (name, more) = beside(named, file, |p| std::fs::read_to_string(p))?;
        parse_rules(&more, &name)?;
        text.push_str(&more);
        text.push('\n');
    }
    let own = parse_rules(&text, "rules of the policy")?;
    let mut judge = Judge::new().with_model(model(policy, named)?);
    if !own.is_empty() {
        judge = judge.with_user_rules(own);
    }
    correct(&mut judge, policy, named)?;
    Ok(judge)
}

/// The model that the policy names, else the built-in one.
fn model(policy: &Policy, named: Option<&Path>) -> Result<Box<dyn Model>, Stop> {
    let Some(file) = &policy.model else {
        return Ok(Box::new(BuiltIn));
    };
    let (name, bytes) = beside(named, file, |p| std::fs::read(p))?;
    match Linear::parse(&bytes) {
        Ok(model) => Ok(Box::new(model)),
        Err(why) => Err(Stop::Usage(format!("{name}: {why}"))),
    }
}

/// Tells the judge what people have corrected.
fn correct(judge: &mut Judge, policy: &Policy, named: Option<&Path>) -> Result<(), Stop> {
    let Some(file) = &policy.corrections else {
        return Ok(());
    };
    let (name, text) = beside(named, file, |p| std::fs::read_to_string(p))?;
    let wrong = |bad| Stop::Usage(format!("{name}:{bad}"));
    for (code, text, reason) in corrections::load(&text).map_err(wrong)? {
        judge.correct(code, &text, reason);
    }
    Ok(())
}

/// Reads a file that the policy names: it is meant from where the policy stands.
fn beside<T>(
    policy: Option<&Path>,
    file: &str,
    read: impl Fn(&Path) -> std::io::Result<T>,
) -> Result<(String, T), Stop> {
    let base = policy.and_then(Path::parent).unwrap_or(Path::new(""));
    let path = base.join(file);
    let name = path.display().to_string();
    match read(&path) {
        Ok(what) => Ok((name, what)),
        Err(e) => Err(Stop::Usage(format!("{name}: {e}"))),
    }
}

fn parse_rules(text: &str, name: &str) -> Result<Rules, Stop> {
    Rules::parse(text).map_err(|e| Stop::Usage(format!("{name}: {e}")))
}

/// True if colours are wanted on standard output: `NO_COLOR` (no-color.org) and a
/// terminal without capabilities speak against it.
pub fn color(when: When) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty());
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto => {
            sink::stdout_is_terminal()
                && !set("NO_COLOR")
                && std::env::var_os("TERM").is_none_or(|t| t != "dumb")
        }
    }
}

/// Width and colours of the terminal.
pub fn look(when: When) -> Look {
    let named = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
    let width = terminal_size::terminal_size().map(|(w, _)| usize::from(w.0));
    Look {
        width: width.or(named).unwrap_or(100),
        color: color(when),
    }
}
