# SPDX-License-Identifier: GPL-3.0-or-later
"""store: rows of jobs and their steps by the one writer thread (queue, savepoints, answers to the asking thread), beside the same
statements by SQLite's C API, 1024 rows a transaction. Both WAL with synchronous FULL, on an empty database each round."""
import pathlib
import statistics
import subprocess
import tempfile

import measure


def one(programs, who, jobs, directory):
    """(rows a second, CPU seconds a row)"""
    for old in directory.iterdir():
        old.unlink()
    database = directory / "bench.db"
    subprocess.run([programs / "bench_store", "create", database], check=True)
    run, words = measure.tell([programs / ("bench_store" if who == "danube" else "bench_rawstore"), "write", database, str(jobs)])
    rows = int(words[1])
    return rows / float(words[0]), run.cpu_seconds / rows


def bench(programs, rounds, quick):
    jobs = 1000 if quick else 10_000
    found = {"danube": [], "C API, batched": []}
    with tempfile.TemporaryDirectory(prefix="danube-bench-") as name:
        for _ in range(rounds):
            for who, runs in found.items():
                runs.append(one(programs, who, jobs, pathlib.Path(name)))
    rate = {who: statistics.median(run[0] for run in runs) for who, runs in found.items()}
    cpu = {who: statistics.median(run[1] for run in runs) * 1e6 for who, runs in found.items()}
    peer = "C API, batched"
    return [measure.compare("store", f"{jobs} jobs of 5 steps", "rows", "1/s", rate["danube"], peer, rate[peer], at_least=0.75),
            measure.compare("store", f"{jobs} jobs of 5 steps", "CPU", "us/row", cpu["danube"], peer, cpu[peer])]
