# SPDX-License-Identifier: GPL-3.0-or-later
import asyncio
import datetime
import unittest

from danube import DanubeError, StepFailed, step
from fakecoordinator import RESULT, FakeCoordinator


class StepTest(unittest.TestCase):
    def ask(self, *arguments, **keywords):
        """What run() asks of the coordinator."""
        with FakeCoordinator() as coordinator:
            step.run(*arguments, **keywords)
            return coordinator.calls[0][1]

    def test_sends_what_was_asked(self):
        self.assertEqual(self.ask("make all"), {"command": "make all", "capture_output": False, "step_name": "make all"})
        full = self.ask(["git", "log"], name="log", image="alpine", env={"A": "1", "B": ""}, check=False, capture=True, timeout=5)
        self.assertEqual(full, {"command": ["git", "log"], "capture_output": True, "step_name": "log", "image": "alpine",
                                "env": {"A": "1", "B": ""}, "timeout_seconds": 5})

    def test_rounds_timeouts_up(self):
        for given, sent in ((1, 1), (0.2, 1), (1.5, 2), (datetime.timedelta(minutes=2), 120)):
            self.assertEqual(self.ask("true", timeout=given)["timeout_seconds"], sent)

    def test_names_long_commands_shortly(self):
        name = self.ask("set -e\n  make   " + "x" * 200)["step_name"]
        self.assertTrue(name.startswith("set -e make x"))
        self.assertEqual(len(name), 80)

    def test_gives_the_result(self):
        with FakeCoordinator(lambda name, args: RESULT | {"stdout": "out\n", "truncated": True}):
            result = step.run("x", capture=True)
        self.assertEqual((result.exit_code, result.duration_ms, result.outcome, result.signal, result.stdout, result.truncated,
                          result.ok), (0, 5, "exited", None, "out\n", True, True))

    def test_failures_raise_unless_told(self):
        rows = (({"exit_code": 3, "duration_ms": 1, "outcome": "exited"}, "step 's' failed: exit code 3"),
                ({"exit_code": 137, "duration_ms": 1, "outcome": "signalled", "signal": 9}, "step 's' failed: killed by signal 9"),
                ({"exit_code": -1, "duration_ms": 2049, "outcome": "timeout", "signal": 9}, "step 's' failed: timed out after 2.0 s"),
                ({"exit_code": -1, "duration_ms": 1, "outcome": "cancelled"}, "step 's' failed: cancelled"),
                ({"exit_code": -1, "duration_ms": 1, "outcome": "lost"}, "step 's' failed: lost"),
                ({"exit_code": 0, "duration_ms": 1, "outcome": "timeout"}, "step 's' failed: timed out after 0.0 s"))
        for answer, message in rows:
            with self.subTest(message), FakeCoordinator(lambda name, args, answer=answer: answer):
                with self.assertRaises(StepFailed) as caught:
                    step.run("x", name="s")
                self.assertEqual(str(caught.exception), message)
                self.assertEqual(caught.exception.name, "s")
                self.assertEqual(caught.exception.result, step.run("x", check=False))
                self.assertFalse(caught.exception.result.ok)

    def test_refusals_raise_also_without_check(self):
        with FakeCoordinator(lambda name, args: ("invalid-argument", "image: not declared")):
            with self.assertRaisesRegex(DanubeError, "image: not declared"):
                step.run("x", image="evil", check=False)

    def test_arguments_of_the_wrong_kind(self):
        rows = (((1,), {}), ((b"x",), {}), ((None,), {}), (({"a": 1},), {}), ((["a", 1],), {}), (("x",), {"name": 1}),
                (("x",), {"image": 1}), (("x",), {"env": ["A=1"]}), (("x",), {"env": {"A": 1}}), (("x",), {"env": {1: "A"}}),
                (("x",), {"check": 1}), (("x",), {"capture": "yes"}), (("x",), {"timeout": "5"}), (("x",), {"timeout": True}),
                (("x",), {"unknown": 1}))
        with FakeCoordinator() as coordinator:
            for arguments, keywords in rows:
                with self.subTest((arguments, keywords)), self.assertRaises(TypeError):
                    step.run(*arguments, **keywords)
            self.assertEqual(coordinator.calls, [])

    def test_arguments_out_of_range(self):
        rows = ((("",), {}), (([],), {}), (("x",), {"name": " "}), (("x",), {"timeout": 0}), (("x",), {"timeout": -1}),
                (("x",), {"timeout": 8 * 86400}), (("x",), {"timeout": float("nan")}))
        with FakeCoordinator() as coordinator:
            for arguments, keywords in rows:
                with self.subTest((arguments, keywords)), self.assertRaises(ValueError):
                    step.run(*arguments, **keywords)
            self.assertEqual(coordinator.calls, [])


class ParallelTest(unittest.TestCase):
    def test_runs_all_at_once_and_keeps_order(self):
        def answer(name, args):
            if len(coordinator.calls) < 4:
                return None  # nobody is answered before all have asked
            coordinator_release.set()
            return RESULT | {"stdout": args["step_name"]}

        import threading
        coordinator_release = threading.Event()
        with FakeCoordinator(answer) as coordinator:
            releaser = threading.Thread(target=lambda: (coordinator_release.wait(10), coordinator.release(RESULT | {"stdout": "kept"})))
            releaser.start()
            results = step.parallel(["a", ["b", "c"], {"command": "d", "name": "named", "check": False}, lambda: step.run("e")])
            releaser.join(10)
            names = sorted(args["step_name"] for _, args in coordinator.calls)
        self.assertEqual(names, ["a", "b c", "e", "named"])
        self.assertEqual(len(results), 4)
        self.assertTrue(all(result.ok for result in results))

    def test_waits_for_all_before_it_raises(self):
        def answer(name, args):
            return RESULT | {"exit_code": 3} if args["step_name"] == "bad" else RESULT

        with FakeCoordinator(answer) as coordinator:
            with self.assertRaisesRegex(StepFailed, "step 'bad' failed: exit code 3"):
                step.parallel(["bad", "good", "fine"])
            self.assertEqual(len(coordinator.calls), 3)

    def test_refuses_what_is_no_list(self):
        for wrong in ("make", b"x", {"command": "x"}, 7, None, [7]):
            with self.subTest(wrong), self.assertRaises(TypeError):
                step.parallel(wrong)
        with self.assertRaises(ValueError):
            step.parallel(["x"] * 257)
        self.assertEqual(step.parallel([]), [])

    def test_asyncio_runs_at_once(self):
        async def main(coordinator):
            tasks = [asyncio.create_task(step.run_async(f"n{n}")) for n in range(10)]
            await asyncio.to_thread(coordinator.wait_for, 10)
            coordinator.release()
            return await asyncio.gather(*tasks)

        with FakeCoordinator(lambda name, args: None) as coordinator:
            results = asyncio.run(main(coordinator))
        self.assertEqual(len(results), 10)

    def test_asyncio_cancel_stops_the_waiting(self):
        async def main(coordinator):
            with self.assertRaises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await step.run_async("slow")
            coordinator.release()  # an answer nobody waits for any more
            return await step.run_async("quick")

        with FakeCoordinator(lambda name, args: None if args["step_name"] == "slow" else RESULT) as coordinator:
            self.assertTrue(asyncio.run(main(coordinator)).ok)


if __name__ == "__main__":
    unittest.main()
