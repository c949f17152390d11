# SPDX-License-Identifier: GPL-3.0-or-later
"""A master whose store already holds thousands of ended jobs of five steps each."""
import subprocess

import masterbench  # noqa: F401  (the path of the harness)
from harness import HOLD, Master

STEPS = 20
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
    master = Master({"hold": {"danubefile.py": HOLD}, "steps": {"danubefile.py": DANUBEFILE}}, extra=extra)
    if jobs > 0:
        master.start().stop()  # makes the directory as it likes it
        database = master.data / "danube.sqlite"
        subprocess.run([programs / "bench_store", "write", database, str(jobs)], check=True, capture_output=True)
    return master
