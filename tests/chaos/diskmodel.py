# SPDX-License-Identifier: GPL-3.0-or-later
"""What a power cut leaves of a directory, as a model: every write, truncation, creation, rename and removal counts for certain only
when it was synced; of the rest any part may be missing, in any order, and a write may be torn at a sector's border.

This is stricter than ext4 or xfs, which keep the order of names: POSIX promises no more."""
import json
import os
import pathlib

SECTOR = 512


class File:
    def __init__(self, content=b""):
        self.durable = bytearray(content)
        self.pending = []  # ("write", offset, bytes) or ("truncate", size)

    def content(self, chosen):
        data = bytearray(self.durable)
        for change in chosen:
            apply(data, change)
        return data


def apply(data, change):
    if change[0] == "truncate":
        size = change[1]
        if size < len(data):
            del data[size:]
        else:
            data.extend(bytes(size - len(data)))
        return
    _, offset, piece = change
    if len(data) < offset:
        data.extend(bytes(offset - len(data)))
    data[offset:offset + len(piece)] = piece


def parent(path):
    return path.rsplit("/", 1)[0]


class Disk:
    """Paths are below the root and begin with "/"; the root itself is ""."""

    def __init__(self, root):
        self.names, self.inodes, self.pending = {}, {}, []
        self.folders = {""}
        for path in sorted(pathlib.Path(root).rglob("*")):
            name = "/" + str(path.relative_to(root))
            if path.is_symlink() or path.is_socket() or path.is_fifo():
                continue
            if path.is_dir():
                self.folders.add(name)
            else:
                self.names[name] = File(path.read_bytes())
                self.inodes[path.stat().st_ino] = self.names[name]
        self.now = dict(self.names)  # what a running program sees

    def take(self, operation, data):
        kind, path, inode = operation["op"], operation["path"].removesuffix(" (deleted)"), operation["inode"]
        if kind == "create":
            file = self.inodes[inode] = self.now[path] = File()
            self.pending.append(("name", path, file))
        elif kind == "write":
            self.file(inode, path).pending.append(("write", operation["offset"], data))
        elif kind == "truncate":
            self.file(inode, path).pending.append(("truncate", operation["offset"]))
        elif kind == "sync":
            self.sync(path, inode)
        elif kind == "rename":
            file = self.now.pop(path, None)
            if file:
                self.now[operation["to"]] = file
                self.pending.append(("rename", path, operation["to"], file))
        elif kind == "unlink":
            if self.now.pop(path, None):
                self.pending.append(("unlink", path))
        elif kind == "mkdir":
            self.folders.add(path)

    def file(self, inode, path):
        """A file made by another program (git, the agent) is known from its first change on."""
        if inode not in self.inodes:
            self.inodes[inode] = self.now[path] = self.names[path] = File()
        return self.inodes[inode]

    def sync(self, path, inode):
        if path in self.folders:
            mine = [change for change in self.pending if path in map(parent, change[1:3] if change[0] == "rename" else change[1:2])]
            change_names(self.names, mine)
            self.pending = [change for change in self.pending if not any(change is one for one in mine)]
        elif inode in self.inodes:
            file = self.inodes[inode]
            for change in file.pending:
                apply(file.durable, change)
            file.pending.clear()

    def after_cut(self, chance):
        """One state the disk may be in: path → content."""
        names = dict(self.names)
        change_names(names, choose(self.pending, chance))
        return {path: bytes(file.content(torn(choose(file.pending, chance), chance))) for path, file in names.items()}


def change_names(names, changes):
    for change in changes:
        if change[0] == "name":
            names[change[1]] = change[2]
        elif change[0] == "rename":
            names.pop(change[1], None)
            names[change[2]] = change[3]
        else:
            names.pop(change[1], None)


def choose(changes, chance):
    """Which of what was not synced came to the disk after all."""
    how = chance.randrange(5)
    if how == 0 or not changes:
        return []
    if how == 1:
        return list(changes)
    if how == 2:
        return changes[:chance.randrange(len(changes) + 1)]
    if how == 3:
        return [change for change in changes if chance.random() < 0.5]
    lost = chance.randrange(len(changes))
    return changes[:lost] + changes[lost + 1:]


def torn(changes, chance):
    writes = [i for i, change in enumerate(changes) if change[0] == "write" and len(change[2]) > 1]
    if not writes or chance.random() < 0.5:
        return changes
    at = chance.choice(writes)
    _, offset, data = changes[at]
    border = chance.randrange(1, len(data))
    border -= (offset + border) % SECTOR if len(data) > SECTOR and chance.random() < 0.8 else 0
    piece = ("write", offset, data[:max(0, border)]) if chance.random() < 0.7 else ("write", offset + max(0, border), data[max(0, border):])
    return changes[:at] + [piece] + changes[at + 1:]


def write_state(state, folders, target):
    for folder in sorted(folders):
        os.makedirs(f"{target}{folder}", mode=0o700, exist_ok=True)
    for path, content in state.items():
        os.makedirs(os.path.dirname(target + path), mode=0o700, exist_ok=True)
        with open(os.open(target + path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)


def read_trace(path):
    """(end of the record in the file, operation, data) for each."""
    whole = pathlib.Path(path).read_bytes()
    at = 0
    while at < len(whole):
        end = whole.index(b"\n", at) + 1
        operation = json.loads(whole[at:end])
        at = end + operation["size"]
        yield at, operation, whole[end:at]
