# SPDX-License-Identifier: GPL-3.0-or-later
"""What every bench needs: programs run in alternation, medians, CPU and memory by the kernel's own account, one table, JSON."""
import json
import os
import statistics
import subprocess
import time
from dataclasses import asdict, dataclass


@dataclass
class Run:
    seconds: float
    cpu_seconds: float
    rss_mib: float


@dataclass
class Row:
    """One line of a bench. `ratio` is value / peer_value; `target` a bound for it (or for the value where there is no peer)."""
    bench: str
    case: str
    metric: str
    unit: str
    value: float
    peer: str = ""
    peer_value: float | None = None
    ratio: float | None = None
    target: str = ""
    met: bool | None = None


def run(command, env=None, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL):
    """Runs one program to its end; anything but exit code 0 ends the bench."""
    started = time.monotonic()
    return _reap(subprocess.Popen(command, env=env, stdin=stdin, stdout=stdout), started)


def tell(command):
    """As run(), of a program that says something: (Run, the words of its output)."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    words = process.stdout.read().split()
    process.stdout.close()
    return _reap(process, started), words


def _reap(process, started):
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"bench: {process.args[0]} ended with {process.returncode}")
    return Run(time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def alternate(contestants, rounds):
    """`contestants`: name → function that returns a Run. Every round runs each once, so that a slow minute hits all."""
    runs = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, function in contestants.items():
            runs[name].append(function())
    return {name: Run(*(statistics.median(getattr(run, field) for run in found) for field in ("seconds", "cpu_seconds", "rss_mib")))
            for name, found in runs.items()}


def compare(bench, case, metric, unit, value, peer, peer_value, at_least=None, at_most=None):
    ratio = value / peer_value
    target = f">= {at_least}" if at_least is not None else f"<= {at_most}" if at_most is not None else ""
    met = ratio >= at_least if at_least is not None else ratio <= at_most if at_most is not None else None
    return Row(bench, case, metric, unit, round(value, 3), peer, round(peer_value, 3), round(ratio, 3), target, met)


def bound(bench, case, metric, unit, value, at_most=None):
    return Row(bench, case, metric, unit, round(value, 3), target=f"<= {at_most}" if at_most is not None else "",
               met=value <= at_most if at_most is not None else None)


def show(rows):
    head = ("case", "metric", "value", "unit", "peer", "peer's", "ratio", "target", "met")
    table = [head] + [(row.case, row.metric, f"{row.value:g}", row.unit, row.peer, "" if row.peer_value is None else f"{row.peer_value:g}",
                       "" if row.ratio is None else f"{row.ratio:.2f}", row.target, {None: "", True: "yes", False: "NO"}[row.met]) for row in rows]
    widths = [max(len(line[column]) for line in table) for column in range(len(head))]
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


def save(rows, path):
    with open(path, "w", encoding="utf-8") as file:
        json.dump([asdict(row) for row in rows], file, indent=2)
        file.write("\n")
