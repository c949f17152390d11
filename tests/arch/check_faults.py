# SPDX-License-Identifier: GPL-3.0-or-later
"""Every row of docs/faults.md says what happens and what somebody reads, and names a test that exists: "PROGRAM SLOT", or a ctest of its
own. check_faults.py ROOT."""
import pathlib
import re
import sys

FEWEST = 30


def main():
    root = pathlib.Path(sys.argv[1])
    first = (root / "docs/faults.md").read_text().partition("\n## ")[0]
    table = [line for line in first.splitlines() if line.startswith("|")][2:]
    found = [re.fullmatch(r"\|[^|]*\S[^|]*\|[^|]*\S[^|]*\|[^|]*\S[^|]*\| `([a-z_]+)(?: (\w+))?` \|", line) for line in table]
    rows = [match.groups() for match in found if match]
    lists = "".join(path.read_text() for path in root.glob("tests/*/CMakeLists.txt"))
    wrong = []
    for line, match in zip(table, found):
        if not match:
            print(f"docs/faults.md: a row is not \"fault | what happens | the sentence | `test`\": {line}")
    for program, slot in rows:
        sources = [path for path in root.glob("tests/**/*") if path.name in (f"{program}.cpp", f"{program}.py")]
        texts = "".join(path.read_text() for path in sources)
        if not (re.search(rf"\b(void|def) {slot}\(", texts) if slot else f"NAME {program} " in lists):
            wrong.append(f"{program} {slot}")
    for name in wrong:
        print(f"docs/faults.md names a test that does not exist: {name}")
    if len(rows) < FEWEST:
        print(f"docs/faults.md has {len(rows)} rows with a test, not {FEWEST}")
    return 1 if wrong or len(rows) != len(table) or len(rows) < FEWEST else 0


if __name__ == "__main__":
    sys.exit(main())
