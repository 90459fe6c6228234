//! The tables, and how older ones become these.

use super::{LedgerError, Result};
use rusqlite::Connection;

/// Marks the file as ours (`PRAGMA application_id`): "BNCL".
pub(super) const APPLICATION: i64 = 0x424e_434c;

/// What leads from each version (`PRAGMA user_version`) to the next.
pub(super) const STEPS: &[&str] = &[
    "
CREATE TABLE events (
    event_id    TEXT NOT NULL,
    reading     TEXT NOT NULL,
    version     INTEGER NOT NULL,
    tagged      INTEGER NOT NULL,
    address     TEXT,
    event       TEXT NOT NULL,
    kind        TEXT AS (event ->> 'kind'),
    category    TEXT AS (event ->> 'category'),
    reason      TEXT AS (event ->> 'reason'),
    mailbox     TEXT AS (event ->> 'mailbox'),
    workspace   TEXT AS (event ->> 'workspace'),
    occurred_at TEXT AS (event ->> 'occurred_at'),
    PRIMARY KEY (event_id, reading)
) WITHOUT ROWID;
CREATE INDEX events_by_address ON events (address);
CREATE TABLE acts (
    at        INTEGER NOT NULL,
    action    TEXT NOT NULL,
    address   TEXT NOT NULL DEFAULT '',
    domain    TEXT NOT NULL DEFAULT '',
    since     INTEGER NOT NULL DEFAULT 0,
    until     INTEGER NOT NULL DEFAULT 0,
    workspace TEXT NOT NULL DEFAULT '',
    complaint INTEGER NOT NULL DEFAULT 0,
    comment   TEXT,
    PRIMARY KEY (action, address, domain, at, since, until, workspace, complaint)
) WITHOUT ROWID;
CREATE TABLE rows (
    list     TEXT NOT NULL,
    address  TEXT NOT NULL,
    part     TEXT NOT NULL,
    line     TEXT NOT NULL,
    reason   TEXT,
    event_id TEXT,
    PRIMARY KEY (list, address, part)
) WITHOUT ROWID;
CREATE INDEX rows_by_address ON rows (address);
CREATE TABLE views (
    file   TEXT NOT NULL PRIMARY KEY,
    list   TEXT NOT NULL,
    part   TEXT,
    form   TEXT NOT NULL,
    header TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE audit (
    seq      INTEGER PRIMARY KEY,
    at       TEXT NOT NULL,
    action   TEXT NOT NULL,
    list     TEXT,
    address  TEXT,
    reason   TEXT,
    comment  TEXT,
    event_id TEXT
);
CREATE INDEX audit_by_address ON audit (address);
CREATE TABLE mailed (
    domain TEXT NOT NULL,
    since  INTEGER NOT NULL,
    until  INTEGER NOT NULL,
    sent   INTEGER NOT NULL,
    PRIMARY KEY (domain, since, until)
) WITHOUT ROWID;
CREATE TABLE settings (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
",
    include_str!("schema2.sql"),
];

/// Makes the tables where there are none, and brings older ones up to date.
pub(super) fn prepare(db: &Connection) -> Result<()> {
    db.execute_batch(
        "PRAGMA page_size = 8192;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -131072;
         PRAGMA synchronous = EXTRA;
         PRAGMA trusted_schema = OFF;",
    )?;
    let number = |name: &str| db.pragma_query_value(None, name, |r| r.get::<_, i64>(0));
    let newest = STEPS.len() as i64;
    let version = number("user_version")?;
    let application = number("application_id")?;
    if (application, version) == (APPLICATION, newest) {
        return Ok(());
    }
    if version > newest {
        return Err(LedgerError(format!(
            "was written by a newer version of this program (schema {version}, here {newest})"
        )));
    }
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0))?;
    if application != APPLICATION && tables > 0 {
        return Err(LedgerError("is the database of another program".to_owned()));
    }
    let done = usize::try_from(version).unwrap_or_default();
    let steps = STEPS.get(done..).unwrap_or_default().concat();
    db.execute_batch(&format!(
        "BEGIN IMMEDIATE; {steps}
         PRAGMA application_id = {APPLICATION};
         PRAGMA user_version = {newest};
         COMMIT;"
    ))?;
    Ok(())
}
