# SPDX-License-Identifier: GPL-3.0-or-later
import os
import threading
import unittest

from danube import DanubeError, _channel, artifacts, pipeline, secrets
from danube._context import from_environment
from fakecoordinator import FakeCoordinator


class ChannelTest(unittest.TestCase):
    def test_gives_secrets(self):
        with FakeCoordinator(lambda name, args: {"key": args["key"], "value": "größe\n"}) as coordinator:
            self.assertEqual(secrets.get("KEY"), "größe\n")
            self.assertEqual(coordinator.calls, [("get_secret", {"key": "KEY"})])

    def test_errors_carry_code_and_message(self):
        with FakeCoordinator(lambda name, args: ("permission-denied", "no such secret")):
            with self.assertRaises(DanubeError) as caught:
                secrets.get("KEY")
        self.assertEqual((caught.exception.code, str(caught.exception)), ("permission-denied", "no such secret"))

    def test_uploads(self):
        answer = {"artifact_id": "a1", "name": "x", "size_bytes": 3, "sha256": "ab"}
        with FakeCoordinator(lambda name, args: answer) as coordinator:
            kept = artifacts.upload("dist/x")
            artifacts.upload("dist/x", "other")
            self.assertEqual(coordinator.calls, [("upload_artifact", {"path": "dist/x"}),
                                                 ("upload_artifact", {"path": "dist/x", "name": "other"})])
        self.assertEqual((kept.artifact_id, kept.size_bytes), ("a1", 3))

    def test_reports_progress(self):
        with FakeCoordinator(lambda name, args: {"status": "running"}) as coordinator:
            pipeline.report("half way", 0.5)
            self.assertEqual(coordinator.calls, [("report_status", {"message": "half way", "progress": 0.5})])
        for wrong in (-0.1, 1.5, float("nan")):
            with self.assertRaises(ValueError):
                pipeline.report(progress=wrong)

    def test_answers_find_their_caller_in_any_order(self):
        with FakeCoordinator(lambda name, args: None) as coordinator:
            futures = [_channel.call("run_step", {"n": n}) for n in range(50)]
            coordinator.wait_for(50)
            coordinator.release()
            self.assertTrue(all(future.result(10)["exit_code"] == 0 for future in futures))

    def test_is_thread_safe(self):
        with FakeCoordinator(lambda name, args: {"value": args["key"] * 1000}) as coordinator:
            wrong = []

            def ask(number):
                for n in range(40):
                    key = f"{number}-{n}"
                    if secrets.get(key) != key * 1000:
                        wrong.append(key)

            threads = [threading.Thread(target=ask, args=(number,)) for number in range(16)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(30)
            self.assertEqual((wrong, len(coordinator.calls)), ([], 640))

    def test_a_lost_coordinator_ends_open_and_later_calls(self):
        with FakeCoordinator(lambda name, args: None) as coordinator:
            future = _channel.call("get_secret", {"key": "A"})
            coordinator.wait_for(1)
            coordinator.hang_up()
            with self.assertRaisesRegex(DanubeError, "the coordinator is gone"):
                future.result(10)
            with self.assertRaisesRegex(DanubeError, "the coordinator is gone"):
                secrets.get("B")

    def test_garbage_ends_the_channel(self):
        for garbage in (b"nonsense\n", b"[]\n", b"{}\n"):
            with self.subTest(garbage), FakeCoordinator(lambda name, args: None) as coordinator:
                future = _channel.call("get_secret", {"key": "A"})
                coordinator.wait_for(1)
                coordinator.send_raw(garbage)
                with self.assertRaisesRegex(DanubeError, "the coordinator is gone"):
                    future.result(10)

    def test_refuses_text_that_is_no_unicode_and_lives_on(self):
        with FakeCoordinator(lambda name, args: {"value": "v"}):
            with self.assertRaisesRegex(ValueError, "valid Unicode"):
                secrets.get("\udcff")
            self.assertEqual(secrets.get("K"), "v")

    def test_bounds_a_call(self):
        with FakeCoordinator():
            with self.assertRaisesRegex(DanubeError, "longer than 16 MiB"):
                secrets.get("x" * (17 << 20))

    def test_says_that_this_is_no_job(self):
        os.environ.pop(_channel.DESCRIPTOR_VARIABLE, None)
        with self.assertRaisesRegex(DanubeError, "this is no Danube job"):
            secrets.get("K")

    def test_arguments_of_the_wrong_kind(self):
        for call in (lambda: secrets.get(1), lambda: secrets.get(None), lambda: artifacts.upload(7), lambda: artifacts.upload(b"x"),
                     lambda: artifacts.upload("x", 3), lambda: pipeline.report(3), lambda: pipeline.report(progress="1"),
                     lambda: pipeline(3)):
            with self.assertRaises(TypeError):
                call()


class ContextTest(unittest.TestCase):
    def test_reads_the_environment(self):
        ctx = from_environment({"DANUBE_JOB_ID": "j1", "DANUBE_PIPELINE": "p", "DANUBE_REPOSITORY": "r", "DANUBE_BRANCH": "b",
                                "DANUBE_COMMIT_SHA": "c", "DANUBE_TRIGGER_TYPE": "api", "DANUBE_TRIGGER_REF": "f",
                                "DANUBE_WORKSPACE": "/w", "DANUBE_PARAMS": '{"Level": "3"}'})
        self.assertEqual((ctx.job_id, ctx.pipeline, ctx.repo, ctx.branch, ctx.commit_sha, ctx.trigger_type, ctx.trigger_ref,
                          ctx.workspace, dict(ctx.params)), ("j1", "p", "r", "b", "c", "api", "f", "/w", {"Level": "3"}))

    def test_cannot_be_changed(self):
        ctx = from_environment({})
        self.assertEqual(dict(ctx.params), {})
        with self.assertRaises(AttributeError):
            ctx.branch = "x"
        with self.assertRaises(TypeError):
            ctx.params["x"] = "y"


if __name__ == "__main__":
    unittest.main()
