# SPDX-License-Identifier: GPL-3.0-or-later
"""logview: a log of 1 GiB in the console's view, offscreen: opening, memory, jumps, following, searching; beside a bare memchr
pass, ripgrep and glogg on the same file. glogg has no end of its own: it has opened the file when it uses no CPU any more. The console
searches within its process, so what ripgrep takes for an empty file is not counted either."""
import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

import measure

IDLE = 0.4       # seconds without CPU time: glogg has nothing left to do
PATIENCE = 120   # seconds for one run of glogg


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mib(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        for line in file:
            if line.startswith("Anonymous:"):
                return int(line.split()[1]) / 1024
    return 0.0


def open_in_glogg(path, home):
    """Seconds until glogg has read the file, and its private memory then."""
    environment = dict(os.environ, QT_QPA_PLATFORM="offscreen", HOME=str(home), XDG_CONFIG_HOME=str(home))
    started = time.monotonic()
    process = subprocess.Popen(["glogg", str(path)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        used, since = cpu_seconds(process.pid), started
        while time.monotonic() - since < IDLE or used < 0.05:
            if process.poll() is not None or time.monotonic() - started > PATIENCE:
                raise SystemExit("bench: glogg did not open the file")
            time.sleep(0.01)
            now = cpu_seconds(process.pid)
            if now - used > 0.011:
                used, since = now, time.monotonic()
        return since - started, memory_mib(process.pid)
    finally:
        process.kill()
        process.wait()


def bench(programs, rounds, quick):
    size = (64 if quick else 1024) << 20
    rows = []
    with tempfile.TemporaryDirectory(prefix="danube-bench-") as name:
        directory = pathlib.Path(name)
        log, empty = directory / "huge.log", directory / "empty.log"
        empty.touch()

        def danube(*arguments):
            command = [str(programs / "bench_logview"), *map(str, arguments)]
            return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

        def timed_ripgrep(path, *arguments):
            started = time.monotonic()
            done = subprocess.run(["rg", "--count-matches", "--no-config", *arguments, str(path)], capture_output=True, text=True)
            if done.returncode > 1 or done.stderr:  # 1 = no match
                raise SystemExit(f"bench: rg failed: {done.stderr}")
            return (time.monotonic() - started) * 1000, int(done.stdout or 0)

        def ripgrep(*arguments):
            start, _ = timed_ripgrep(empty, *arguments)
            taken, count = timed_ripgrep(log, *arguments)
            return {"ms": taken - start, "start_ms": start, "count": count}

        lines = danube("make", log, size)["lines"]
        case = f"{size >> 20} MiB, {lines / 1e6:.1f} M lines"
        found = {"memchr": [], "open": [], "process": [], "glogg": []}
        for _ in range(rounds):
            found["memchr"].append(danube("memchr", log))
            started = time.monotonic()
            found["open"].append(danube("open", log))
            found["process"].append(time.monotonic() - started)
            found["glogg"].append(open_in_glogg(log, directory))

        def median(runs, key):
            return statistics.median(run[key] for run in runs)

        index = median(found["open"], "index_ms")
        rows.append(measure.bound("logview", case, "first paint", "ms", median(found["open"], "paint_ms"), at_most=50))
        rows.append(measure.compare("logview", case, "whole index", "ms", index, "memchr pass", median(found["memchr"], "ms"), at_most=1.5))
        rows.append(measure.bound("logview", case, "private memory", "MiB", median(found["open"], "memory_mib"), at_most=40))
        rows.append(measure.compare("logview", case, "opening, whole process", "s", statistics.median(found["process"]), "glogg",
                                    statistics.median(seconds for seconds, _ in found["glogg"]), at_most=0.2))
        rows.append(measure.compare("logview", case, "private memory", "MiB", median(found["open"], "memory_mib"), "glogg",
                                    statistics.median(memory for _, memory in found["glogg"])))
        rows.append(measure.bound("logview", case, "random jump, p99", "ms",
                                  statistics.median(danube("jump", log, 1000)["p99_ms"] for _ in range(rounds)), at_most=8))
        followed = [danube("follow", 3 if quick else 10, 50_000) for _ in range(rounds)]
        if any(run["below"] != 0 or run["frames"] < 20 for run in followed):
            raise SystemExit(f"bench: the view did not follow: {followed}")
        rows.append(measure.bound("logview", "50 000 lines/s", "frame, p95", "ms", median(followed, "wall_p95_ms"), at_most=16))
        rows.append(measure.bound("logview", "50 000 lines/s", "CPU of a frame, p95", "ms", median(followed, "cpu_p95_ms")))
        for kind, text, options, limit in (("literal", "needle found", ["-F"], 1.5), ("regex", r"after \d{3,4} ms: [h-z]+", [], 2)):
            ours, theirs = [], []
            for _ in range(rounds):
                ours.append(danube("search", log, text, kind))
                theirs.append(ripgrep(*options, text))
            if ours[0]["count"] != theirs[0]["count"] or ours[0]["count"] == 0:
                raise SystemExit(f"bench: {ours[0]['count']} matches, ripgrep has {theirs[0]['count']}")
            rows.append(measure.compare("logview", case, f"{kind} search", "ms", median(ours, "ms"), "ripgrep", median(theirs, "ms"), at_most=limit))
            rows.append(measure.bound("logview", f"peer: ripgrep, {kind}", "its start, not counted", "ms", median(theirs, "start_ms")))
    return rows
