-- Schema 1. Times are milliseconds since the epoch (0 = unset), states the texts of shared/model/lifecycle.cpp.
CREATE TABLE jobs (
    number           INTEGER PRIMARY KEY AUTOINCREMENT,
    id               TEXT    NOT NULL UNIQUE,
    pipeline         TEXT    NOT NULL,
    state            TEXT    NOT NULL,
    reason           TEXT    NOT NULL,
    repository       TEXT    NOT NULL,
    ref              TEXT    NOT NULL,
    branch           TEXT    NOT NULL,
    commit_id        TEXT    NOT NULL,
    trigger_type     TEXT    NOT NULL,
    triggered_by     TEXT    NOT NULL,
    params           TEXT    NOT NULL, -- JSON object of strings
    retry_of         TEXT    NOT NULL,
    attempt          INTEGER NOT NULL,
    created_at       INTEGER NOT NULL,
    started_at       INTEGER NOT NULL,
    finished_at      INTEGER NOT NULL,
    deadline         INTEGER NOT NULL,
    message          TEXT    NOT NULL,
    progress         REAL    NOT NULL, -- negative = never reported
    cancel_requested INTEGER NOT NULL,
    verdict          TEXT    NOT NULL, -- the decided end, before the state follows; '' = undecided
    -- Largest created_at up to this row: never falls with rising number although clocks jump back, so that "since"
    -- becomes a lower bound of number by one index look-up.
    created_high     INTEGER NOT NULL
);

-- A page of any filter is a merge of index ranges, one per state, each in order of number.
CREATE INDEX jobs_by_state ON jobs (state, number);
CREATE INDEX jobs_by_pipeline ON jobs (pipeline, state, number);
CREATE INDEX jobs_by_branch ON jobs (branch, state, number);
CREATE INDEX jobs_by_pipeline_branch ON jobs (pipeline, branch, state, number);
CREATE INDEX jobs_by_created ON jobs (created_high);

CREATE TABLE steps (
    job             TEXT    NOT NULL REFERENCES jobs (id),
    number          INTEGER NOT NULL,
    name            TEXT    NOT NULL,
    command         TEXT    NOT NULL,
    image           TEXT    NOT NULL,
    state           TEXT    NOT NULL,
    outcome         TEXT,              -- NULL while there is none, and with it the next four
    exit_code       INTEGER,
    signal          INTEGER,
    duration_ms     INTEGER,
    outcome_message TEXT,
    request         TEXT    NOT NULL,
    body_hash       BLOB    NOT NULL,
    started_at      INTEGER NOT NULL,
    finished_at     INTEGER NOT NULL,
    timeout_ms      INTEGER NOT NULL,
    capture_output  INTEGER NOT NULL,
    PRIMARY KEY (job, number)
) WITHOUT ROWID;

CREATE UNIQUE INDEX steps_by_request ON steps (job, request) WHERE request <> '';

-- Which secrets a job was given: names only.
CREATE TABLE grants (
    job TEXT NOT NULL REFERENCES jobs (id),
    key TEXT NOT NULL,
    PRIMARY KEY (job, key)
) WITHOUT ROWID;

CREATE TABLE artifacts (
    id         TEXT    NOT NULL PRIMARY KEY,
    job        TEXT    NOT NULL REFERENCES jobs (id),
    name       TEXT    NOT NULL,
    size       INTEGER NOT NULL,
    sha256     TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (job, name)
) WITHOUT ROWID;
