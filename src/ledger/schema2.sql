-- Version 2: what a run looks at is a function of what is new, not of all that is known.
CREATE TABLE events_2 (
    id          INTEGER PRIMARY KEY,
    key         BLOB NOT NULL,
    reading     BLOB NOT NULL,
    version     INTEGER NOT NULL,
    tagged      INTEGER NOT NULL,
    address     TEXT,
    domain      TEXT,
    at          INTEGER,
    waits       INTEGER NOT NULL,
    event       TEXT NOT NULL,
    event_id    TEXT AS (event ->> 'event_id'),
    kind        TEXT AS (event ->> 'kind'),
    category    TEXT AS (event ->> 'category'),
    reason      TEXT AS (event ->> 'reason'),
    mailbox     TEXT AS (event ->> 'mailbox'),
    workspace   TEXT AS (event ->> 'workspace'),
    occurred_at TEXT AS (event ->> 'occurred_at')
);
INSERT INTO events_2 (key, reading, version, tagged, address, domain, at, waits, event)
SELECT unhex(event_id), unhex(reading), version, tagged, address,
       substr(address, nullif(length(rtrim(address, replace(address, '@', ''))), 0) + 1),
       unixepoch(occurred_at),
       CASE WHEN event ->> 'proof' = 'sent' THEN 0
            WHEN event -> 'flags' LIKE '%"unmatched"%' THEN 1 ELSE 2 END,
       event
FROM events ORDER BY event_id, reading;
DROP TABLE events;
ALTER TABLE events_2 RENAME TO events;
CREATE UNIQUE INDEX events_once ON events (key, reading);
CREATE INDEX events_by_address ON events (address);
CREATE INDEX events_by_domain ON events (domain, at)
    WHERE domain IS NOT NULL AND at IS NOT NULL;
CREATE INDEX events_waiting ON events (waits, at) WHERE waits > 0;

CREATE TABLE acts_2 (
    at        INTEGER NOT NULL,
    action    TEXT NOT NULL,
    address   TEXT NOT NULL DEFAULT '',
    domain    TEXT NOT NULL DEFAULT '',
    since     INTEGER NOT NULL DEFAULT 0,
    until     INTEGER NOT NULL DEFAULT 0,
    workspace TEXT NOT NULL DEFAULT '',
    complaint INTEGER NOT NULL DEFAULT 0,
    comment   TEXT,
    PRIMARY KEY (address, domain, action, at, since, until, workspace, complaint)
) WITHOUT ROWID;
INSERT INTO acts_2 (at, action, address, domain, since, until, workspace, complaint, comment)
SELECT at, action, address, domain, since, until, workspace, complaint, comment FROM acts;
DROP TABLE acts;
ALTER TABLE acts_2 RENAME TO acts;
CREATE TABLE imported (workspace TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID;
INSERT INTO imported SELECT DISTINCT workspace FROM acts WHERE action = 'import';

CREATE TABLE lists (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
INSERT INTO lists (name) SELECT DISTINCT list FROM rows WHERE list NOT LIKE 'skip/%';
CREATE TABLE rows_2 (
    list    INTEGER NOT NULL,
    address TEXT NOT NULL,
    part    TEXT NOT NULL,
    line    TEXT NOT NULL,
    wake    INTEGER,
    PRIMARY KEY (list, address, part)
) WITHOUT ROWID;
INSERT INTO rows_2 (list, address, part, line)
SELECT l.id, r.address, r.part,
       CASE WHEN r.address <> '' AND substr(r.line, 1, length(r.address) + 1) = r.address || ','
            THEN substr(r.line, length(r.address) + 1) ELSE r.line END
FROM rows r JOIN lists l ON l.name = r.list;
DROP TABLE rows;
ALTER TABLE rows_2 RENAME TO rows;
CREATE INDEX rows_waking ON rows (wake) WHERE wake IS NOT NULL;
CREATE TABLE heaps (
    list    TEXT NOT NULL,
    part    TEXT NOT NULL,
    address TEXT NOT NULL,
    heap    TEXT NOT NULL,
    PRIMARY KEY (list, part, address)
) WITHOUT ROWID;
CREATE INDEX heaps_by_address ON heaps (address);
CREATE TABLE tallies (part TEXT NOT NULL PRIMARY KEY, rows INTEGER NOT NULL) WITHOUT ROWID;

ALTER TABLE views ADD COLUMN stamp TEXT;

CREATE TABLE runs (run INTEGER PRIMARY KEY, at TEXT NOT NULL);
INSERT INTO runs (run, at) SELECT seq, at FROM audit;
CREATE TABLE audit_2 (
    run      INTEGER NOT NULL,
    address  TEXT NOT NULL,
    n        INTEGER NOT NULL,
    action   TEXT NOT NULL,
    lists    TEXT,
    comment  TEXT,
    event    BLOB,
    PRIMARY KEY (run, address, n)
) WITHOUT ROWID;
INSERT INTO audit_2 (run, address, n, action, lists, comment, event)
SELECT seq, coalesce(address, ''), 0, action, coalesce(reason, '') || ' ' || list, comment,
       unhex(event_id)
FROM audit;
DROP TABLE audit;
ALTER TABLE audit_2 RENAME TO audit;

CREATE TABLE outages (
    domain TEXT NOT NULL,
    day    INTEGER NOT NULL,
    PRIMARY KEY (domain, day)
) WITHOUT ROWID;
CREATE TABLE crowds (
    domain TEXT NOT NULL,
    burst  INTEGER NOT NULL,
    since  INTEGER NOT NULL,
    until  INTEGER NOT NULL,
    PRIMARY KEY (domain, burst, since)
) WITHOUT ROWID;
CREATE TABLE partners (key BLOB NOT NULL PRIMARY KEY, workspace TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE seen (
    workspace TEXT NOT NULL,
    mailbox   TEXT NOT NULL,
    stray     INTEGER NOT NULL,
    day       INTEGER NOT NULL,
    items     INTEGER NOT NULL,
    PRIMARY KEY (workspace, mailbox, stray, day)
) WITHOUT ROWID;
