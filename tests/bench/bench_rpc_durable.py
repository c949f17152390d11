# SPDX-License-Identifier: GPL-3.0-or-later
"""rpc-durable: report-status calls that each change the job, committed (WAL, synchronous FULL) before the answer, by a whole master;
beside the same update by SQLite's C API alone, as many rows a transaction as calls are open at once, and one by one."""
import pathlib
import re
import statistics
import subprocess
import tempfile

import measure
from masterbench import cpu_seconds, holding_master, rpc_port

CONNECTIONS, STREAMS = 8, 100


def raw(programs, group, rows):
    """(rows a second, CPU microseconds a row)"""
    with tempfile.TemporaryDirectory(prefix="danube-bench-") as name:
        database = pathlib.Path(name) / "bench.db"
        subprocess.run([programs / "bench_store", "create", database], check=True)
        run, words = measure.tell([programs / "bench_rawstore", "durable", database, str(group), str(rows)])
    return rows / float(words[0]), run.cpu_seconds * 1e6 / rows


def commits(master):
    return int(re.search(r"^danube_store_commits_total (\d+)", master.rest("GET", "/metrics")[1].decode(), re.M)[1])


def bench(programs, rounds, quick):
    calls = 40_000 if quick else 200_000
    group, rows = CONNECTIONS * STREAMS, []
    found = {"danube": [], "C API, group commit": [], "C API, one by one": []}
    with holding_master() as (master, job):
        client = [programs / "bench_statusclient", str(rpc_port(master)), master.job_token(job), job, str(CONNECTIONS), str(STREAMS)]
        subprocess.run([*client, str(calls // 10)], check=True, capture_output=True)
        for _ in range(rounds):
            begun, before = commits(master), cpu_seconds(master.process.pid)
            out = subprocess.run([*client, str(calls)], check=True, capture_output=True, text=True).stdout.split()
            cpu = cpu_seconds(master.process.pid) - before
            found["danube"].append((calls / float(out[0]), cpu * 1e6 / calls, int(out[3]) / 1000, calls / (commits(master) - begun)))
            found["C API, group commit"].append(raw(programs, group, calls))
            found["C API, one by one"].append(raw(programs, 1, calls // 100))
    median = {who: [statistics.median(values) for values in zip(*runs)] for who, runs in found.items()}
    case = f"{group} calls open"
    for peer, goal in (("C API, group commit", 0.8), ("C API, one by one", None)):
        rows += [measure.compare("rpc-durable", case, "rate", "1/s", median["danube"][0], peer, median[peer][0], at_least=goal),
                 measure.compare("rpc-durable", case, "CPU", "us/row", median["danube"][1], peer, median[peer][1])]
    return [*rows, measure.bound("rpc-durable", case, "p99", "ms", median["danube"][2]),
            measure.bound("rpc-durable", case, "reports a commit", "", median["danube"][3])]
