# SPDX-License-Identifier: GPL-3.0-or-later
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

RUNNER = pathlib.Path(__file__).resolve().parents[3] / "resources/sdk/danube/_runner.py"


def run(text, **environment):
    with tempfile.TemporaryDirectory() as folder:
        script = pathlib.Path(folder, "danubefile.py")
        script.write_text(text, encoding="utf-8")
        return subprocess.run([sys.executable, "-I", "-B", RUNNER, script], cwd=folder, capture_output=True, text=True, timeout=30,
                              env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"} | environment)


FAIL = "from danube import StepFailed, StepResult\ndef fail(name): raise StepFailed(name, StepResult(3, 1, 'exited'))\n"


class RunnerTest(unittest.TestCase):
    def check(self, text, code, output="", error=""):
        done = run(text)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (code, output, error))

    def test_top_level_code(self):
        self.check("print(__name__, __file__.endswith('danubefile.py'))\n", 0, "__main__ True\n")

    def test_main_function_runs_after_the_file(self):
        self.check("from danube import pipeline\n@pipeline\ndef go():\n    print('main')\nprint('top')\n", 0, "top\nmain\n")

    def test_async_main_function(self):
        self.check("import asyncio\nfrom danube import pipeline\n@pipeline\nasync def go():\n    await asyncio.sleep(0)\n"
                   "    print('main')\n", 0, "main\n")

    def test_two_main_functions_are_a_mistake(self):
        done = run("from danube import pipeline\n@pipeline\ndef a(): pass\n@pipeline\ndef b(): pass\n")
        self.assertEqual(done.returncode, 1)
        self.assertIn("TypeError: @pipeline may mark one function only", done.stderr)

    def test_exit_codes(self):
        for statement, code in (("sys.exit()", 0), ("sys.exit(5)", 5), ("raise SystemExit(300)", 300 % 256), ("exit(2)", 2)):
            with self.subTest(statement):
                self.assertEqual(run(f"import sys\n{statement}\n").returncode, code)
        done = run("import sys\nsys.exit('the reason')\n")
        self.assertEqual((done.returncode, done.stderr), (1, "the reason\n"))

    def test_a_failed_step_is_one_line(self):
        self.check(FAIL + "fail('tests')\n", 1, "", "danube: step 'tests' failed: exit code 3\n")

    def test_failed_steps_of_a_task_group_are_a_line_each(self):
        self.check(FAIL + "raise ExceptionGroup('g', [StepFailed(n, StepResult(3, 1, 'exited')) for n in 'ab'])\n", 1, "",
                   "danube: step 'a' failed: exit code 3\ndanube: step 'b' failed: exit code 3\n")

    def test_other_exceptions_show_the_files_own_lines(self):
        done = run("def f():\n    raise KeyError('k')\nf()\n")
        self.assertEqual(done.returncode, 1)
        self.assertIn("danubefile.py\", line 2, in f\n    raise KeyError('k')", done.stderr)
        self.assertTrue(done.stderr.endswith("KeyError: 'k'\n"))
        self.assertNotIn("_runner.py", done.stderr)

    def test_syntax_errors_show_the_line(self):
        done = run("x = 1\ny = (\n")
        self.assertEqual(done.returncode, 1)
        self.assertIn("danubefile.py\", line 2", done.stderr)
        self.assertNotIn("_runner.py", done.stderr)

    def test_prints_come_in_order(self):
        done = run("import os\nprint('one')\nos.write(1, b'two\\n')\nprint('three')\n")
        self.assertEqual(done.stdout, "one\ntwo\nthree\n")

    def test_classes_of_the_file_can_be_pickled(self):
        self.check("import pickle, dataclasses\n@dataclasses.dataclass\nclass A:\n    n: int\n"
                   "print(pickle.loads(pickle.dumps(A(3))).n)\n", 0, "3\n")

    def test_python_path_is_not_honoured(self):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "evil.py").write_text("", encoding="utf-8")
            done = run("import evil\n", PYTHONPATH=folder)
        self.assertIn("ModuleNotFoundError", done.stderr)

    def test_a_pipe_that_is_closed_is_a_failure_too(self):
        done = run("import os\nos.close(1)\nprint('x')\n")
        self.assertNotEqual(done.returncode, 0)


if __name__ == "__main__":
    unittest.main()
