# SPDX-License-Identifier: GPL-3.0-or-later
"""rpc-durable: report-status calls that each change their job, committed (WAL, synchronous FULL) before the answer, by a whole master,
beside two peers that keep the last report of each job and write the same two columns:
* a server of nghttp2's and SQLite's C APIs alone, with the same client: the same calls over the same wire, answered after their commit;
* SQLite's C API in a loop, without any wire, as many reports a commit as the product had in the run before.
Two cases:
* one job: all calls have one token, so those that come together are one row of their commit.
* many jobs: a token each and never two calls of a job at once, so that each report is a row of its own."""
import contextlib
import pathlib
import re
import statistics
import subprocess
import tempfile
from dataclasses import dataclass

import measure
from masterbench import cpu_seconds, holding_master, rpc_port

WAIT = """
import threading
print("waiting", flush=True)
threading.Event().wait()
"""
WIRE, GROUPED, SINGLE = "C server", "C API, as many a commit", "C API, one by one"


@dataclass
class Case:
    name: str
    jobs: list
    connections: int
    streams: int  # of each connection
    calls: int


def call(programs, port, case, lines, calls):
    """The client's words: seconds, calls, p50 and p99 in microseconds. `lines`: a token and an id for each job"""
    command = [programs / "bench_statusclient", str(port), str(case.connections), str(case.streams), str(calls)]
    return subprocess.run(command, input=lines, check=True, capture_output=True, text=True).stdout.split()


class Site:
    """A master and what is asked of it."""

    def __init__(self, programs, master):
        self._programs, self._master = programs, master

    def lines(self, case):
        return "".join(f"{self._master.job_token(job)} {job}\n" for job in case.jobs)

    def counts(self):
        """(writes, commits) so far"""
        text = self._master.rest("GET", "/metrics")[1].decode()
        return [int(re.search(rf"^danube_store_{name}_total (\d+)", text, re.M)[1]) for name in ("writes", "commits")]

    def call(self, case, calls):
        return call(self._programs, rpc_port(self._master), case, self.lines(case), calls)

    def run(self, case):
        """(reports a second, CPU microseconds a report, p99 in milliseconds, reports a commit, rows a commit)"""
        pid = self._master.process.pid
        (writes, commits), before = self.counts(), cpu_seconds(pid)
        words = self.call(case, case.calls)
        cpu = cpu_seconds(pid) - before
        (writes_after, commits_after) = self.counts()
        rows, commits = writes_after - writes, commits_after - commits
        if len(case.jobs) > 1 and rows < case.calls:
            raise SystemExit(f"bench: {case.calls} reports of {len(case.jobs)} jobs, one open of each, were {rows} rows")
        for job in case.jobs:
            message = self._master.job(job)["message"]
            if not message.startswith("compiled "):
                raise SystemExit(f"bench: job {job} has not what it reported, but {message!r}")
        return case.calls / float(words[0]), cpu * 1e6 / case.calls, int(words[3]) / 1000, case.calls / commits, rows / commits


@contextlib.contextmanager
def c_server(programs, case, lines):
    """A function that lets the client loose on it: (reports a second, CPU microseconds a report, p99 in milliseconds)"""
    with tempfile.TemporaryDirectory(prefix="danube-bench-") as name:
        database = pathlib.Path(name) / "bench.db"
        subprocess.run([programs / "bench_store", "create", database], check=True)
        process = subprocess.Popen([programs / "bench_statusserver", database], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            process.stdin.write(lines)
            process.stdin.close()
            port = int(process.stdout.readline())

            def run():
                before = cpu_seconds(process.pid)
                words = call(programs, port, case, lines, case.calls)
                return case.calls / float(words[0]), (cpu_seconds(process.pid) - before) * 1e6 / case.calls, int(words[3]) / 1000
            yield run
        finally:
            process.kill()
            process.wait()
            process.stdout.close()


def raw(programs, jobs, group, reports):
    """(reports a second, CPU microseconds a report)"""
    with tempfile.TemporaryDirectory(prefix="danube-bench-") as name:
        database = pathlib.Path(name) / "bench.db"
        subprocess.run([programs / "bench_store", "create", database], check=True)
        run, words = measure.tell([programs / "bench_rawstore", "durable", database, str(jobs), str(group), str(reports)])
    return reports / float(words[0]), run.cpu_seconds * 1e6 / reports


@contextlib.contextmanager
def waiting_jobs(master, count):
    jobs = [master.trigger("wait") for _ in range(count)]
    try:
        for job in jobs:
            master.wait_state(job, "running", seconds=600)
        yield jobs
    finally:
        for job in jobs:
            master.rest("POST", f"/api/v1/jobs/{job}/cancel")
        for job in jobs:
            master.wait_end(job, seconds=600)


def rows_of(programs, site, case, rounds):
    site.call(case, max(1, case.calls // 10))  # warm
    found = {"danube": [], WIRE: [], GROUPED: [], SINGLE: []}
    with c_server(programs, case, site.lines(case)) as wire:
        wire()
        for turn in range(rounds):
            if turn % 2:  # neither is always the one behind the other
                found[WIRE].append(wire())
            ours = site.run(case)
            found["danube"].append(ours)
            if not turn % 2:
                found[WIRE].append(wire())
            found[GROUPED].append(raw(programs, len(case.jobs), max(1, round(ours[3])), case.calls))
            found[SINGLE].append(raw(programs, len(case.jobs), 1, case.calls // 100))
    median = {who: [statistics.median(values) for values in zip(*runs)] for who, runs in found.items()}
    name = f"{case.name}, {case.connections * case.streams} calls open"
    rows = []
    for peer, goal in ((WIRE, 0.8), (GROUPED, 0.8), (SINGLE, None)):
        rows += [measure.compare("rpc-durable", name, "rate", "1/s", median["danube"][0], peer, median[peer][0], at_least=goal),
                 measure.compare("rpc-durable", name, "CPU", "us/report", median["danube"][1], peer, median[peer][1])]
    rows.append(measure.compare("rpc-durable", name, "p99", "ms", median["danube"][2], WIRE, median[WIRE][2]))
    return rows + [measure.bound("rpc-durable", name, metric, "", median["danube"][at])
                   for at, metric in ((3, "reports a commit"), (4, "rows a commit"))]


def bench(programs, rounds, quick):
    calls, many = (20_000, 30) if quick else (200_000, 300)
    with holding_master(f"[jobs]\nmax_concurrent = {many + 1}\n", {"wait": {"danubefile.py": WAIT}}) as (master, job):
        site = Site(programs, master)
        rows = rows_of(programs, site, Case("one job", [job], 8, 100, calls), rounds)
        with waiting_jobs(master, many) as jobs:
            return rows + rows_of(programs, site, Case(f"{many} jobs", jobs, 6, many // 6, calls), rounds)
