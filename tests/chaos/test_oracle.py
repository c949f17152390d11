# SPDX-License-Identifier: GPL-3.0-or-later
"""The oracle of the chaos runs sees each kind of wrong: a judge that cannot say no is none."""
import base64
import copy
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time
import types
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "scenario"))

import leftovers
import oracle
import powercut
import workload
from chaosrun import ChaosRun
from disturbances import Disturber, MasterKiller
from localsite import LocalSite, all_points

LINES = 100


class FakeMaster:
    """Answers as a master would that did everything right. The coordinator is step 0 of its log."""

    def __init__(self, expected):
        self.names = ["", *expected.steps]
        self.texts = {(name, stream): expected.text(name, stream) for name in self.names for stream in oracle.STREAMS}
        self.texts["", "stdout"] = b"danube: file:///r at a5095feaffaa (main)\n" + self.texts["", "stdout"]
        steps = [{"name": name, "number": number, "outcome": outcome, "exit_code": -1 if code is None else code}
                 for number, (name, (outcome, code)) in enumerate(expected.steps.items(), 1)]
        self.content = f"{expected.number}\n".encode() * 200_000
        self.answer = {"state": expected.ending, "reason": "", "steps": steps}
        self.sealed = None

    def job(self, _):
        return copy.deepcopy(self.answer)

    def get(self, _):
        return {"artifacts": [{"id": "a1", "name": "bundle"}]}

    def rest(self, _, path):
        if path.endswith("/logs"):
            return 200, b"".join(self.texts.values())
        if "/logs/stream" in path:
            return 200, self.events()
        return 200, self.content

    def events(self):
        def event(name, stream, text):
            line = {"step": self.names.index(name), "stream": stream, "b64": base64.b64encode(text).decode(), "eol": False}
            return b"id: 1:1\nevent: log\ndata: " + json.dumps(line).encode() + b"\n\n"

        end = b"id: 1:2:end\nevent: end\ndata: " + json.dumps(self.seal("") | {"bytes": self.seal("")["size"]}).encode() + b"\n\n"
        return b": hello\n\n" + b"".join(event(name, stream, text) for (name, stream), text in self.texts.items()) + end

    def seal(self, _):
        whole = b"".join(self.texts.values())
        return self.sealed or {"size": len(whole), "sha256": workload.sha256(whole)}

    def stream_text(self, _, number, stream):
        return self.texts[self.names[number], stream]


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

    def test_the_coordinators_words_are_looked_at(self):
        right = self.master.texts["", "stdout"]
        for wrong in (b"", right[:-1], right + right, right.partition(b"\n")[2]):
            self.master.texts["", "stdout"] = wrong
            self.assertEqual(len(self.found()), 1, wrong)
        self.master.texts["", "stdout"] = right
        self.master.texts["", "stderr"] += b"Traceback"
        self.assertEqual(len(self.found()), 1)

    def test_what_nobody_prints_is_seen(self):
        self.master.texts["killed", "stderr"] = b"x"
        self.master.texts["late", "stderr"] = b"x"
        self.assertEqual(len(self.found()), 2)

    def test_a_log_that_is_not_what_was_sealed_is_seen(self):
        self.assertEqual(oracle.check_log(self.master, self.expected), [])
        self.master.sealed = self.master.seal("") | {"sha256": "0" * 64}
        self.assertEqual(len(oracle.check_log(self.master, self.expected)), 1)

    def test_a_stream_that_differs_is_seen(self):
        right = self.master.events()
        text = json.dumps(base64.b64encode(b"going wrong\n").decode()).encode()
        for wrong in (right.replace(text, b'""'), right.replace(b'"step": 5', b'"step": 55'), right.partition(b"id: 1:2:end")[0]):
            self.assertNotEqual(wrong, right)
            self.master.events = lambda: wrong
            self.assertEqual(len([one for one in oracle.check_log(self.master, self.expected)]) > 0, True, wrong[:300])

    def test_what_was_lost_printed_a_beginning_and_nothing_else(self):
        self.expected = workload.expect(7, LINES, "success")
        self.master = FakeMaster(self.expected)
        self.master.answer |= {"state": "failure", "reason": "the agent is gone"}
        self.step("printer")["outcome"] = "lost"
        text = self.master.texts["printer", "stdout"]
        for printed, count in ((text[:50], 0), (b"", 0), (text[:50] + text[:50], 1), (text[1:50], 1), (b"foreign", 1)):
            self.master.texts["printer", "stdout"] = printed
            self.assertEqual(len(oracle.check_job(self.master, self.expected, is_spared=True)), count, printed)
        self.master.texts["printer", "stdout"] = text
        said = self.master.texts["", "stdout"]
        for printed, count in ((said[:20], 0), (said[:-3], 0), (b"", 0), (b"what", 1), (said + said, 1)):
            self.master.texts["", "stdout"] = printed
            self.assertEqual(len(oracle.check_job(self.master, self.expected, is_spared=True)), count, printed)

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


class FakeProcess:
    """One that is dead, by that code, or lives (None)."""

    def __init__(self, code=None):
        self.code = code

    def poll(self):
        return self.code

    def wait(self, _=None):
        return self.code


def restartable(code=None, data=None):
    """As much of a Master as a killer needs."""
    master = types.SimpleNamespace(process=FakeProcess(code), log=lambda: "its last words", data=data)

    def restart():
        master.process = FakeProcess()

    def kill():
        master.process.code = -signal.SIGKILL

    master.restart, master.kill = restart, kill
    return master


class Deaths(unittest.TestCase):
    def test_a_master_that_ended_by_itself_is_not_healed(self):
        for code in (-signal.SIGSEGV, -signal.SIGABRT, -signal.SIGKILL, 0, 1):
            with self.assertRaisesRegex(AssertionError, "ended by itself.*its last words"):
                MasterKiller(restartable(code))(random.Random(1))
        MasterKiller(restartable())(random.Random(1))

    def site(self, code, hits):
        """A site whose master gets that end, and whose layer tells of so many calls, once there is a rule."""
        site = object.__new__(LocalSite)
        site.master, site.met, site._points = restartable(), {}, None
        told = []

        def rule(text):
            if text:
                told.extend("hit" for _ in range(hits))
                site.master.process.code = code

        site.layer = types.SimpleNamespace(rule=rule, hits=lambda: list(told))
        site._killer = MasterKiller(site.master)
        return site

    def die_inside(self, code, hits):
        site = self.site(code, hits)
        for point in range(20):  # one that has not to do with a start
            chance = random.Random(point)
            if chance.choice(all_points())[0] == "write":
                return site, site.die_inside(random.Random(point))

    def test_a_death_in_a_fault_point_is_of_the_rule(self):
        site, is_met = self.die_inside(-signal.SIGKILL, 1)
        self.assertTrue(is_met)
        self.assertEqual(sum(site.met.values()), 1)

    def test_another_death_while_a_fault_point_waits_is_seen(self):
        for code, hits in ((-signal.SIGABRT, 0), (-signal.SIGABRT, 1), (-signal.SIGKILL, 0)):
            with self.assertRaisesRegex(AssertionError, "ended by itself|did not die of", msg=f"{code} {hits}"):
                self.die_inside(code, hits)


class Disturbances(unittest.TestCase):
    def test_what_met_nothing_is_not_counted(self):
        answers = iter((True, False, None))
        disturber = Disturber(1, {"one": (3, lambda _: next(answers)), "never": (2, lambda _: False), "unasked": (0, None)}, 0.001)
        disturber.start()
        while not disturber.is_done:
            time.sleep(0.01)
        self.assertEqual(disturber.error, None)
        self.assertEqual((disturber.done, disturber.missed()), ({"one": 2, "never": 0}, ["never: none of 2 met anything"]))
        self.assertEqual(disturber.summary(), "2 of 3 x one, 0 of 2 x never")

    def test_a_point_where_nobody_died_is_told(self):
        site = object.__new__(LocalSite)
        site._points = []
        site.met = {f"{operation} {part} {action}": 1 for operation, part, _, action in all_points()[1:]}
        operation, part, _, action = all_points()[0]
        self.assertEqual(site.missed(), [f"no master died in {operation} {part} {action}"])
        site._points = None
        self.assertEqual(site.missed(), [], "when some at random were asked for")


class Leftovers(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.data = pathlib.Path(folder.name)
        self.job = f"job{os.getpid()}"
        (self.data / "logs").mkdir()

    def left(self, *spared):
        return leftovers.left_of(self.data, [self.job], spared, seconds=0)

    def test_nothing(self):
        self.assertEqual(self.left(), [])

    def test_a_process_that_detached_itself_is_seen(self):
        """As the step \"late\" of the workload leaves one: its command line names no job."""
        process = subprocess.Popen(["setsid", "sleep", "300"], env=os.environ | {"DANUBE_JOB_MARKER": self.job})
        try:
            deadline = time.monotonic() + 20
            while not any("sleep" in line for line in self.left()):
                self.assertLess(time.monotonic(), deadline)
        finally:
            process.kill()
            process.wait()
        self.assertEqual(self.left(), [])

    def test_folders_and_half_made_files_are_seen(self):
        partial = self.data / "artifacts" / self.job / "partial"
        partial.mkdir(parents=True)
        self.assertEqual(self.left(), [], "an empty folder is no upload")
        (partial / "x").touch()
        self.assertEqual(len(self.left()), 1)
        self.assertEqual(self.left(self.job), [], "its coordinator was killed: another may go on")
        (self.data / "logs" / f"{self.job}.log.zst.new").touch()
        (self.data / "logs" / f"{self.job}.seal.new").touch()
        (self.data / "jobs" / self.job).mkdir(parents=True)
        self.assertEqual(len(self.left()), 4)

    def look_again(self, master, change):
        """What the last look finds when `change` has happened since the first."""
        expected = workload.expect(7, LINES, "success")
        expected.job = self.job
        fake = FakeMaster(expected)
        for name in ("job", "get", "rest", "seal", "stream_text"):
            setattr(master, name, getattr(fake, name))
        run = ChaosRun(types.SimpleNamespace(master=master), MasterKiller(master), None, None, 1, 60)
        run.disturber = types.SimpleNamespace(error=None)
        run.ended.append(expected)
        change(fake)
        run.look_again(seconds=0.3)
        return run.wrong

    def test_what_is_lost_after_the_end_is_seen(self):
        master = restartable(data=self.data)
        (self.data / f"logs/{self.job}.seal").touch()
        self.assertEqual(self.look_again(master, lambda _: None), [])
        cut = self.look_again(master, lambda fake: fake.texts.update({("printer", "stdout"): b"cut"}))
        self.assertEqual(len(cut), 1, cut)
        self.assertTrue(cut[0].startswith("at the end of the run: "))
        (self.data / f"logs/{self.job}.log").write_bytes(bytes(9000))
        self.assertEqual(len(self.look_again(master, lambda _: None)), 1, "a log that is not compressed")
        (self.data / f"logs/{self.job}.log").unlink()
        (self.data / f"logs/{self.job}.seal").unlink()
        self.assertEqual(len(self.look_again(master, lambda _: None)), 1, "a log that is not sealed")


class PowerCut(unittest.TestCase):
    """What a master makes of a state: nothing may be there that never was."""
    TRUTH = {"j1": ("success", {"a": ("exited", 0), "b": ("exited", 2)}), "j2": ("failure", {"a": ("exited", 0)})}

    def found(self, state="failure", reason="the coordinator was lost: its agent is gone", steps=(), job="j1"):
        made = [{"name": name, "outcome": outcome, "exit_code": code} for name, outcome, code in steps]
        return len(powercut.check_truth(self.TRUTH, {job: {"state": state, "reason": reason, "steps": made}}))

    def test_what_was_and_what_was_lost_is_right(self):
        self.assertEqual(self.found("success", "", [("a", "exited", 0), ("b", "exited", 2)]), 0)
        self.assertEqual(self.found(steps=[("a", "exited", 0), ("b", "lost", None)]), 0)
        self.assertEqual(self.found(), 0)

    def test_a_success_that_was_none_is_seen(self):
        self.assertEqual(self.found("success", "", [("a", "exited", 0)], "j2"), 1)

    def test_a_success_without_its_steps_is_seen(self):
        self.assertEqual(self.found("success", "", [("a", "exited", 0)]), 1)
        self.assertEqual(self.found("success", "", [("a", "exited", 0), ("b", "lost", None)]), 1)

    def test_a_job_without_an_end_is_seen(self):
        for state in ("running", "pending", "scheduling"):
            self.assertEqual(self.found(state, ""), 1)

    def test_a_failure_that_does_not_say_why_is_seen(self):
        self.assertEqual(self.found("failure", ""), 1)
        self.assertEqual(self.found("failure", "the script ended with 3"), 1)
        self.assertEqual(self.found("timeout", "the worker was lost: its agent is gone"), 1)

    def test_a_code_a_step_and_a_job_that_never_were_are_seen(self):
        self.assertEqual(self.found(steps=[("b", "exited", 0)]), 1)
        self.assertEqual(self.found(steps=[("c", "lost", None)]), 1)
        self.assertEqual(self.found(steps=[("a", "exited", 0), ("a", "exited", 0)]), 1)
        self.assertEqual(self.found(steps=[("a", "", None)]), 1)
        self.assertEqual(self.found(job="j3"), 1)

    def test_a_report_that_was_answered_is_there(self):
        fact = (1, "report", "j1", 0.5)
        for progress, count in ((0.5, 0), (0.75, 0), (0.25, 1)):
            self.assertEqual(len(powercut.check_fact(fact, {"progress": progress}, None)), count)
        self.assertEqual(len(powercut.check_fact(fact, {}, None)), 1)

    def test_a_secret_is_as_it_was_told_or_about_to_be(self):
        told, later = [(1, "secret", "S", 1), (2, "secret", "S", 2)], [(3, "secret", "S", None), (4, "secret", "S", 3)]
        for secrets, count in (({"S": 2}, 0), ({}, 0), ({"S": 1}, 1), ({"S": 3}, 1)):
            self.assertEqual(len(powercut.check_secrets(told, later, secrets)), count, secrets)


if __name__ == "__main__":
    unittest.main()
