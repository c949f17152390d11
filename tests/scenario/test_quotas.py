# SPDX-License-Identifier: GPL-3.0-or-later
"""A job that takes too much ends typed, the volume keeps its reserve, and the others go on."""
import os
import subprocess
import threading
import unittest

from harness import HOLD, Master, MasterCase

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


class Quotas(MasterCase):
    @classmethod
    def setUpClass(cls):
        cls.master = Master(cls.PIPELINES | {"upload": {"danubefile.py": UPLOAD}}, cls.SECRETS, extra=LIMITS).start()

    def ends_typed(self, command, reason):
        job, neighbour = self.hold(), self.hold()
        thread = threading.Thread(target=self.master.run_step, args=(job, command))
        thread.start()
        ended = self.master.wait_end(job)
        thread.join()
        self.assertEqual(ended["state"], "failure")
        self.assertRegex(ended["reason"], reason)
        self.assertIn(ended["reason"].encode(), self.master.rest("GET", f"/api/v1/jobs/{job}/logs")[1], "the log says so, too")
        self.goes_on(neighbour)
        return job

    def goes_on(self, neighbour):
        self.assertEqual(self.master.run_step(neighbour, "echo still here")[1]["exit_code"], 0)
        self.master.finish_hold(neighbour)
        self.assertEqual(self.master.wait_end(neighbour)["state"], "success")

    def test_yes(self):
        job = self.ends_typed("yes", r"^the job's log is larger than 2 MiB \(quota.log_bytes\)")
        size = len(self.master.rest("GET", f"/api/v1/jobs/{job}/logs")[1])
        self.assertGreater(size, 2 << 20)

    def test_a_full_workspace(self):
        self.ends_typed("head -c 30000000 /dev/urandom > big; sleep 600", r"^the job's workspace takes more than 8 MiB \(quota.workspace_bytes\)")

    def test_countless_files(self):
        self.ends_typed("i=0; while :; do : > f$i; i=$((i+1)); done", r"^the job's workspace has more than 2000 files \(quota.workspace_files\)")

    def test_a_sparse_artifact_of_a_terabyte(self):
        neighbour = self.hold()
        job = self.master.trigger("upload")
        ended = self.master.wait_end(job)
        self.assertEqual(ended["state"], "failure")
        text = self.master.rest("GET", f"/api/v1/jobs/{job}/logs")[1].decode()
        self.assertRegex(text, r"an artifact may have 4 MiB at most \(quota.artifact_bytes\)")
        self.assertEqual(self.master.get(f"/api/v1/jobs/{job}/artifacts")["artifacts"], [])
        kept = sum(path.stat().st_blocks * 512 for path in (self.master.data / "artifacts").rglob(f"*{job}*/**/*") if path.is_file())
        self.assertLess(kept, 1 << 20, "nothing of it came to the volume")
        self.goes_on(neighbour)


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

    def test_the_reserve_stays_and_the_other_job_goes_on(self):
        self.mounted(96)
        filler, neighbour = self.master.trigger("hold"), self.master.trigger("hold")
        for job in (filler, neighbour):
            self.master.wait_state(job, "running")
        # A piece at a time, as fast as a slow disk would be: what is noticed within seconds must not fill a volume before.
        command = "for i in $(seq 1 90); do head -c 1000000 /dev/urandom > f$i; sleep 0.1; done; sleep 600"
        thread = threading.Thread(target=self.master.run_step, args=(filler, command))
        thread.start()
        ended = self.master.wait_end(filler)
        thread.join()
        self.assertEqual(ended["state"], "failure")
        self.assertRegex(ended["reason"], r"less than its reserve of 48 MiB free \(quota.free_reserve\), and this job's workspace takes most")
        self.assertGreater(self.free(), 48 << 20, "given back")
        self.goes_on(neighbour)

    def test_the_reserve_stays_from_a_job_that_prints(self):
        self.mounted(256)
        printing, neighbour = self.master.trigger("hold"), self.master.trigger("hold")
        for job in (printing, neighbour):
            self.master.wait_state(job, "running")
        self.assertEqual(self.master.run_step(neighbour, "head -c 3000000 /dev/urandom > mine")[1]["exit_code"], 0)
        thread = threading.Thread(target=self.master.run_step, args=(printing, "yes"))
        thread.start()
        ended = self.master.wait_end(printing)
        thread.join()
        self.assertEqual(ended["state"], "failure")
        self.assertRegex(ended["reason"], r"less than its reserve of 128 MiB free \(quota.free_reserve\), and this job's log takes most")
        self.assertNotIn("No space left", self.master.log(), "it never got to the end of the volume")
        self.goes_on(neighbour)

    def goes_on(self, neighbour):
        self.assertEqual(self.master.run_step(neighbour, "echo fine; test ! -e mine || sleep 2")[1]["exit_code"], 0)
        self.master.finish_hold(neighbour)
        self.assertEqual(self.master.wait_end(neighbour)["state"], "success")


if __name__ == "__main__":
    unittest.main()
