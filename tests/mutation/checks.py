#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Breaks what each acceptance check of the console looks at, one change of breaks.toml at a time in a copy of the tree: the
check must fail.

checks.py [CHECK...] [--json FILE]: all checks, or those named (A7). Each is first seen to pass unbroken. Exit 0 when every
break was noticed."""
import argparse
import json
import pathlib
import sys
import tomllib

from mutate import prepare_copy, run

TABLE = pathlib.Path(__file__).with_name("breaks.toml")


def breaks():
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))["break"]


def program_of(copy, check):
    found = list(copy.glob(f"tests/gui/checks/a{int(check[1:]):02}_*.cpp"))
    if len(found) != 1:
        sys.exit(f"checks: {check} has no program in tests/gui/checks")
    return found[0].stem


def fails(copy, build, check):
    """Whether the check fails; None when it could not be built."""
    built = run(["ninja", "-C", build, program_of(copy, check)], 1800, copy)
    if built is None or built.returncode != 0:
        return None
    tested = run(["ctest", "--test-dir", build, "-R", f"^{check}$", "--no-tests=error", "--timeout", "240"], 300, copy)
    return tested is None or tested.returncode != 0


def judge(copy, build, row):
    path = copy / row["file"]
    original = path.read_text(encoding="utf-8")
    if original.count(row["from"]) != 1:
        return "stale"
    try:
        path.write_text(original.replace(row["from"], row["to"]), encoding="utf-8")
        return {True: "noticed", False: "missed", None: "invalid"}[fails(copy, build, row["check"])]
    finally:
        path.write_text(original, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("checks", nargs="*")
    parser.add_argument("--json")
    options = parser.parse_args()
    rows = [row for row in breaks() if not options.checks or row["check"] in options.checks]
    unknown = set(options.checks) - {row["check"] for row in rows}
    if unknown:
        sys.exit(f"checks: breaks.toml has no row of {', '.join(sorted(unknown))}")
    copy, build = prepare_copy()
    results = []
    for row in rows:
        whole = fails(copy, build, row["check"])
        verdict = judge(copy, build, row) if whole is False else "fails unbroken"
        results.append({"check": row["check"], "what": row["what"], "verdict": verdict})
        print(f"{verdict:9} {row['check']}  {row['what']}", flush=True)
    noticed = sum(result["verdict"] == "noticed" for result in results)
    print(f"checks: {noticed} of {len(results)} breaks noticed")
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=1))
    return 0 if results and noticed == len(results) else 1


if __name__ == "__main__":
    sys.exit(main())
