# SPDX-License-Identifier: GPL-3.0-or-later
"""A run on this machine's own executor: only the master is killed; its coordinators and agents live on."""
import time

from harness import Master, processes_of
from workload import FILES, PIPELINE


class LocalSite:
    def __init__(self, jobs_at_once):
        self.master = Master({PIPELINE: FILES}, extra=f"[jobs]\nmax_concurrent = {jobs_at_once}\n").start()

    def disturbances(self, arguments, killer):
        return {"kill": (arguments.kills, killer)}

    def leftovers(self, jobs):
        deadline = time.monotonic() + 30
        while True:
            left = [f"process of an ended job: {line}" for job in jobs for line in processes_of(job)]
            left += [f"folder of an ended job: {job}" for job in jobs if (self.master.data / "jobs" / job).exists()]
            if not left or time.monotonic() > deadline:
                return left
            time.sleep(0.2)

    def close(self):
        self.master.remove()
