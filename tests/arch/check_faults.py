# SPDX-License-Identifier: GPL-3.0-or-later
"""Every row of docs/faults.md names a test that exists: "PROGRAM SLOT", or a ctest of its own. check_faults.py ROOT."""
import pathlib
import re
import sys

FEWEST = 30


def main():
    root = pathlib.Path(sys.argv[1])
    rows = re.findall(r"^\|.*\| `([a-z_]+)(?: (\w+))?` \|$", (root / "docs/faults.md").read_text(), re.M)
    lists = "".join(path.read_text() for path in root.glob("tests/*/CMakeLists.txt"))
    wrong = []
    for program, slot in rows:
        sources = [path for path in root.glob("tests/**/*") if path.name in (f"{program}.cpp", f"{program}.py")]
        texts = "".join(path.read_text() for path in sources)
        if not (re.search(rf"\b(void|def) {slot}\(", texts) if slot else f"NAME {program} " in lists):
            wrong.append(f"{program} {slot}")
    for name in wrong:
        print(f"docs/faults.md names a test that does not exist: {name}")
    if len(rows) < FEWEST:
        print(f"docs/faults.md has {len(rows)} rows with a test, not {FEWEST}")
    return 1 if wrong or len(rows) < FEWEST else 0


if __name__ == "__main__":
    sys.exit(main())
