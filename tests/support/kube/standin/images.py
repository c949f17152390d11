# SPDX-License-Identifier: GPL-3.0-or-later
"""Images: names mapped to directories, by images.json:

    {"localhost/busybox:*": {"rootfs": "host"},
     "localhost/tool:1": {"rootfs": "/dir" | "host" | "empty", "files": {"/usr/bin/x": "/path/of/x"}, "hide": ["/etc/passwd"],
                          "env": {"A": "b"}, "user": "1000:1000", "entrypoint": [], "command": ["sh"], "workingDir": "/",
                          "pull": "missing"}}

Names are shell patterns, the first that fits counts. "host": this machine's own root file system, without what is mounted on it.
"files" are copied into a layer above the rootfs, "hide" is taken away from it. "pull": "present" (default) is on the node already,
"missing" must be pulled first, so that imagePullPolicy Never fails.
"""
import dataclasses
import fnmatch
import hashlib
import json
import os
import pathlib
import shutil
import stat

DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_KEYS = {"rootfs", "files", "hide", "env", "user", "entrypoint", "command", "workingDir", "pull"}


def built_in(cell):
    """The kinds of image that the tests need; `cell` is the one static program at hand."""
    kinds = {
        "localhost/busybox:*": {"rootfs": "host", "command": ["sh"]},
        "localhost/root:*": {"rootfs": "host", "command": ["sh"]},
        "localhost/user:*": {"rootfs": "host", "command": ["sh"], "user": "1000:1000"},
        "localhost/named-user:*": {"rootfs": "host", "command": ["sh"], "user": "nobody"},
        "localhost/no-passwd:*": {"rootfs": "host", "command": ["sh"], "hide": ["/etc/passwd", "/etc/group"]},
    }
    if cell:
        kinds["localhost/scratch:*"] = {"rootfs": "empty", "files": {"/cell": str(cell)}, "command": ["/cell", "check"]}
    return kinds


class BrokenImage(Exception):
    """What it is made of does not exist (yet): a pull of it fails."""


@dataclasses.dataclass
class Image:
    name: str
    layers: str  # as overlayfs takes them: upper:lower
    env: dict
    user: str
    entrypoint: list
    command: list
    directory: str
    is_present: bool

    @property
    def id(self):
        return "sha256:" + hashlib.sha256(self.layers.encode()).hexdigest()

    def passwd(self):
        """[(name, uid, gid, home)]"""
        return [(f[0], int(f[2]), int(f[3]), f[5]) for f in self._table("etc/passwd", 7)]

    def groups_of(self, user):
        """Group ids whose member list names `user`."""
        return [int(f[2]) for f in self._table("etc/group", 4) if user in f[3].split(",")]

    def _table(self, path, fields):
        for layer in self.layers.split(":"):
            file = pathlib.Path(layer, path)
            if file.is_char_device():
                return []  # a whiteout: hidden by an upper layer
            if file.is_file():
                rows = [line.split(":") for line in file.read_text(errors="replace").splitlines()]
                return [row for row in rows if len(row) == fields and row[2].isdigit()]
        return []


class Images:
    def __init__(self, table, state):
        """`table`: as in images.json. `state`: where layers are made."""
        self._table, self._state, self._made = table, pathlib.Path(state), {}
        for name, spec in table.items():
            if not isinstance(spec, dict) or not set(spec) <= _KEYS or not isinstance(spec.get("rootfs"), str):
                raise ValueError(f"image {name!r}: needs \"rootfs\", and knows {', '.join(sorted(_KEYS))}")

    @classmethod
    def load(cls, source, state, cell):
        """`source`: path of an images.json, or None for the built-in kinds alone; its entries come before the built-in ones."""
        table = json.loads(pathlib.Path(source).read_text()) if source else {}
        return cls(table | {name: spec for name, spec in built_in(cell).items() if name not in table}, state)

    def find(self, name):
        """Image or None. Raises BrokenImage."""
        full = name if ":" in name.rpartition("/")[2] else name + ":latest"
        for pattern, spec in self._table.items():
            if fnmatch.fnmatchcase(name, pattern) or fnmatch.fnmatchcase(full, pattern):
                if pattern not in self._made:
                    self._made[pattern] = self._layers(spec)
                env = {"PATH": DEFAULT_PATH} | spec.get("env", {})
                return Image(name, self._made[pattern], env, str(spec.get("user", "")),
                             list(spec.get("entrypoint", [])), list(spec.get("command", [])), spec.get("workingDir") or "/",
                             spec.get("pull", "present") == "present")
        return None

    def _layers(self, spec):
        lower = {"host": "/", "empty": ""}.get(spec["rootfs"], spec["rootfs"])
        missing = [path for path in (lower, *spec.get("files", {}).values()) if path and not os.path.exists(path)]
        if missing:
            raise BrokenImage(f"{missing[0]}, which the image is made of, does not exist")
        if lower and not spec.get("files") and not spec.get("hide"):
            return lower
        layer = self._state / f"layer{len(self._made)}"
        layer.mkdir(parents=True)
        for target, source in spec.get("files", {}).items():
            _copy(pathlib.Path(source), layer / target.lstrip("/"))
        for hidden in spec.get("hide", []):
            path = layer / hidden.lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            os.mknod(path, stat.S_IFCHR, os.makedev(0, 0))
        return f"{layer}:{lower}" if lower else str(layer)


def _copy(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True)
    else:
        shutil.copy2(source, target)
