# SPDX-License-Identifier: GPL-3.0-or-later
"""A job that takes too much ends typed, the volume keeps its reserve, and the others go on: before, while and after it does."""
import contextlib
import os
import subprocess
import threading
import time
import unittest

from harness import HOLD, Master, MasterCase, wait_for

MIB = 1 << 20
LOG_LATE = 80 * MIB  # by how much a log may pass its quota: what its step's spool held (64 MiB) and what was under way
RESERVE_LATE = 112 * MIB  # the same for the volume's reserve: a growing log makes the master look every 32 MiB
LONGEST_PAUSE = 5  # seconds between two lines of a neighbour, on a busy machine
LIMITS = """[quota]
log_bytes = "2 MiB"
workspace_bytes = "8 MiB"
workspace_files = 2000
artifact_bytes = "4 MiB"
[local]
egress = "off"
[jobs]
max_concurrent = 4
"""
UPLOAD = """
import pathlib
from danube import artifacts, ctx
path = pathlib.Path(ctx.workspace, "huge")
with open(path, "wb") as file:
    file.truncate(1 << 40)
print("uploading", flush=True)
artifacts.upload(str(path))
"""


class Neighbour:
    """A job that works while another one takes too much: its step prints a number and the time twenty times a second."""
    STEP = 'i=0; while [ ! -e over ]; do i=$((i+1)); echo "$i $(date +%s.%N)"; sleep 0.05; done'

    def __init__(self, master, files=""):
        self.master, self.job = master, master.trigger("hold")
        master.wait_state(self.job, "running")
        command = ["sh", "-c", files + self.STEP]
        self.step = master.curl("run-step", {"job_id": self.job, "step_name": "neighbour", "command": command},
                                master.job_token(self.job), "-m", "600")
        wait_for(self.text, "the neighbour's first line")

    def text(self):
        status, body = self.master.rest("GET", f"/api/v1/jobs/{self.job}/logs?step=1&stream=stdout")
        return body if status == 200 else b""

    def goes_on(self, test, begun, ended, longest=LONGEST_PAUSE):
        """All its lines are there, some of them from the time of the fault, with no long pause; a next step runs, and the job ends well."""
        (self.master.data / "jobs" / self.job / "workspace/over").touch()
        answer, error = self.step.communicate(timeout=120)
        test.assertIn('"exit_code":0', answer.replace(" ", ""), error)
        lines = [line.split() for line in self.text().decode().splitlines()]
        test.assertEqual([int(number) for number, _ in lines], list(range(1, len(lines) + 1)))
        times = [float(at) for _, at in lines]
        test.assertTrue(any(begun < at < ended for at in times), "it works meanwhile")
        pause = max(after - before for before, after in zip(times, times[1:]))
        test.assertLess(pause, longest)
        print(f"{test.id()}: over after {ended - begun:.2f} s; of a neighbour's {len(lines)} lines "
              f"{sum(begun < at < ended for at in times)} meanwhile, longest pause {pause * 1000:.0f} ms", flush=True)
        test.assertEqual(self.master.run_step(self.job, "echo still here", name="after")[1]["exit_code"], 0)
        self.master.finish_hold(self.job)
        test.assertEqual(self.master.wait_end(self.job)["state"], "success")


@contextlib.contextmanager
def running(master, job, command):
    """The step of a job that is to be ended in the middle of it."""
    body = {"job_id": job, "step_name": "too much", "command": ["sh", "-c", command]}
    step = master.curl("run-step", body, master.job_token(job), "-m", "600")
    yield
    step.communicate(timeout=60)


class Quotas(MasterCase):
    @classmethod
    def setUpClass(cls):
        cls.master = Master(cls.PIPELINES | {"upload": {"danubefile.py": UPLOAD}}, cls.SECRETS, extra=LIMITS).start()

    def neighbour(self):
        neighbour = Neighbour(self.master)
        self.addCleanup(self.end, neighbour.job)
        return neighbour

    def ends_typed(self, command, reason):
        job, neighbour = self.hold(), self.neighbour()
        begun = time.time()
        with running(self.master, job, command):
            ended = self.master.wait_end(job)
        over = time.time()
        self.assertEqual(ended["state"], "failure")
        self.assertRegex(ended["reason"], reason)
        self.assertIn(ended["reason"].encode(), self.master.rest("GET", f"/api/v1/jobs/{job}/logs")[1], "the log says so, too")
        neighbour.goes_on(self, begun, over)
        return job

    def test_yes(self):
        job = self.ends_typed("yes", r"^the job's log is larger than 2 MiB \(quota.log_bytes\)")
        size = len(self.master.rest("GET", f"/api/v1/jobs/{job}/logs")[1])
        print(f"  {size / MIB:.1f} MiB of log", flush=True)
        self.assertGreater(size, 2 * MIB)
        self.assertLess(size, 2 * MIB + LOG_LATE)

    def test_a_full_workspace(self):
        self.ends_typed("head -c 30000000 /dev/urandom > big; sleep 600", r"^the job's workspace takes more than 8 MiB \(quota.workspace_bytes\)")

    def test_countless_files(self):
        self.ends_typed("i=0; while :; do : > f$i; i=$((i+1)); done", r"^the job's workspace has more than 2000 files \(quota.workspace_files\)")

    def test_a_sparse_artifact_of_a_terabyte(self):
        neighbour = self.neighbour()
        begun = time.time()
        job = self.master.trigger("upload")
        ended = self.master.wait_end(job, 60)  # who read it would need longer
        over = time.time()
        self.assertEqual(ended["state"], "failure")
        text = self.master.rest("GET", f"/api/v1/jobs/{job}/logs")[1].decode()
        self.assertRegex(text, r"an artifact may have 4 MiB at most \(quota.artifact_bytes\)")
        self.assertEqual(self.master.get(f"/api/v1/jobs/{job}/artifacts")["artifacts"], [])
        kept = sum(path.stat().st_blocks * 512 for path in (self.master.data / "artifacts").rglob(f"*{job}*/**/*") if path.is_file())
        self.assertLess(kept, MIB, "nothing of it came to the volume")
        neighbour.goes_on(self, begun, over)


class SmallVolume(unittest.TestCase):
    """The data directory on a volume of its own, half of which must stay free."""

    def mounted(self, mib):
        extra = f'[quota]\nfree_reserve = "{mib // 2} MiB"\n[local]\negress = "off"\n'
        self.master = Master({"hold": {"danubefile.py": HOLD}}, extra=extra)
        self.master.data.mkdir(mode=0o700)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mib}m", "tmpfs", self.master.data], capture_output=True)
        if mounted.returncode != 0:
            self.master.remove()
            self.skipTest("nobody may mount a tmpfs here")
        self.addCleanup(self.clean)
        self.master.start()

    def clean(self):
        try:
            self.master.stop()
        finally:
            subprocess.run(["umount", "-l", self.master.data], check=True)
            self.master.remove()

    def free(self):
        status = os.statvfs(self.master.data)
        return status.f_bavail * status.f_frsize

    @contextlib.contextmanager
    def watched(self):
        """Notes the least that is free meanwhile."""
        self.least, over = self.free(), threading.Event()

        def watch():
            while not over.wait(0.005):
                self.least = min(self.least, self.free())

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()

    def ends_for_the_reserve(self, command, mine, reason, late, pause=LONGEST_PAUSE):
        """The job with the command is ended, the neighbour with the files goes on, and the reserve was passed by no more than `late`."""
        job = self.master.trigger("hold")
        self.master.wait_state(job, "running")
        neighbour = Neighbour(self.master, mine)
        begun = time.time()
        with self.watched(), running(self.master, job, command):
            ended = self.master.wait_end(job)
        over = time.time()
        self.assertEqual(ended["state"], "failure")
        self.assertRegex(ended["reason"], reason)
        neighbour.goes_on(self, begun, over, pause)
        status = os.statvfs(self.master.data)
        reserve = status.f_blocks * status.f_frsize // 2
        print(f"  reserve {reserve / MIB:.0f} MiB, least free {self.least / MIB:.1f} MiB", flush=True)
        if late is None:
            return
        self.assertGreater(self.least, reserve - late)
        self.assertNotIn("No space left", self.master.log(), "it never got to the end of the volume")

    def test_the_reserve_stays_and_the_other_job_goes_on(self):
        self.mounted(96)
        # A piece at a time, as fast as a slow disk would be: what is noticed within seconds must not fill a volume before.
        self.ends_for_the_reserve("for i in $(seq 1 90); do head -c 1000000 /dev/urandom > f$i; sleep 0.1; done; sleep 600", "",
                                  r"less than its reserve of 48 MiB free \(quota.free_reserve\), and this job's workspace takes most", 32 * MIB)
        self.assertGreater(self.free(), 48 * MIB, "given back")

    def test_a_volume_that_is_filled_to_the_last_byte(self):
        self.mounted(96)
        # Faster than anybody looks. Logs wait then; the job's end must not: it gives the room back.
        self.ends_for_the_reserve("fallocate -l 80000000 big; while :; do cat /dev/zero >> rest; done", "",
                                  r"less than its reserve of 48 MiB free \(quota.free_reserve\), and this job's workspace takes most",
                                  late=None, pause=60)
        self.assertEqual(self.least, 0)
        self.assertGreater(self.free(), 48 * MIB, "given back")

    def test_the_reserve_stays_from_a_job_that_prints(self):
        self.mounted(512)
        self.ends_for_the_reserve("yes", "head -c 3000000 /dev/urandom > mine; ",
                                  r"less than its reserve of 256 MiB free \(quota.free_reserve\), and this job's log takes most", RESERVE_LATE)


if __name__ == "__main__":
    unittest.main()
