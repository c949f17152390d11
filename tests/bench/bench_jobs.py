# SPDX-License-Identifier: GPL-3.0-or-later
"""jobs: a thousand trivial jobs, and whether every job's output is there. Two figures of each step, as the job's own script sees it:
what Danube adds to it (the time of step.run less that from before its process's start to its end, as the answer tells), and step.run in
all, which on the cluster stands beside a whole `kubectl exec true`: that starts a program and opens a connection for each call."""
import json
import pathlib
import statistics
import sys
import time

import clusterjobs
import measure

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/scenario"))
sys.path.insert(0, str(ROOT / "tests/chaos"))

STEPS = 5
DANUBEFILE = f"""
import json, time
from danube import ctx, step
times = []
for number in range({STEPS}):
    begun = time.monotonic()
    result = step.run(["echo", ctx.params["word"] + str(number)], name="step %d" % number)
    taken = (time.monotonic() - begun) * 1000
    times.append((taken - result.duration_ms, taken))
print("times", json.dumps(times))
"""


def run_jobs(master, count, at_once):
    """(milliseconds added, milliseconds in all) of each step; raises when a job failed or a byte of its output is missing."""
    open_jobs, times, begun = {}, [], 0
    while begun < count or open_jobs:
        while begun < count and len(open_jobs) < 2 * at_once:
            word = f"w{begun}."
            open_jobs[master.trigger("trivial", params={"word": word})] = word
            begun += 1
        for job, word in list(open_jobs.items()):
            state = master.job(job)
            if state["state"] in ("success", "failure", "timeout", "cancelled"):
                del open_jobs[job]
                times += check(master, state, word)
        time.sleep(0.05 if at_once < 50 else 2)
    return times


def check(master, job, word):
    if job["state"] != "success":
        raise SystemExit(f"bench: job {job['id']} ended {job['state']}: {job['reason']}")
    numbers = sorted(step["number"] for step in job["steps"] if step["number"] > 0)
    times = json.loads(master.stream_text(job["id"], 0, "stdout").decode().split("times ", 1)[1])
    if numbers != list(range(1, STEPS + 1)) or len(times) != STEPS:
        raise SystemExit(f"bench: job {job['id']} ran {STEPS} steps; told are {numbers}, timed {len(times)}")
    for number in numbers:
        if master.stream_text(job["id"], number, "stdout") != f"{word}{number - 1}\n".encode():
            raise SystemExit(f"bench: output of step {number} of job {job['id']} is not what it printed")
    return times


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def memory_mib(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def rows_of(case, times, master, jobs, seconds, p50):
    added, whole = zip(*times)
    return [measure.bound("jobs", case, "added to a step, p50", "ms", statistics.median(added), at_most=p50),
            measure.bound("jobs", case, "added to a step, p99", "ms", percentile(added, 0.99), at_most=100),
            measure.bound("jobs", case, "step.run in all, p50", "ms", statistics.median(whole)),
            measure.bound("jobs", case, "step.run in all, p99", "ms", percentile(whole, 0.99)),
            measure.bound("jobs", case, "jobs", "1/s", jobs / seconds),
            measure.bound("jobs", case, "master's memory, peak", "MiB", memory_mib(master.process.pid))]


def local(count):
    from harness import Master

    master = Master({"trivial": {"danubefile.py": DANUBEFILE}}, extra="[jobs]\nmax_concurrent = 2\n").start()
    try:
        begun = time.monotonic()
        times = run_jobs(master, count, 2)
        return rows_of("local, 2 at once", times, master, count, time.monotonic() - begun, 4)
    finally:
        master.remove()


def on_cluster(count):
    """`count` jobs at once as pods of the stand-in; all of them live before the first step begins."""
    case = f"stand-in cluster, {count} at once"
    with clusterjobs.opened(STEPS, count) as (cluster, master, peer, gate):
        begun = time.monotonic()
        gate.open_when(count)
        times = run_jobs(master, count, count)
        seconds = time.monotonic() - begun
        left = clusterjobs.leftovers(cluster)
        if left:
            raise SystemExit(f"bench: {len(left)} objects are left, {left[0]['metadata']['name']} first")
        return [*clusterjobs.rows(case, times, peer.since(gate.opened_at), percentile),
                measure.bound("jobs", case, "until all pods run", "s", gate.opened_after),
                measure.bound("jobs", case, "jobs", "1/s", count / seconds),
                measure.bound("jobs", case, "master's memory, peak", "MiB", memory_mib(master.process.pid)),
                measure.bound("jobs", case, "stand-in's memory, peak", "MiB", memory_mib(cluster.process.pid))]


def bench(_programs, _rounds, quick):
    return [*local(20 if quick else 1000), *on_cluster(10 if quick else 300)]
