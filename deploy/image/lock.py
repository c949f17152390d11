# SPDX-License-Identifier: GPL-3.0-or-later
"""deploy/toolchain/packages.lock: the exact Debian packages of each image, and the one time all files get.
`lock.py EPOCH USE=ROOT...` makes
it anew from package roots."""
import pathlib
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
LOCK = SOURCE / "deploy/toolchain/packages.lock"
HEAD = """# The packages of the images with everything they need: "<use> <package> <version> <architecture>", and the time that all
# files of the images carry. Made by `./dev image --lock` from packages.txt; not for editing.
"""


class Mismatch(Exception):
    pass


def read(path=LOCK):
    """(epoch, {use: {package: (version, architecture)}})"""
    epoch, uses = None, {}
    for line in path.read_text(encoding="utf-8").splitlines():
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if words[0] == "epoch":
            epoch = int(words[1])
        else:
            use, package, version, architecture = words
            uses.setdefault(use, {})[package] = (version, architecture)
    return epoch, uses


def installed(root):
    """The same for one root, from dpkg's own record."""
    found, package = {}, {}
    status = pathlib.Path(root, "var/lib/dpkg/status").read_text(encoding="utf-8")
    for line in [*status.splitlines(), ""]:
        if line:
            key, colon, value = line.partition(": ")
            if colon and not line[0].isspace():
                package[key] = value
        elif package:
            if package["Status"] == "install ok installed":
                found[package["Package"]] = (package["Version"], package["Architecture"])
            package = {}
    return found


def check(use, root, path=LOCK):
    """Mismatch names at most three packages and the way out."""
    wanted, present = read(path)[1].get(use, {}), installed(root)
    if wanted == present:
        return
    words = [f"{name} {present.get(name, ('missing',))[0]} instead of {wanted.get(name, ('none',))[0]}"
             for name in sorted(wanted.keys() | present.keys()) if wanted.get(name) != present.get(name)]
    more = f" and {len(words) - 3} more" if len(words) > 3 else ""
    raise Mismatch(f"the packages of image '{use}' are not those of {path.name}: {'; '.join(words[:3])}{more} "
                   "(./dev image --lock takes what Debian has now)")


def write(epoch, roots, path=LOCK):
    lines = [f"{use} {name} {version} {architecture}\n" for use, root in sorted(roots.items())
             for name, (version, architecture) in sorted(installed(root).items())]
    path.write_text(HEAD + f"epoch {epoch}\n" + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    write(int(sys.argv[1]), dict(pair.split("=", 1) for pair in sys.argv[2:]))
