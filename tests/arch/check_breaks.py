# SPDX-License-Identifier: GPL-3.0-or-later
"""Each acceptance check of the console has a row in tests/mutation/breaks.toml whose text is in its file exactly once, so that
`./dev mutate checks` can show the check to fail. check_breaks.py ROOT."""
import pathlib
import sys
import tomllib


def main():
    root = pathlib.Path(sys.argv[1])
    rows = tomllib.loads((root / "tests/mutation/breaks.toml").read_text(encoding="utf-8"))["break"]
    checks = {f"A{int(path.name[1:3])}" for path in root.glob("tests/gui/checks/a[0-9][0-9]_*.cpp")}
    wrong = [f"{check} has no row" for check in checks - {row["check"] for row in rows}]
    for row in rows:
        path = root / row["file"]
        count = path.read_text(encoding="utf-8").count(row["from"]) if path.exists() else 0
        if row["check"] not in checks:
            wrong.append(f"{row['check']} is no check")
        if count != 1:
            wrong.append(f"{row['check']}: the text to break is {count} times in {row['file']}")
        if row["from"] == row["to"]:
            wrong.append(f"{row['check']}: the change changes nothing")
    for text in sorted(wrong):
        print(f"tests/mutation/breaks.toml: {text}")
    return 1 if wrong or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
