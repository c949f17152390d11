# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be the beginning of a secret is held back for as long as it takes: the step goes on, and neither the bytes nor the masking are lost."""
import hashlib
import unittest

from harness import HOLD, Master, wait_for

SECRET = "ghp_0123456789abcdefghij"
# More than an agent's spool takes, while stderr stands within a line; the secret goes on when somebody says so.
AMOUNT = 80_000_000
PRINTER = f"""
import os, sys, time
def write(fd, block):
    while block:
        block = block[os.write(fd, block):]
write(2, b"Cloning")
line = b"0123456789" * 9 + b"abcdefghi\\n"
for _ in range({AMOUNT} // 100_000):
    write(1, line * 1000)
while not os.path.exists("go"):
    time.sleep(0.05)
write(2, b"{SECRET[1:]} is no secret\\nCloning")
sys.exit(3)
"""


class HeldBack(unittest.TestCase):
    def setUp(self):
        self.master = Master({"hold": {"danubefile.py": HOLD}}, {"PASSWORD": SECRET})
        self.addCleanup(self.master.remove)
        self.master.start()

    def test_a_stream_within_a_line_holds_nothing_up(self):
        master = self.master
        job = master.trigger("hold")
        master.wait_state(job, "running")
        token = master.job_token(job)
        self.assertEqual(master.rpc("get-secret", {"job_id": job, "key": "PASSWORD"}, token)[0], 200)
        ask = {"job_id": job, "step_name": "print", "command": ["python3", "-c", PRINTER], "request_id": "once"}
        first = master.curl("run-step", ask, token)
        log = master.data / "logs" / f"{job}.log"
        wait_for(lambda: log.exists() and log.stat().st_size > AMOUNT, "all of stdout in the log", seconds=300)
        master.kill()
        first.communicate(timeout=60)
        master.restart()
        wait_for(lambda: master.job(job)["state"] == "running", "the job to be adopted")
        (master.data / "jobs" / job / "workspace/go").touch()
        status, answer = wait_for(lambda: (lambda a: a if a[0] != 503 else None)(master.rpc("run-step", ask, token)), "the step's end")
        self.assertEqual((status, answer["outcome"], answer["exit_code"]), (200, "exited", 3), answer)
        self.assertEqual(master.stream_text(job, 1, "stderr"), b"Clonin*** is no secret\nCloning")
        text = master.stream_text(job, 1, "stdout")
        self.assertEqual(hashlib.sha256(text).hexdigest(), hashlib.sha256((b"0123456789" * 9 + b"abcdefghi\n") * (AMOUNT // 100)).hexdigest(), len(text))
        self.assertNotIn(SECRET.encode(), log.read_bytes())
        master.finish_hold(job)
        self.assertEqual(master.wait_end(job)["state"], "success")


if __name__ == "__main__":
    unittest.main()
