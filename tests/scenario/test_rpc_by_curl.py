# SPDX-License-Identifier: GPL-3.0-or-later
"""RPC driven by curl, as the Danube document's own example does it."""
import unittest

from harness import MasterCase

# The document's request body; only the command is one that this machine can run.
DOCUMENT = {"step_name": "Install Dependencies", "command": "echo installed; exit 0", "image": "node:18-alpine", "env": {"CI": "true"},
            "timeout_seconds": 3600}


class RunStepByCurl(MasterCase):
    def test_document_body_with_token_runs_the_command(self):
        job = self.hold()
        status, answer = self.master.rpc("run-step", DOCUMENT | {"job_id": job}, self.master.job_token(job))
        self.assertEqual(status, 200, answer)
        self.assertEqual(answer["exit_code"], 0)
        self.assertGreaterEqual(answer["duration_ms"], 0)
        self.assertEqual(self.master.stream_text(job, 1, "stdout"), b"installed\n")

    def test_refusals(self):
        job, other = self.hold(), self.hold()
        ended = self.hold()
        self.master.finish_hold(ended)
        self.master.wait_end(ended)
        body, token = DOCUMENT | {"job_id": job}, self.master.job_token(job)
        rows = [
            ("no token", body, None, 401, ""),
            ("unknown token", body, token[:-2] + "xx", 401, ""),
            ("another job's token", body, self.master.job_token(other), 403, ""),
            ("finished job", DOCUMENT | {"job_id": ended}, self.master.job_token(ended), 404, ""),
            ("malformed JSON", '{"job_id": "x",', token, 400, "JSON"),
            ("wrong type", body | {"timeout_seconds": "soon"}, token, 400, "timeout_seconds"),
            ("missing field", {key: value for key, value in body.items() if key != "command"}, token, 400, "command"),
            ("unknown field", body | {"colour": "red"}, token, 400, "colour"),
        ]
        for name, row_body, row_token, expected, words in rows:
            with self.subTest(name):
                status, answer = self.master.rpc("run-step", row_body, row_token)
                self.assertEqual(status, expected, answer)
                self.assertIn(words, answer["detail"])
                self.assertTrue(answer["type"].startswith("urn:danube:problem:"))
        self.assertEqual(self.master.job(job)["steps"], [], "a refused call must start nothing")

    def test_same_request_id_fifty_times_is_one_execution(self):
        job = self.hold()
        body = {"job_id": job, "step_name": "once", "command": "echo run >> count; sleep 0.5; cat count", "capture_output": True,
                "request_id": "the-same"}
        calls = [self.master.curl("run-step", body, self.master.job_token(job)) for _ in range(50)]
        answers = {call.communicate(timeout=120)[0] for call in calls}
        self.assertEqual(len(answers), 1, answers)
        self.assertIn('"stdout":"run\\n"', answers.pop().replace(": ", ":"))
        self.assertEqual(len(self.master.job(job)["steps"]), 1)

    def test_request_id_with_another_body_is_a_conflict(self):
        job = self.hold()
        self.assertEqual(self.master.run_step(job, "true", request_id="a")[0], 200)
        status, answer = self.master.run_step(job, "false", request_id="a")
        self.assertEqual(status, 409, answer)

    def test_exit_codes_and_signals_are_told_as_they_were(self):
        job = self.hold()
        rows = [("exit 3", 3, "exited"), ("kill -9 $$", 137, "signalled"), ("no-such-program-here", 127, "exited")]
        for command, code, outcome in rows:
            with self.subTest(command):
                status, answer = self.master.run_step(job, command)
                self.assertEqual((status, answer["exit_code"], answer["outcome"]), (200, code, outcome), answer)


if __name__ == "__main__":
    unittest.main()
