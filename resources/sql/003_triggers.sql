-- Jobs that a trigger started: what started them, for people, and a key that is used once for all time, so that the same
-- due time never makes a second job, whatever was killed in between.
ALTER TABLE jobs ADD COLUMN trigger_ref TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN trigger_key TEXT NOT NULL DEFAULT ''; -- '' = started by people

CREATE UNIQUE INDEX jobs_by_trigger_key ON jobs (trigger_key) WHERE trigger_key <> '';

-- Up to when the due times of a schedule were decided on (run or given up).
CREATE TABLE cron_marks (
    pipeline TEXT    NOT NULL,
    schedule TEXT    NOT NULL,
    branch   TEXT    NOT NULL, -- '' = the default branch
    until    INTEGER NOT NULL,
    PRIMARY KEY (pipeline, schedule, branch)
) WITHOUT ROWID;
