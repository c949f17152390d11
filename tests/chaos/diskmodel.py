# SPDX-License-Identifier: GPL-3.0-or-later
"""What a power cut leaves of a directory, as a model: every write, truncation, creation, rename and removal counts for certain only
when it was synced; of the rest any part may be missing, in any order, and a write may be torn at a sector's border. The name of a
folder is a name as any other: it is there for certain when its parent was synced, and without it nothing below is.

This is stricter than ext4 or xfs, which keep the order of names: POSIX promises no more."""
import hashlib
import json
import os
import pathlib

SECTOR = 512
FOLDER = None  # what a folder's name stands for; a file's name stands for a File


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
    """Paths are below the root and begin with "/"; the root itself is "" and always there."""

    def __init__(self, root):
        self.names, self.inodes, self.pending = {}, {}, []
        for path in sorted(pathlib.Path(root).rglob("*")):
            name = "/" + str(path.relative_to(root))
            if path.is_symlink() or path.is_socket() or path.is_fifo():
                continue
            if path.is_dir():
                self.names[name] = FOLDER
            else:
                self.names[name] = File(path.read_bytes())
                self.inodes[path.stat().st_ino] = self.names[name]
        self.now = dict(self.names)  # what a running program sees

    def take(self, operation, data):
        kind, inode = operation["op"], operation["inode"]
        path = operation["path"].removesuffix(" (deleted)")
        is_named = path == operation["path"]
        if kind == "create":
            self.inodes[inode] = File()
            self.name(path, self.inodes[inode])
        elif kind == "unnamed":
            self.inodes[inode] = File()
        elif kind == "link":
            if inode in self.inodes:
                self.name(path, self.inodes[inode])
        elif kind == "write":
            self.file(inode, path, is_named).pending.append(("write", operation["offset"], data))
        elif kind == "truncate":
            self.file(inode, path, is_named).pending.append(("truncate", operation["offset"]))
        elif kind == "sync":
            self.sync(path, inode)
        elif kind == "rename":
            if path in self.now:
                node = self.now.pop(path)
                if node is FOLDER:
                    raise ValueError(f"a folder is renamed: {path}: the model must follow the product")
                self.know(parent(operation["to"]))
                self.now[operation["to"]] = node
                self.pending.append(("rename", path, operation["to"], node))
        elif kind == "unlink":
            if path in self.now:
                self.now.pop(path)
                self.pending.append(("unlink", path))
        elif kind == "mkdir" and path:
            self.name(path, FOLDER)

    def name(self, path, node):
        self.know(parent(path))
        self.now[path] = node
        self.pending.append(("name", path, node))

    def know(self, folder):
        """One that another program made (the agent, git): nobody told how durable it is."""
        if folder and folder not in self.now:
            self.know(parent(folder))
            self.now[folder] = self.names[folder] = FOLDER

    def file(self, inode, path, is_named):
        """A file made by another program is known from its first change on."""
        if inode not in self.inodes:
            self.inodes[inode] = File()
            if is_named:
                self.name(path, self.inodes[inode])
        return self.inodes[inode]

    def sync(self, path, inode):
        if path == "" or (path in self.now and self.now[path] is FOLDER):
            self.sync_names(path)
        elif inode in self.inodes:
            file = self.inodes[inode]
            for change in file.pending:
                apply(file.durable, change)
            file.pending.clear()

    def sync_names(self, folder):
        mine = [change for change in self.pending if folder in map(parent, paths_of(change))]
        for change in mine:
            if change[0] == "unlink":  # of a folder: what happened in it before happened in another than the next of its name
                self.pending = [one for one in before(self.pending, change) if not is_below(one, change[1])] + since(self.pending, change)
        change_names(self.names, mine)
        self.pending = [change for change in self.pending if not any(change is one for one in mine)]

    def after_cut(self, chance):
        """One state the disk may be in: path → content, or FOLDER."""
        names = dict(self.names)
        change_names(names, choose(self.pending, chance))
        state = {}
        for path in sorted(names, key=lambda name: name.count("/")):
            above = parent(path)
            if above == "" or (above in state and state[above] is FOLDER):
                file = names[path]
                state[path] = FOLDER if file is FOLDER else bytes(file.content(torn(choose(file.pending, chance), chance)))
        return state


def paths_of(change):
    return change[1:3] if change[0] == "rename" else change[1:2]


def is_below(change, folder):
    return any(path.startswith(folder + "/") for path in paths_of(change))


def place(changes, change):
    return next(i for i, one in enumerate(changes) if one is change)


def before(changes, change):
    return changes[:place(changes, change)]


def since(changes, change):
    return changes[place(changes, change):]


def change_names(names, changes):
    for change in changes:
        if change[0] == "name":
            names[change[1]] = change[2]
        elif change[0] == "rename":
            names.pop(change[1], None)
            names[change[2]] = change[3]
        elif names.pop(change[1], change) is FOLDER:
            for path in [path for path in names if path.startswith(change[1] + "/")]:
                del names[path]


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


def write_state(state, target):
    os.makedirs(target, mode=0o700)
    for path, content in state.items():  # folders come before what is in them
        if content is FOLDER:
            os.mkdir(target + path, mode=0o700)
            continue
        with open(os.open(target + path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)


def digest_of(state):
    digest = hashlib.sha256()
    for path in sorted(state):
        digest.update(path.encode() + b"\0" + (b"" if state[path] is FOLDER else hashlib.sha256(state[path]).digest()))
    return digest.digest()


def read_trace(path):
    """(end of the record in the file, operation, data) for each."""
    whole = pathlib.Path(path).read_bytes()
    at = 0
    while (end := whole.find(b"\n", at) + 1) > 0:
        operation = json.loads(whole[at:end])
        at = end + operation["size"]
        if at > len(whole):
            return  # the program was killed while it wrote this
        yield at, operation, whole[end:at]
