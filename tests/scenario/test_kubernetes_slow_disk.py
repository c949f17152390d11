# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that stops answering stops the step, not the master, and takes no memory: the log's bytes wait where they were made."""
import hashlib
import pathlib
import subprocess
import threading
import time
import unittest

from clustercase import ClusterCase
from harness import SOURCE, wait_for

PRINTED = 300 << 20
BLOCK = 1 << 20
MAY_GROW = 64 << 20
# The position that was reached is told on the side, for what is printed cannot tell it.
PRINTER = f"""
import os
block = bytes(range(32, 96)) * {BLOCK // 64 - 1} + b"." * 64
for number in range({PRINTED // BLOCK}):
    data = b"%063d\\n" % number + block[64:]
    while data:
        data = data[os.write(1, data):]
    if number % 4 == 0:
        open("progress", "w").write(str(number))
"""

# It prints too, and says so on the side.
COUNTER = "i=0; while [ ! -e enough ]; do i=$((i+1)); echo $i; echo $i > counted; sleep 0.1; done; exit 3"


def printed():
    """SHA-256 of what PRINTER prints."""
    block, digest = bytes(range(32, 96)) * (BLOCK // 64 - 1) + b"." * 64, hashlib.sha256()
    for number in range(PRINTED // BLOCK):
        digest.update(b"%063d\n" % number + block[64:])
    return digest.hexdigest()


class SlowDisk(ClusterCase):
    @classmethod
    def prepare_master(cls):
        shim, cls.flag = pathlib.Path(cls.folder.name, "stalldisk.so"), pathlib.Path(cls.folder.name, "stalled")
        subprocess.run(["g++", "-O1", "-shared", "-fPIC", "-o", shim, SOURCE / "tests/scenario/stalldisk.cpp"], check=True)
        cls.master.environment = {"LD_PRELOAD": str(shim), "ASAN_OPTIONS": "verify_asan_link_order=0", "DANUBE_STALL_FLAG": str(cls.flag)}

    def memory(self):
        status = pathlib.Path(f"/proc/{self.master.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) * 1024

    def progress(self):
        """MiB printed so far."""
        return self.on_the_side("progress")

    def on_the_side(self, name):
        """Read where the pod's workspace is on this machine."""
        for file in pathlib.Path(self.folder.name).glob(f"**/volumes/workspace/**/{name}"):
            return int(file.read_text() or -1)
        return -1

    def test_the_step_waits_and_nothing_is_lost(self):
        job, other = self.hold(), self.hold()
        before, result, counted = self.memory(), [], []
        counter = threading.Thread(target=lambda: counted.append(self.master.run_step(other, COUNTER)))
        counter.start()
        step = threading.Thread(target=lambda: result.append(self.master.run_step(job, ["python3", "-c", PRINTER])))
        step.start()
        wait_for(lambda: self.progress() >= 20, "the step to print")
        self.flag.touch()
        try:
            stopped_at, most = self.wait_for_standstill()
            self.assertLess(stopped_at, PRINTED // BLOCK - 8, "the step did not stop")
            self.assertLess(most - before, MAY_GROW)
            self.others_go_on()
        finally:
            self.flag.unlink()
        step.join(90)
        self.assertEqual([(status, answer["exit_code"]) for status, answer in result], [(200, 0)])
        self.assertEqual(hashlib.sha256(self.master.stream_text(job, 1, "stdout")).hexdigest(), printed())
        self.assertEqual(self.master.run_step(other, "touch enough")[1]["exit_code"], 0)
        counter.join(90)
        self.assertEqual([(status, answer["exit_code"]) for status, answer in counted], [(200, 3)])
        numbers = self.master.stream_text(other, 1, "stdout").split()
        self.assertEqual(numbers, [b"%d" % number for number in range(1, len(numbers) + 1)])
        self.assertGreaterEqual(len(numbers), self.on_the_side("counted"))

    def others_go_on(self):
        """A step of another job that prints into its spool meanwhile, and whoever asks the master."""
        at = self.on_the_side("counted")
        wait_for(lambda: self.on_the_side("counted") > at + 5, "the other job's step to go on")
        self.assertEqual(self.master.rest("GET", "/health")[0], 200, "the master answers meanwhile")

    def wait_for_standstill(self):
        """Where the step stands after three seconds without progress, and the most memory the master took meanwhile."""
        at, since, most = self.progress(), time.monotonic(), self.memory()
        deadline = since + 60
        while time.monotonic() - since < 3:
            self.assertLess(time.monotonic(), deadline, "the step goes on printing")
            time.sleep(0.05)
            most = max(most, self.memory())
            if self.progress() != at:
                at, since = self.progress(), time.monotonic()
        return at, most


if __name__ == "__main__":
    unittest.main()
