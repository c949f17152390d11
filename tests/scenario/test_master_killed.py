# SPDX-License-Identifier: GPL-3.0-or-later
"""The master killed with -9 in the middle of a job and started again: nothing lost, nothing twice, nobody noticed."""
import time
import unittest

from harness import Master, processes_of_job, wait_for

# Each step leaves one line per execution; a second execution would show as a second line.
PARALLEL = """
from concurrent.futures import ThreadPoolExecutor
from danube import step

def one(name):
    return step.run(f"echo {name} >> executions; for i in $(seq 60); do echo {name} $i; sleep 0.1; done", name=name)

with ThreadPoolExecutor(4) as pool:
    results = list(pool.map(one, ["a", "b", "c", "d"]))
assert all(result.ok for result in results)
step.run("sort executions", name="count")
print("coordinator saw no break")
"""


class MasterKilled(unittest.TestCase):
    def setUp(self):
        self.master = Master({"parallel": {"danubefile.py": PARALLEL}}).start()
        self.addCleanup(self.master.remove)

    def check_end(self, job):
        end = self.master.wait_end(job)
        self.assertEqual(end["state"], "success", (end["reason"], self.master.log()[-3000:]))
        steps = {step["name"]: step for step in end["steps"]}
        self.assertEqual(len(end["steps"]), 5)
        self.assertEqual(self.master.stream_text(job, steps["count"]["number"], "stdout"), b"a\nb\nc\nd\n", "no step ran twice")
        for name in "abcd":
            text = self.master.stream_text(job, steps[name]["number"], "stdout")
            self.assertEqual(text, "".join(f"{name} {i}\n" for i in range(1, 61)).encode())
        self.assertIn(b"coordinator saw no break", self.master.stream_text(job, 0, "stdout"))
        wait_for(lambda: not processes_of_job(job), "every process of the job to be gone", 20)
        self.assertFalse((self.master.data / "jobs" / job).exists())

    def test_killed_in_the_middle(self):
        job = self.master.trigger("parallel")
        wait_for(lambda: len(self.master.job(job)["steps"]) == 4, "four steps")
        time.sleep(1)
        self.master.kill()
        time.sleep(1)
        self.master.restart()
        self.check_end(job)

    def test_killed_again_and_again(self):
        job = self.master.trigger("parallel")
        for pause in (0.05, 0.2, 0.4, 0.6, 0.9, 1.3):
            time.sleep(pause)
            self.master.kill()
            self.master.restart()
        self.check_end(job)


if __name__ == "__main__":
    unittest.main()
