# SPDX-License-Identifier: GPL-3.0-or-later
"""What `./dev run` shows, example by example, and what Ctrl-C leaves: nothing."""
import os
import pathlib
import re
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
import unittest

from harness import BIN, SOURCE, processes_of, wait_for, why_unguarded


class Examples(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="danube-examples-")
        self.addCleanup(self.folder.cleanup)
        (pathlib.Path(self.folder.name) / "bin").symlink_to(BIN)
        self.state = pathlib.Path(self.folder.name) / "run"
        self.environment = os.environ | {"DANUBE_BUILD": self.folder.name}

    def command(self, example):
        return [sys.executable, "-B", SOURCE / "deploy/dev/run.py", "run", example]

    def run_example(self, example):
        done = subprocess.run(self.command(example), env=self.environment, capture_output=True, timeout=200)
        self.assertEqual(processes_of(self.folder.name), [])
        self.assertEqual(list((self.state / "data/jobs").iterdir()), [])
        return done.returncode, done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")

    def test_c_example_compiles_tests_and_uploads(self):
        code, text = self.run_example("c")
        self.assertEqual(code, 0, text)
        for word in ("compile", "test", "success", "next"):
            self.assertIn(word, text)
        archives = [path for path in (self.state / "data/artifacts").rglob("*") if path.is_file() and tarfile.is_tarfile(path)]
        self.assertEqual(len(archives), 1)

    def test_failing_example_names_step_and_exit_code(self):
        code, text = self.run_example("failing")
        self.assertEqual(code, 1, text)
        self.assertRegex(text, r"step '[^']+' failed: exit code 3")

    def test_parallel_example_shows_four_steps_timeout_and_mask(self):
        code, text = self.run_example("parallel")
        self.assertEqual(code, 0, text[-3000:])
        self.assertRegex(text, r"timed out after \d")
        self.assertIn("***", text)
        secret = re.search(r'"DEPLOY_TOKEN": "([^"]+)"', (SOURCE / "deploy/dev/example.py").read_text())[1]
        self.assertNotIn(secret, text)
        for path in (self.state / "data").rglob("*"):
            if path.is_file():
                self.assertNotIn(secret.encode(), path.read_bytes(), path)

    @unittest.skipIf(why_unguarded(), why_unguarded())
    def test_egress_example_reaches_what_is_listed_and_nothing_else(self):
        code, text = self.run_example("egress")
        self.assertEqual(code, 0, text)
        self.assertRegex(text, r"hello from packages\.example\.org\s+200")
        self.assertIn('egress refused in step "call home": telemetry.example.net (DNS); to allow it, list "telemetry.example.net"', text)
        self.assertIn("packages.example.org: 1 request(s)", text)
        self.assertIn("telemetry.example.net: 0 request(s)", text)

    def test_ctrl_c_cancels_and_leaves_nothing(self):
        with open(pathlib.Path(self.folder.name) / "out", "w+b") as out:
            run = subprocess.Popen(self.command("parallel"), env=self.environment, stdout=out, stderr=out, start_new_session=True)
            wait_for(lambda: len(list(self.state.glob("data/jobs/*/worker/steps/*"))) >= 4, "steps to run", 60)
            time.sleep(0.5)
            os.killpg(run.pid, signal.SIGINT)
            code = run.wait(60)
            out.seek(0)
            text = out.read().decode(errors="replace")
        self.assertEqual(code, 4, text[-2000:])
        self.assertIn("cancelled", text)
        wait_for(lambda: not processes_of(self.folder.name), "all processes to be gone", 10)
        self.assertEqual(list((self.state / "data/jobs").iterdir()), [])


if __name__ == "__main__":
    unittest.main()
