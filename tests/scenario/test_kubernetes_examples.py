# SPDX-License-Identifier: GPL-3.0-or-later
"""What `./dev run --kubernetes` shows: the same examples as pods, and nothing left in the cluster or on this machine."""
import os
import pathlib
import signal
import subprocess
import sys
import tarfile
import tempfile
import unittest

from harness import BIN, SOURCE, processes_of, wait_for

sys.path.insert(0, str(SOURCE / "tests/support/kube"))
from nodecase import why_not  # noqa: E402


@unittest.skipIf(why_not(), f"no pods here: {why_not()}")
class ExamplesAsPods(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="danube-pods-")
        self.addCleanup(self.folder.cleanup)
        (pathlib.Path(self.folder.name) / "bin").symlink_to(BIN)
        self.state = pathlib.Path(self.folder.name) / "run-kubernetes"

    def start(self, example, out):
        command = [sys.executable, "-B", SOURCE / "deploy/dev/run.py", "run", "--kubernetes", example]
        return subprocess.Popen(command, env=os.environ | {"DANUBE_BUILD": self.folder.name}, stdin=subprocess.DEVNULL, stdout=out,
                                stderr=out, start_new_session=True)

    def finish(self, run, out):
        code = run.wait(150)
        out.seek(0)
        text = out.read().decode(errors="replace")
        wait_for(lambda: not processes_of(self.folder.name), "all processes to be gone", 10)
        return code, text

    def run_example(self, example):
        with open(pathlib.Path(self.folder.name) / "out", "w+b") as out:
            return self.finish(self.start(example, out), out)

    def test_c_example_is_a_pod_and_succeeds(self):
        code, text = self.run_example("c")
        self.assertEqual(code, 0, text)
        for words in ("waiting: the node prepares container", "0 failed", "job ended: success", "no pod, no Secret"):
            self.assertIn(words, text)
        archives = [path for path in (self.state / "data/artifacts").rglob("*") if path.is_file() and tarfile.is_tarfile(path)]
        self.assertEqual(len(archives), 1)

    def test_failing_example_names_step_and_exit_code(self):
        code, text = self.run_example("failing")
        self.assertEqual(code, 1, text)
        self.assertRegex(text, r"step '[^']+' failed: exit code 3")
        self.assertIn("no pod, no Secret", text)

    def test_ctrl_c_cancels_the_job_and_removes_its_pod(self):
        with open(pathlib.Path(self.folder.name) / "out", "w+b") as out:
            run = self.start("parallel", out)
            wait_for(lambda: b"flood" in pathlib.Path(out.name).read_bytes(), "steps to run", 90)
            os.killpg(run.pid, signal.SIGINT)
            code, text = self.finish(run, out)
        self.assertEqual(code, 4, text[-2000:])
        self.assertIn("cancelled", text)
        self.assertIn("no pod, no Secret", text)


if __name__ == "__main__":
    unittest.main()
