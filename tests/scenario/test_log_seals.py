# SPDX-License-Identifier: GPL-3.0-or-later
"""A log that could not be closed at its job's end is closed later: while the master runs, and by the next one."""
import hashlib
import unittest

from harness import HOLD, Master, wait_for


class LogSeals(unittest.TestCase):
    def setUp(self):
        self.master = Master({"hold": {"danubefile.py": HOLD}}, extra='[local]\negress = "off"\n').start()
        self.addCleanup(self.master.remove)
        self.job = self.master.trigger("hold")
        self.master.wait_state(self.job, "running")
        self.assertEqual(self.master.run_step(self.job, "seq 1 1000")[1]["exit_code"], 0)
        self.logs = self.master.data / "logs"

    def is_whole(self):
        """The log is served, its stream ends, and both are what the seal says."""
        status, body = self.master.rest("GET", f"/api/v1/jobs/{self.job}/logs")
        self.assertEqual(status, 200)
        seal = self.master.seal(self.job)
        self.assertEqual((seal["size"], seal["sha256"]), (len(body), hashlib.sha256(body).hexdigest()))
        stream = self.master.rest("GET", f"/api/v1/jobs/{self.job}/logs/stream")[1]
        self.assertIn(b"event: end", stream)
        self.assertIn(seal["sha256"].encode(), stream)
        return body

    def test_a_seal_that_fails_for_a_minute(self):
        in_the_way = self.logs / f"{self.job}.seal.new"
        in_the_way.mkdir()
        self.master.finish_hold(self.job)
        self.assertEqual(self.master.wait_end(self.job)["state"], "success", "the job ends all the same")
        self.assertIsNone(self.master.seal(self.job))
        self.assertIn("log-seal-failed", self.master.log())
        in_the_way.rmdir()
        wait_for(lambda: self.master.seal(self.job), "the seal, though the job is over", 90)
        self.is_whole()

    def test_a_master_ends_before_the_seal(self):
        self.master.finish_hold(self.job)
        self.master.wait_end(self.job)
        wait_for(lambda: self.master.seal(self.job), "the seal")
        body = self.is_whole()
        running = self.master.trigger("hold")
        self.master.wait_state(running, "running")
        self.master.kill()
        (self.logs / f"{self.job}.seal").unlink()  # as if it had been killed just before
        self.master.restart()
        wait_for(lambda: self.master.seal(self.job), "the seal by the next master")
        self.assertEqual(self.is_whole(), body)
        self.assertIsNone(self.master.seal(running), "that job goes on")
        self.master.finish_hold(running)
        self.assertEqual(self.master.wait_end(running)["state"], "success")

    def test_a_finished_log_is_damaged_at_its_end(self):
        self.master.finish_hold(self.job)
        self.master.wait_end(self.job)
        wait_for(lambda: self.master.seal(self.job), "the seal")
        index = self.logs / f"{self.job}.idx"
        records = bytearray(index.read_bytes())
        records[-40] ^= 4
        index.write_bytes(records)
        status, problem = self.master.rest("GET", f"/api/v1/jobs/{self.job}/logs")
        self.assertEqual(status, 500)
        self.assertRegex(problem.decode(), rf"the log of job {self.job} has \d+ bytes, its seal says \d+")


if __name__ == "__main__":
    unittest.main()
