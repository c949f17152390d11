#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks #include lines and CMake DEPENDS against tests/arch/rooms.txt, and the travellers of ARCHITECTURE.md.

check_rooms.py [ROOT]: exit 0 when all hold, 1 with one line per finding."""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s+"((?:shared|server|console)/[^"]+)"', re.M)
CALL = re.compile(r"danube_(?:module|program)\(\s*([\w-]+)([^)]*)\)", re.S)
TRAVELLER = re.compile(r"`((?:shared|server|console|resources)/[\w/.-]+\.(?:h|cpp|py)):([\w:~]+)`")


def read_rooms(text):
    rooms, allowed = {}, {}
    for line in text.splitlines():
        line = line.split("#")[0].strip()
        if not line:
            continue
        name, _, rest = line.partition(":")
        if name.startswith("allow "):
            allowed[name[6:].strip()] = set(rest.split())
        else:
            rooms[name.strip()] = set(rest.split())
    return rooms, allowed


def room_of(path, rooms):
    parts = path.split("/")[:-1]
    while parts:
        name = "/".join(parts)
        if name in rooms:
            return name
        parts.pop()
    return None


def may(rooms, room, other):
    return other == room or "*" in rooms[room] or other in rooms[room]


def check_includes(root, rooms, allowed):
    files = [file for top in ("shared", "server", "console") for file in sorted((root / top).rglob("*"))]
    for file in files:
        if file.suffix not in (".h", ".cpp", ".c"):
            continue
        path = file.relative_to(root).as_posix()
        room = room_of(path, rooms)
        if room is None:
            if path.count("/") > 1:
                yield f"{path}: its folder is no room of tests/arch/rooms.txt"
            continue
        for target in INCLUDE.findall(file.read_text(encoding="utf-8")):
            other = room_of(target, rooms)
            if not (root / target).exists():
                yield f"{path}: includes {target}, which does not exist"
            elif not may(rooms, room, other) and target not in allowed.get(room, ()):
                yield f"{path}: {room} may not include {target}"


def check_links(root, rooms):
    by_target = {room.replace("/", "_"): room for room in rooms}
    for room in rooms:
        cmake = root / room / "CMakeLists.txt"
        if not cmake.exists():
            continue
        for target, body in CALL.findall(re.sub(r"#.*", "", cmake.read_text())):
            for word in body.split():
                other = by_target.get(word)
                if other is not None and not may(rooms, room, other):
                    yield f"{room}/CMakeLists.txt: {target} may not link {word}"


def check_travellers(root):
    document = root / "ARCHITECTURE.md"
    if not document.exists():
        return
    for path, symbol in TRAVELLER.findall(document.read_text(encoding="utf-8")):
        file = root / path
        if not file.exists():
            yield f"ARCHITECTURE.md: {path} does not exist"
        elif not re.search(rf"\b{re.escape(symbol.split('::')[-1])}\b", file.read_text(encoding="utf-8")):
            yield f"ARCHITECTURE.md: {path} has no {symbol}"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2])
    rooms, allowed = read_rooms((root / "tests/arch/rooms.txt").read_text())
    findings = [*check_includes(root, rooms, allowed), *check_links(root, rooms), *check_travellers(root)]
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
