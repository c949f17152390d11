# SPDX-License-Identifier: GPL-3.0-or-later
"""The disk under a running master fails, is full or is slow: what is answered is so, what is refused says why, and with the disk in
order again everything goes on without a restart. tests/chaos/filelayer.cpp makes single calls of the master fail."""
import errno
import hashlib
import json
import sys
import threading
import time
import unittest

from harness import HOLD, SOURCE, Master, MasterCase, wait_for

sys.path.insert(0, str(SOURCE / "tests/chaos"))
from filelayer import FileLayer  # noqa: E402

DATABASE = "danube.sqlite-wal"
SLOW = 8  # seconds that a disk takes once; what others ask is answered long before


class BadDisk(MasterCase):
    PIPELINES = {"hold": {"danubefile.py": HOLD}}

    @classmethod
    def setUpClass(cls):
        cls.master = Master(cls.PIPELINES, extra='[local]\negress = "off"\n[logs]\ncompress_after = "1s"\n')
        cls.layer = FileLayer()
        cls.master.environment |= cls.layer.environment(cls.master.data)
        cls.master.start()

    def end(self, job):
        self.layer.rule("")  # a test that failed left it
        super().end(job)

    def spoil(self, rule):
        self.met = len(self.layer.hits())
        self.layer.rule(rule)

    def assert_met(self):
        self.assertGreater(len(self.layer.hits()), self.met, "no call met the rule")

    def trigger(self):
        status, body = self.master.rest("POST", "/api/v1/pipelines/hold/run", {})
        return status, json.loads(body)

    def jobs(self):
        return {job["id"] for job in self.master.get("/api/v1/jobs?limit=200")["jobs"]}

    def begin(self, job, command, name):
        """A step that runs; its answer comes to `curl`."""
        call = self.master.curl("run-step", {"job_id": job, "step_name": name, "command": command}, self.master.job_token(job))
        wait_for(lambda: self.master.steps(job).get(name, {}).get("state") == "running", "the step to run")
        return call

    def exit_code(self, call):
        out, error = call.communicate(timeout=90)
        return json.loads(out.rpartition("\n")[0])["exit_code"], error

    def ends_well(self, job):
        self.master.finish_hold(job)
        ended = self.master.wait_end(job)
        self.assertEqual((ended["state"], ended["reason"]), ("success", ""))

    # The database

    def refused_by_the_database(self, rule, status, sentence):
        """Nothing of what was refused is there, then or after a crash; what came before and what comes after is."""
        before = self.hold()
        known = self.jobs()
        self.spoil(rule)
        refused = self.trigger()
        self.assertEqual(refused[0], status, refused)
        self.assertIn(sentence, refused[1]["detail"])
        self.assert_met()
        self.assertEqual(self.jobs(), known)
        self.layer.rule("")
        after = self.hold()
        self.master.kill()
        self.master.restart()
        self.assertEqual(self.jobs(), known | {after})
        for job in (before, after):
            answer = self.master.run_step(job, "exit 3")
            self.assertEqual(answer[1].get("exit_code"), 3, answer)
            self.ends_well(job)

    def test_a_sync_of_the_database_fails(self):
        self.refused_by_the_database(f"sync {DATABASE} 0 -1 errno {errno.EIO}", 500, "commit: disk I/O error (Input/output error)")

    def test_a_write_to_the_database_fails(self):
        self.refused_by_the_database(f"write {DATABASE} 0 -1 errno {errno.EIO}", 500, "disk I/O error (Input/output error)")

    def test_the_disk_is_full_under_the_database(self):
        self.refused_by_the_database(f"write {DATABASE} 0 -1 errno {errno.ENOSPC}", 429, "commit: database or disk is full")

    def test_a_step_that_ends_while_the_database_cannot_sync(self):
        """Its end is told when it is written, with its true code."""
        job = self.hold()
        call = self.begin(job, "sleep 1; echo over > over; exit 7", "ending")
        self.spoil(f"sync {DATABASE} 0 -1 errno {errno.EIO}")
        workspace = self.master.data / "jobs" / job / "workspace"
        wait_for((workspace / "over").exists, "the step to end")
        wait_for(lambda: len(self.layer.hits()) > self.met, "the end to meet the disk")
        self.assertIsNone(call.poll(), "answered before it was written")
        self.layer.rule("")
        self.assertEqual(self.exit_code(call)[0], 7)
        self.master.kill()
        self.master.restart()
        step = self.master.steps(job)["ending"]
        self.assertEqual((step["outcome"], step["exit_code"]), ("exited", 7))
        self.ends_well(job)

    def test_a_slow_disk_under_the_database(self):
        """Who writes waits; who reads does not; a step that runs goes on."""
        job = self.hold()
        call = self.begin(job, "for i in $(seq 60); do echo line $i; sleep 0.05; done; exit 5", "printing")
        self.spoil(f"sync {DATABASE} 0 1 delay {SLOW * 1000}")
        answers, begun = [], time.monotonic()
        writing = threading.Thread(target=lambda: answers.append((*self.trigger(), time.monotonic() - begun)))
        writing.start()
        wait_for(lambda: len(self.layer.hits()) > self.met, "the write to meet the disk")
        for path in ("/health", "/api/v1/jobs", f"/api/v1/jobs/{job}", f"/api/v1/jobs/{job}/logs"):
            self.assertEqual(self.master.rest("GET", path)[0], 200)
        self.assertTrue(writing.is_alive(), "answered before the disk was")
        writing.join(60)
        self.layer.rule("")
        status, answer, took = answers[0]
        self.assertEqual(status, 202, answer)
        self.assertGreater(took, SLOW / 2)
        self.addCleanup(self.end, answer["id"])
        self.assertEqual(self.exit_code(call)[0], 5)
        self.assertEqual(self.master.stream_text(job, self.master.steps(job)["printing"]["number"], "stdout"),
                         b"".join(b"line %d\n" % number for number in range(1, 61)))

    # Logs

    def a_log_that_fails(self, operation, error, sentence):
        """The step waits in its write and loses nothing; another job's steps go on meanwhile."""
        job, other = self.hold(), self.hold()
        call = self.begin(job, "for i in $(seq 20000); do echo line $i of what is printed; done; exit 6", "printing")
        self.spoil(f"{operation} {job}.log 0 -1 errno {error}")
        wait_for(lambda: len(self.layer.hits()) > self.met and sentence in self.told_of(job), sentence, 60)
        status, answer = self.master.run_step(other, "echo fine; exit 4")
        self.assertEqual((status, answer["exit_code"]), (200, 4))
        self.assertEqual(self.master.stream_text(other, self.master.steps(other)["step"]["number"], "stdout"), b"fine\n")
        self.assertIsNone(call.poll(), "answered before its bytes were written")
        self.layer.rule("")
        self.assertEqual(self.exit_code(call)[0], 6)
        self.assertEqual(self.master.stream_text(job, self.master.steps(job)["printing"]["number"], "stdout"),
                         b"".join(b"line %d of what is printed\n" % number for number in range(1, 20001)))
        self.ends_well(job)

    def told_of(self, job):
        return "".join(line for line in self.master.log().splitlines() if job in line)

    def test_the_disk_is_full_under_a_log(self):
        self.a_log_that_fails("write", errno.ENOSPC, "No space left on device")

    def test_a_write_to_a_log_fails(self):
        self.a_log_that_fails("write", errno.EIO, "Input/output error")

    def test_a_sync_of_a_log_fails(self):
        self.a_log_that_fails("sync", errno.EIO, "log-sync-failed")

    def test_the_disk_is_full_under_a_log_that_is_compressed(self):
        """The plain log stays; a later attempt, here that of the next start, finds room."""
        job, lines = self.hold(), 40_000
        self.assertEqual(self.master.run_step(job, f"seq {lines}")[1]["exit_code"], 0)
        self.spoil(f"write {job}.log.zst.new 0 -1 errno {errno.ENOSPC}")
        self.ends_well(job)
        wait_for(lambda: "compress-failed" in self.told_of(job), "the compression to fail")
        self.assertIn(f"{job}.log.zst.new: No space left on device", self.told_of(job))
        logs = self.master.data / "logs"
        before = self.master.rest("GET", f"/api/v1/jobs/{job}/logs")
        self.assertEqual(before[0], 200)
        of_step = self.master.rest("GET", f"/api/v1/jobs/{job}/logs?step=1")[1]  # the script's own lines may come in between
        self.assertTrue(of_step == b"".join(b"%d\n" % number for number in range(1, lines + 1)), of_step[-200:])
        self.assertTrue((logs / f"{job}.log").exists() and not (logs / f"{job}.log.zst").exists())
        self.layer.rule("")
        self.master.stop()
        self.master.restart()
        wait_for(lambda: (logs / f"{job}.log.zst").exists() and not (logs / f"{job}.log").exists(), "the log to be compressed")
        self.assertEqual(self.master.rest("GET", f"/api/v1/jobs/{job}/logs"), before)

    # Artifacts

    def upload(self, job, name, digest, content, offset=0):
        path = self.master.state / "upload"
        path.write_bytes(content[offset:])
        call = f"upload-artifact?job_id={job}&name={name}&sha256={digest}&offset={offset}"
        return self.master.rpc(call, f"@{path}", self.master.job_token(job), "-H", "Content-Type: application/octet-stream")

    def arrived(self, job, name, digest):
        status, answer = self.master.rpc(f"upload-artifact?job_id={job}&name={name}&sha256={digest}", "", self.master.job_token(job), "-X", "GET")
        self.assertEqual(status, 200, answer)
        return answer["size_bytes"]

    def an_artifact_that_fails(self, rule, status, sentence, stays, logged="."):
        """Refused, not half there; what is still to come makes it whole."""
        job, content = self.hold(), b"0123456789abcdef" * (3 << 16)
        digest = hashlib.sha256(content).hexdigest()
        self.spoil(rule)
        refused = self.upload(job, "a", digest, content)
        self.assertEqual(refused[0], status, refused)
        self.assertRegex(refused[1]["detail"], sentence)
        self.assertRegex(self.told_of(job), logged)
        self.assert_met()
        self.assertEqual(self.master.get(f"/api/v1/jobs/{job}/artifacts")["artifacts"], [])
        self.layer.rule("")
        self.master.kill()
        self.master.restart()
        came = self.arrived(job, "a", digest)
        self.assertTrue(0 < came < len(content) if stays else came == 0, came)
        self.assertEqual(self.upload(job, "a", digest, content, came)[0], 200)
        made = self.master.get(f"/api/v1/jobs/{job}/artifacts")["artifacts"]
        self.assertEqual([(one["name"], one["size_bytes"], one["sha256"]) for one in made], [("a", len(content), digest)])
        status, body = self.master.rest("GET", f"/api/v1/artifacts/{made[0]['id']}")
        self.assertEqual((status, hashlib.sha256(body).hexdigest()), (200, digest))
        self.ends_well(job)

    def test_a_sync_of_an_artifact_fails(self):
        """Nobody knows what of it is on the disk: all of it comes again."""
        self.an_artifact_that_fails(f"sync /partial/ 0 -1 errno {errno.EIO}", 500, "the master could not do it; its log says why", False,
                                    "sync upload .*: Input/output error")

    def test_the_disk_is_full_under_an_artifact(self):
        self.an_artifact_that_fails(f"write /partial/ 2 -1 errno {errno.ENOSPC}", 507, "write upload .*: No space left on device", True)

    def test_a_slow_disk_under_an_artifact(self):
        """Its upload takes its time; nobody else's question does."""
        job, content = self.hold(), b"x" * (1 << 20)
        digest = hashlib.sha256(content).hexdigest()
        self.spoil(f"sync /partial/ 0 1 delay {SLOW * 1000}")
        answers = []
        uploading = threading.Thread(target=lambda: answers.append(self.upload(job, "slow", digest, content)))
        uploading.start()
        wait_for(lambda: len(self.layer.hits()) > self.met, "the upload to meet the disk")
        self.assertEqual(self.master.run_step(job, "exit 3")[1]["exit_code"], 3)
        self.assertEqual(self.master.rest("GET", "/health")[0], 200)
        self.assertTrue(uploading.is_alive(), "answered before the disk was")
        uploading.join(60)
        self.assertEqual(answers[0][0], 200, answers)


if __name__ == "__main__":
    unittest.main()
