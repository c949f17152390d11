# SPDX-License-Identifier: GPL-3.0-or-later
"""The oracle of the chaos runs sees each kind of wrong: a judge that cannot say no is none."""
import copy
import subprocess
import sys
import unittest

import oracle
import workload

LINES = 100


def output_of(number):
    done = subprocess.run([sys.executable, "-c", workload.PRINTER, str(LINES), str(number)], capture_output=True, check=True)
    return done.stdout, done.stderr


class FakeMaster:
    """Answers as a master would that did everything right."""

    def __init__(self, expected):
        out, err = output_of(expected.number)
        self.texts = {("printer", "stdout"): out, ("printer", "stderr"): err, ("killed", "stdout"): b"before\n",
                      ("late", "stdout"): b"begun\n", ("wrong", "stderr"): b"going wrong\n"}
        for name in ("first", "side0", "side1", "side2", "last"):
            self.texts[name, "stdout"] = f"told {expected.number}.{name}\n".encode()
            self.texts[name, "stderr"] = b""
        steps = [{"name": name, "number": number, "outcome": outcome, "exit_code": -1 if code is None else code}
                 for number, (name, (outcome, code)) in enumerate(expected.steps.items())]
        self.content = f"{expected.number}\n".encode() * 200_000
        self.answer = {"state": expected.ending, "reason": "", "steps": steps}

    def job(self, _):
        return copy.deepcopy(self.answer)

    def get(self, _):
        return {"artifacts": [{"id": "a1", "name": "bundle"}]}

    def rest(self, *_):
        return 200, self.content

    def stream_text(self, _, number, stream):
        return self.texts[self.answer["steps"][number]["name"], stream]


class FakeEffects:
    def __init__(self, counts):
        self._counts = counts

    def counts(self):
        return self._counts


class Oracle(unittest.TestCase):
    def setUp(self):
        self.expected = workload.expect(7, LINES, "failure")
        self.master = FakeMaster(self.expected)

    def found(self):
        return oracle.check_job(self.master, self.expected)

    def step(self, name):
        return next(step for step in self.master.answer["steps"] if step["name"] == name)

    def test_nothing_is_wrong_with_a_right_job(self):
        self.assertEqual(self.found(), [])

    def test_a_false_success_is_seen(self):
        self.master.answer["state"] = "success"
        self.assertEqual(len(self.found()), 1)

    def test_a_wrong_code_and_a_wrong_outcome_are_seen(self):
        self.step("wrong")["exit_code"] = 0
        self.step("late")["outcome"] = "lost"
        self.assertEqual(len(self.found()), 2)

    def test_a_step_killed_before_it_began_is_right_of_a_spared_job_alone(self):
        self.master.texts["killed", "stdout"] = b""
        self.assertEqual(oracle.check_job(self.master, self.expected, is_spared=True), [])
        self.assertEqual(len(self.found()), 1)
        self.master.texts["killed", "stdout"] = b"befor\n"
        self.assertEqual(len(oracle.check_job(self.master, self.expected, is_spared=True)), 1)
        self.master.texts["killed", "stdout"] = b"before\n"
        self.master.texts["printer", "stdout"] = b""
        self.assertEqual(len(oracle.check_job(self.master, self.expected, is_spared=True)), 1)

    def test_a_lost_a_doubled_and_a_changed_byte_are_seen(self):
        text = self.master.texts["printer", "stdout"]
        for changed in (text[:-1], text + text[-1:], text.replace(b"plain", b"Plain", 1)):
            self.master.texts["printer", "stdout"] = changed
            self.assertEqual(len(self.found()), 1)

    def test_a_missing_and_a_doubled_step_are_seen(self):
        self.master.answer["steps"] = [step for step in self.master.answer["steps"][:-1]]
        self.assertEqual(len(self.found()), 1)
        self.master.answer["steps"].append(dict(self.master.answer["steps"][0]))
        self.assertEqual(len(self.found()), 2)

    def test_a_changed_artifact_is_seen(self):
        self.master.content += b"x"
        self.assertEqual(len(self.found()), 1)

    def test_a_spared_job_may_fail_but_not_lie(self):
        def found():
            return oracle.check_job(self.master, self.expected, is_spared=True)

        self.expected = workload.expect(7, LINES, "success")
        self.master = FakeMaster(self.expected)
        self.assertEqual(found(), [])
        self.master.answer |= {"state": "failure", "reason": "the agent is gone"}
        self.step("printer")["outcome"] = "lost"
        self.assertEqual(found(), [])
        self.step("first")["exit_code"] = 1
        self.assertEqual(len(found()), 1)
        self.master.answer["reason"] = ""
        self.assertEqual(len(found()), 2)
        self.assertEqual(len(oracle.check_job(self.master, self.expected)), 3, "and nothing of it is for others")

    def test_effects_are_counted(self):
        right = {effect: 1 for effect in self.expected.effects}
        self.assertEqual(oracle.check_effects(FakeEffects(right), [self.expected]), [])
        for wrong in (right | {"7.first": 2}, right | {"7.first": 0}, right | {"9.first": 1}):
            self.assertEqual(len(oracle.check_effects(FakeEffects(wrong), [self.expected])), 1)
        self.expected.job = "j1"
        self.assertEqual(oracle.check_effects(FakeEffects(right | {"7.first": 0}), [self.expected], {"j1"}), [])
        self.assertEqual(len(oracle.check_effects(FakeEffects(right | {"7.first": 2}), [self.expected], {"j1"})), 1)


if __name__ == "__main__":
    unittest.main()
