# SPDX-License-Identifier: GPL-3.0-or-later
"""Each fuzz target is built, begins with a corpus of its own, and has a row in docs/fuzzing.md; no row is left behind. check_fuzz.py ROOT."""
import pathlib
import re
import sys


def main():
    root = pathlib.Path(sys.argv[1])
    sources = {path.stem.removeprefix("fuzz_") for path in root.glob("tests/fuzz/fuzz_*.cpp")}
    built = re.findall(r"^danube_fuzz\((\w+)", (root / "tests/fuzz/CMakeLists.txt").read_text(), re.M)
    corpora = {path.name for path in root.glob("tests/fuzz/corpus/*") if sum(1 for _ in path.iterdir()) >= 2}
    rows = re.findall(r"^\| `(\w+)` \|", (root / "docs/fuzzing.md").read_text(), re.M)
    wrong = [f"{name} is not built" for name in sources - set(built)]
    wrong += [f"{name} has no corpus of two files or more" for name in sources - corpora]
    wrong += [f"{name} has no row in docs/fuzzing.md" for name in sources - set(rows)]
    wrong += [f"{name} is no target, but has a corpus or a row" for name in (corpora | set(rows)) - sources]
    wrong += [f"{name} has {rows.count(name)} rows" for name in set(rows) if rows.count(name) > 1]
    for text in sorted(wrong):
        print(f"tests/fuzz: {text}")
    return 1 if wrong or not sources else 0


if __name__ == "__main__":
    sys.exit(main())
