# SPDX-License-Identifier: GPL-3.0-or-later
"""A run on this machine's own executor: the master is killed, also inside of single file operations; agents and coordinators are
killed; the disk is full, fails or is slow for a while."""
import errno
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time

from harness import Master, processes_of
from workload import FILES, PIPELINE

# Where a master may die: operation, part of the path. Each before and after the call, writes also in the middle.
POINTS = [("write", "danube.sqlite-wal"), ("sync", "danube.sqlite-wal"), ("write", "danube.sqlite"), ("sync", "danube.sqlite"),
          ("write", ".log"), ("write", ".idx"), ("sync", ".log"), ("sync", ".idx"), ("truncate", ".idx"), ("truncate", ".log"),
          ("write", ".seal.new"), ("sync", ".seal.new"), ("rename", ".seal.new"), ("sync", "/logs"),
          ("open", "/partial/"), ("write", "/partial/"), ("sync", "/partial/"), ("rename", "/partial/"), ("sync", "/artifacts/"),
          ("open", ".log.zst.new"), ("write", ".log.zst.new"), ("sync", ".log.zst.new"), ("rename", ".log.zst.new"), ("unlink", ".log"),
          ("mkdir", "/jobs/"), ("write", "endpoints.json"), ("rename", "endpoints.json")]
FAILURES = [f"errno {errno.ENOSPC}", f"errno {errno.EIO}", "delay 80", "short"]
POINT_SECONDS = 15


def all_points():
    return [(operation, part, action) for operation, part in POINTS
            for action in ("kill-before", "kill-after") + (("kill-half",) if operation == "write" else ())]


class FileLayer:
    """filelayer.cpp in a master, and its rules."""

    def __init__(self, master):
        self._folder = tempfile.TemporaryDirectory(prefix="danube-files-")
        folder = pathlib.Path(self._folder.name)
        library, source = folder / "filelayer.so", pathlib.Path(__file__).with_name("filelayer.cpp")
        subprocess.run(["g++", "-O1", "-std=c++20", "-shared", "-fPIC", "-o", library, source], check=True)
        self._rules, self._hits = folder / "rules", folder / "hits"
        master.environment |= {"LD_PRELOAD": str(library), "DANUBE_FILES_ROOT": str(master.data),
                               "DANUBE_FILES_RULES": str(self._rules), "DANUBE_FILES_HITS": str(self._hits)}

    def rule(self, text):
        new = self._rules.with_suffix(".new")
        new.write_text(text + "\n" if text else "")
        os.replace(new, self._rules)

    def hits(self):
        return self._hits.read_text().splitlines() if self._hits.exists() else []


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
        self.layer = FileLayer(self.master)
        self.master.start()
        self.met = {}  # fault point → how often a master died there

    def disturbances(self, arguments, killer):
        self._killer = killer
        self._points = all_points() if arguments.points < 0 else None
        points = len(self._points) if self._points else arguments.points
        return {"kill": (arguments.kills, killer), "agent or coordinator": (arguments.agents, self.kill_helper),
                "fault point": (points, self.die_inside), "bad disk": (arguments.disk, self.spoil_disk)}

    def touched(self, job):
        """From now on the job may end as a typed failure instead of as it would have."""
        self.run.spared.add(job)

    def kill_helper(self, chance):
        """The agent or the coordinator of one running job."""
        running = [expected.job for expected in list(self.run.running)]
        chance.shuffle(running)
        for job in running:
            found = [pid for pid, line in processes_with(job) if any(f"danube-{name}" in line for name in ("agent", "coordinator", "guard", "sandbox"))]
            if found:
                self.touched(job)
                try:
                    os.kill(chance.choice(found), signal.SIGKILL)
                except ProcessLookupError:
                    pass
                return

    def die_inside(self, chance):
        operation, part, action = self._points.pop() if self._points else chance.choice(all_points())
        skip = 0 if self._points is not None else chance.randrange(6)
        self.layer.rule(f"{operation} {part} {skip} 1 {action}")
        if operation == "truncate" or part == "endpoints.json":  # what only a starting master does
            with self._killer.lock:
                self.master.kill()
                try:
                    self.master.restart()
                except AssertionError:
                    pass  # it died of the rule
        deadline = time.monotonic() + POINT_SECONDS
        while time.monotonic() < deadline and self.master.process.poll() is None:
            time.sleep(0.02)
        self.layer.rule("")
        if self.master.process.poll() is None:
            return  # nobody came by
        name = f"{operation} {part} {action}"
        self.met[name] = self.met.get(name, 0) + 1
        with self._killer.lock:
            self.master.process.wait()
            self.master.restart()

    def spoil_disk(self, chance):
        for expected in list(self.run.running):
            self.touched(expected.job)
        operation = chance.choice(("write", "sync", "any"))
        part = chance.choice(("/logs/", "danube.sqlite", "/artifacts/", "/data"))
        self.layer.rule(f"{operation} {part} 0 -1 {chance.choice(FAILURES)}")
        time.sleep(chance.uniform(0.3, 2))
        for expected in list(self.run.running):
            self.touched(expected.job)
        self.layer.rule("")

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
