#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bypass table: what steps try to reach what is on no list, as root and as another user. And the proof that each row can fail:
the same attack on the same servers with what stops it taken away."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

from harness import BIN, HOLD, SOURCE, Master, wait_for

sys.path.insert(0, str(SOURCE / "tests/support"))
import egressattacks  # noqa: E402
from egresshosts import Hosts  # noqa: E402

ALLOWED = """
import egressattacks as attacks
print(attacks.tls(attacks.address_of("tls.allowed.test"), "tls.allowed.test"))
print(attacks.tls(attacks.address_of("TLS.Allowed.Test", attacks.socket.AF_INET6), "tls.allowed.test"))
print(attacks.http("http.allowed.test", b"GET / HTTP/1.1\\r\\nHost: http.allowed.test\\r\\n\\r\\n"))
print(attacks.query("http.allowed.test", attacks.A, "tcp")[:2])
"""
ANYBODY = 48_151


def why_not(*prefix):
    done = subprocess.run([*prefix, BIN / "danube-sandbox", "probe"], capture_output=True, text=True, timeout=60)
    return "" if done.returncode == 0 else f"the kernel refuses sandboxes here: {(done.stdout + done.stderr).strip()}"


class Site:
    """A master with one job that holds, and the hosts around it."""

    def __init__(self, egress, user=None):
        self.hosts = Hosts()
        files = {"danubefile.py": HOLD, "egressattacks.py": (SOURCE / "tests/support/egressattacks.py").read_text()}
        self.master = Master({"hold": files}, extra=f"""[local]
egress = "{egress}"
egress_hosts = {json.dumps(self.hosts.mappings())}
visible_paths = {json.dumps([str(self.hosts.shown)])}
""")
        path = self.master.state / "blueprint/pipelines/hold.json"
        document = json.loads(path.read_text())
        document["spec"]["egress_allowlist"] = ["tls.allowed.test", "http.allowed.test"]
        path.write_text(json.dumps(document))
        self.master.environment = {"http_proxy": "http://127.0.0.1:1", "HTTPS_PROXY": "http://127.0.0.1:1"}
        if user:
            self.master.run_as(user)
        self.master.start()
        self.job = self.master.trigger("hold")
        wait_for(lambda: b"holding" in self.master.rest("GET", f"/api/v1/jobs/{self.job}/logs")[1], "the job to have its source")

    def guard(self):
        """The process id of the job's guard on this machine; without one, of the master, which has to be as far away."""
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    line = pathlib.Path(f"/proc/{entry}/cmdline").read_bytes().split(b"\0")
                    mark = pathlib.Path(f"/proc/{entry}/environ").read_bytes()
                except OSError:
                    continue
                if line[:2] == [b"danube-guard", b"serve"] and f"DANUBE_JOB_MARKER={self.job}".encode() in mark:
                    return int(entry)
        return self.master.process.pid

    def step(self, command, **environment):
        status, answer = self.master.run_step(self.job, command, env=environment, capture_output=True, timeout_seconds=300)
        assert status == 200, answer
        return answer

    def attack(self, only=None):
        targets = json.dumps(self.hosts.targets(self.master, self.guard()))
        answer = self.step(["python3", "-B", "egressattacks.py"], TARGETS=targets, **({"ONLY": only} if only else {}))
        assert answer["exit_code"] == 0, answer
        return json.loads(answer["stdout"])

    def close(self):
        self.master.remove()
        self.hosts.close()


class Bypass(unittest.TestCase):
    def site(self, egress, user=None):
        site = Site(egress, user)
        self.addCleanup(site.close)
        return site

    def hold_out(self, site):
        self.assertEqual(site.master.get("/api/v1/egress/policy")["level"], "enforced")
        allowed = site.step(["python3", "-B", "-c", ALLOWED])
        self.assertEqual(allowed["exit_code"], 0, site.master.rest("GET", f"/api/v1/jobs/{site.job}/logs")[1].decode())
        found = site.attack()
        self.assertGreaterEqual(len(found), 80)
        self.assertEqual(found.keys(), egressattacks.ROWS.keys())
        if os.environ.get("SHOW_ROWS"):
            print(json.dumps(found, indent=1))
        for row, said in found.items():
            with self.subTest(row=row):
                self.assertTrue(said.startswith("refused: "), said)
                for mistake in ("NameError", "TypeError", "AttributeError", "AssertionError", "ModuleNotFoundError", "KeyError"):
                    self.assertNotIn(mistake, said, "an attack that was never made")
        self.assertEqual(site.hosts.tcp.accepted + site.hosts.tcp6.accepted, 0)

    @unittest.skipIf(why_not(), why_not())
    def test_nothing_gets_past_the_guard(self):
        self.hold_out(self.site("enforce"))

    @unittest.skipUnless(os.getuid() == 0 and shutil.which("setpriv"), "only root can become somebody else")
    def test_nothing_gets_past_the_guard_of_another_user(self):
        become = ["setpriv", "--reuid", str(ANYBODY), "--regid", str(ANYBODY), "--clear-groups"]
        if why_not(*become):
            self.skipTest(why_not(*become))
        site = self.site("enforce", ANYBODY)
        self.assertEqual(os.stat(f"/proc/{site.master.process.pid}").st_uid, ANYBODY)
        self.hold_out(site)

    def expect_reached(self, found, without):
        expected = {row for row, (_, needs) in egressattacks.ROWS.items() if needs == without}
        self.assertEqual(found.keys(), expected)
        for row, said in found.items():
            with self.subTest(row=row):
                self.assertTrue(said.startswith("reached: "), said)

    def test_without_a_sandbox_the_same_attacks_succeed(self):
        site = self.site("off")
        self.assertEqual(site.master.get("/api/v1/egress/policy")["level"], "none")
        self.expect_reached(site.attack("sandbox"), "sandbox")

    @unittest.skipIf(why_not(), why_not())
    def test_without_a_list_the_same_names_are_reached(self):
        site = self.site("audit")
        self.assertEqual(site.master.get("/api/v1/egress/policy")["level"], "declared")
        self.expect_reached(site.attack("list"), "list")


if __name__ == "__main__":
    unittest.main()
