-- What jobs were refused of the network: one row per job and place (server/egress adds flows up).
CREATE TABLE egress_refusals (
    job        TEXT    NOT NULL REFERENCES jobs (id),
    kind       TEXT    NOT NULL, -- refused, would_be_refused
    host       TEXT    NOT NULL,
    port       INTEGER NOT NULL,
    protocol   TEXT    NOT NULL,
    pipeline   TEXT    NOT NULL,
    first_at   INTEGER NOT NULL,
    last_at    INTEGER NOT NULL,
    count      INTEGER NOT NULL,
    steps      TEXT    NOT NULL, -- numbers with ',' between
    candidates TEXT    NOT NULL,
    PRIMARY KEY (job, kind, host, port, protocol)
) WITHOUT ROWID;

CREATE INDEX egress_refusals_by_pipeline ON egress_refusals (pipeline, last_at);
