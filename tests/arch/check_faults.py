# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/faults.md: every row of faults names a test that exists ("PROGRAM SLOT", or a ctest of its own), and what somebody reads by it
stands in that test: each text in backticks, in pieces between `…` and numbers. Every bound names a test. check_faults.py ROOT."""
import pathlib
import re
import sys

FEWEST = {"fault": 60, "from → to": 11}
NOTHING = "*–*"


def tables(text):
    """(first column's name, cells) of each row of a table."""
    kind = ""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")] if line.startswith("|") else []
        if not cells:
            kind = ""
        elif not kind:
            kind = cells[0].strip("| ")
        elif not line.startswith("|--"):
            yield kind, cells


class Tests:
    def __init__(self, root):
        self._files = {}
        for path in root.glob("tests/**/*"):
            if path.suffix in (".cpp", ".py"):
                self._files.setdefault(path.stem, []).append(path)
        self._lists = "".join(path.read_text() for path in root.glob("tests/*/CMakeLists.txt"))

    def text(self, name):
        program = name.partition(" ")[0]
        files = self._files.get(program) or self._files.get(program.partition("_")[2]) or []
        return "".join(path.read_text() for path in files).replace("\\", "")

    def has(self, name):
        program, _, slot = name.partition(" ")
        return bool(re.search(rf"\b(void|def) {slot}\(", self.text(name))) if slot else f"NAME {program} " in self._lists


def pieces(sentence):
    for quoted in re.findall(r"`([^`]+)`", sentence):
        yield from (piece for part in re.split(r"…|\d+", quoted) if re.search(r"\w", piece := part.strip()))


def wrongs(cells, tests):
    if len(cells) != 4 or not all(cells) or not (named := re.fullmatch(r"`([a-z_0-9]+(?: \w+)?)`", cells[3])):
        return ["is not four cells with a test at the end"]
    if not tests.has(named[1]):
        return [f"names a test that does not exist: {named[1]}"]
    return [f"says {piece!r}, which is nowhere in {named[1]}" for piece in pieces(cells[2]) if piece not in tests.text(named[1])]


def is_said(cells):
    """Somebody reads something, or nobody does."""
    return (cells[2] == NOTHING) != ("`" in cells[2])


def main():
    root = pathlib.Path(sys.argv[1])
    tests, counts, wrong = Tests(root), dict.fromkeys(FEWEST, 0), []
    for kind, cells in tables((root / "docs/faults.md").read_text()):
        counts[kind] = counts.get(kind, 0) + 1
        found = wrongs(cells, tests)
        if kind == "fault" and not found and not is_said(cells):
            found = [f"has neither a sentence in backticks nor {NOTHING}"]
        wrong += [f"the row \"{cells[0]}\" {one}" for one in found]
    wrong += [f"{counts[kind]} rows of \"{kind}\", not {fewest}" for kind, fewest in FEWEST.items() if counts[kind] < fewest]
    wrong += [f"a table of another kind: {kind}" for kind in counts if kind not in FEWEST]
    for one in wrong:
        print(f"docs/faults.md: {one}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
