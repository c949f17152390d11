# SPDX-License-Identifier: GPL-3.0-or-later
"""upload: one artifact over one h2c stream to disk, its SHA-256 checked and synced, by a whole master; beside `cat FILE | tee COPY |
sha256sum`, which does not sync."""
import hashlib
import pathlib
import re
import resource
import statistics
import subprocess
import tempfile
import time

import measure
from masterbench import cpu_seconds, holding_master, peak_mib, rpc_port

MIB = 1 << 20


def make_file(path, mib):
    """Bytes that no file system can make smaller; their SHA-256."""
    digest, block = hashlib.sha256(), bytearray()
    with open("/dev/urandom", "rb") as noise:
        block = noise.read(MIB)
    with open(path, "wb") as file:
        for number in range(mib):
            part = number.to_bytes(8, "little") + block[8:]
            file.write(part)
            digest.update(part)
    return digest.hexdigest()


def shell(source, copy):
    """(seconds, CPU seconds)"""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    subprocess.run(["sh", "-c", 'cat "$1" | tee "$2" | sha256sum', "sh", source, copy], check=True, capture_output=True)
    seconds = time.monotonic() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


class Uploads:
    def __init__(self, master, job, source, sha256):
        self._master, self._job, self._source, self._sha256, self._number = master, job, source, sha256, 0

    def one(self):
        """(seconds, CPU seconds of the master)"""
        self._number += 1
        url = f"http://127.0.0.1:{rpc_port(self._master)}/rpc/upload-artifact?job_id={self._job}&name=file{self._number}&sha256={self._sha256}"
        header = f"authorization: Bearer {self._master.job_token(self._job)}"
        before = cpu_seconds(self._master.process.pid)
        begun = time.monotonic()
        out = subprocess.run(["h2load", "-n", "1", "-c", "1", "-m", "1", "-d", self._source, "-H", header, url], check=True, capture_output=True, text=True).stdout
        seconds = time.monotonic() - begun
        cpu = cpu_seconds(self._master.process.pid) - before
        if not re.search(r"status codes: 1 2xx", out):
            raise SystemExit(f"bench: the upload failed:\n{out}\n{self._master.log()[-2000:]}")
        for file in (self._master.data / "artifacts" / self._job).iterdir():  # room for the next
            if file.is_file():
                file.unlink()
        return seconds, cpu


def bench(_programs, rounds, quick):
    mib = 128 if quick else 1024
    found = {"danube": [], "cat | tee | sha256sum": []}
    with tempfile.TemporaryDirectory(prefix="danube-bench-") as name, holding_master("[quota]\nartifact_bytes = \"100GiB\"\n") as (master, job):
        source = pathlib.Path(name) / "source"
        uploads = Uploads(master, job, source, make_file(source, mib))
        before = peak_mib(master.process.pid)
        for _ in range(rounds):
            found["danube"].append(uploads.one())
            found["cat | tee | sha256sum"].append(shell(source, pathlib.Path(name) / "copy"))
            (pathlib.Path(name) / "copy").unlink()
        grown = peak_mib(master.process.pid)
    peer = "cat | tee | sha256sum"
    median = {who: [statistics.median(values) for values in zip(*runs)] for who, runs in found.items()}
    case = f"{mib} MiB, one stream"
    return [measure.compare("upload", case, "rate", "MiB/s", mib / median["danube"][0], peer, mib / median[peer][0], at_least=1.8),
            measure.compare("upload", case, "CPU of the server", "s/GiB", median["danube"][1] * 1024 / mib, peer, median[peer][1] * 1024 / mib),
            measure.bound("upload", case, "memory, peak", "MiB", grown, at_most=40),
            measure.bound("upload", case, "memory before", "MiB", before)]
