# SPDX-License-Identifier: GPL-3.0-or-later
"""What jobs that are over have left behind: processes, folders, half-made files."""
import time

from harness import left_behind, markers_of

SMALLEST_COMPRESSED = 8 << 10  # a smaller log stays as it is (docs/formats/log.md)


def unfinished_logs(data, jobs):
    """Those of the jobs whose log has not got its last form: sealed and, unless it is small, compressed."""
    def is_finished(job):
        log, seal = data / "logs" / f"{job}.log", data / "logs" / f"{job}.seal"
        return seal.exists() and not (log.exists() and log.stat().st_size >= SMALLEST_COMPRESSED)

    return [job for job in jobs if not is_finished(job)]


def files_left(data, jobs, spared=()):
    """Half-made files. An upload whose coordinator was killed waits a day for another: that is no leftover."""
    left = [path for job in jobs for path in (data / "logs").glob(f"{job}.*.new")]
    left += [path for job in jobs if job not in spared for path in (data / "artifacts" / job / "partial").glob("*")]
    return [f"file of an ended job: {path.relative_to(data)}" for path in left]


def processes_and_folders_left(data, jobs):
    """At the end of a run, when no job is left."""
    left = [f"process of an ended job: {line}" for line in left_behind(data / "jobs", markers_of(jobs))]
    return left + [f"folder of an ended job: {job}" for job in jobs if (data / "jobs" / job).exists()]


def left_of(data, jobs, spared=(), seconds=30):
    """Sentences, after `seconds` at most for what is just about to go."""
    deadline = time.monotonic() + seconds
    while True:
        left = processes_and_folders_left(data, jobs) + files_left(data, jobs, spared)
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.2)
