//! What every command needs first: the clock, the policy, the judge, the screen.

use super::Stop;
use crate::classify::model::{BuiltIn, Linear, corrections};
use crate::classify::{DecidedBy, Judge, Model, Reply, Rules};
use crate::cli::{Common, When};
use crate::event::assemble::Setting;
use crate::input::Map;
use crate::output::sink;
use crate::output::table::Look;
use crate::policy::{CustomRule, Policy};
use crate::sent::Reading;
use crate::time;
use jiff::Timestamp;
use std::path::{Path, PathBuf};

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
        moulds: Default::default(),
    })
}

/// How the sent log is read.
pub fn reading(setting: &Setting, map: Map, threads: usize) -> Reading {
    Reading {
        map,
        zone: setting.policy.zone().clone(),
        now: setting.now,
        verp: setting.policy.verp.clone().into(),
        threads,
    }
}

/// Standard input can be read once.
pub fn one_stdin<'p>(files: impl Iterator<Item = &'p PathBuf>) -> Result<(), Stop> {
    match files.filter(|path| path.as_os_str() == "-").count() {
        0 | 1 => Ok(()),
        _ => Err(Stop::Usage(
            "- stands for standard input, which can be read only once".to_owned(),
        )),
    }
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
        let cells = [&r.gate, &r.text, &r.example].map(|s| if s.is_empty() { "-" } else { s });
        let line = format!("{}\t{}\t{}\n", r.id, r.reason, cells.join("\t"));
        let rule = Rules::parse(&line).map_err(|e| wrong_rule(r, &e.why))?;
        wins_its_example(rule).map_err(|why| wrong_rule(r, &why))?;
        text.push_str(&line);
    }
    for file in &policy.rules.files {
        let (name, more) = beside(named, file, |p| std::fs::read_to_string(p))?;
        let rules = parse_rules(&more, &name)?;
        wins_its_example(rules).map_err(|why| Stop::Usage(format!("{name}: {why}")))?;
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

fn wrong_rule(rule: &CustomRule, why: &str) -> Stop {
    let (file, line) = &rule.at;
    Stop::Usage(format!("{file}:{line}: rules.{}: {why}", rule.id))
}

/// A rule of the user that does not win its own example would never do what he means.
fn wins_its_example(rules: Rules) -> Result<(), String> {
    let examples: Vec<(String, String)> = rules
        .iter()
        .filter(|r| !r.example.is_empty())
        .map(|r| (r.id.clone(), r.example.clone()))
        .collect();
    let judge = Judge::new().with_user_rules(rules);
    for (id, example) in examples {
        let parts = crate::event::reply::parts(&example);
        let host = crate::event::reply::remote_host(&example);
        let verdict = judge.judge(&Reply {
            smtp_code: parts.code,
            enhanced: parts.enhanced,
            text: &example,
            remote_mta: host.as_deref(),
            ..Reply::default()
        });
        if verdict.decided_by != DecidedBy::Rule(id.clone()) {
            let by = crate::event::assemble::decider(&verdict.decided_by);
            return Err(format!(
                "the rule {id} does not win its example, {by} does: {example}"
            ));
        }
    }
    Ok(())
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
