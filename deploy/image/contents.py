# SPDX-License-Identifier: GPL-3.0-or-later
"""What each image is made of: Debian packages without what only people read, then Danube's own files."""
import dataclasses
import fnmatch
import pathlib
import subprocess

from layer import Entry

# Licences (usr/share/doc/*/copyright) stay, and dpkg's status, by which scanners know what is inside. git works without
# Perl as far as Danube calls it; perl-base stays.
LEFT_OUT = (
    "dev/*", "proc/*", "sys/*", "run/*", "tmp/*", "boot/*", "var/cache/*", "var/log/*", "var/tmp/*", "var/lib/apt", "var/lib/systemd",
    "var/lib/dpkg/info", "var/lib/dpkg/*-old", "var/lib/dpkg/lock*", "var/lib/dpkg/triggers/Lock", "var/lib/dpkg/updates",
    "etc/resolv.conf", "etc/hostname", "etc/machine-id", "etc/*-", "etc/.pwd.lock", "etc/apt", "etc/cron*", "etc/logrotate.d",
    "usr/share/man", "usr/share/info", "usr/share/locale", "usr/share/lintian", "usr/share/bash-completion", "usr/share/zsh",
    "usr/share/mime", "usr/share/gitweb", "usr/share/git-core/contrib", "usr/share/doc-base", "usr/share/bug", "usr/share/menu",
    "usr/share/gtk-doc", "usr/share/perl", "usr/share/perl5", "usr/lib/*/perl", "usr/lib/*/libperl.so*", "usr/lib/*/gconv",
    "usr/lib/python3*/test", "usr/lib/python3*/idlelib", "usr/lib/python3*/ensurepip", "*/__pycache__",
    "usr/lib/git-core/git-daemon", "usr/lib/git-core/git-http-backend", "usr/lib/git-core/git-http-push",
    "usr/lib/git-core/git-imap-send", "usr/lib/git-core/scalar", "usr/bin/scalar",
)
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclasses.dataclass(frozen=True)
class Image:
    name: str
    use: str            # of packages.txt
    programs: tuple     # of build/<preset>/bin, to /usr/bin
    user: int
    user_name: str
    home: str
    entrypoint: tuple = ()
    has_sdk: bool = False
    ports: tuple = ()


IMAGES = (
    Image("danube-master", "master", ("danube-master",), user=10001, user_name="danube", home="/var/lib/danube",
          entrypoint=("/usr/bin/danube-master",), ports=(8080, 3001, 9000)),
    Image("danube-coordinator", "job", ("danube-coordinator", "danube-agent"), user=1000, user_name="job", home="/tmp", has_sdk=True),
)


def is_left_out(path):
    if fnmatch.fnmatchcase(path, "usr/share/doc/*/*"):
        return not path.endswith("/copyright")
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in LEFT_OUT)


def _stripped(program, folder):
    """Without symbols, and without the build id, which is made of the symbols."""
    target = pathlib.Path(folder) / program.name
    subprocess.run(["strip", "--strip-all", "--remove-section=.note.gnu.build-id", "-o", target, program], check=True, timeout=120)
    return target


def _accounts(image, root):
    """ssh and many tools want a name for their user."""
    for path, line in (("etc/passwd", f"{image.user_name}:x:{image.user}:{image.user}:Danube:{image.home}:/usr/sbin/nologin\n"),
                       ("etc/group", f"{image.user_name}:x:{image.user}:\n")):
        yield Entry(path, content=(pathlib.Path(root) / path).read_bytes() + line.encode())


def own_entries(image, root, build, work):
    """The second layer: programs of `build`, accounts, the home; `work` holds stripped copies while it is written."""
    entries = list(_accounts(image, root))
    for program in image.programs:
        entries.append(Entry(f"usr/bin/{program}", 0o755, content=_stripped(build / "bin" / program, work)))
    if image.home != "/tmp":
        entries.append(Entry(image.home.lstrip("/"), 0o750, owner=image.user))
    if image.has_sdk:
        sdk = build / "share/danube/sdk"
        files = [p for p in sdk.rglob("*") if "__pycache__" not in p.parts and p.name != ".stamp"]
        entries += [Entry("usr/share/danube", 0o755), Entry("usr/share/danube/sdk", 0o755)]
        for path in files:
            name = "usr/share/danube/sdk/" + path.relative_to(sdk).as_posix()
            entries.append(Entry(name, 0o755) if path.is_dir() else Entry(name, content=path))
    return entries
