#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check of docs/faults.md must fail for a row that shows nothing: seen on small trees made here."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(__file__).with_name("check_faults.py")
FAULTS = "| fault | what happens | the sentence | test |\n|---|---|---|---|\n"
BOUNDS = "\n| from → to | at most | then | test |\n|---|---|---|---|\n" + "| a → b | 1 | waits | `tst_disk full` |\n" * 11
GOOD = "| disk full | refused | `disk …: full after 5 bytes (quota)` | `tst_disk full` |\n"


class CheckFaults(unittest.TestCase):
    def run_check(self, *rows, missing=0, bounds=BOUNDS):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for path, text in {"docs/faults.md": FAULTS + "".join(rows) + GOOD * (60 - len(rows) - missing) + bounds,
                               "tests/unit/tst_disk.cpp": 'void full() { told("disk x: full after 7 bytes \\(quota\\)"); }',
                               "tests/chaos/powercut.py": 'told("lost: ")', "tests/chaos/CMakeLists.txt": "add_test(NAME chaos_powercut COMMAND x)"}.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text)
            done = subprocess.run([sys.executable, CHECK, root], capture_output=True, text=True, timeout=30)
        return done.returncode, done.stdout

    def fails(self, words, *rows, **more):
        code, text = self.run_check(*rows, **more)
        self.assertEqual(code, 1, text)
        self.assertIn(words, text)

    def test_rows_that_show_what_they_say_pass(self):
        self.assertEqual(self.run_check("| a | b | *–* | `tst_disk full` |\n", "| a | b | `lost: …` | `chaos_powercut` |\n"), (0, ""))

    def test_a_sentence_of_nobody_fails(self):
        self.fails("says ': empty', which is nowhere in tst_disk full", "| a | b | `disk …: empty` | `tst_disk full` |\n")
        self.fails("says 'found', which is nowhere in chaos_powercut", "| a | b | `found` | `chaos_powercut` |\n")

    def test_a_test_that_is_none_fails(self):
        self.fails("names a test that does not exist: tst_disk empty", "| a | b | *–* | `tst_disk empty` |\n")
        self.fails("names a test that does not exist: chaos_none", "| a | b | *–* | `chaos_none` |\n")

    def test_a_row_that_says_nothing_fails(self):
        self.fails("has neither a sentence", "| a | b | unavailable | `tst_disk full` |\n")
        self.fails("is not four cells", "| a | b |  | `tst_disk full` |\n")

    def test_too_few_rows_fail(self):
        self.fails('59 rows of "fault", not 60', missing=1)
        self.fails('0 rows of "from → to", not 11', bounds="")
        self.fails("is not four cells with a test at the end", bounds=BOUNDS.replace("| `tst_disk full` ", "", 1))


if __name__ == "__main__":
    unittest.main()
