# SPDX-License-Identifier: GPL-3.0-or-later
"""backpressure: what a step waits for while 500 SSE clients follow a job that prints, with one of them stalled and beside it a stalled
uploader, against the same crowd with nobody stalled. Each turn also uploads an artifact, and every client that reads must get every
line. The stalled client begins at a log's first byte and takes nothing; the stalled uploader sends half of what its window takes."""
import contextlib
import fcntl
import hashlib
import json
import pathlib
import socket
import statistics
import struct
import subprocess
import tempfile
import termios
import time
import urllib.parse

import measure
from bench_sse import HERE, Crowd
from masterbench import holding_master, peak_mib, rpc_port

BACKLOG_MIB = 32  # in the log before the crowd comes: far more than any socket's buffers
STALLED_MIB = 4
UPLOAD_MIB = 32
DANUBEFILE = f"""
from danube import ctx, step
step.run("yes {'x' * 998} | head -n {BACKLOG_MIB * 1024}", name="backlog")
step.run(["python3", "producer.py", ctx.params["rate"], ctx.params["lines"]], name="produce")
"""
STEPS = 40
STEPPING = f"""
import json, time
from danube import step
times = []
for number in range({STEPS}):
    begun = time.monotonic()
    result = step.run(["true"], name="step %d" % number)
    taken = (time.monotonic() - begun) * 1000
    times.append((taken - result.duration_ms, taken))
print("times", json.dumps(times))
"""


def forget_peak(pid):
    """The peak that the kernel remembers of a process begins anew."""
    pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")


def unread(descriptor):
    return struct.unpack("i", fcntl.ioctl(descriptor, termios.FIONREAD, bytes(4)))[0]


class StalledReader:
    def __init__(self, address, path, token):
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.connect(address)
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nAuthorization: Bearer {token}\r\n\r\n".encode())

    def close(self):
        """Its connection still stood, and it had all its buffer holds."""
        waiting = unread(self._socket.fileno())
        head = self._socket.recv(12)
        self._socket.close()
        if waiting == 0 or head != b"HTTP/1.1 200":
            raise SystemExit(f"bench: the stalled reader was not one: {waiting} bytes, {head}")


class StalledUploader:
    def __init__(self, url, token):
        command = ["curl", "--http2-prior-knowledge", "-sS", "-X", "POST", "-T", "-", "-H", f"Authorization: Bearer {token}", url]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=False)
        self._process.stdin.write(bytes(STALLED_MIB << 20))
        self._process.stdin.flush()

    def close(self):
        ended = self._process.poll()
        self._process.kill()
        out, _ = self._process.communicate()
        if ended is not None:
            raise SystemExit(f"bench: the stalled uploader was refused: {out[:300]!r}")


class Site:
    """A master, a job that holds (it owns the uploads), and what one turn does to them."""

    def __init__(self, programs, master, holder, folder, clients, seconds):
        self._programs, self._master, self._holder = programs, master, holder
        self._clients, self._rate, self._lines = clients, 200, 200 * seconds
        self._http = urllib.parse.urlsplit(master.endpoints["http"])
        self._body, self._uploads = pathlib.Path(folder) / "body", 0
        self._body.write_bytes(hashlib.shake_256(b"body").digest(1 << 20) * UPLOAD_MIB)
        self._sha256 = hashlib.sha256(self._body.read_bytes()).hexdigest()

    def _upload_url(self, name, sha256):
        return f"http://127.0.0.1:{rpc_port(self._master)}/rpc/upload-artifact?job_id={self._holder}&name={name}&sha256={sha256}"

    def _upload(self):
        """Seconds of one whole artifact."""
        self._uploads += 1
        url = self._upload_url(f"file{self._uploads}", self._sha256)
        begun = time.monotonic()
        done = subprocess.run(["curl", "--http2-prior-knowledge", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "--data-binary", f"@{self._body}",
                               "-H", f"Authorization: Bearer {self._master.job_token(self._holder)}", url], capture_output=True, text=True)
        if not done.stdout.startswith("2"):
            raise SystemExit(f"bench: the upload beside the stalled ones failed: {done.stdout} {done.stderr}")
        return time.monotonic() - begun

    def _steps(self):
        job = self._master.trigger("steps")
        end = self._master.wait_end(job)
        if end["state"] != "success":
            raise SystemExit(f"bench: job {job} ended {end['state']}: {end['reason']}")
        times = json.loads(self._master.stream_text(job, 0, "stdout").decode().split("times ", 1)[1])
        if len(times) != STEPS:
            raise SystemExit(f"bench: job {job} timed {len(times)} of {STEPS} steps")
        return times

    def _printing_job(self):
        job = self._master.trigger("lines", params={"rate": str(self._rate), "lines": str(self._lines)})
        deadline = time.monotonic() + 120
        while self._master.steps(job).get("produce", {}).get("state") != "running":
            if time.monotonic() > deadline:
                raise SystemExit("bench: the backlog was not printed in time")
            time.sleep(0.05)
        return job

    def turn(self, is_stalled):
        """(median milliseconds added to a step, of step.run in all, seconds of an upload, share of lines delivered, peak MiB)"""
        master, pid = self._master, self._master.process.pid
        job = self._printing_job()
        path, token = f"/api/v1/jobs/{job}/logs/stream", master.admin_token()
        with contextlib.ExitStack() as stalled:
            if is_stalled:
                stalled.callback(StalledReader((self._http.hostname, self._http.port), path, token).close)
                stalled.callback(StalledUploader(self._upload_url("stalled", f"{self._uploads:064x}"), master.job_token(self._holder)).close)
            # From where the printing will begin, and only its lines.
            size = len(master.rest("GET", f"/api/v1/jobs/{job}/logs")[1])
            crowd = Crowd(self._programs, self._http.port, f"{path}?step=2&from={size}", f"Bearer {token}", self._clients - is_stalled, self._lines)
            forget_peak(pid)
            (master.data / "jobs" / job / "workspace/go").touch()
            begun, steps, uploads, longest = time.monotonic(), [], [], 0
            end = begun + self._lines / self._rate
            while not steps or time.monotonic() + 1.5 * longest < end:
                round_begun = time.monotonic()
                steps += self._steps()
                uploads.append(self._upload())
                longest = max(longest, time.monotonic() - round_begun)
            is_beside = time.monotonic() < end
            delivered, wanted, *_ = crowd.result()
            peak = peak_mib(pid)
        if master.wait_end(job)["state"] != "success":
            raise SystemExit("bench: the printing job did not succeed")
        if not is_beside:
            raise SystemExit(f"bench: a turn's steps and upload took {longest:.1f} s, longer than the printing: the last ones had no crowd")
        added, whole = zip(*steps)
        return statistics.median(added), statistics.median(whole), statistics.median(uploads), delivered / wanted, peak


def bench(programs, rounds, quick):
    clients, seconds = (100, 6) if quick else (500, 12)
    found = {True: [], False: []}
    with tempfile.TemporaryDirectory(prefix="danube-bench-") as folder, \
            holding_master("[jobs]\nmax_concurrent = 4\n", {"lines": {"danubefile.py": DANUBEFILE, "producer.py": (HERE / "sse/producer.py").read_text()},
                                                          "steps": {"danubefile.py": STEPPING}}) as (master, holder):
        site = Site(programs, master, holder, folder, clients, seconds)
        site.turn(False)  # warm
        for number in range(rounds):
            for is_stalled in ((True, False) if number % 2 else (False, True)):
                found[is_stalled].append(site.turn(is_stalled))
    ours, theirs = ([statistics.median(values) for values in zip(*found[stalled])] for stalled in (True, False))
    case, peer = f"1 of {clients} SSE clients and an uploader stalled", "nobody stalled"
    delivered = measure.compare("backpressure", case, "lines delivered to the others", "share", min(one[3] for one in found[True]), peer, theirs[3])
    delivered.target, delivered.met = "all", delivered.value == 1
    return [measure.compare("backpressure", case, "added to a step", "ms", ours[0], peer, theirs[0], at_most=1.10),
            measure.compare("backpressure", case, "step.run in all", "ms", ours[1], peer, theirs[1]),
            measure.compare("backpressure", case, "another upload of 32 MiB", "s", ours[2], peer, theirs[2]),
            delivered,
            measure.compare("backpressure", case, "memory, peak", "MiB", ours[4], peer, theirs[4]),
            measure.bound("backpressure", case, "memory, more than with nobody stalled", "MiB", ours[4] - theirs[4], at_most=16)]
