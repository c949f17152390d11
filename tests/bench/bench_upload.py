# SPDX-License-Identifier: GPL-3.0-or-later
"""upload: one artifact over one h2c stream to disk, its SHA-256 checked and synced, by a whole master; beside Go's net/http,
which does the same, and `cat FILE | tee COPY | sha256sum`, which does not sync."""
import contextlib
import hashlib
import pathlib
import re
import resource
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass

import measure
from masterbench import build_go, cpu_seconds, free_port, holding_master, peak_mib, rpc_port, wait_for_port

HERE = pathlib.Path(__file__).parent
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


@dataclass
class Artifact:
    source: pathlib.Path
    sha256: str
    job: str
    token: str


class Uploads:
    """One artifact uploaded to one process again and again, each time under a new name; `kept`, where it arrives, is emptied after each."""

    def __init__(self, pid, port, kept, artifact, log=lambda: ""):
        self._pid, self._port, self._kept, self._artifact, self._log, self._number = pid, port, kept, artifact, log, 0

    def one(self):
        """(seconds, CPU seconds of the server)"""
        self._number += 1
        url = f"http://127.0.0.1:{self._port}/rpc/upload-artifact?job_id={self._artifact.job}&name=file{self._number}&sha256={self._artifact.sha256}"
        header = f"authorization: Bearer {self._artifact.token}"
        before = cpu_seconds(self._pid)
        begun = time.monotonic()
        out = subprocess.run(["h2load", "-n", "1", "-c", "1", "-m", "1", "-d", self._artifact.source, "-H", header, url], check=True, capture_output=True, text=True).stdout
        seconds = time.monotonic() - begun
        cpu = cpu_seconds(self._pid) - before
        if not re.search(r"status codes: 1 2xx", out):
            raise SystemExit(f"bench: the upload failed:\n{out}\n{self._log()[-2000:]}")
        for file in self._kept.iterdir():  # room for the next
            if file.is_file():
                file.unlink()
        return seconds, cpu


@contextlib.contextmanager
def go_peer(directory, artifact):
    port, kept = free_port(), directory / "go-artifacts"
    kept.mkdir()
    process = subprocess.Popen([build_go(HERE / "upload/gopeer.go", directory), str(port), artifact.token, kept])
    try:
        wait_for_port(port, process)
        yield Uploads(process.pid, port, kept, artifact)
    finally:
        process.kill()
        process.wait()


def bench(_programs, rounds, quick):
    mib = 128 if quick else 1024
    shell_peer, go = "cat | tee | sha256sum", "Go net/http"
    found = {"danube": [], shell_peer: [], go: []}
    with contextlib.ExitStack() as after:
        directory = pathlib.Path(after.enter_context(tempfile.TemporaryDirectory(prefix="danube-bench-")))
        master, job = after.enter_context(holding_master("[quota]\nartifact_bytes = \"100GiB\"\n"))
        source, copy = directory / "source", directory / "copy"
        artifact = Artifact(source, make_file(source, mib), job, master.job_token(job))
        uploads = Uploads(master.process.pid, rpc_port(master), master.data / "artifacts" / job, artifact, master.log)
        go_uploads = after.enter_context(go_peer(directory, artifact))
        before = peak_mib(master.process.pid)
        for _ in range(rounds):
            found["danube"].append(uploads.one())
            found[shell_peer].append(shell(source, copy))
            copy.unlink()
            found[go].append(go_uploads.one())
        grown = peak_mib(master.process.pid)
    median = {who: [statistics.median(values) for values in zip(*runs)] for who, runs in found.items()}
    case = f"{mib} MiB, one stream"

    def rows(peer, rate):
        (seconds, cpu), (peer_seconds, peer_cpu) = median["danube"], median[peer]
        return [measure.compare("upload", case, "rate", "MiB/s", mib / seconds, peer, mib / peer_seconds, at_least=rate),
                measure.compare("upload", case, "CPU of the server", "s/GiB", cpu * 1024 / mib, peer, peer_cpu * 1024 / mib)]

    return [*rows(shell_peer, 1.8), *rows(go, 1.25),
            measure.bound("upload", case, "memory, peak", "MiB", grown, at_most=40),
            measure.bound("upload", case, "memory before", "MiB", before)]
