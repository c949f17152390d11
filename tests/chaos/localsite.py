# SPDX-License-Identifier: GPL-3.0-or-later
"""A run on this machine's own executor: only the master is killed; its coordinators and agents live on."""
import json
import time

from harness import Master, processes_of
from workload import FILES, PIPELINE


NAME = "effects.example.org"  # of the outside world, for jobs that reach only what is listed


class LocalSite:
    def __init__(self, jobs_at_once, effects):
        self.effects_url = effects.url.replace(effects.place, NAME)
        extra = f'[jobs]\nmax_concurrent = {jobs_at_once}\n[local]\negress_hosts = ["{NAME}={effects.place}"]\n'
        self.master = Master({PIPELINE: FILES}, extra=extra)
        path = self.master.state / f"blueprint/pipelines/{PIPELINE}.json"
        document = json.loads(path.read_text())
        document["spec"]["egress_allowlist"] = [NAME]
        path.write_text(json.dumps(document))
        self.master.start()

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
