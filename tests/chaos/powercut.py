# SPDX-License-Identifier: GPL-3.0-or-later
"""./dev chaos powercut: a run of a real master, from an empty directory on and killed twice in between, is recorded by the file layer
(filelayer.cpp), with every answer it gave and how much had been recorded when the answer was there. Then power cuts are made up at
random places of the record, half of them just behind an answer: a state of the disk in which what was not synced is missing, torn or
reordered. A master must start on each, and everything answered before must be there; every job must come to an end that is true.
Each eighth start is cut again.

The agent is static and cannot be recorded; it writes nothing that must outlive a power cut, because steps do not either: a job
that was running then is lost, and says so."""
import argparse
import bisect
import concurrent.futures
import contextlib
import hashlib
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

from diskmodel import Disk, digest_of, read_trace, write_state
from filelayer import FileLayer
from harness import BIN, HOLD, Master, wait_for

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
END_SECONDS = 90  # until every job has an end again, also on a machine that does much else
GIVE_UP_SECONDS = 0.5  # after which a job that waits for its agent is cancelled; one in sixteen starts has the patience
# Why a job may fail that did not in the recorded run: it was running, or is started again where there are no agents and no pipelines.
LOST = re.compile(r"^the (coordinator|worker) was lost: its agent |^pipeline (cut|hold) is no longer configured$")
# What takes no time in memory takes some on a disk: an answer that did not wait for its sync comes before it.
SLOW_DISK = "sync / 0 -1 delay 30"
REPORTS = 8


class Recording:
    """Facts: what a client was told, as (position in the trace when it knew, kind, what). Truth: job → (state, {step: (outcome, code)})."""

    def __init__(self, folder, layer):
        self.folder, self.layer = pathlib.Path(folder), layer
        self.trace = self.folder / "trace"
        self.facts, self.truth, self.lock = [], {}, threading.RLock()

    def told(self, kind, *what):
        """Under the lock of the answer, so that no kill comes in between."""
        self.facts.append((self.trace.stat().st_size, kind, *what))

    def run(self, jobs):
        extra = '[logs]\ncompress_after = "1s"\n[jobs]\nmax_concurrent = 4\n[local]\negress = "off"\n'
        master = self.master = Master({"cut": {"danubefile.py": SCRIPT}, "hold": {"danubefile.py": HOLD}}, extra=extra)
        self.disk = Disk(master.data)  # of which there is nothing yet
        master.environment |= self.layer.environment(master.data, self.trace)
        self.layer.rule(SLOW_DISK)
        self.trace.touch()
        master.start()
        try:
            self.ask(lambda: master.get("/api/v1/jobs"), "token", lambda _: [master.admin_token()])
            with concurrent.futures.ThreadPoolExecutor(5) as pool:
                work = [pool.submit(self.kill_twice, jobs), pool.submit(self.speak_rpc)]
                work += [pool.submit(self.one_job, number) for number in range(jobs)]
                for one in concurrent.futures.as_completed(work):
                    one.result()
            time.sleep(3)  # compression
            master.stop()
        except BaseException:
            print(master.log()[-5000:], flush=True)
            raise
        finally:
            self.layer.rule("")
            master.remove()

    def ask(self, function, kind=None, what=lambda answer: [answer]):
        """One answer of the master, and the fact that it is."""
        with self.lock:
            answer = function()
            if kind:
                self.told(kind, *what(answer))
            return answer

    def secret(self, name, value):
        """Sets it, or removes it (None)."""
        def once():
            status, answer = self.master.rest("PUT" if value else "DELETE", f"/api/v1/secrets/{name}", {"value": value} if value else None)
            if status not in (200, 201, 204):
                raise AssertionError(f"the recorded run itself went wrong: secret {name}: {status} {answer}")
            return json.loads(answer)["version"] if value else None

        self.ask(once, "secret", lambda version: [name, version])

    def kill_twice(self, jobs):
        """By a rule of the layer: such a master has recorded all it did."""
        for share in (1 / 3, 2 / 3):
            wait_for(lambda: sum(job in self.truth for job in list(self.truth)) >= int(jobs * share), "some jobs to end", 180)
            with self.lock:
                self.layer.rule(f"any / 3 1 kill-after\n{SLOW_DISK}")
                with contextlib.suppress(OSError, http.client.HTTPException):  # whatever else it does: this changes files
                    self.master.rest("PUT", "/api/v1/secrets/UNKNOWN", {"value": "whether it was set"})
                wait_for(lambda: self.master.process.poll() is not None, "the master to die", 60)
                self.layer.rule(SLOW_DISK)
                self.master.restart()

    def one_job(self, number):
        """Every third fails, every fourth is cancelled. A secret changes beside them."""
        job = self.ask(lambda: self.master.trigger("cut", params={"fail": "1"} if number % 3 == 2 else {}), "job")
        self.secret("CHANGED", f"value {number}")
        if number % 4 == 3:
            with self.lock:
                status, _ = self.master.rest("POST", f"/api/v1/jobs/{job}/cancel")
                if status == 202:
                    self.told("cancelled", job)
        detail = self.follow(job)
        for artifact in self.ask(lambda: self.master.get(f"/api/v1/jobs/{job}/artifacts"))["artifacts"]:
            with self.lock:
                self.told("artifact", artifact["id"], artifact["sha256"])
        wanted = {"success", "cancelled"} if number % 3 != 2 else {"failure", "cancelled"}
        if detail["state"] not in wanted or (detail["state"] == "success" and len(detail["steps"]) != 3):
            raise AssertionError(f"the recorded run itself went wrong: {detail}")

    def follow(self, job):
        seen, begun = set(), time.monotonic()
        while True:
            with self.lock:
                status, answer = self.master.rest("GET", f"/api/v1/jobs/{job}")
                detail = json.loads(answer)
                if status == 404 and time.monotonic() < begun + 10:
                    continue  # whether what was answered can be lost is asked later
                for step in detail["steps"]:
                    if step.get("outcome") and step["name"] not in seen:
                        seen.add(step["name"])
                        self.told("step", job, step["name"], step["outcome"], step.get("exit_code"))
                if detail["state"] in FINAL:
                    self.told("end", job, detail["state"])
                    break
            time.sleep(0.02)
        self.truth[job] = (detail["state"], {step["name"]: (step["outcome"], step.get("exit_code")) for step in detail["steps"]})
        self.ask(lambda: self.master.rest("GET", f"/api/v1/jobs/{job}/logs"), "log", lambda answer: [job, hashlib.sha256(answer[1]).hexdigest()])
        return detail

    def speak_rpc(self):
        """What a coordinator is told counts as much: each answer of the RPC port is a fact at once."""
        master = self.master
        job = self.ask(lambda: master.trigger("hold"), "job")
        wait_for(lambda: b'"running"' in self.ask(lambda: master.rest("GET", f"/api/v1/jobs/{job}"))[1], "the job to run", 120)
        token = self.ask(lambda: master.job_token(job))
        for number in range(1, REPORTS + 1):
            progress = number / REPORTS
            body = {"job_id": job, "state": "running", "message": f"report {number}", "progress": progress}
            self.rpc("report-status", body, token, "report", lambda _: [job, progress])
            content = f"artifact {number} of {job}\n" * 500
            digest = hashlib.sha256(content.encode()).hexdigest()
            path = f"upload-artifact?job_id={job}&name=file{number}&sha256={digest}&offset=0"
            self.rpc(path, content, token, "artifact", lambda answer: [answer["artifact_id"], digest], "-H", "Content-Type: application/octet-stream")
            name = f"by rpc {number}"
            body = {"job_id": job, "step_name": name, "command": f"echo {name}; exit {number}"}
            self.rpc("run-step", body, token, "step", lambda answer: [job, name, answer["outcome"], answer["exit_code"]])
            self.secret("TURNS", f"value {number}" if number % 3 else None)
        master.finish_hold(job)
        self.follow(job)

    def rpc(self, call, body, token, kind, what, *extra):
        """A master that was just started adopts its jobs first, and asks to be called again."""
        deadline = time.monotonic() + 60
        while True:
            with self.lock:
                status, answer = self.master.rpc(call, body, token, *extra)
                if status == 200:
                    return self.told(kind, *what(answer))
                if status != 503 or time.monotonic() > deadline:
                    raise AssertionError(f"the recorded run itself went wrong: {call}: {status} {answer}")
            time.sleep(0.1)


class Replay:
    """A master on one state. It finds no agent that works, so that what it starts anew comes to nothing."""

    def __init__(self, binaries, folder, environment):
        self.binaries, self.environment = binaries, environment
        self.root = pathlib.Path(tempfile.mkdtemp(dir=folder))
        self.data = self.root / "data"
        self.left = b""

    def __enter__(self):
        with contextlib.suppress(OSError):  # of the recorded master, whose number this one may get as well
            self.left = (self.data / "endpoints.json").read_bytes()
        config = self.root / "danube.toml"
        config.write_text(f'[server]\nbind_address = "127.0.0.1:0"\nwebsocket_address = "127.0.0.1:0"\nrpc_address = "127.0.0.1:0"\n'
                          f'data_dir = "{self.data}"\n[logs]\ncompress_after = "1h"\n[local]\negress = "off"\n')
        with open(self.root / "log", "wb") as log:
            self.process = subprocess.Popen([self.binaries / "danube-master", "--config", config], stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, start_new_session=True, env=self.environment)
        return self

    def __exit__(self, *_):
        with contextlib.suppress(ProcessLookupError):  # it may have ended by itself, which check() has told
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
                text = endpoints.read_bytes()
                found = json.loads(text)
                if found["pid"] == self.process.pid and text != self.left:
                    return urllib.parse.urlsplit(found["http"])
            except (OSError, ValueError):
                pass
            time.sleep(0.005)
        return None

    def check(self, facts, later, truth, is_patient):
        """`later`: facts of after the cut; what they tell of may have been under way."""
        url = self.started()
        if not url:
            return [f"no master starts: {(self.root / 'log').read_text(errors='replace')[-600:]}"]
        tokens = [fact[2] for fact in facts if fact[1] == "token"]
        token = tokens[0] if tokens else (self.data / "admin.token").read_text().strip()
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=60)

        def get(path, method="GET"):
            connection.request(method, path, headers={"Authorization": f"Bearer {token}"})
            answer = connection.getresponse()
            return answer.status, answer.read()

        status, body = get("/api/v1/secrets")
        if status == 401:
            return ["the token that was accepted is refused"]
        secrets = {one["name"]: one["version"] for one in json.loads(body)["secrets"]}
        wrong = check_facts(facts, get) + check_secrets(facts, later, secrets)
        jobs, given_up = self.ends(get, is_patient)
        self.truth = truth | {job: ("cancelled", truth[job][1]) for job in given_up if job in truth}
        return wrong + check_truth(self.truth, jobs)

    @staticmethod
    def ends(get, is_patient):
        """Every job there is, once all have an end; and those that were cancelled for it: that there is no agent is noticed late."""
        begun, given_up = time.monotonic(), set()
        while True:
            jobs = json.loads(get("/api/v1/jobs?limit=200")[1])["jobs"]
            waited = time.monotonic() - begun
            if all(job["state"] in FINAL for job in jobs) or waited > END_SECONDS:
                return {job["id"]: json.loads(get(f"/api/v1/jobs/{job['id']}")[1]) for job in jobs}, given_up
            for job in jobs:
                if waited > GIVE_UP_SECONDS and not is_patient and job["state"] == "scheduling" and job["id"] not in given_up:
                    given_up.add(job["id"])
                    get(f"/api/v1/jobs/{job['id']}/cancel", "POST")
            time.sleep(0.02)


def check_facts(facts, get):
    """What was told and is not there."""
    jobs, wrong = {}, []
    for fact in facts:
        kind = fact[1]
        if kind == "artifact":
            status, body = get(f"/api/v1/artifacts/{fact[2]}")
            if status != 200 or hashlib.sha256(body).hexdigest() != fact[3]:
                wrong.append(f"{fact}: {status}, {len(body)} bytes")
        elif kind not in ("secret", "token"):
            job = fact[2]
            if job not in jobs:
                status, body = get(f"/api/v1/jobs/{job}")
                jobs[job] = json.loads(body) if status == 200 else None
            wrong += check_fact(fact, jobs[job], get)
    return wrong


def check_secrets(facts, later, secrets):
    """Each has the version that was told last, or what was being done to it then."""
    wrong = []
    for name in {fact[2] for fact in facts if fact[1] == "secret"}:
        versions = [[fact[3] for fact in some if fact[1:3] == ("secret", name)] for some in (facts, later)]
        if secrets.get(name) not in versions[0][-1:] + versions[1][:1]:
            wrong.append(f"secret {name}: version {secrets.get(name)}, and it was {versions[0][-1]}")
    return wrong


def check_fact(fact, job, get):
    kind = fact[1]
    if job is None:
        return [f"{fact}: the job is missing"]
    if kind == "end" and job["state"] != fact[3]:
        return [f"{fact}: now {job['state']} ({job['reason']})"]
    if kind == "cancelled" and not (job["cancel_requested"] or job["state"] in FINAL):
        return [f"{fact}: the request is forgotten"]
    if kind == "report" and job.get("progress", -1) < fact[3]:
        return [f"{fact}: now {job.get('progress')} {job.get('message')}"]
    if kind == "step":
        steps = [step for step in job["steps"] if step["name"] == fact[3]]
        if len(steps) != 1 or (steps[0].get("outcome"), steps[0].get("exit_code")) != fact[4:6]:
            return [f"{fact}: now {steps}"]
    if kind == "log":
        status, text = get(f"/api/v1/jobs/{fact[2]}/logs")
        if status != 200 or hashlib.sha256(text).hexdigest() != fact[3]:
            return [f"{fact}: {status}, {len(text)} bytes"]
    return []


def check_truth(truth, jobs):
    """Nothing may be there that never was: no success, no exit code, no step; and nothing stays without an end."""
    wrong = []
    for name, job in jobs.items():
        if name not in truth:
            wrong.append(f"job {name} never was")
            continue
        end, steps = truth[name]
        state, reason = job["state"], job["reason"]
        if state != end and not (state == "failure" and LOST.search(reason)):
            wrong.append(f"job {name}: {state} ({reason}), and it was {end}")
        names = [step["name"] for step in job["steps"]]
        if len(set(names)) != len(names):
            wrong.append(f"job {name}: a step is there twice: {names}")
        if state == "success" and {step["name"]: step.get("outcome") for step in job["steps"]} != {step: one[0] for step, one in steps.items()}:
            wrong.append(f"job {name}: success, with {[(step['name'], step.get('outcome')) for step in job['steps']]}")
        for step in job["steps"]:
            found = (step.get("outcome"), step.get("exit_code"))
            if step["name"] not in steps:
                wrong.append(f"job {name}: step {step['name']} never was")
            elif found != steps[step["name"]] and step.get("outcome") not in ("lost", "cancelled"):
                wrong.append(f"job {name}: step {step['name']} is {found}, and it was {steps[step['name']]}")
    return wrong


def binaries_without_agent(folder):
    """A folder with the master, and agents and coordinators that fail at once."""
    made = pathlib.Path(folder) / "bin"
    made.mkdir()
    shutil.copy(BIN / "danube-master", made)
    for name in ("danube-agent", "danube-coordinator"):
        shutil.copy("/bin/false", made / name)
    return made


def states_of(recording, count, chance, forget):
    """(position, number, state): `count` cuts in order, half of them anywhere, half just behind the change after which an answer came."""
    records = [one for one in read_trace(recording.trace) if not (forget and one[1]["op"] == "sync" and forget in one[1]["path"])]
    ends = [position for position, _, _ in records]
    told = [bisect.bisect_right(ends, fact[0]) - 1 for fact in recording.facts]
    cuts = sorted(chance.randrange(len(records)) if chance.random() < 0.5 else max(0, chance.choice(told)) for _ in range(count))
    for number, (position, operation, data) in enumerate(records):
        recording.disk.take(operation, data)
        while cuts and cuts[0] == number:
            cuts.pop(0)
            yield position, number, recording.disk.after_cut(chance)


class Examiner:
    """Tries masters on states."""

    def __init__(self, recording, binaries, work, arguments):
        self.recording, self.binaries, self.work, self.arguments = recording, binaries, work, arguments
        self.cut_again = 0

    def examine(self, position, number, state):
        """Sentences. Every eighth start is recorded, and its disk cut again at some place: recovery must survive its own end."""
        facts = [fact for fact in self.recording.facts if fact[0] <= position]
        later = self.recording.facts[len(facts):]
        replay = Replay(self.binaries, self.work, dict(os.environ))
        write_state(state, str(replay.data))
        is_cut_again = number % 8 == 0
        if is_cut_again:
            disk, trace = Disk(replay.data), replay.root / "trace"
            replay.environment |= self.recording.layer.environment(replay.data, trace)
        with replay:
            found = replay.check(facts, later, self.recording.truth, number % 16 == 1)
            if found:
                self.show(number, state, replay)
            elif is_cut_again:
                state = self.second_state(disk, trace, random.Random(f"{self.arguments.seed} {number}"))
        if is_cut_again and not found:
            second = Replay(self.binaries, self.work, dict(os.environ))
            write_state(state, str(second.data))
            with second:
                found = [f"and cut again: {sentence}" for sentence in second.check(facts, later, replay.truth, False)]
                if found:
                    self.show(number, state, second)
            self.cut_again += 1
        return [f"cut after change {number}: {sentence}" for sentence in found]

    def show(self, number, state, replay):
        """With --keep: the state as it was before the master, and what that one said."""
        place = self.recording.folder / f"wrong-{number}"
        if self.arguments.keep and not place.exists():
            write_state(state, str(place))
            shutil.copy(replay.root / "log", f"{place}.log")
            print(f"  {place}", flush=True)

    @staticmethod
    def second_state(disk, trace, chance):
        records = list(read_trace(trace))
        for _, operation, data in records[:chance.randrange(len(records) + 1)]:
            disk.take(operation, data)
        return disk.after_cut(chance)


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
        recording = Recording(folder, FileLayer())
        recording.run(arguments.jobs)
        examiner = Examiner(recording, binaries_without_agent(folder), work, arguments)
        print(f"powercut: {len(recording.truth)} jobs recorded: {recording.trace.stat().st_size} bytes, {len(recording.facts)} answers, "
              f"{time.monotonic() - started:.0f} s", flush=True)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            waiting = set()
            for position, number, state in states_of(recording, arguments.states, random.Random(arguments.seed), arguments.forget):
                case = (digest_of(state), sum(fact[0] <= position for fact in recording.facts))
                if case in distinct:  # the same bytes, the same to be found in them: the same answer
                    repeated += 1
                    continue
                distinct.add(case)
                if len(distinct) % 500 == 0:
                    print(f"  {len(distinct)} distinct states of {len(distinct) + repeated}, {time.monotonic() - started:.0f} s, "
                          f"{len(wrong)} wrong", flush=True)
                if wrong and arguments.first:
                    break
                waiting.add(pool.submit(examiner.examine, position, number, state))
                if len(waiting) >= 4:
                    done, waiting = concurrent.futures.wait(waiting, return_when=concurrent.futures.FIRST_COMPLETED)
                    checked += len(done)
                    wrong += [sentence for one in done for sentence in one.result()]
            for one in concurrent.futures.as_completed(waiting):
                checked += 1
                wrong += one.result()
    finally:
        shutil.rmtree(work, ignore_errors=True)
        if not (wrong and arguments.keep):
            shutil.rmtree(folder, ignore_errors=True)
    print(f"powercut: {checked + repeated} states ({len(distinct)} distinct, {examiner.cut_again} cut again), seed {arguments.seed}, "
          f"{time.monotonic() - started:.0f} s: "
          + ("every one recovers, nothing answered is missing" if not wrong else f"{len(wrong)} WRONG"))
    for sentence in wrong[:20]:
        print("  " + sentence)
    return 1 if wrong or checked + repeated != arguments.states else 0


if __name__ == "__main__":
    sys.exit(main())
