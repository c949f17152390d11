# SPDX-License-Identifier: GPL-3.0-or-later
"""mask: text through the masker with 50 secrets in all their forms, beside a memcpy of the same pieces; both take a checksum of
what they made. "short" has secrets of eight letters, the others of 24; "clean" holds none, the others one in 1000 lines. The masker's program
also fails when a secret was left in the text or anything else was not."""
import statistics

import measure

CASES = {"log": "build log", "clean": "build log without secrets", "base64": "base64 text", "short": "build log, short secrets"}


def one(programs, who, kind, mib):
    """(seconds, CPU seconds, (bytes made, checksum))"""
    _, fields = measure.tell([programs / "bench_mask", who, kind, str(mib)])
    return float(fields[0]), float(fields[1]), tuple(fields[2:])


def case_rows(programs, rounds, kind, mib):
    found = {"danube": [], "memcpy": []}
    for _ in range(rounds):
        for who, runs in found.items():
            runs.append(one(programs, who, kind, mib))
    if kind == "clean" and found["danube"][0][2] != found["memcpy"][0][2]:
        raise SystemExit("bench: text without secrets came out changed")
    rate = {who: mib / 1024 / statistics.median(run[0] for run in runs) for who, runs in found.items()}
    cpu = {who: statistics.median(run[1] for run in runs) * 1024 / mib for who, runs in found.items()}
    return [measure.compare("mask", CASES[kind], "rate", "GiB/s", rate["danube"], "memcpy", rate["memcpy"], at_least=0.5),
            measure.compare("mask", CASES[kind], "CPU", "s/GiB", cpu["danube"], "memcpy", cpu["memcpy"])]


def bench(programs, rounds, quick):
    return [row for kind in CASES for row in case_rows(programs, rounds, kind, 256 if quick else 2048)]
