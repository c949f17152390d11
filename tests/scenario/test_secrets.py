#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets over REST: names, versions and users come out, values only to jobs; sealed on disk, masked after a change and a restart."""
import json
import os
import pty
import select
import subprocess
import time
import unittest

from harness import BIN, HOLD, Master, wait_for

GIVE = """
from danube import secrets, step
print("given", len(secrets.get("PASSWORD")), flush=True)
step.run("echo value is " + secrets.get("PASSWORD"))
"""


class Secrets(unittest.TestCase):
    def setUp(self):
        self.master = Master({"give": {"danubefile.py": GIVE}, "hold": {"danubefile.py": HOLD}}, {"FROM_FILE": "in the file"})
        self.addCleanup(self.master.remove)
        self.master.start()

    def ask(self, method, path="", body=None):
        status, text = self.master.rest(method, f"/api/v1/secrets{path}", body)
        return status, json.loads(text) if text else None

    def put(self, name, value, scope=""):
        status, answer = self.ask("PUT", f"/{name}" + (f"?scope={scope}" if scope else ""), {"value": value})
        self.assertIn(status, (200, 201), answer)
        self.assertNotIn(value, json.dumps(answer))
        return answer

    def secrets(self):
        return {(one["name"], one.get("scope", "")): one for one in self.ask("GET")[1]["secrets"]}

    def log(self, job):
        return self.master.rest("GET", f"/api/v1/jobs/{job}/logs")[1].decode()

    def test_names_versions_and_users_but_no_value(self):
        self.assertEqual(self.ask("GET")[1]["missing"], [{"name": "PASSWORD", "used_by": ["give", "hold"]}])
        self.assertEqual(self.put("PASSWORD", "first-value-of-it")["version"], 1)
        self.assertEqual(self.put("PASSWORD", "second-value-of-it")["version"], 2)
        self.put("PASSWORD", "own-value-of-give", "give")
        seen = self.secrets()
        self.assertEqual(set(seen), {("FROM_FILE", ""), ("PASSWORD", ""), ("PASSWORD", "give")})
        self.assertEqual(seen["PASSWORD", ""]["used_by"], ["give", "hold"])
        self.assertEqual(seen["PASSWORD", "give"]["used_by"], ["give"])
        self.assertEqual((seen["PASSWORD", ""]["version"], seen["PASSWORD", ""]["set_by"]), (2, "admin"))
        self.assertEqual((seen["FROM_FILE", ""]["source"], seen["FROM_FILE", ""]["version"]), ("file", 0))
        self.assertEqual(self.ask("GET")[1]["missing"], [])
        on_disk = b"".join(path.read_bytes() for path in self.master.data.rglob("*") if path.is_file())
        for text in (on_disk, self.master.log().encode(), self.master.rest("GET", "/api/v1/secrets")[1]):
            self.assertNotIn(b"value-of", text)

    def test_a_job_gets_it_and_its_log_does_not(self):
        self.put("PASSWORD", "hunter2-and-more")
        job = self.master.trigger("give")
        self.assertEqual(self.master.wait_end(job)["state"], "success")
        self.assertIn("given 16", self.log(job))
        self.assertIn("value is ***", self.log(job))
        self.assertNotIn("hunter2", self.log(job))

    def test_what_was_given_stays_masked_after_a_change_and_a_restart(self):
        self.put("PASSWORD", "old-value-given")
        job = self.master.trigger("hold")
        self.master.wait_state(job, "running")
        status, answer = self.master.rpc("get-secret", {"job_id": job, "key": "PASSWORD"}, self.master.job_token(job))
        self.assertEqual((status, answer["value"]), (200, "old-value-given"))
        self.put("PASSWORD", "new-value-set")
        self.assertEqual(self.ask("DELETE", "/PASSWORD"), (204, None))
        self.master.kill()
        self.master.restart()
        self.master.wait_state(job, "running")
        self.assertEqual(self.master.run_step(job, "echo it was old-value-given")[0], 200)
        self.assertEqual(self.master.rpc("get-secret", {"job_id": job, "key": "PASSWORD"}, self.master.job_token(job))[0], 403)
        self.master.finish_hold(job)
        self.master.wait_end(job)
        wait_for(lambda: "it was ***" in self.log(job), "the masked line")
        self.assertNotIn("old-value", self.log(job))

    def test_what_was_given_out_of_the_file_stays_masked_when_the_file_is_changed(self):
        file = self.master.state / "secrets.json"
        file.write_text(json.dumps({"PASSWORD": "old-value-in-file"}))
        self.master.kill()
        self.master.restart()
        job = self.master.trigger("hold")
        self.master.wait_state(job, "running")
        status, answer = self.master.rpc("get-secret", {"job_id": job, "key": "PASSWORD"}, self.master.job_token(job))
        self.assertEqual((status, answer["value"]), (200, "old-value-in-file"))
        self.master.kill()
        file.write_text(json.dumps({"PASSWORD": "new-value-in-file"}))
        self.master.restart()
        self.master.wait_state(job, "running")
        self.assertEqual(self.master.run_step(job, "echo it was old-value-in-file")[0], 200)
        self.master.finish_hold(job)
        self.master.wait_end(job)
        wait_for(lambda: "it was ***" in self.log(job), "the masked line")
        self.assertNotIn("old-value", self.log(job))
        self.assertNotIn("old-value", json.dumps(self.master.steps(job)))
        self.assertNotIn(b"-value-in-file", (self.master.data / "secrets.json").read_bytes())
        self.assertEqual({name: one["source"] for (name, _), one in self.secrets().items()}, {"PASSWORD": "file"})

    def ctl_arguments(self, *arguments):
        return [str(BIN / "danubectl"), "--url", self.master.endpoints["http"], "--token-file", str(self.master.data / "admin.token"),
                "secrets", *arguments]

    def ctl(self, *arguments, given=""):
        done = subprocess.run(self.ctl_arguments(*arguments), input=given, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout + done.stderr

    def given_to_a_job(self):
        job = self.master.trigger("hold")
        self.master.wait_state(job, "running")
        answer = self.master.rpc("get-secret", {"job_id": job, "key": "PASSWORD"}, self.master.job_token(job))[1]
        self.master.finish_hold(job)
        self.master.wait_end(job)
        return answer["value"]

    def test_danubectl_sets_lists_and_deletes(self):
        code, text = self.ctl()
        self.assertEqual(code, 0, text)
        self.assertIn("missing: PASSWORD, which give, hold needs", text)
        self.assertEqual(self.ctl("set", "PASSWORD", given="value \"of\" it\n"), (0, "PASSWORD of every pipeline: version 1\n"))
        self.assertEqual(self.given_to_a_job(), 'value "of" it')
        self.assertEqual(self.ctl("set", "PASSWORD", "--exact", given="with its end\n")[0], 0)
        self.assertEqual(self.given_to_a_job(), "with its end\n")
        self.assertEqual(self.ctl("set", "PASSWORD", "--pipeline", "give", given="x-of-give"), (0, "PASSWORD of pipeline give: version 1\n"))
        code, text = self.ctl("list")
        self.assertRegex(text, r"PASSWORD +every pipeline +2 ")
        self.assertRegex(text, r"PASSWORD +give +1 ")
        self.assertNotIn("of-give", text)
        self.assertEqual(self.ctl("delete", "PASSWORD", "-p", "give"), (0, "PASSWORD of pipeline give: deleted\n"))
        self.assertEqual(set(self.secrets()), {("FROM_FILE", ""), ("PASSWORD", "")})
        self.assertEqual(json.loads(self.ctl("--json")[1])["missing"], [])

    def test_danubectl_takes_no_value_from_its_arguments(self):
        code, text = self.ctl("set", "PASSWORD", "hunter2")
        self.assertEqual(code, 2)
        self.assertNotIn("hunter2", text)
        for arguments, given in ((("set", "PASSWORD"), ""), (("set", "PASSWORD"), "x" * 70000), (("delete", "NONE"), ""), (("set",), "x"),
                                 (("steal", "PASSWORD"), "x")):
            self.assertEqual(self.ctl(*arguments, given=given)[0], 2, arguments)
        self.assertEqual(set(self.secrets()), {("FROM_FILE", "")})

    def at_a_terminal(self, *answers):
        """What a person sees who types `answers`, each when the prompt for it stands there."""
        pid, terminal = pty.fork()
        if pid == 0:
            arguments = self.ctl_arguments("set", "PASSWORD")
            os.execv(arguments[0], arguments)
        seen = b""
        waiting = list(answers)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if select.select([terminal], [], [], 1)[0]:
                    seen += os.read(terminal, 4096)
            except OSError:
                break  # the program ended
            if waiting and seen.count(b": ") > len(answers) - len(waiting):
                os.write(terminal, waiting.pop(0))
        os.close(terminal)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), seen.decode()

    def test_danubectl_asks_without_showing(self):
        code, seen = self.at_a_terminal(b"typed-by-hanx\x7fd\r", b"typed-by-hand\r")
        self.assertEqual(code, 0, seen)
        self.assertNotIn("typed", seen)
        self.assertEqual(self.given_to_a_job(), "typed-by-hand")
        code, seen = self.at_a_terminal(b"one\r", b"another\r")
        self.assertEqual(code, 2, seen)
        self.assertIn("the two values differ", seen)
        self.assertEqual(self.at_a_terminal(b"hal\x03")[0], 130)
        self.assertEqual(self.secrets()["PASSWORD", ""]["version"], 1)

    def test_says_what_is_wrong(self):
        for method, path, body, status in (("PUT", "/a", {"value": ""}, 400), ("PUT", "/a", {}, 400), ("PUT", "/a%2Fb", {"value": "x"}, 400),
                                           ("PUT", "/a", {"value": "x" * 70000}, 400), ("DELETE", "/none", None, 404),
                                           ("DELETE", "/FROM_FILE", None, 409), ("POST", "", {}, 405), ("GET", "/a", None, 405)):
            self.assertEqual(self.ask(method, path, body)[0], status, (method, path))
        self.assertEqual(self.master.rest("GET", "/api/v1/secrets", headers={"Authorization": "Bearer no"})[0], 401)

    def test_a_vault_without_its_key_stops_the_start(self):
        self.put("PASSWORD", "first-value-of-it")
        self.master.stop()
        (self.master.data / "secrets.key").unlink()
        with self.assertRaisesRegex(AssertionError, r"secrets\.json is there, but its key .*secrets\.key is gone"):
            self.master.start()


if __name__ == "__main__":
    unittest.main()
