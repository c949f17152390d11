# SPDX-License-Identifier: GPL-3.0-or-later
"""start: from the program's start to the first 200 on /health, with an empty and a full store, beside FastAPI on hypercorn with that
one route; the memory of a master that has nothing to do; and how long a master that was killed with a full store and a running job takes
until the next one is ready and has that job again."""
import http.client
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

import measure
from filledmaster import filled_master, finish_waiting
from masterbench import free_port, resident_mib
from harness import wait_for  # its path is masterbench's

HERE = pathlib.Path(__file__).parent


def until_answered(command, port, path="/health", env=None, cwd=None, out=subprocess.DEVNULL):
    """(seconds until the first 200, the living process)"""
    begun = time.monotonic()
    process = subprocess.Popen(command, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    while time.monotonic() - begun < 30 and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return time.monotonic() - begun, process
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.001)
    raise SystemExit(f"bench: {command[0]} gave no 200 on {path}")


def end(process):
    process.terminate()
    process.wait(20)


def start_master(master, path="/health", rpc="127.0.0.1:0"):
    from harness import BIN, why_unguarded

    port = free_port()
    env = os.environ | {"DANUBE_SERVER_BIND_ADDRESS": f"127.0.0.1:{port}", "DANUBE_SERVER_RPC_ADDRESS": rpc}
    env |= {"DANUBE_LOCAL_EGRESS": "off"} if why_unguarded() else {}
    with open(master.state / "master.log", "ab") as log:
        seconds, process = until_answered([BIN / "danube-master", "--config", master.config], port, path, env, out=log)
    return seconds, process, port


def timed_master(master):
    seconds, process, _ = start_master(master)
    end(process)
    return seconds


def timed_python():
    port = free_port()
    command = [sys.executable, "-m", "hypercorn", "-b", f"127.0.0.1:{port}", "health:app"]
    env = os.environ | {"PYTHONPYCACHEPREFIX": tempfile.gettempdir() + "/danube-bench-pycache"}
    seconds, process = until_answered(command, port, env=env, cwd=HERE / "start")
    end(process)
    return seconds


def idle_memory(master):
    """MiB resident after the job table was looked at and a second of quiet."""
    _, process, port = start_master(master)
    token = master.admin_token()
    for path in ("/api/v1/jobs?limit=100", "/api/v1/jobs?state=failure&limit=100", "/health/ready"):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        connection.getresponse().read()
        connection.close()
    time.sleep(1)
    found = resident_mib(process.pid)
    end(process)
    return found


def after_crashes(programs, rounds, jobs):
    """Milliseconds from each new master's start to its first 200 on /health/ready."""
    master, found = filled_master(programs, jobs), []
    try:
        master.start()
        rpc = urllib.parse.urlsplit(master.endpoints["rpc"]).netloc
        job = master.trigger("waiting")
        wait_for(lambda: master.steps(job).get("wait", {}).get("state") == "running", "the step to run")
        for _ in range(rounds):
            master.kill()
            seconds, master.process, port = start_master(master, "/health/ready", rpc)
            master.endpoints["http"] = f"http://127.0.0.1:{port}"
            found.append(seconds * 1000)
        finish_waiting(master, job)
        end = master.wait_end(job)
        if end["state"] != "success":
            raise SystemExit(f"bench: the job that ran through the crashes ended {end['state']}: {end['reason']}")
    finally:
        master.remove()
    return found


def bench(programs, rounds, quick):
    jobs, crashed = (1000, 2000) if quick else (10_000, 100_000)
    empty, full = filled_master(programs, 0), filled_master(programs, jobs)
    try:
        contestants = {"empty": lambda: timed_master(empty), "full": lambda: timed_master(full), "python": timed_python}
        for once in contestants.values():
            once()  # page cache, the first database, compiled Python
        found = {name: [] for name in contestants}
        for _ in range(rounds):
            for name, once in contestants.items():
                found[name].append(once() * 1000)
        median = {name: statistics.median(values) for name, values in found.items()}
        peer = "FastAPI+hypercorn"
        return [measure.compare("start", "empty store", "to the first 200", "ms", median["empty"], peer, median["python"], at_most=0.15),
                measure.compare("start", f"{jobs} jobs in the store", "to the first 200", "ms", median["full"], peer, median["python"], at_most=0.15),
                measure.bound("start", "empty store", "memory", "MiB", idle_memory(empty)),
                measure.bound("start", f"{jobs} jobs in the store", "memory", "MiB", idle_memory(full), at_most=60),
                measure.bound("start", f"{crashed} jobs in the store, killed before", "to the first 200 on /health/ready", "ms",
                              statistics.median(after_crashes(programs, rounds, crashed)), at_most=1000)]
    finally:
        empty.remove()
        full.remove()
