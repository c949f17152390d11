# SPDX-License-Identifier: GPL-3.0-or-later
"""A log through its life: plain, while it is compressed, and compressed, it answers every request with the same bytes, and a
search finds the exact count. DANUBE_LOG_BYTES=2147483648 makes it as large as docs/logs.md tells of."""
import contextlib
import hashlib
import http.client
import json
import os
import pathlib
import socket
import subprocess
import sys
import time
import unittest
import urllib.parse

from harness import BIN, MasterCase, wait_for

SIZE = int(os.environ.get("DANUBE_LOG_BYTES", 256 << 20))
BLOCK = 256 << 10  # of a compressed log
ENOUGH = 5  # views without a pause
RECEIVED = 64 << 10  # held by a slow client's socket
LINE = "%09d some ordinary words of a build log, and now and then an ERROR in the middle of it 0123456789\\n"
PRINTER = f"""
import sys
size, line = int(sys.argv[1]), {LINE!r}.replace("\\\\n", "\\n")
count = size // len(line % 0)
for start in range(0, count, 10000):
    sys.stdout.write("".join((line % i) if i % 1000 == 0 else (line % i).replace("ERROR", "entry") for i in range(start, min(start + 10000, count))))
"""


def digest_of(file):
    digest = hashlib.sha256()
    while piece := file.read(1 << 20):
        digest.update(piece)
    return digest.hexdigest()


class Request:
    """GET of a path below /api/v1/jobs/, read as slowly as its caller likes."""

    def __init__(self, master, path, headers=None):
        url = urllib.parse.urlsplit(master.endpoints["http"])
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVED)
        client.settimeout(120)
        client.connect((url.hostname, url.port))
        self.connection = http.client.HTTPConnection(url.hostname, url.port)
        self.connection.sock = client
        self.connection.request("GET", "/api/v1/jobs/" + path, headers={"Authorization": f"Bearer {master.admin_token()}"} | (headers or {}))
        self.response = self.connection.getresponse()
        self.read = self.response.read

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.response.close()
        self.connection.close()


class Stream(Request):
    """A log's stream behind byte `at`, as events whose ids and offsets must go on there: `text`, and `end` once it came."""

    def __init__(self, master, job, at):
        super().__init__(master, f"{job}/logs/stream?format=json", {"Last-Event-ID": f"1:{at}"})
        self.at, self.text, self.end, self.buffer = at, bytearray(), None, b""
        if self.response.status != 200 or not self.response.getheader("Content-Type").startswith("text/event-stream"):
            raise AssertionError((self.response.status, self.response.headers.items()))

    def take(self, size):
        """Reads so much of it; False: that was all."""
        piece = self.response.read1(size)
        *events, self.buffer = (self.buffer + piece).split(b"\n\n")
        for event in events:
            self.take_event(event)
        return bool(piece)

    def take_event(self, event):
        fields = dict(line.split(b": ", 1) for line in event.split(b"\n") if not line.startswith((b":", b"retry: ")))
        if not fields:
            return
        if self.end is not None or set(fields) - {b"id", b"data", b"event"} or fields.get(b"event", b"end") != b"end":
            raise AssertionError(event[:300])
        if b"event" in fields:
            self.end = json.loads(fields[b"data"])
        elif b"data" in fields:
            line = json.loads(fields[b"data"])
            if line["offset"] != self.at:
                raise AssertionError(f"{event[:300]} at {self.at}")
            text = line["text"].encode() + (b"" if line.get("eol") is False else b"\n")
            self.text += text
            self.at += len(text)
        if fields.get(b"id") != b"1:%d" % self.at + (b":end" if self.end else b""):
            raise AssertionError(f"{event[:300]} at {self.at}")


class LogLifecycle(MasterCase):
    ENVIRONMENT = {"DANUBE_QUOTA_LOG_BYTES": "4 GiB"}

    def setUp(self):
        self.restart_with("1h")

    def restart_with(self, compress_after):
        self.master.environment["DANUBE_LOGS_COMPRESS_AFTER"] = compress_after
        self.master.kill()
        self.master.restart()

    def printed(self, size):
        """A finished job that printed so much."""
        job = self.hold()
        body = {"job_id": job, "step_name": "print", "command": ["python3", "-c", PRINTER, str(size)]}
        answer, error = self.master.curl("run-step", body, self.master.job_token(job), "-m", "1200").communicate(timeout=1300)
        self.assertIn('"exit_code":0', answer, error)
        self.master.finish_hold(job)
        self.assertEqual(self.master.wait_end(job)["state"], "success")
        return job

    def same(self, found, expected, what):
        """assertEqual would print megabytes."""
        if found != expected:
            at = next((i for i, (a, b) in enumerate(zip(found, expected)) if a != b), min(len(found), len(expected)))
            self.fail(f"{what}: {len(found)} bytes for {len(expected)}, other from {at} on: {found[at:at + 100]} for {expected[at:at + 100]}")

    def bytes_at(self, offset, size):
        self.truth.seek(offset)
        return self.truth.read(size)

    def line_at(self, offset):
        """The start of the first line behind an offset."""
        return offset + self.bytes_at(offset, BLOCK).index(b"\n") + 1

    def range_is_right(self, job, first, last, size):
        with Request(self.master, f"{job}/logs", {"Range": f"bytes={first}-{last}"}) as request:
            self.assertEqual((request.response.status, request.response.getheader("Content-Range")), (206, f"bytes {first}-{last}/{size}"))
            self.same(request.read(), self.bytes_at(first, last - first + 1), f"bytes {first} to {last}")

    def view(self, job, seal):
        """What a client sees is the log's own bytes: ranges, a stream resumed in the middle, one resumed near the end."""
        size, digest = seal["size"], seal["sha256"]
        middle = size // 2 // BLOCK * BLOCK
        for first, last in ((0, 99), (middle - 50, middle + 49), (middle, middle + 700_000), (size - 1000, size - 1)):
            self.range_is_right(job, first, last, size)
        begin = self.line_at(middle - 1000)
        with Stream(self.master, job, begin) as stream:
            while len(stream.text) < BLOCK and stream.take(BLOCK):
                pass
            self.assertGreaterEqual(len(stream.text), BLOCK)
            self.same(stream.text, self.bytes_at(begin, len(stream.text)), f"stream from {begin} on")
        begin = self.line_at(size - 5000)
        with Stream(self.master, job, begin) as stream:
            while stream.take(BLOCK):
                pass
            self.same(stream.text, self.bytes_at(begin, size - begin), f"stream from {begin} on")
            self.assertEqual((stream.end["status"], stream.end["bytes"], stream.end["sha256"]), ("success", size, digest))

    def search(self, job, *arguments):
        command = [BIN / "danubectl", "search", job, *arguments]
        environment = os.environ | {"DANUBE_URL": self.master.endpoints["http"], "DANUBE_TOKEN": self.master.admin_token()}
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)

    def count_is_exact(self, job, expected):
        begun = time.monotonic()
        found = self.search(job, "ERROR", "--count")
        self.assertEqual((found.returncode, found.stdout.strip(), found.stderr), (0, str(expected), ""))
        return time.monotonic() - begun

    def is_what_was_printed(self, job, plain, seal):
        """The truth for all that follows is the plain file, which this test keeps open."""
        self.truth = open(plain, "rb")
        self.addCleanup(self.truth.close)
        self.assertEqual((os.fstat(self.truth.fileno()).st_size, digest_of(self.truth)), (seal["size"], seal["sha256"]))
        self.step_is_what_was_printed(job)

    def step_is_what_was_printed(self, job):
        with subprocess.Popen([sys.executable, "-c", PRINTER, str(SIZE)], stdout=subprocess.PIPE) as printer:
            expected = digest_of(printer.stdout)
        with Request(self.master, f"{job}/logs?step=1&stream=stdout") as request:
            self.assertEqual((request.response.status, digest_of(request.response)), (200, expected))

    def hurry(self):
        """The master compresses at the lowest priority: a busy machine would not get around to it."""
        for thread in pathlib.Path(f"/proc/{self.master.process.pid}/task").iterdir():
            with contextlib.suppress(OSError):
                if (thread / "comm").read_text() == "log-keeper\n":
                    os.setpriority(os.PRIO_PROCESS, int(thread.name), 0)  # for root
        time.sleep(0.3)

    def while_it_is_compressed(self, job, seal, plain, compressed):
        """Whole views meanwhile, and a stream and a GET of everything that begin before its end and end after it. How many views."""
        partial, views = compressed.with_name(compressed.name + ".new"), 0
        begin = self.line_at(max(0, seal["size"] - (16 << 20)))
        with Stream(self.master, job, begin) as stream, Request(self.master, f"{job}/logs") as everything:
            digest, deadline = hashlib.sha256(), time.monotonic() + 400
            while plain.exists() and time.monotonic() < deadline:
                is_begun = partial.exists()
                self.view(job, seal)
                views += is_begun and plain.exists()
                stream.take(16 << 10)
                digest.update(everything.response.read1(64 << 10))
                if views >= ENOUGH:
                    self.hurry()
            self.assertTrue(compressed.exists() and not plain.exists(), "compressed")
            self.assertIsNone(stream.end, "it goes on behind the compression")
            self.assertEqual(everything.response.status, 200)
            while piece := everything.read(1 << 20):
                digest.update(piece)
            while stream.take(BLOCK):
                pass
            self.assertEqual(digest.hexdigest(), seal["sha256"], "all of it")
            self.same(stream.text, self.bytes_at(begin, seal["size"] - begin), "the stream from before to after")
            self.assertEqual((stream.end["bytes"], stream.end["sha256"]), (seal["size"], seal["sha256"]))
        return views

    def test_the_same_before_during_and_after(self):
        begun = time.monotonic()
        job = self.printed(SIZE)
        printing = time.monotonic() - begun
        logs = self.master.data / "logs"
        plain, compressed = logs / f"{job}.log", logs / f"{job}.log.zst"
        seal = json.loads(wait_for(lambda: (logs / f"{job}.seal").exists() and (logs / f"{job}.seal").read_text(), "the seal"))
        lines = SIZE // len(LINE.replace("\\n", "\n") % 0)
        expected = (lines + 999) // 1000

        self.is_what_was_printed(job, plain, seal)
        self.view(job, seal)
        searching = [self.count_is_exact(job, expected)]
        self.assertTrue(plain.exists(), "seen plain")

        self.restart_with("0s")
        begun = time.monotonic()
        views = self.while_it_is_compressed(job, seal, plain, compressed)
        self.assertGreater(views, 0, "seen while it is compressed")
        compressing = time.monotonic() - begun

        self.view(job, seal)
        self.step_is_what_was_printed(job)
        searching.append(self.count_is_exact(job, expected))
        for offset in range(0, seal["size"], 32 << 20):
            self.range_is_right(job, offset, min(offset + (32 << 20), seal["size"]) - 1, seal["size"])
        print(f"log of {seal['size']} bytes: printed in {printing:.1f} s; {views} whole views while it was compressed to "
              f"{compressed.stat().st_size} bytes in {compressing:.1f} s; search for {expected} matches {searching[0]:.2f} s before, "
              f"{searching[1]:.2f} s after", flush=True)
        found = self.search(job, "--regex", r"^\d{9} .* ERROR", "--limit", "2")
        self.assertEqual((found.returncode, len(found.stdout.splitlines())), (0, 2), found.stderr)
        self.assertRegex(found.stdout.splitlines()[1], r"^1:\d+:000001000 some")
        self.assertEqual(self.search(job, "no such words").returncode, 1)

    def test_a_killed_master_ends_what_it_began(self):
        job = self.printed(16 << 20)
        logs = self.master.data / "logs"
        text = self.master.rest("GET", f"/api/v1/jobs/{job}/logs")[1]
        self.restart_with("0s")
        for pause in (0, 0.02, 0.05, 0.1):  # in the middle of it
            time.sleep(pause)
            self.master.kill()
            self.master.restart()
            self.same(self.master.rest("GET", f"/api/v1/jobs/{job}/logs")[1], text, "after a kill")
        wait_for(lambda: not (logs / f"{job}.log").exists(), "compression", 120)
        self.same(self.master.rest("GET", f"/api/v1/jobs/{job}/logs")[1], text, "compressed")
        self.assertEqual(sorted(path.name for path in logs.glob(f"{job}*")), [f"{job}.idx", f"{job}.log.zst", f"{job}.seal"])


if __name__ == "__main__":
    unittest.main()
