//! The command line: types and help text, no logic.

use crate::vocab::{Category, Platform};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use std::path::PathBuf;

/// Reads bounce mails and says of every recipient what the bounce means, how sure
/// that is, and what to do.
#[derive(Debug, Parser)]
#[command(
    name = "bounce",
    version,
    max_term_width = 100,
    arg_required_else_help = true
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[allow(
    clippy::large_enum_variant,
    reason = "there is one, parsed once; boxes would only be in the way"
)]
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Mails in, events out: one JSON object per reported recipient
    #[command(after_long_help = CLASSIFY_HELP)]
    Classify(Classify),
    /// Rates, bands, pauses and patterns of all that bounced
    #[command(after_long_help = REPORT_HELP)]
    Report(Report),
    /// What a reply, a code, a log line or a whole mail means, and what to do
    #[command(after_long_help = EXPLAIN_HELP)]
    Explain(Explain),
    /// Who must not be mailed again, and from where: lists that remember
    #[command(after_long_help = SUPPRESS_HELP)]
    Suppress(Suppress),
    /// Retrain the model with your corrections, and measure it
    #[command(after_long_help = TRAIN_HELP)]
    Train(Train),
}

const CLASSIFY_HELP: &str = "\
Examples:
  bounce classify bounces.mbox                   a table on a terminal, NDJSON in a pipe
  bounce classify ~/Maildir --category hard_bounce --format csv -o hard.csv
  zcat old.mbox.gz | bounce classify -           compressed files are read as they are, too
  bounce classify mbox Maildir --rejects bad.ndjson --strict
  bounce classify suppression_bounces.csv webhook.ndjson
  bounce classify /var/log/mail.log.1 --category hard_bounce
  bounce classify export.csv --map recipient=Kontakt,smtp_message=Hinweis
  bounce classify bounces.mbox --sent sent.csv   which mail of yours each bounce answers

Exit status:
  0  done (also when the reader of a pipe has gone)
  1  an input could not be opened, or a write failed; the other inputs were
     processed, a file named by -o is as before the run
  2  wrong use
  4  done, but something was rejected, under --strict";

const REPORT_HELP: &str = "\
Examples:
  bounce report bounces.mbox --sent sent.csv     on a terminal: what to look at first
  bounce report Maildir --sent sent.csv --last 24h --by mailbox,domain
  bounce report /var/log/mail.log                a log says what was sent, too
  bounce report events.ndjson --sent sent.csv --format html -o report.html
  bounce report bounces.mbox --sent sent.csv --fail-on danger -o report.json

Exit status:
  0  done (also when the reader of a pipe has gone)
  1  an input could not be opened, or a write failed; the other inputs were
     processed, a file named by -o is as before the run
  2  wrong use
  3  done, and --fail-on tripped
  4  done, but something was rejected, under --strict";

const SUPPRESS_HELP: &str = "\
Examples:
  bounce suppress Maildir --sent sent.csv --out lists      every night, from cron
  bounce suppress new.mbox --out lists --dry-run           what would change
  bounce suppress --reverified good.csv --out lists < /dev/null
  bounce suppress remove jane@example.com --comment 'answered by phone' --out lists
  bounce suppress remove --domain example.com --since 2026-11-03T08:00Z \\
      --until 2026-11-03T14:00Z --comment 'their server was down' --out lists
  bounce suppress import old-list.csv --comment 'from the old tool' --out lists
  bounce suppress why jane@example.com --out lists
  bounce suppress Maildir --out lists --for smartlead       lists/for/smartlead: to upload

The folder remembers: DIR/ledger.db holds every event and every removal, and the lists
are made of all of it. Reading a mail twice changes nothing. A file called `why` is
given as ./why.

Exit status:
  0  done
  1  an input could not be opened, or a write failed; the lists are as before the run
  2  wrong use
  4  done, but something was rejected, under --strict
  5  another run holds DIR";

const EXPLAIN_HELP: &str = "\
Examples:
  bounce explain '550 5.1.1 <jane@example.com>: User unknown'
  bounce explain 5.7.26
  bounce explain 421
  tail -1 /var/log/mail.log | bounce explain -
  bounce explain - < bounce.eml";

const TRAIN_HELP: &str = "\
A label is a line: the reason, a tab, the reply. An event of `bounce classify` is one
when it has a key \"corrected_reason\"; events without it are skipped.

Examples:
  bounce train                                   how good the built-in model is
  bounce train corrections.tsv                   what your corrections make of it
  bounce train fixed.ndjson -o bounce.model      write the new model
  bounce train - --no-base --format json         your labels alone

Then, in bounce.toml:
  corrections = \"corrections.tsv\"   these very replies: always as corrected
  [model]
  path = \"bounce.model\"            replies like them

Exit status:
  0  done
  1  an input could not be opened or has no labels, or a write failed; a file named
     by -o is as before the run
  2  wrong use
  4  done, but a line was rejected, under --strict";

/// `bounce classify`.
#[derive(Debug, Args)]
pub struct Classify {
    /// Files, folders (Maildir or files below), or - for standard input
    ///
    /// Mails as mbox (all variants), Maildir, .eml, folders of these; the bounce exports
    /// (CSV) and events (JSON, NDJSON) of platforms; logs of Postfix, Exim, qmail,
    /// OpenSMTPD, Sendmail and PowerMTA; gzip and zstd of them; and events that this
    /// program wrote; detected by content, not by name. No INPUT means standard input.
    #[arg(value_name = "INPUT", value_hint = ValueHint::AnyPath)]
    pub inputs: Vec<PathBuf>,
    /// How to write the events [default: table on a terminal, else ndjson]
    #[arg(long, value_enum)]
    pub format: Option<EventFormat>,
    /// Write to FILE instead of standard output; replaced as a whole when all went well
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// What the inputs are
    #[arg(long, value_enum, default_value = "auto")]
    pub input_format: InputFormat,
    /// Columns of a table, or paths in JSON, that are not known by name
    ///
    /// KEY is the key of an event: recipient, smtp_message, smtp_code, enhanced_code,
    /// kind, class, occurred_at, mailbox, campaign_id, message_id and so on; or a column
    /// of the sent log: sent_at, recipient_domain, stream, sent. COLUMN is a name, or a
    /// number from 1 on; with recipient by number a table needs no header. With -v every
    /// table says how its columns were read.
    #[arg(long, value_name = "KEY=COLUMN,…")]
    pub map: Vec<String>,
    /// Only events at or after T (RFC 3339, or a date)
    #[arg(long, value_name = "T", conflicts_with = "last")]
    pub since: Option<String>,
    /// Only events before T
    #[arg(long, value_name = "T", conflicts_with = "last")]
    pub until: Option<String>,
    /// Only events of the last SPAN before now: 24h, 7d, 2w
    #[arg(long, value_name = "SPAN")]
    pub last: Option<String>,
    /// The sending mailbox, where the input does not say
    #[arg(long, value_name = "ADDRESS")]
    pub mailbox: Option<String>,
    /// The workspace, where the policy does not say
    #[arg(long, value_name = "NAME")]
    pub workspace: Option<String>,
    /// Only events of this campaign; may be repeated
    #[arg(long, value_name = "ID")]
    pub campaign: Vec<String>,
    /// Only events of this recipient domain; may be repeated
    #[arg(long, value_name = "DOMAIN")]
    pub domain: Vec<String>,
    /// Only events of this category; may be repeated
    #[arg(long, value_name = "CATEGORY", value_parser = categories())]
    pub category: Vec<Category>,
    /// Write what could not be read to FILE: NDJSON with file, index, offset, why
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub rejects: Option<PathBuf>,
    /// Exit with 4 if anything was rejected
    #[arg(long)]
    pub strict: bool,
    /// Worker threads [default: all cores]; the output is the same whatever N is
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// The sent log.
    #[command(flatten)]
    pub sent: SentOptions,
    /// Settings and screen.
    #[command(flatten)]
    pub common: Common,
    /// When to show progress on standard error
    #[arg(long, value_enum, default_value = "auto")]
    pub progress: Progress,
}

/// The sent log, of every command that takes one.
#[derive(Debug, Args)]
pub struct SentOptions {
    /// What was sent: proof that a bounce answers a mail of yours; may be repeated
    ///
    /// A table (CSV) or JSON, a row a message: sent_at, mailbox, recipient, campaign_id,
    /// message_id and, if you have them, sequence_step_id, contact_id, stream; or counts:
    /// date, mailbox, recipient_domain, campaign_id, sent. Other names are understood, or
    /// given by --map. An event that matches has proof "sent" and takes recipient, mailbox,
    /// campaign and so on from the log; a failure or complaint that does not is flagged
    /// "unmatched". May be of any size; gzip and zstd are read as they are.
    #[arg(long = "sent", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
}

/// The seven categories as the values of an option.
fn categories() -> impl TypedValueParser<Value = Category> {
    let words = Category::ALL.iter().map(|c| c.as_str());
    PossibleValuesParser::new(words).try_map(|w| Category::from_word(&w).ok_or("not a category"))
}

/// What `--for` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upload {
    /// A platform.
    To(Platform),
    /// No platform any more.
    Nowhere,
}

/// The platforms as the values of an option.
fn platforms() -> impl TypedValueParser<Value = Upload> {
    let words = Platform::ALL.iter().map(|p| p.as_str());
    PossibleValuesParser::new(words.chain([NOWHERE])).try_map(|w| match w.as_str() {
        NOWHERE => Ok(Upload::Nowhere),
        word => Platform::from_word(word)
            .map(Upload::To)
            .ok_or("not a platform"),
    })
}

/// The word for no platform.
const NOWHERE: &str = "none";

/// Inputs of the commands that look at all bounces together.
#[derive(Debug, Args)]
pub struct Intake {
    /// Files, folders (Maildir or files below), or - for standard input
    ///
    /// Whatever `bounce classify` reads, and the events that it wrote; a notification that
    /// is there twice counts once. No INPUT means standard input.
    #[arg(value_name = "INPUT", value_hint = ValueHint::AnyPath)]
    pub inputs: Vec<PathBuf>,
    /// What the inputs are
    #[arg(long, value_enum, default_value = "auto")]
    pub input_format: InputFormat,
    /// Columns of a table, or paths in JSON, that are not known by name
    ///
    /// As for `bounce classify`; also the columns of the sent log.
    #[arg(long, value_name = "KEY=COLUMN,…")]
    pub map: Vec<String>,
    /// Write what could not be read to FILE: NDJSON with file, index, offset, why
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub rejects: Option<PathBuf>,
    /// Exit with 4 if anything was rejected
    #[arg(long)]
    pub strict: bool,
    /// Worker threads [default: all cores]; the output is the same whatever N is
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// When to show progress on standard error
    #[arg(long, value_enum, default_value = "auto")]
    pub progress: Progress,
}

/// `bounce report`.
#[derive(Debug, Args)]
pub struct Report {
    /// Inputs.
    #[command(flatten)]
    pub intake: Intake,
    /// The sent log.
    #[command(flatten)]
    pub sent: SentOptions,
    /// How to write the report [default: table on a terminal, else json]
    #[arg(long, value_enum)]
    pub format: Option<ReportFormat>,
    /// Write to FILE instead of standard output; replaced as a whole when all went well
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// What to group by in table, CSV and HTML; JSON has all groups, with provider on demand
    #[arg(long, value_name = "GROUP,…", value_enum, value_delimiter = ',')]
    pub by: Vec<Grouping>,
    /// How many groups of each kind to show, the most dangerous first; JSON has all of them
    /// [default: 10; HTML: charts 10, tables 500; CSV: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub top: Option<u32>,
    /// Only what happened, and what was sent, at or after T (RFC 3339, or a date)
    #[arg(long, value_name = "T", conflicts_with = "last")]
    pub since: Option<String>,
    /// Only what happened, and what was sent, before T
    #[arg(long, value_name = "T", conflicts_with = "last")]
    pub until: Option<String>,
    /// Only the last SPAN before now: 24h, 7d, 2w
    #[arg(long, value_name = "SPAN")]
    pub last: Option<String>,
    /// Only this sending mailbox; may be repeated
    #[arg(long, value_name = "ADDRESS")]
    pub mailbox: Vec<String>,
    /// Only mailboxes of this workspace; may be repeated
    #[arg(long, value_name = "NAME")]
    pub workspace: Vec<String>,
    /// Only this campaign; may be repeated
    #[arg(long, value_name = "ID")]
    pub campaign: Vec<String>,
    /// Only this recipient domain; may be repeated
    #[arg(long, value_name = "DOMAIN")]
    pub domain: Vec<String>,
    /// Only bounces of this category; may be repeated; does not change what was sent
    #[arg(long, value_name = "CATEGORY", value_parser = categories())]
    pub category: Vec<Category>,
    /// The sending mailbox, where the input does not say
    #[arg(long, value_name = "ADDRESS")]
    pub as_mailbox: Option<String>,
    /// The workspace, where the policy and the input do not say
    #[arg(long, value_name = "NAME")]
    pub as_workspace: Option<String>,
    /// Exit with 3 if the total, a mailbox or a campaign is in this band or a worse one
    ///
    /// And if the lower end of its interval is, too: a rate of 3 of 100 may be chance.
    /// `pause`: if something should pause now.
    #[arg(long, value_name = "BAND", value_enum)]
    pub fail_on: Option<FailOn>,
    /// With --fail-on BAND: the rate alone decides
    #[arg(long, requires = "fail_on")]
    pub fail_on_uncertain: bool,
    /// Settings and screen.
    #[command(flatten)]
    pub common: Common,
}

/// `bounce suppress`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Suppress {
    /// Remove, import, why.
    #[command(subcommand)]
    pub act: Option<SuppressAct>,
    /// Inputs.
    #[command(flatten)]
    pub intake: Intake,
    /// The sent log.
    #[command(flatten)]
    pub sent: SentOptions,
    /// The folder of the lists; made if there is none
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, required = true)]
    pub out: Option<PathBuf>,
    /// Addresses that were verified again: a table with address and verified_at
    ///
    /// What an address bounced for before that moment no longer counts. May be repeated.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub reverified: Vec<PathBuf>,
    /// Act only on what is known to answer a mail of yours; the rest goes to review
    #[arg(long)]
    pub require_proof: bool,
    /// Write the skip lists also where they have over a million rows
    #[arg(long)]
    pub skip_lists: bool,
    /// Write the suppression lists for this platform, too, as it imports them: DIR/for/PLATFORM
    ///
    /// May be repeated. The folder remembers it: later runs keep the files up, until another
    /// PLATFORM is named, or `none`.
    #[arg(long = "for", value_name = "PLATFORM", value_delimiter = ',', value_parser = platforms())]
    pub platforms: Vec<Upload>,
    /// How to change the folder.
    #[command(flatten)]
    pub change: Change,
    /// Only take in what happened at or after T (RFC 3339, or a date)
    #[arg(long, value_name = "T", conflicts_with = "last")]
    pub since: Option<String>,
    /// Only take in what happened before T
    #[arg(long, value_name = "T", conflicts_with = "last")]
    pub until: Option<String>,
    /// Only take in what happened in the last SPAN before now: 24h, 7d, 2w
    #[arg(long, value_name = "SPAN")]
    pub last: Option<String>,
    /// Only take in what came back to this mailbox; may be repeated
    #[arg(long, value_name = "ADDRESS")]
    pub mailbox: Vec<String>,
    /// Only take in what came back to mailboxes of this workspace; may be repeated
    #[arg(long, value_name = "NAME")]
    pub workspace: Vec<String>,
    /// Only take in what belongs to this campaign; may be repeated
    #[arg(long, value_name = "ID")]
    pub campaign: Vec<String>,
    /// Only take in this recipient domain; may be repeated
    #[arg(long, value_name = "DOMAIN")]
    pub domain: Vec<String>,
    /// Only take in this category; may be repeated
    #[arg(long, value_name = "CATEGORY", value_parser = categories())]
    pub category: Vec<Category>,
    /// The sending mailbox, where the input does not say
    #[arg(long, value_name = "ADDRESS")]
    pub as_mailbox: Option<String>,
    /// The workspace, where the policy and the input do not say
    #[arg(long, value_name = "NAME")]
    pub as_workspace: Option<String>,
    /// Settings and screen.
    #[command(flatten)]
    pub common: Common,
}

/// How a folder of lists is changed.
#[derive(Debug, Args)]
pub struct Change {
    /// How long to wait for another run that holds DIR, in seconds
    #[arg(long, value_name = "SECS", default_value = "60", value_parser = clap::value_parser!(u64).range(..=604_800))]
    pub wait: u64,
    /// Print the lines of the audit that would be added, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// What else can be done with a folder of lists.
#[allow(
    clippy::large_enum_variant,
    reason = "there is one, parsed once; boxes would only be in the way"
)]
#[derive(Debug, Subcommand)]
pub enum SuppressAct {
    /// Take addresses off the lists by hand
    ///
    /// What they bounced for before now no longer counts; a later bounce does, and is
    /// marked as a repeat.
    Remove(SuppressRemove),
    /// Take over an existing list: its addresses are suppressed from now on
    ///
    /// A plain list, one address a line, or a table with a column address or email and, if
    /// there are any, reason, workspace and since. A reason that speaks of a complaint,
    /// of spam or of unsubscribing makes a complaint of it, which counts everywhere.
    Import(SuppressImport),
    /// The story of an address: what happened, what was done, on which lists it is
    Why(SuppressWhy),
}

/// `bounce suppress remove`.
#[derive(Debug, Args)]
pub struct SuppressRemove {
    /// Addresses
    #[arg(
        value_name = "ADDRESS",
        required_unless_present = "domain",
        conflicts_with = "domain"
    )]
    pub addresses: Vec<String>,
    /// All that bounced at this domain between --since and --until
    #[arg(long, value_name = "DOMAIN", requires = "since", requires = "until")]
    pub domain: Option<String>,
    /// With --domain: from T on
    #[arg(long, value_name = "T", requires = "domain")]
    pub since: Option<String>,
    /// With --domain: before T
    #[arg(long, value_name = "T", requires = "domain")]
    pub until: Option<String>,
    /// Why; it is kept
    #[arg(long, value_name = "TEXT", required = true)]
    pub comment: String,
    /// The folder of the lists
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, required = true)]
    pub out: PathBuf,
    /// How to change the folder.
    #[command(flatten)]
    pub change: Change,
    /// Settings and screen.
    #[command(flatten)]
    pub common: Common,
}

/// `bounce suppress import`.
#[derive(Debug, Args)]
pub struct SuppressImport {
    /// The list; - for standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// The workspace, where the list does not say
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub as_workspace: String,
    /// Where it is from; it is kept
    #[arg(long, value_name = "TEXT")]
    pub comment: Option<String>,
    /// The folder of the lists; made if there is none
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, required = true)]
    pub out: PathBuf,
    /// Exit with 4 if anything was rejected
    #[arg(long)]
    pub strict: bool,
    /// How to change the folder.
    #[command(flatten)]
    pub change: Change,
    /// Settings and screen.
    #[command(flatten)]
    pub common: Common,
}

/// `bounce suppress why`.
#[derive(Debug, Args)]
pub struct SuppressWhy {
    /// The address
    #[arg(value_name = "ADDRESS")]
    pub address: String,
    /// The folder of the lists
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, required = true)]
    pub out: PathBuf,
    /// How to write the story [default: table on a terminal, else ndjson]
    #[arg(long, value_enum)]
    pub format: Option<WhyFormat>,
    /// Hiding of addresses.
    #[command(flatten)]
    pub hiding: Redact,
}

/// Formats of stories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum WhyFormat {
    /// For a person.
    Table,
    /// One JSON object a line: events, acts, changes, rows.
    Ndjson,
}

/// `bounce explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// A reply, a code, a log line; - reads one reply, log line or mail from standard input
    #[arg(value_name = "TEXT", required = true, num_args = 1..)]
    pub text: Vec<String>,
    /// How to write the answer [default: table on a terminal, else json]
    #[arg(long, value_enum)]
    pub format: Option<ExplainFormat>,
    /// Settings and screen.
    #[command(flatten)]
    pub common: Common,
}

/// `bounce train`.
#[derive(Debug, Args)]
pub struct Train {
    /// Labelled replies or corrected events; - for standard input
    #[arg(value_name = "LABELS", value_hint = ValueHint::FilePath, required_if_eq("no_base", "true"))]
    pub labels: Vec<PathBuf>,
    /// Write the model to FILE; replaced as a whole
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Train on LABELS alone, without the labels that ship with the program
    #[arg(long)]
    pub no_base: bool,
    /// How to write the figures [default: table on a terminal, else json]
    #[arg(long, value_enum)]
    pub format: Option<ExplainFormat>,
    /// Exit with 4 if a line was rejected
    #[arg(long)]
    pub strict: bool,
    /// Say nothing on standard error but errors
    #[arg(short, long)]
    pub quiet: bool,
}

/// Hiding of addresses.
#[derive(Clone, Debug, Args)]
pub struct Redact {
    /// Write keyed hashes instead of addresses, subjects and message-ids
    ///
    /// The same address has the same hash everywhere, so that what is written can be shown
    /// to others and still be joined; domains stay. The key is what is in KEYFILE; without
    /// KEYFILE it is made up for this run. With `suppress` the folder and its ledger hold
    /// the hashes, too, and every run on it needs the key.
    #[arg(long, value_name = "KEYFILE", num_args = 0..=1, require_equals = true, value_hint = ValueHint::FilePath)]
    pub redact: Option<Option<PathBuf>>,
}

/// Options of every command.
#[derive(Debug, Args)]
pub struct Common {
    /// Settings [default: ./bounce.toml if there is one]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub policy: Option<PathBuf>,
    /// The clock, for tests and backfills [default: the system's]
    #[arg(long, value_name = "T")]
    pub now: Option<String>,
    /// Say nothing on standard error but errors
    #[arg(short, long)]
    pub quiet: bool,
    /// Say more on standard error
    #[arg(short, long, conflicts_with = "quiet")]
    pub verbose: bool,
    /// When to use colours [NO_COLOR is honoured]
    #[arg(long, value_enum, default_value = "auto")]
    pub color: When,
    /// Hiding of addresses.
    #[command(flatten)]
    pub hiding: Redact,
}

/// Formats of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EventFormat {
    /// For a person: one line an event, then a summary.
    Table,
    /// One JSON object a line.
    Ndjson,
    /// All keys as columns.
    Csv,
}

/// Formats of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For a person.
    Table,
    /// One JSON object.
    Json,
    /// The groups, one a line.
    Csv,
    /// One page with charts, of itself.
    Html,
}

/// What reports group by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Grouping {
    /// Sending mailbox.
    Mailbox,
    /// Recipient domain.
    Domain,
    /// Who runs the recipient's mail.
    Provider,
    /// Campaign.
    Campaign,
    /// UTC day.
    Day,
    /// Category.
    Category,
}

/// What `--fail-on` looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// 1 % or more bounced.
    Caution,
    /// More than 2 %.
    Danger,
    /// More than 5 %.
    Critical,
    /// A pause that reaches into the last 24 hours.
    Pause,
}

/// Formats of `explain` and `train`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExplainFormat {
    /// For a person.
    Table,
    /// One JSON object.
    Json,
}

/// Kinds of input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InputFormat {
    /// By content.
    Auto,
    /// mbox: mboxo, mboxrd, mboxcl, mboxcl2.
    Mbox,
    /// Maildir.
    Maildir,
    /// One mail a file.
    Eml,
    /// Events that this program wrote; also one event of a platform a line.
    Ndjson,
    /// A table: the export of a platform.
    Csv,
    /// JSON: events of a platform.
    Json,
    /// The accounting file of PowerMTA.
    #[value(name = "powermta")]
    PowerMta,
    /// The log of Postfix, whatever it calls itself there.
    Postfix,
    /// The mainlog of Exim.
    Exim,
    /// The log of qmail-send.
    Qmail,
    /// The log of OpenSMTPD.
    #[value(name = "opensmtpd")]
    OpenSmtpd,
    /// The log of Sendmail.
    Sendmail,
}

/// auto, always, never.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal.
    Auto,
    /// Also in a pipe.
    Always,
    /// Not at all.
    Never,
}

/// When to show progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Progress {
    /// On a terminal.
    Auto,
    /// Not at all.
    Never,
}
