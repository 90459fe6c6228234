//! `bounce report`: rates, bands, pauses, patterns (P1–P7).

use super::desk::{Desk, Voice};
use super::intake::{self, Given, Intake, Read};
use super::period::Period;
use super::veil::Veil;
use super::{Status, Stop, setup};
use crate::address;
use crate::cli::{FailOn, Grouping, Report, ReportFormat, When};
use crate::event::Brief;
use crate::event::assemble::Setting;
use crate::history::{Collector, EventId};
use crate::output::ndjson;
use crate::output::report::{self as view, Bands, View};
use crate::output::sink::{self, Sink};
use crate::output::table::Look;
use crate::output::{report_csv, report_html, report_table};
use crate::report::filter::domain_key;
use crate::report::summary::{Band, Books, Figures, Group};
use crate::report::{self, Filter, Newest, Question, Summary, rates};
use hashbrown::HashMap;
use jiff::Timestamp;

/// Runs the command.
pub fn run(options: &Report) -> Result<Status, Stop> {
    let mut setting = setup::setting(&options.common)?;
    setting.mailbox.clone_from(&options.as_mailbox);
    setting.workspace.clone_from(&options.as_workspace);
    let filter = filter(options, &setting)?;
    let named = &options.sent.files;
    let inputs = intake::inputs(&options.intake, named, options.common.quiet)?;
    let own = intake::own_logs(named, &inputs);
    let veil = Veil::open(&options.common.hiding)?;
    let intake = Intake {
        options: &options.intake,
        log: own.as_deref().unwrap_or(named),
        implied: own.is_some(),
        setting: &setting,
        filter: &filter,
        lines: veil.redactor().is_none(),
    };
    let mut out = Sink::open(options.output.as_deref())?;
    let files: Vec<_> = inputs.iter().chain(intake.log).cloned().collect();
    let mut desk = Desk::open(
        &options.intake,
        &files,
        voice(options, &veil),
        options.output.is_some(),
    )?;
    let shown = veil.filter(&filter);
    let mut fold = Fold::default();
    let take = |given: Given<'_>, part: &mut Fold| match given {
        Given::Line(_, brief) => part.take(brief, &shown),
        Given::Event(event) => {
            veil.event(event);
            part.take(&(&*event).into(), &shown);
        }
    };
    let mut read = intake.read(&inputs, &mut desk, take, |part| fold.append(part))?;
    if let Some(sends) = &mut read.sends {
        veil.sends(sends);
    }
    let summary = fold.end(&setting, &shown, &read);
    desk.close()?;
    out.write(&render(options, &setting, &summary))?;
    // The last line of the report comes before the line of what was done.
    out.flush()?;
    desk.conclude(&done(&summary, desk.rejected()));
    if desk.failures() > 0 {
        return Ok(Status::Failed);
    }
    out.keep()?;
    Ok(if trips(options, &summary, &setting) {
        Status::Tripped
    } else if options.intake.strict && desk.rejected() > 0 {
        Status::Rejected
    } else {
        Status::Done
    })
}

fn voice(options: &Report, veil: &Veil) -> Voice {
    Voice {
        quiet: options.common.quiet,
        verbose: options.common.verbose,
        veil: veil.clone(),
    }
}

fn filter(options: &Report, setting: &Setting) -> Result<Filter, Stop> {
    let text = |o: &'_ Option<String>| o.clone();
    let (since, until, last) = (
        text(&options.since),
        text(&options.until),
        text(&options.last),
    );
    let period = Period::read(since.as_deref(), until.as_deref(), last.as_deref(), setting)?;
    let second = |t: Option<Timestamp>| t.map(|t| t.as_second());
    let keys = |all: &[String]| all.iter().map(|a| address::key(a)).collect();
    let mut workspace_of = hashbrown::HashMap::new();
    for (name, workspace) in &setting.policy.workspaces {
        let mailboxes = workspace.mailboxes.iter();
        workspace_of.extend(mailboxes.map(|m| (address::key(m), name.clone())));
    }
    Ok(Filter {
        since: second(period.since),
        until: second(period.until),
        mailboxes: keys(&options.mailbox),
        workspaces: options.workspace.clone(),
        campaigns: options.campaign.clone(),
        domains: options.domain.iter().map(|d| domain_key(d)).collect(),
        categories: options.category.clone(),
        workspace_of,
        workspace: options
            .as_workspace
            .clone()
            .unwrap_or_else(|| "default".to_owned()),
    })
}

/// Events on their way into the report.
#[derive(Default)]
struct Fold {
    collector: Collector,
    newest: Newest,
    /// The events that are filtered out, or have no date, when they are new.
    odd: HashMap<EventId, Odd>,
    filtered: u64,
    undated: u64,
}

/// Why an event is not like most.
#[derive(Clone, Copy)]
enum Odd {
    Filtered,
    Undated,
}

impl Fold {
    /// Takes an event of a part of the input.
    fn take(&mut self, event: &Brief<'_>, filter: &Filter) {
        let new = self.collector.add_brief(event);
        let odd = if filter.wants(event) {
            self.newest.see_brief(event);
            event.occurred_at.is_none().then_some(Odd::Undated)
        } else {
            Some(Odd::Filtered)
        };
        if let Some(odd) = odd.filter(|_| new) {
            self.odd.insert(EventId::parse(&event.event_id), odd);
        }
    }

    /// Takes the next part.
    fn append(&mut self, part: Fold) {
        let (filtered, undated) = (&mut self.filtered, &mut self.undated);
        self.collector
            .append(part.collector, |id| match part.odd.get(&id) {
                Some(Odd::Filtered) => *filtered += 1,
                Some(Odd::Undated) => *undated += 1,
                None => {}
            });
        self.newest.append(part.newest);
    }

    fn end(self, setting: &Setting, filter: &Filter, read: &Read) -> Summary {
        let books = Books {
            messages: read.books.messages,
            with_events: read.books.with_events,
            not_a_report: read.books.not_a_report,
            duplicates: read.duplicates,
            rejected: read.books.rejected,
            sent_rows: read.sent.rows,
            filtered: self.filtered,
            undated: self.undated,
        };
        let mut history = self.collector.finish(&setting.policy);
        let question = Question {
            filter,
            sends: read.sends.as_ref(),
            policy: &setting.policy,
            now: setting.now.as_second(),
        };
        report::summary(&mut history, &question, self.newest, books)
    }
}

fn format(options: &Report) -> ReportFormat {
    let screen = options.output.is_none() && sink::stdout_is_terminal();
    let standard = if screen {
        ReportFormat::Table
    } else {
        ReportFormat::Json
    };
    options.format.unwrap_or(standard)
}

fn render(options: &Report, setting: &Setting, summary: &Summary) -> Vec<u8> {
    let view = view(options, setting);
    match format(options) {
        ReportFormat::Json => json(options, summary),
        ReportFormat::Csv => report_csv::write(summary, &view),
        ReportFormat::Table => report_table::write(summary, &view, look(options)),
        ReportFormat::Html => report_html::write(summary, &view, &json(options, summary)),
    }
}

/// A file is no terminal: colours only if they are asked for.
fn look(options: &Report) -> Look {
    let color = options.common.color;
    let mut look = setup::look(color);
    look.color &= options.output.is_none() || color == When::Always;
    look
}

/// What the options ask of a view.
fn view(options: &Report, setting: &Setting) -> View {
    let thresholds = &setting.policy.thresholds;
    View {
        by: options.by.iter().copied().map(grouping).collect(),
        top: options.top.map(|n| n as usize),
        bands: Bands {
            caution: thresholds.caution,
            danger: thresholds.danger,
            critical: thresholds.critical,
        },
    }
}

const fn grouping(by: Grouping) -> view::Grouping {
    match by {
        Grouping::Mailbox => view::Grouping::Mailbox,
        Grouping::Domain => view::Grouping::Domain,
        Grouping::Provider => view::Grouping::Provider,
        Grouping::Campaign => view::Grouping::Campaign,
        Grouping::Day => view::Grouping::Day,
        Grouping::Category => view::Grouping::Category,
    }
}

/// All groups; providers are no key of the interface, and there on demand.
fn json(options: &Report, summary: &Summary) -> Vec<u8> {
    let mut summary = summary.clone();
    if !options.by.contains(&Grouping::Provider) {
        summary.by.provider.clear();
    }
    let mut out = Vec::new();
    ndjson::line(&summary, &mut out);
    out
}

/// One line of what was done.
fn done(summary: &Summary, rejected: u64) -> String {
    let (t, b) = (&summary.totals, &summary.books);
    let mut line = format!(
        "{} recipients bounced; {} records: {} reports, {} others, {} duplicates, {} rejected",
        t.bounced, b.messages, b.with_events, b.not_a_report, b.duplicates, b.rejected
    );
    if b.filtered > 0 {
        line.push_str(&format!("; {} events filtered out", b.filtered));
    }
    let of_log = rejected.saturating_sub(b.rejected);
    if b.sent_rows > 0 || of_log > 0 {
        line.push_str(&format!("; {} sent rows, {of_log} rejected", b.sent_rows));
    }
    line
}

/// `--fail-on`.
fn trips(options: &Report, summary: &Summary, setting: &Setting) -> bool {
    let least = match options.fail_on {
        None => return false,
        Some(FailOn::Pause) => return summary.pauses.iter().any(|p| p.active),
        Some(FailOn::Caution) => Band::Caution,
        Some(FailOn::Danger) => Band::Danger,
        Some(FailOn::Critical) => Band::Critical,
    };
    let bad = |f: &Figures| {
        let certain = |low| rates::band_of(low, &setting.policy.thresholds) >= least;
        f.band.is_some_and(|b| b >= least)
            && (options.fail_on_uncertain || f.rate_low.is_some_and(certain))
    };
    let any = |groups: &[Group]| groups.iter().any(|g| bad(&g.figures));
    bad(&summary.totals) || any(&summary.by.mailbox) || any(&summary.by.campaign)
}
