# SPDX-License-Identifier: GPL-3.0-or-later
"""Two million lines of hostile bytes on both streams arrive byte for byte: over REST, and over SSE cut 200 times."""
import base64
import hashlib
import json
import random
import subprocess
import sys
import threading
import time
import unittest

from harness import MasterCase

LINES = 2_000_000
# CR, ESC, NUL, invalid UTF-8 and a last line without an end are all among them. Printed in blocks, both streams in turn.
PRINTER = """
import os, sys
lines = int(sys.argv[1])
odd = [b"plain %d\\n", b"progress %d\\rdone\\n", b"\\x1b[31mred %d\\x1b[0m\\n", b"nul \\0 %d\\n", b"bad \\xff\\xfe\\xc3 %d\\n", b"\\xe2\\x82\\xac %d\\n", b"\\r%d\\r\\n"]
for start in range(0, lines, 5000):
    for fd in (1, 2):
        block = b"".join(odd[(i + fd) % len(odd)] % i for i in range(start + fd - 1, min(start + 5000, lines), 2))
        while block:
            block = block[os.write(fd, block):]
os.write(1, b"no newline at the end")
"""


def printed(lines):
    """What PRINTER prints, as the two streams."""
    done = subprocess.run([sys.executable, "-c", PRINTER, str(lines)], capture_output=True, check=True)
    return {"stdout": done.stdout, "stderr": done.stderr}


class ExactLog(MasterCase):
    def start_printing(self, job, lines):
        result = []
        thread = threading.Thread(target=lambda: result.append(self.master.run_step(job, ["python3", "-c", PRINTER, str(lines)])))
        thread.start()
        return thread, result

    def end_of(self, job):
        self.master.finish_hold(job)
        return self.master.wait_end(job)

    def test_two_million_lines_over_rest(self):
        job = self.hold()
        expected = printed(LINES)
        thread, result = self.start_printing(job, LINES)
        thread.join()
        self.assertEqual(result[0][0], 200, result)
        self.assertEqual(result[0][1]["exit_code"], 0)
        for stream, text in expected.items():
            found = self.master.stream_text(job, 1, stream)
            self.assertEqual(hashlib.sha256(found).hexdigest(), hashlib.sha256(text).hexdigest(), (stream, len(found), len(text)))
        self.end_of(job)
        for stream, text in expected.items():
            self.assertEqual(self.master.stream_text(job, 1, stream), text, "the same after the end")

    def follow(self, job, cuts, seed):
        """curl -N, killed `cuts` times at random bytes and resumed by Last-Event-ID."""
        chance = random.Random(seed)
        streams, last_id, ended = {"stdout": bytearray(), "stderr": bytearray()}, None, None
        url = f"{self.master.endpoints['http']}/api/v1/jobs/{job}/logs/stream?format=json"
        reconnects = 0
        while ended is None:
            command = ["curl", "-N", "-sS", "-m", "120", "-H", f"Authorization: Bearer {self.master.admin_token()}"]
            command += ["-H", f"Last-Event-ID: {last_id}"] if last_id else []
            limit = chance.randrange(1, 140_000) if reconnects < cuts else None
            curl = subprocess.Popen([*command, url], stdout=subprocess.PIPE)
            taken, buffer = 0, b""
            while ended is None and (limit is None or taken < limit):
                bytes_read = curl.stdout.read1(65536 if limit is None else min(65536, limit - taken))
                if not bytes_read:
                    break
                taken += len(bytes_read)
                *events, buffer = (buffer + bytes_read).split(b"\n\n")
                for event in events:
                    fields = dict(line.split(b": ", 1) for line in event.split(b"\n") if b": " in line and not line.startswith(b":"))
                    if fields.get(b"event") == b"end":
                        ended = json.loads(fields[b"data"])
                    elif b"data" in fields:
                        line = json.loads(fields[b"data"])
                        if line["step"] == 1 and line["stream"] in streams:
                            text = base64.b64decode(line["b64"]) if "b64" in line else line["text"].encode()
                            streams[line["stream"]] += text + (b"" if line.get("eol") is False else b"\n")
                    if b"id" in fields:
                        last_id = fields[b"id"].decode()
            curl.kill()
            curl.wait()
            curl.stdout.close()
            reconnects += 1
            self.assertLess(reconnects, cuts + 50, "the stream does not end")
        return streams, ended, reconnects, last_id

    def test_sse_with_forced_reconnects_live_and_after_the_end(self):
        lines = 150_000
        job = self.hold()
        expected = printed(lines)
        thread, result = self.start_printing(job, lines)
        finisher = threading.Thread(target=lambda: (thread.join(), time.sleep(0.5), self.master.finish_hold(job)))
        finisher.start()
        for when, seed in (("live", 1), ("after the end", 2)):
            with self.subTest(when):
                streams, end, reconnects, _ = self.follow(job, 200, seed)
                self.assertGreaterEqual(reconnects, 200)
                for stream, text in expected.items():
                    self.assertEqual(bytes(streams[stream]), text)
                status, whole = self.master.rest("GET", f"/api/v1/jobs/{job}/logs")
                self.assertEqual(end["bytes"], len(whole))
                self.assertEqual(end["sha256"], hashlib.sha256(whole).hexdigest())
                self.assertEqual(end["status"], "success")
        finisher.join()

    def test_end_event_id_gets_204(self):
        job = self.hold()
        self.master.run_step(job, "echo x")
        self.end_of(job)
        _, end, _, last_id = self.follow(job, 0, 3)
        self.assertRegex(last_id, rf"^\d+:{end['bytes']}:end$")
        headers = {"Last-Event-ID": last_id}
        self.assertEqual(self.master.rest("GET", f"/api/v1/jobs/{job}/logs/stream", headers=headers)[0], 204)


if __name__ == "__main__":
    unittest.main()
