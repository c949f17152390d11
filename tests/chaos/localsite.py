# SPDX-License-Identifier: GPL-3.0-or-later
"""A run on this machine's own executor: the master is killed, also inside of single file operations; agents and coordinators are
killed; the disk is full, fails or is slow for a while."""
import errno
import json
import os
import pathlib
import signal
import time

from filelayer import FileLayer
from harness import Master
from leftovers import left_of
from workload import FILES, PIPELINE

# Where a master may die: operation, part of the path ("$": its end), how many such calls pass before. Each before and after the
# call, writes also in the middle.
POINTS = [("write", "danube.sqlite-wal"), ("sync", "danube.sqlite-wal"), ("write", "danube.sqlite$"), ("sync", "danube.sqlite$"),
          ("write", ".log$"), ("write", ".idx$"), ("sync", ".log$"), ("sync", ".idx$"), ("truncate", ".idx$"), ("truncate", ".log$"),
          ("write", ".seal.new"), ("sync", ".seal.new"), ("rename", ".seal.new"), ("sync", "/logs$"),
          ("open", "/partial/"), ("write", "/partial/"), ("sync", "/partial/"), ("rename", "/partial/"),
          ("sync", "/artifacts$"), ("sync", "/artifacts/", 1), ("sync", "/partial$"),  # names: of the job's folder, in it, in the other
          ("open", ".log.zst.new"), ("write", ".log.zst.new"), ("sync", ".log.zst.new"), ("rename", ".log.zst.new"), ("unlink", ".log$"),
          ("mkdir", "/jobs/"), ("link", "endpoints.json")]
STARTING = {"truncate", "link"}  # what only a starting master does
FAILURES = [f"errno {errno.ENOSPC}", f"errno {errno.EIO}", "delay 80", "short"]
POINT_SECONDS = 15  # until somebody comes by; each point is waited for longer where all are asked for
EACH_POINT_SECONDS = 60
MEET_SECONDS = 5  # until a bad disk or a killer meets something


def all_points():
    return [(operation, part, skip[0] if skip else 0, action) for operation, part, *skip in POINTS
            for action in ("kill-before", "kill-after") + (("kill-half",) if operation == "write" else ())]
NAME = "effects.example.org"  # of the outside world, for jobs that reach only what is listed


class LocalSite:
    def __init__(self, jobs_at_once, effects):
        self.effects_url = effects.url.replace(effects.place, NAME)
        extra = (f'[jobs]\nmax_concurrent = {jobs_at_once}\n[local]\negress_hosts = ["{NAME}={effects.place}"]\n'
                 '[logs]\ncompress_after = "1s"\n')
        self.master = Master({PIPELINE: FILES}, extra=extra)
        path = self.master.state / f"blueprint/pipelines/{PIPELINE}.json"
        document = json.loads(path.read_text())
        document["spec"]["egress_allowlist"] = [NAME]
        path.write_text(json.dumps(document))
        self.layer = FileLayer()
        self.master.environment |= self.layer.environment(self.master.data)
        self.master.start()
        self._bad_until = 0
        self.met = {}  # fault point → how often a master died there

    def disturbances(self, arguments, killer):
        self._killer = killer
        self._points = all_points() if arguments.points < 0 else None
        points = len(self._points) if self._points else arguments.points
        return {"kill": (arguments.kills, killer), "agent or coordinator": (arguments.agents, self.kill_helper),
                "fault point": (points, self.die_inside), "bad disk": (arguments.disk, self.spoil_disk)}

    def missed(self):
        """Where no master died although each point was asked for: a run that never comes by shows nothing of it."""
        if self._points is None:
            return []
        names = [f"{operation} {part} {action}" for operation, part, _, action in all_points()]
        return [f"no master died in {name}" for name in names if name not in self.met]

    def touched(self, *jobs):
        """From now on these may end as a typed failure instead of as they would have."""
        self.run.spared.update(jobs)

    def kill_helper(self, chance):
        """The agent or the coordinator of one running job."""
        deadline = time.monotonic() + MEET_SECONDS
        while time.monotonic() < deadline:
            running = [expected.job for expected in list(self.run.running)]
            chance.shuffle(running)
            for job in running:
                found = [pid for pid, line in processes_with(job)
                         if any(f"danube-{name}" in line for name in ("agent", "coordinator", "guard", "sandbox"))]
                if found and self.kill_one(job, chance.choice(found)):
                    return True
            time.sleep(0.05)
        return False

    def kill_one(self, job, pid):
        was_spared = job in self.run.spared
        self.touched(job)
        try:
            os.kill(pid, signal.SIGKILL)
            return True
        except ProcessLookupError:
            if not was_spared:
                self.run.spared.discard(job)
            return False

    def die_inside(self, chance):
        each = self._points is not None
        operation, part, skip, action = self._points.pop() if each else chance.choice(all_points())
        skip += 0 if each else chance.randrange(6)
        name = f"{operation} {part} {action}"
        before = len(self.layer.hits())
        self.layer.rule(f"{operation} {part} {skip} 1 {action}")
        if operation in STARTING:
            self.start_anew()
        deadline = time.monotonic() + (EACH_POINT_SECONDS if each else POINT_SECONDS)
        while time.monotonic() < deadline and self.master.process.poll() is None:
            time.sleep(0.02)
        self.layer.rule("")
        time.sleep(0.2)  # a call that has just met the rule says so
        with self._killer.lock:
            if not self.layer.hits()[before:]:
                self._killer.check_alive()  # of this it cannot have died
                return False  # nobody came by
            code = self.master.process.wait(30)
            if code != -signal.SIGKILL:
                raise AssertionError(f"the master did not die of {name}, but so ({code}): {self.master.log()[-3000:]}")
            self.met[name] = self.met.get(name, 0) + 1
            self.master.restart()
        return True

    def start_anew(self):
        """The rule that is there may be its death at once."""
        with self._killer.lock:
            self._killer.check_alive()
            self.master.kill()
            try:
                self.master.restart()
            except AssertionError:
                if self.master.process.poll() is None:
                    raise

    def spoil_disk(self, chance):
        operation = chance.choice(("write", "sync", "any"))
        part = chance.choice(("/logs/", "danube.sqlite", "/artifacts/", "/data"))
        failure, seconds = chance.choice(FAILURES), chance.uniform(0.3, 2)
        before = len(self.layer.hits())
        self._bad_until = float("inf")
        self.layer.rule(f"{operation} {part} 0 -1 {failure}")
        is_met = self.touching_all(MEET_SECONDS, until=lambda: len(self.layer.hits()) > before)
        if is_met:
            self.touching_all(seconds)
        self.layer.rule("")
        self._bad_until = time.monotonic() + 5
        self.touching_all(0.1)
        with self._killer.lock:
            self._killer.check_alive()
        return is_met

    def may_refuse(self):
        return time.monotonic() < self._bad_until

    def touching_all(self, seconds, until=lambda: False):
        deadline = time.monotonic() + seconds
        while True:
            is_over = until()
            self.touched(*(expected.job for expected in list(self.run.running)))
            if is_over or time.monotonic() > deadline:
                return is_over
            time.sleep(0.02)

    def leftovers(self, jobs, spared=()):
        return left_of(self.master.data, jobs, spared)

    def close(self):
        self.master.remove()


def processes_with(text):
    """(pid, command line) of living processes that contain `text`."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if text in line:
                found.append((int(entry.name), line))
    return found
