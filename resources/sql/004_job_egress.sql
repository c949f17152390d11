-- What guarded a job when it ran: of an ended job, today's answer would be of another day. No row: nobody noted it.
CREATE TABLE job_egress (
    job    TEXT NOT NULL PRIMARY KEY REFERENCES jobs (id),
    level  TEXT NOT NULL, -- 'enforced', 'declared' or 'none'
    reason TEXT NOT NULL
) WITHOUT ROWID;
