# SPDX-License-Identifier: GPL-3.0-or-later
"""A master whose store already holds thousands of ended jobs of five steps each."""
import contextlib
import os
import subprocess

import masterbench  # noqa: F401  (the path of the harness)
from harness import Master, wait_for

STEPS = 20
# A job that costs nothing while it runs: what it waits for wakes nobody.
WAITING = """
from danube import step
step.run(["sh", "-c", "[ -e finish ] || mkfifo finish; cat finish"], name="wait")
"""
DANUBEFILE = f"""
import json, time
from danube import step
added = []
for number in range({STEPS}):
    begun = time.monotonic()
    result = step.run(["true"], name="step %d" % number)
    added.append((time.monotonic() - begun) * 1000 - result.duration_ms)
print("added", json.dumps(added))
"""


def filled_master(programs, jobs, extra=""):
    """Not started. `jobs` = 0 leaves the store to be made."""
    master = Master({"waiting": {"danubefile.py": WAITING}, "steps": {"danubefile.py": DANUBEFILE}}, extra=extra)
    if jobs > 0:
        master.start().stop()  # makes the directory as it likes it
        database = master.data / "danube.sqlite"
        subprocess.run([programs / "bench_store", "write", database, str(jobs)], check=True, capture_output=True)
    return master


def finish_waiting(master, job):
    """Ends a job of "waiting", as soon as its step waits."""
    def opened():
        with contextlib.suppress(OSError):  # no file yet, or nobody reads it
            os.close(os.open(master.data / "jobs" / job / "workspace/finish", os.O_WRONLY | os.O_NONBLOCK))
            return True
        return False

    wait_for(opened, f"job {job} to wait")
