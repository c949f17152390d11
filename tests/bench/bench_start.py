# SPDX-License-Identifier: GPL-3.0-or-later
"""start: from the program's start to the first 200 on /health, with an empty and a full store, beside FastAPI on hypercorn with that
one route; and the memory of a master that has nothing to do."""
import http.client
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import measure
from filledmaster import filled_master
from masterbench import free_port, resident_mib

HERE = pathlib.Path(__file__).parent


def until_healthy(command, port, env=None, cwd=None, out=subprocess.DEVNULL):
    """(seconds, the living process)"""
    begun = time.monotonic()
    process = subprocess.Popen(command, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    while time.monotonic() - begun < 30 and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return time.monotonic() - begun, process
        except OSError:
            time.sleep(0.001)
        finally:
            connection.close()
    raise SystemExit(f"bench: {command[0]} gave no 200 on /health")


def end(process):
    process.terminate()
    process.wait(20)


def start_master(master):
    from harness import BIN, why_unguarded

    port = free_port()
    env = os.environ | {"DANUBE_SERVER_BIND_ADDRESS": f"127.0.0.1:{port}"} | ({"DANUBE_LOCAL_EGRESS": "off"} if why_unguarded() else {})
    with open(master.state / "master.log", "ab") as log:
        seconds, process = until_healthy([BIN / "danube-master", "--config", master.config], port, env, out=log)
    return seconds, process, port


def timed_master(master):
    seconds, process, _ = start_master(master)
    end(process)
    return seconds


def timed_python():
    port = free_port()
    command = [sys.executable, "-m", "hypercorn", "-b", f"127.0.0.1:{port}", "health:app"]
    seconds, process = until_healthy(command, port, os.environ | {"PYTHONPYCACHEPREFIX": tempfile.gettempdir() + "/danube-bench-pycache"}, HERE / "start")
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


def bench(programs, rounds, quick):
    jobs = 1000 if quick else 10_000
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
                measure.bound("start", f"{jobs} jobs in the store", "memory", "MiB", idle_memory(full), at_most=60)]
    finally:
        empty.remove()
        full.remove()
