# SPDX-License-Identifier: GPL-3.0-or-later
"""One chaos run: keeps jobs in flight while they are disturbed, waits for their ends, and asks the oracle."""
import http.client
import json
import time

import leftovers
import oracle
from workload import PIPELINE

FINAL = {"success", "failure", "timeout", "cancelled"}
COMPRESSION_SECONDS = 120


class ChaosRun:
    """`site`: where jobs run: .master, .leftovers(job ids, spared job ids) → sentences, .may_refuse(): it has not got
    what it needs to take a job just now, .close()."""

    def __init__(self, site, killer, effects, workload, jobs_at_once, give_up, ends_with_first=False):
        self.site, self.master, self.killer, self.effects = site, site.master, killer, effects
        self.workload, self.at_once = workload, jobs_at_once
        self.deadline = time.monotonic() + give_up
        self.running, self.ended, self.wrong = [], [], []
        self.ends_with_first = ends_with_first
        self.spared = set()  # jobs that lost more than a master: exact, or a typed failure
        site.run = self
        self.disturber = None

    def ask(self, function):
        """Asks the master, again after each kill. Trigger is safe to ask again: see trigger()."""
        while True:
            if time.monotonic() > self.deadline:
                raise TimeoutError("the run took longer than it may")
            if self.disturber.error:
                raise self.disturber.error
            try:
                with self.killer.lock:
                    return function()
            except (OSError, http.client.HTTPException, json.JSONDecodeError):
                time.sleep(0.05)

    def trigger(self, expected):
        def once():
            for job in self.master.get("/api/v1/jobs?limit=200")["jobs"]:
                if job["params"].get("chaos") == str(expected.number):
                    return job["id"]
            try:
                return self.master.trigger(PIPELINE, params=expected.params | {"effects": self.site.effects_url})
            except AssertionError as refused:
                if not self.site.may_refuse():
                    raise
                raise ConnectionError from refused  # asked again

        expected.job = self.ask(once)
        self.running.append(expected)

    def cancel_when_waiting(self, expected, job):
        waiting = [step["number"] for step in job["steps"] if step["name"] == "waiting" and step["state"] == "running"]
        if waiting and self.ask(lambda: self.master.stream_text(expected.job, waiting[0], "stdout")) == b"waiting\n":
            self.ask(lambda: self.master.rest("POST", f"/api/v1/jobs/{expected.job}/cancel"))

    def look(self):
        for expected in list(self.running):
            job = self.ask(lambda: self.master.job(expected.job))
            if job["state"] in FINAL:
                self.running.remove(expected)
                self.ended.append(expected)
                found = self.ask(lambda: oracle.check_job(self.master, expected, expected.job in self.spared))
                self.wrong += found
                print(f"  job {expected.number}: {job['state']}, {expected.lines} lines, {'WRONG' if found else 'right'}", flush=True)
            elif expected.ending == "cancelled" and not job["cancel_requested"]:
                self.cancel_when_waiting(expected, job)

    def run(self, disturber):
        self.disturber = disturber
        disturber.start()
        while not disturber.is_done or self.running:
            while not disturber.is_done and len(self.running) < self.at_once:
                self.trigger(self.workload.next())
            self.look()
            if self.wrong and self.ends_with_first:
                return self.wrong
            time.sleep(0.2)
        if disturber.error:
            raise disturber.error
        self.wrong += disturber.missed()
        self.look_again()
        self.wrong += oracle.check_effects(self.effects, self.ended, self.spared)
        self.wrong += self.site.leftovers([job.job for job in self.ended], self.spared)
        return self.wrong

    def look_again(self, seconds=COMPRESSION_SECONDS):
        """What was right at a job's end may have been lost since. A master that was killed once more answers from the disk alone, and
        has each log in its last form."""
        self.killer.kill()
        jobs = {one.job: one for one in self.ended}
        deadline = time.monotonic() + seconds
        while (unfinished := leftovers.unfinished_logs(self.master.data, jobs)) and time.monotonic() < deadline:
            self.killer.check_alive()
            time.sleep(0.1)
        found = [f"job {jobs[job].number} ({job}): its log is not sealed or not compressed" for job in unfinished]
        for one in self.ended:
            found += self.ask(lambda: oracle.check_job(self.master, one, one.job in self.spared) + oracle.check_log(self.master, one))
        self.killer.check_alive()
        self.wrong += [f"at the end of the run: {sentence}" for sentence in found]
