# SPDX-License-Identifier: GPL-3.0-or-later
"""./dev fuzz [--seconds N] [--parallel N] [--json FILE] [--list] [NAME...]: builds the libFuzzer targets (all, or those named) and runs
each for N seconds on its corpus. New inputs stay in build/fuzz/corpus/NAME, an input that breaks a target beside them as crash-*,
timeout-*, oom-* or leak-*; its output is in build/fuzz/corpus/NAME.log. Ends with 1 when there was one."""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/fuzz"
SEEDS = ROOT / "tests/fuzz/corpus"
# Some targets write files: twenty times as fast in memory.
FOLDER = {"TMPDIR": "/dev/shm"} if os.access("/dev/shm", os.W_OK) else {}
BROKEN = ("crash-", "timeout-", "oom-", "leak-")
# Seconds by the clock for one input, for each program that shares the cores.
SLOW_INPUT = 10
HEAD = f"{'target':<16}{'seconds':>8}{'CPU':>7}{'executions':>12}{'edges':>7}{'features':>10}{'inputs':>8}{'MiB':>6}  result"


def parse():
    parser = argparse.ArgumentParser(prog="./dev fuzz")
    parser.add_argument("names", nargs="*", metavar="NAME", help="targets without fuzz_; none = all")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--parallel", type=int, default=1, help="targets at a time; more than cores: the CPU column says what each got")
    parser.add_argument("--json", type=pathlib.Path, help="the figures, too, in this file")
    parser.add_argument("--list", action="store_true", help="names of the targets")
    return parser.parse_args()


def figure(pattern, text):
    """The last number that the pattern finds; 0 = none."""
    found = re.findall(pattern, text)
    return int(found[-1]) if found else 0


def run(name, duration, parallel=1):
    """One target's row of figures. parallel: how many run at a time."""
    work = BUILD / "corpus" / name
    work.mkdir(parents=True, exist_ok=True)
    known = set(work.iterdir())
    log = work.with_suffix(".log")
    started = time.monotonic()
    with log.open("w") as out:
        process = subprocess.Popen(
            [BUILD / "bin" / f"fuzz_{name}", f"-max_total_time={duration}", f"-timeout={SLOW_INPUT * parallel}", "-rss_limit_mb=2048",
             "-print_final_stats=1", f"-artifact_prefix={work}/", work, SEEDS / name],
            stdout=out, stderr=subprocess.STDOUT, env={**os.environ, **FOLDER})
        _, status, used = os.wait4(process.pid, 0)
        code = process.returncode = os.waitstatus_to_exitcode(status)
    text = log.read_text(errors="replace")
    broken = sorted(path.name for path in set(work.iterdir()) - known if path.name.startswith(BROKEN))
    return {"target": name, "seconds": round(time.monotonic() - started), "cpu": round(used.ru_utime + used.ru_stime),
            "executions": figure(r"number_of_executed_units: (\d+)", text),
            "edges": figure(r"cov: (\d+)", text), "features": figure(r"ft: (\d+)", text), "inputs": figure(r"corp: (\d+)", text),
            "peak_mib": figure(r"peak_rss_mb: *(\d+)", text), "exit_code": code, "broken_by": broken}


def line(row):
    result = "clean" if row["exit_code"] == 0 and not row["broken_by"] else f"BROKEN: {' '.join(row['broken_by']) or row['exit_code']}"
    return (f"{row['target']:<16}{row['seconds']:>8}{row['cpu']:>7}{row['executions']:>12}"
            f"{row['edges']:>7}{row['features']:>10}{row['inputs']:>8}{row['peak_mib']:>6}  {result}")


def main():
    arguments = parse()
    known = sorted(path.stem.removeprefix("fuzz_") for path in (ROOT / "tests/fuzz").glob("fuzz_*.cpp"))
    if arguments.list:
        print("\n".join(known))
        return 0
    names = arguments.names or known
    for name in names:
        if name not in known:
            print(f"dev: no fuzz target '{name}' (./dev fuzz --list)", file=sys.stderr)
            return 2
    if subprocess.run(["deploy/dev/build.sh", "--quiet", *(f"fuzz_{name}" for name in names)], cwd=ROOT, check=False).returncode != 0:
        return 1
    print(HEAD, flush=True)
    rows = []
    with concurrent.futures.ThreadPoolExecutor(arguments.parallel) as pool:
        runs = [pool.submit(run, name, arguments.seconds, arguments.parallel) for name in names]
        for done in concurrent.futures.as_completed(runs):
            rows.append(done.result())
            print(line(rows[-1]), flush=True)
            if arguments.json:
                arguments.json.write_text(json.dumps(rows, indent=1) + "\n")
    broken = [row for row in rows if row["exit_code"] or row["broken_by"]]
    print(f"fuzz: {len(rows)} targets, {sum(row['executions'] for row in rows)} executions, {len(broken)} broken")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
