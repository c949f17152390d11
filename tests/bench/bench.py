#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""./dev bench NAME [--json FILE] [--rounds N] [--quick]: one table, ratios against peers of the same alternating run."""
import argparse
import importlib
import os
import pathlib
import sys

import measure


def main():
    names = sorted(path.stem.removeprefix("bench_").replace("_", "-") for path in pathlib.Path(__file__).parent.glob("bench_*.py"))
    parser = argparse.ArgumentParser(prog="./dev bench")
    parser.add_argument("name", choices=names)
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="small sizes: does it run, not how fast is it")
    arguments = parser.parse_args()
    programs = pathlib.Path(os.environ["DANUBE_BUILD"]) / "bench"
    rows = importlib.import_module("bench_" + arguments.name.replace("-", "_")).bench(programs, arguments.rounds, arguments.quick)
    measure.show(rows)
    if arguments.json:
        measure.save(rows, arguments.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
