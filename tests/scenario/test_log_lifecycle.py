# SPDX-License-Identifier: GPL-3.0-or-later
"""A log through its life: plain, while it is compressed, and compressed, it answers every request with the same bytes, and a
search finds the exact count. DANUBE_LOG_BYTES=2147483648 makes it as large as the issue asks for."""
import hashlib
import json
import os
import subprocess
import time
import unittest

from harness import BIN, MasterCase, wait_for

SIZE = int(os.environ.get("DANUBE_LOG_BYTES", 24 << 20))
LINE = "%09d some ordinary words of a build log, and now and then an ERROR in the middle of it 0123456789\\n"
PRINTER = f"""
import sys
size, line = int(sys.argv[1]), {LINE!r}.replace("\\\\n", "\\n")
count = size // len(line % 0)
for start in range(0, count, 10000):
    sys.stdout.write("".join((line % i) if i % 1000 == 0 else (line % i).replace("ERROR", "entry") for i in range(start, min(start + 10000, count))))
"""


class LogLifecycle(MasterCase):
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
        self.master.wait_end(job)
        return job

    def ranges(self, size):
        block = 256 << 10
        return [(0, 99), (block - 50, block + 49), (size // 2, size // 2 + 700_000), (max(0, size - 1000), size - 1)]

    def view(self, job, size):
        """What a client sees: ranges, one step's text, the end of the stream from near the end."""
        seen = {}
        for first, last in self.ranges(size):
            status, body = self.master.rest("GET", f"/api/v1/jobs/{job}/logs", headers={"Range": f"bytes={first}-{last}"})
            seen[f"range {first}"] = (status, hashlib.sha256(body).hexdigest(), len(body))
        status, body = self.master.rest("GET", f"/api/v1/jobs/{job}/logs/stream?format=json", headers={"Last-Event-ID": f"1:{size - 5000}"})
        seen["stream"] = (status, hashlib.sha256(body).hexdigest())
        return seen

    def search(self, job, *arguments):
        command = [BIN / "danubectl", "search", job, *arguments]
        environment = os.environ | {"DANUBE_URL": self.master.endpoints["http"], "DANUBE_TOKEN": self.master.admin_token()}
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)

    def test_the_same_before_during_and_after(self):
        job = self.printed(SIZE)
        logs = self.master.data / "logs"
        plain, compressed = logs / f"{job}.log", logs / f"{job}.log.zst"
        seal = json.loads(wait_for(lambda: (logs / f"{job}.seal").exists() and (logs / f"{job}.seal").read_text(), "the seal"))
        before = self.view(job, seal["size"])
        self.assertTrue(plain.exists(), "seen plain")
        self.restart_with("0s")
        rounds = 0
        deadline = time.monotonic() + 600
        while plain.exists() and time.monotonic() < deadline:
            self.assertEqual(self.view(job, seal["size"]), before, "while it is compressed")
            rounds += 1
        wait_for(lambda: compressed.exists() and not plain.exists(), "compression", 300)
        self.assertEqual(self.view(job, seal["size"]), before, "compressed")
        digest, offset = hashlib.sha256(), 0
        while offset < seal["size"]:
            last = min(offset + (32 << 20), seal["size"]) - 1
            digest.update(self.master.rest("GET", f"/api/v1/jobs/{job}/logs", headers={"Range": f"bytes={offset}-{last}"})[1])
            offset = last + 1
        self.assertEqual(digest.hexdigest(), seal["sha256"], "all of it")

        lines = SIZE // len(LINE.replace("\\n", "\n") % 0)
        expected = (lines + 999) // 1000
        started = time.monotonic()
        found = self.search(job, "ERROR", "--count")
        self.assertEqual((found.returncode, found.stdout.strip(), found.stderr), (0, str(expected), ""))
        print(f"log {seal['size']} bytes, on disk {compressed.stat().st_size}, {rounds} views while it was compressed, "
              f"search for {expected} matches {time.monotonic() - started:.2f} s")
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
            self.assertEqual(self.master.rest("GET", f"/api/v1/jobs/{job}/logs")[1], text)
        wait_for(lambda: not (logs / f"{job}.log").exists(), "compression", 120)
        self.assertEqual(self.master.rest("GET", f"/api/v1/jobs/{job}/logs")[1], text)
        self.assertEqual(sorted(path.name for path in logs.glob(f"{job}*")), [f"{job}.idx", f"{job}.log.zst", f"{job}.seal"])


if __name__ == "__main__":
    unittest.main()
