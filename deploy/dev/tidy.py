#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs clang-tidy over every source of the product in parallel, and remembers clean files by the hash of all they see.

A file is clean as long as its preprocessed input, the compile command, the configuration and clang-tidy stay the same, so a second
run without changes takes seconds. LINT_BASE=<commit> looks at files changed since only. The memory lies beside ccache's and holds for every checkout."""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("DANUBE_TIDY_BUILD", ROOT / "build/tidy"))
CLEAN = pathlib.Path(os.environ.get("CCACHE_DIR", BUILD / "ccache")).parent / "tidy"
# gcc's precompiled header means nothing to clang.
VERSION = subprocess.run(["clang-tidy", "--version"], capture_output=True).stdout
DROP = re.compile(r"^(-Winvalid-pch|-fpch-.*)$")


def configure():
    if not (BUILD / "compile_commands.json").exists():
        BUILD.mkdir(parents=True, exist_ok=True)
        # Without gcc's precompiled header; extra_arguments() includes what it holds as text.
        subprocess.run(["cmake", "-S", ROOT, "-B", BUILD, "-G", "Ninja", "-DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON",
                        "-DCMAKE_GLOBAL_AUTOGEN_TARGET=ON", "-DCMAKE_AUTOGEN_ORIGIN_DEPENDS=OFF"], check=True, stdout=subprocess.DEVNULL)
    # Generated headers (moc, ui) must exist before anything can be read.
    done = subprocess.run(["ninja", "-C", BUILD, "autogen"], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stdout[-3000:])


def compile_commands():
    for entry in json.loads((BUILD / "compile_commands.json").read_text()):
        path = pathlib.Path(entry["file"])
        if not path.is_relative_to(ROOT) or path.is_relative_to(BUILD):
            continue
        relative = path.relative_to(ROOT).as_posix()
        if relative.startswith(("shared/", "server/", "console/")) and path.suffix == ".cpp":
            yield relative, [word for word in shlex.split(entry["command"]) if not DROP.match(word)], entry["directory"]


def extra_arguments(arguments):
    return ["-include", str(ROOT / "deploy/cmake/pch.h")] if any("QtCore" in word for word in arguments) else []


def digest_of(arguments, directory):
    """Hash of everything the compiler sees, or None when it cannot be preprocessed."""
    words = arguments[1:] if arguments[0].endswith("ccache") else list(arguments)
    command, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word in ("-o", "-MF", "-MT", "-MQ"):
            skip = True
        elif word not in ("-c", "-MD", "-MMD"):
            command.append(word)
    command += extra_arguments(arguments)
    done = subprocess.run([*command, "-E", "-P"], cwd=directory, capture_output=True, timeout=120)
    if done.returncode != 0:
        return None
    seen = (done.stdout + " ".join(command).encode()).replace(str(ROOT).encode(), b".")
    seen = re.sub(rb"\s+", b" ", seen)  # another layout is the same code
    return hashlib.sha256(seen + (ROOT / ".clang-tidy").read_bytes() + VERSION).hexdigest()


def tidy(job):
    relative, arguments, directory = job
    digest = digest_of(arguments, directory)
    stamp = CLEAN / str(digest)
    if digest and stamp.exists():
        return relative, True, ""
    extra = [f"--extra-arg={word}" for word in extra_arguments(arguments)]
    done = subprocess.run(["clang-tidy", "--quiet", "-p", BUILD, *extra, ROOT / relative], capture_output=True, text=True, timeout=900)
    if done.returncode == 0 and digest:
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(relative)
    return relative, done.returncode == 0, done.stdout


def changed_since(base):
    """Files that differ from a commit, those git does not know yet among them."""
    names = subprocess.run(["git", "diff", "--name-only", base], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    others = subprocess.run(["git", "ls-files", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return set((names + others).split())


def main():
    configure()
    jobs = {job[0]: job for job in compile_commands()}
    if base := os.environ.get("LINT_BASE"):
        jobs = {name: jobs[name] for name in jobs.keys() & changed_since(base)}
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        for done in concurrent.futures.as_completed([pool.submit(tidy, job) for job in jobs.values()]):
            relative, clean, text = done.result()
            if not clean:
                failed += 1
                print(f"{relative}:\n{text}", flush=True)
    print(f"lint: {len(jobs)} files, {failed} with findings")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
