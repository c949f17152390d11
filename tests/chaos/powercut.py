# SPDX-License-Identifier: GPL-3.0-or-later
"""./dev chaos powercut: a run of a real master is recorded by the file layer (filelayer.cpp), with every answer it gave and how much
had been recorded when the answer was there. Then power cuts are made up at random places of the record: a state of the disk in which
what was not synced is missing, torn or reordered. A master must start on each, and everything answered before must be there.

The agent is static and cannot be recorded; it writes nothing that must outlive a power cut, because steps do not either: a job
that was running then is lost, and says so."""
import argparse
import concurrent.futures
import hashlib
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

from diskmodel import Disk, read_trace, write_state
from harness import BIN, Master, wait_for

SCRIPT = """
import pathlib, sys, time
from danube import artifacts, ctx, step
for i in range(3):
    step.run("seq %d 3000; exit %d" % (i, i), name="step%d" % i, check=False)
pathlib.Path(ctx.workspace, "result").write_text(ctx.job_id * 3000)
artifacts.upload("result")
print("end of", ctx.job_id)
sys.exit(3 if ctx.params.get("fail") else 0)
"""
FINAL = ("success", "failure", "timeout", "cancelled")
START_SECONDS = 60


class Recording:
    """The facts a client was told: (position in the trace when it knew, kind, what)."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.trace = self.folder / "trace"
        self.facts, self.lock = [], threading.Lock()

    def layer(self):
        library = self.folder / "filelayer.so"
        source = pathlib.Path(__file__).with_name("filelayer.cpp")
        subprocess.run(["g++", "-O1", "-std=c++20", "-shared", "-fPIC", "-o", library, source], check=True)
        return library

    def told(self, kind, *what):
        with self.lock:
            self.facts.append((self.trace.stat().st_size, kind, *what))

    def run(self, jobs):
        master = Master({"cut": {"danubefile.py": SCRIPT}}, extra='[logs]\ncompress_after = "1s"\n[jobs]\nmax_concurrent = 3\n[local]\negress = "off"\n')
        master.start()
        master.stop()
        self.baseline = self.folder / "baseline"
        shutil.copytree(master.data, self.baseline)
        self.disk = Disk(master.data)
        master.environment |= {"LD_PRELOAD": str(self.layer()), "DANUBE_FILES_ROOT": str(master.data), "DANUBE_FILES_TRACE": str(self.trace)}
        self.trace.touch()
        master.start()
        try:
            with concurrent.futures.ThreadPoolExecutor(3) as pool:
                list(pool.map(lambda number: self.one_job(master, number), range(jobs)))
            time.sleep(3)  # compression
            master.stop()
        finally:
            master.remove()

    def one_job(self, master, number):
        job = master.trigger("cut", params={"fail": "1"} if number % 3 == 2 else {})
        self.told("job", job)
        if number % 4 == 3:
            status, _ = master.rest("POST", f"/api/v1/jobs/{job}/cancel")
            if status == 202:
                self.told("cancelled", job)
        seen = set()
        while True:
            detail = master.job(job)
            for step in detail["steps"]:
                if step.get("outcome") and step["name"] not in seen:
                    seen.add(step["name"])
                    self.told("step", job, step["name"], step["outcome"], step.get("exit_code"))
            if detail["state"] in FINAL:
                self.told("end", job, detail["state"])
                break
            time.sleep(0.02)
        for artifact in master.get(f"/api/v1/jobs/{job}/artifacts")["artifacts"]:
            self.told("artifact", artifact["id"], artifact["sha256"])
        wanted = {"success", "cancelled"} if number % 3 != 2 else {"failure", "cancelled"}
        if detail["state"] not in wanted or (detail["state"] == "success" and len(seen) != 3):
            raise AssertionError(f"the recorded run itself went wrong: {detail}")
        _, text = master.rest("GET", f"/api/v1/jobs/{job}/logs")
        self.told("log", job, hashlib.sha256(text).hexdigest())


class Replay:
    """A master on one state. It finds no agent that works, so that what it starts anew comes to nothing."""

    def __init__(self, binaries, folder, environment):
        self.binaries, self.environment = binaries, environment
        self.root = pathlib.Path(tempfile.mkdtemp(dir=folder))
        self.data = self.root / "data"

    def __enter__(self):
        config = self.root / "danube.toml"
        config.write_text(f'[server]\nbind_address = "127.0.0.1:0"\nwebsocket_address = "127.0.0.1:0"\nrpc_address = "127.0.0.1:0"\n'
                          f'data_dir = "{self.data}"\n[logs]\ncompress_after = "1h"\n[local]\negress = "off"\n')
        with open(self.root / "log", "wb") as log:
            self.process = subprocess.Popen([self.binaries / "danube-master", "--config", config], stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, start_new_session=True, env=self.environment)
        return self

    def __exit__(self, *_):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        shutil.rmtree(self.root, ignore_errors=True)

    def started(self):
        deadline = time.monotonic() + START_SECONDS
        endpoints = self.data / "endpoints.json"
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                return None
            try:
                found = json.loads(endpoints.read_text())
                if found["pid"] == self.process.pid:
                    return urllib.parse.urlsplit(found["http"])
            except (OSError, ValueError):
                pass
            time.sleep(0.005)
        return None

    def check(self, facts):
        url = self.started()
        if not url:
            return [f"no master starts: {(self.root / 'log').read_text(errors='replace')[-600:]}"]
        token = (self.data / "admin.token").read_text().strip()
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=60)

        def get(path):
            connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
            answer = connection.getresponse()
            return answer.status, answer.read()

        jobs, wrong = {}, []
        for fact in facts:
            if fact[1] == "artifact":
                status, body = get(f"/api/v1/artifacts/{fact[2]}")
                if status != 200 or hashlib.sha256(body).hexdigest() != fact[3]:
                    wrong.append(f"{fact}: {status}, {len(body)} bytes")
                continue
            job = fact[2]
            if job not in jobs:
                status, body = get(f"/api/v1/jobs/{job}")
                jobs[job] = json.loads(body) if status == 200 else None
            wrong += self.check_job(fact, jobs[job], get)
        return wrong

    @staticmethod
    def check_job(fact, job, get):
        kind = fact[1]
        if job is None:
            return [f"{fact}: the job is missing"]
        if kind == "end" and job["state"] != fact[3]:
            return [f"{fact}: now {job['state']} ({job['reason']})"]
        if kind == "cancelled" and not (job["cancel_requested"] or job["state"] in FINAL):
            return [f"{fact}: the request is forgotten"]
        if kind == "step":
            steps = [step for step in job["steps"] if step["name"] == fact[3]]
            if len(steps) != 1 or (steps[0].get("outcome"), steps[0].get("exit_code")) != fact[4:6]:
                return [f"{fact}: now {steps}"]
        if kind == "log":
            status, text = get(f"/api/v1/jobs/{fact[2]}/logs")
            if status != 200 or hashlib.sha256(text).hexdigest() != fact[3]:
                return [f"{fact}: {status}, {len(text)} bytes"]
        return []


def binaries_without_agent(folder):
    """A folder with the master, and agents and coordinators that fail at once."""
    made = pathlib.Path(folder) / "bin"
    made.mkdir()
    shutil.copy(BIN / "danube-master", made)
    for name in ("danube-agent", "danube-coordinator"):
        shutil.copy("/bin/false", made / name)
    return made


def states_of(recording, count, chance, forget):
    """(position, number, state, folders): `count` cuts at random places, in order."""
    records = [one for one in read_trace(recording.trace) if not (forget and one[1]["op"] == "sync" and forget in one[1]["path"])]
    cuts = sorted(chance.randrange(len(records)) for _ in range(count))
    for number, (position, operation, data) in enumerate(records):
        recording.disk.take(operation, data)
        while cuts and cuts[0] == number:
            cuts.pop(0)
            yield position, number, recording.disk.after_cut(chance), set(recording.disk.folders)


def main():
    parser = argparse.ArgumentParser(prog="./dev chaos powercut")
    parser.add_argument("--states", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=8)
    parser.add_argument("--forget", metavar="PART", help="a master that never syncs paths with this in them: it must be caught")
    parser.add_argument("--first", action="store_true", help="end with the first wrong state")
    parser.add_argument("--keep", action="store_true", help="the wrong states")
    arguments = parser.parse_args(sys.argv[2:] if sys.argv[1:2] == ["powercut"] else None)
    started = time.monotonic()
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = tempfile.mkdtemp(prefix="danube-powercut-")
    work = tempfile.mkdtemp(prefix="danube-powercut-", dir=memory)
    wrong, checked, repeated, distinct = [], 0, 0, set()
    try:
        recording = Recording(folder)
        recording.run(arguments.jobs)
        binaries = binaries_without_agent(folder)
        print(f"powercut: {arguments.jobs} jobs recorded: {recording.trace.stat().st_size} bytes, {len(recording.facts)} answers, "
              f"{time.monotonic() - started:.0f} s", flush=True)

        def examine(position, number, state, folders):
            facts = [fact for fact in recording.facts if fact[0] <= position]
            replay = Replay(binaries, work, dict(os.environ))
            write_state(state, folders, str(replay.data))
            with replay:
                found = replay.check(facts)
            if found and arguments.keep:
                write_state(state, folders, f"{folder}/wrong-{number}")
            return number, found

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            waiting = set()
            chance = random.Random(arguments.seed)
            for position, number, state, folders in states_of(recording, arguments.states, chance, arguments.forget):
                digest = hashlib.sha256()
                for path in sorted(state):
                    digest.update(path.encode() + b"\0" + hashlib.sha256(state[path]).digest())
                case = (digest.digest(), sum(fact[0] <= position for fact in recording.facts))
                if case in distinct:  # the same bytes, the same to be found in them: the same answer
                    repeated += 1
                    continue
                distinct.add(case)
                if len(distinct) % 500 == 0:
                    print(f"  {len(distinct)} distinct states of {len(distinct) + repeated}, {time.monotonic() - started:.0f} s, "
                          f"{len(wrong)} wrong", flush=True)
                if wrong and arguments.first:
                    break
                waiting.add(pool.submit(examine, position, number, state, folders))
                if len(waiting) >= 4:
                    done, waiting = concurrent.futures.wait(waiting, return_when=concurrent.futures.FIRST_COMPLETED)
                    for one in done:
                        number, found = one.result()
                        checked += 1
                        wrong += [f"cut after change {number}: {sentence}" for sentence in found]
            for one in concurrent.futures.as_completed(waiting):
                number, found = one.result()
                checked += 1
                wrong += [f"cut after change {number}: {sentence}" for sentence in found]
    finally:
        shutil.rmtree(work, ignore_errors=True)
        if not (wrong and arguments.keep):
            shutil.rmtree(folder, ignore_errors=True)
    print(f"powercut: {checked + repeated} states ({len(distinct)} distinct), seed {arguments.seed}, {time.monotonic() - started:.0f} s: "
          + ("every one recovers, nothing answered is missing" if not wrong else f"{len(wrong)} WRONG"))
    for sentence in wrong[:20]:
        print("  " + sentence)
    return 1 if wrong or checked + repeated != arguments.states else 0


if __name__ == "__main__":
    sys.exit(main())
