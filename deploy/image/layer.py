# SPDX-License-Identifier: GPL-3.0-or-later
"""One layer of an image: a tar that depends on names, modes and contents only.

Sorted by name; every owner is a number given here, every time the one epoch; no setuid bits, no device files, no extended
attributes. So two trees that hold the same packages give the same bytes, whoever made them and when."""
import dataclasses
import gzip
import hashlib
import io
import pathlib
import stat
import tarfile


@dataclasses.dataclass(frozen=True)
class Entry:
    """A file (`content` is bytes or a path to read), a folder (neither) or a symbolic link (`target`)."""
    path: str
    mode: int = 0o644
    content: bytes | pathlib.Path | None = None
    target: str | None = None
    owner: int = 0
    same_as: str | None = None  # hard link to an entry before this one

    @property
    def is_folder(self):
        return self.content is None and self.target is None and self.same_as is None


@dataclasses.dataclass(frozen=True)
class Layer:
    digest: str   # of the compressed bytes: the blob's name
    diff_id: str  # of the tar
    size: int
    unpacked: int


class _Tee(io.RawIOBase):
    """Counts and hashes what goes through to `sink`."""

    def __init__(self, sink):
        super().__init__()
        self.sink, self.hash, self.size = sink, hashlib.sha256(), 0

    def writable(self):
        return True

    def write(self, data):
        self.hash.update(data)
        self.size += len(data)
        self.sink.write(data)
        return len(data)

    @property
    def digest(self):
        return "sha256:" + self.hash.hexdigest()


def tree_entries(root, is_left_out):
    """All of `root` as entries; `is_left_out(path)` is asked with relative paths and prunes folders."""
    root = pathlib.Path(root)
    found, first_of = [], {}
    for folder, folders, files in root.walk():
        relative = folder.relative_to(root)
        folders[:] = sorted(name for name in folders if not is_left_out((relative / name).as_posix()))
        for name in sorted(folders + files):
            path = (relative / name).as_posix()
            entry = None if is_left_out(path) else _entry(folder / name, path, first_of)
            if entry:
                found.append(entry)
    return found


def _entry(source, path, first_of):
    status = source.lstat()
    mode = stat.S_IMODE(status.st_mode) & ~(stat.S_ISUID | stat.S_ISGID)
    if stat.S_ISLNK(status.st_mode):
        return Entry(path, 0o777, target=str(source.readlink()))
    if stat.S_ISDIR(status.st_mode):
        return Entry(path, mode)
    if not stat.S_ISREG(status.st_mode):
        return None
    if status.st_nlink > 1:
        first = first_of.setdefault((status.st_dev, status.st_ino), path)
        if first != path:
            return Entry(path, mode, same_as=first)
    return Entry(path, mode, content=source)


def _header(entry, epoch):
    header = tarfile.TarInfo(entry.path)
    header.mode, header.mtime, header.uid, header.gid = entry.mode, epoch, entry.owner, entry.owner
    if entry.is_folder:
        header.type = tarfile.DIRTYPE
    elif entry.target is not None:
        header.type, header.linkname = tarfile.SYMTYPE, entry.target
    elif entry.same_as is not None:
        header.type, header.linkname = tarfile.LNKTYPE, entry.same_as
    return header


def _add(archive, entry, epoch):
    header = _header(entry, epoch)
    if isinstance(entry.content, bytes):
        header.size = len(entry.content)
        archive.addfile(header, io.BytesIO(entry.content))
    elif entry.content is not None:
        with open(entry.content, "rb") as content:
            header.size = entry.content.stat().st_size
            archive.addfile(header, content)
    else:
        archive.addfile(header)


def _with_first_links(entries):
    """Hard links must follow what they name, which sorting need not keep: the first name in order gets the content."""
    by_path = {entry.path: entry for entry in entries}
    firsts, ordered = {}, []
    for entry in sorted(by_path.values(), key=lambda e: e.path):
        root = entry.same_as or entry.path
        if root not in firsts:
            firsts[root] = entry.path
            entry = dataclasses.replace(entry, content=by_path[root].content, same_as=None) if entry.same_as else entry
        elif entry.path != firsts[root]:
            entry = dataclasses.replace(entry, content=None, same_as=firsts[root])
        ordered.append(entry)
    return ordered


def write_layer(entries, epoch, folder):
    """Writes the compressed layer into `folder` under its digest. Entries may come in any order; a later one of the same
    path wins."""
    partial = pathlib.Path(folder) / "layer.partial"
    with open(partial, "wb") as file:
        packed = _Tee(file)
        with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=packed, mtime=0) as compressor:
            plain = _Tee(compressor)
            with tarfile.open(fileobj=plain, mode="w|", format=tarfile.PAX_FORMAT) as archive:
                for entry in _with_first_links(entries):
                    _add(archive, entry, epoch)
    layer = Layer(packed.digest, plain.digest, packed.size, plain.size)
    partial.rename(partial.with_name(layer.digest.removeprefix("sha256:")))
    return layer
