#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeded random mutations of the core, each of which the unit tests should notice.

mutate.py [--count N] [--seed S] [--json FILE]: makes N single-line mutations (operators, constants, dropped statements) in the
files of CORE, one at a time, in a copy of the tree; rebuilds the tests that cover the file and runs them. A mutation is killed
when a test fails or hangs; one that does not compile is drawn again. Survivors are listed. Exit 0 when at least 80 % are killed."""
import argparse
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
NEEDED = 0.8
# Source file (glob) → ctest names that must notice a change in it.
CORE = [
    ("shared/core/*.cpp", r"^tst_(bytecount|backoff|id|jsonreader|secret|clock|logging|result|mailbox|coresha256)$"),
    ("shared/model/*.cpp", r"^tst_(lifecycle|step|job|artifact|pipeline)$"),
    ("shared/protocol/*.cpp", r"^tst_(sse|rpcmessages|restmessages|problem|routes|logline|logsearchanswer)$"),
    ("server/jobs/jobmachine.cpp", r"^tst_jobmachine"),
    ("server/jobs/stepmachine.cpp", r"^tst_stepmachine"),
    ("server/jobs/verdict.cpp", r"^tst_verdict"),
    ("server/jobs/jobqueue.cpp", r"^tst_jobqueue"),
    ("server/logs/*.cpp", r"^tst_(filelog|log|maskstream|secretforms|searchlog|seektable|indexview)"),
    ("server/config/configreader.cpp", r"^tst_configreader"),
]
SWAPS = [("==", "!="), ("!=", "=="), ("<=", "<"), (">=", ">"), (" < ", " <= "), (" > ", " >= "), (" && ", " || "),
         (" || ", " && "), (" + ", " - "), (" - ", " + "), ("true", "false"), ("false", "true"), ("++", "--")]
STATEMENT = re.compile(r"^\s+(?!return|break|continue|case|default|auto|const|using|static|else|if|for|while|[\w:<>]+ \w+[;{=(])"
                       r"[\w:>.()-]+.*;\s*$")
NUMBER = re.compile(r"(?<![\w.\"'])(\d+)(?![\w.\"'])")


def mutations(path):
    """All (line number, new line, what) of a file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        code = line.split("//")[0]
        if not code.strip() or code.lstrip().startswith(("#", "*", "/*", "namespace", "using", "template", "Q_")) or "assert" in code.lower():
            continue
        for old, new in SWAPS:
            for match in re.finditer(re.escape(old), code):
                if code[:match.start()].count('"') % 2 == 0:
                    yield number, line[:match.start()] + new + line[match.end():], f"{old.strip()} -> {new.strip()}"
        for match in NUMBER.finditer(code):
            if code[:match.start()].count('"') % 2 == 0:
                yield number, line[:match.start()] + str(int(match[1]) + 1) + line[match.end():], f"{match[1]} -> {int(match[1]) + 1}"
        if STATEMENT.match(code):
            yield number, "", "dropped statement"


def run(command, seconds, cwd):
    try:
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return None


def prepare_copy():
    """A copy with a build directory of its own, so that the working tree is never touched."""
    copy = pathlib.Path(os.environ["DANUBE_BUILD"]).parent / "mutation/tree"
    copy.mkdir(parents=True, exist_ok=True)
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "--cached", "--others", "--exclude-standard"], check=True,
                            capture_output=True, text=True).stdout.split("\n")
    for name in filter(None, listed):
        source, target = ROOT / name, copy / name
        if source.is_file() and (not target.exists() or target.read_bytes() != source.read_bytes()):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)  # as new, so that it is built again
    build = copy / "build/dev"
    if not (build / "build.ninja").exists():
        subprocess.run(["cmake", "--preset", "dev", "-DDANUBE_WERROR=OFF"], cwd=copy, check=True, stdout=subprocess.DEVNULL)
    return copy, build


def tests_for(build, pattern):
    listed = subprocess.run(["ctest", "--test-dir", build, "-N", "-R", pattern, "--show-only=json-v1"], check=True,
                            capture_output=True, text=True).stdout
    return [test["name"] for test in json.loads(listed)["tests"]]


def judge(copy, build, path, number, text, tests):
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    original = "".join(lines)
    lines[number] = text + "\n"
    try:
        path.write_text("".join(lines), encoding="utf-8")
        built = run(["ninja", "-C", build, *tests], 900, copy)
        if built is None or built.returncode != 0:
            return "invalid"
        tested = run(["ctest", "--test-dir", build, "-R", "^(" + "|".join(tests) + ")$", "--stop-on-failure", "--timeout", "60", "-j2"], 300, copy)
        return "survived" if tested is not None and tested.returncode == 0 else "killed"
    finally:
        path.write_text(original, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json")
    options = parser.parse_args()
    copy, build = prepare_copy()
    pool = []
    for pattern, test_pattern in CORE:
        tests = tests_for(build, test_pattern)
        for path in sorted(copy.glob(pattern)):
            pool += [(path, number, text, what, tests) for number, text, what in mutations(path) if tests]
    random.Random(options.seed).shuffle(pool)
    results = []
    for path, number, text, what, tests in pool:
        if len(results) == options.count:
            break
        verdict = judge(copy, build, path, number, text, tests)
        if verdict == "invalid":
            continue
        where = f"{path.relative_to(copy)}:{number + 1}"
        results.append({"where": where, "what": what, "verdict": verdict})
        print(f"{verdict:9} {where}  {what}", flush=True)
    killed = sum(result["verdict"] == "killed" for result in results)
    print(f"mutations: {killed} of {len(results)} killed (seed {options.seed})")
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=1))
    return 0 if results and killed >= NEEDED * len(results) else 1


if __name__ == "__main__":
    sys.exit(main())
