#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Egress on one machine: what a refusal leaves in log, API and danubectl; audit; on_violation; and what becomes of a job when its
guard, its sandbox, its agent or the master is killed: never a way out, never anything left behind."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import unittest

from harness import BIN, HOLD, SOURCE, Master, processes_of, wait_for, why_unguarded

sys.path.insert(0, str(SOURCE / "tests/support"))
import guardupstreams as upstreams  # noqa: E402

ASK = "python3 -c 'import socket; print(socket.getaddrinfo(\"%s\", 443)[0][4][0])'"
SCRIPT = f"""
from danube import step
step.run({(ASK % "allowed.test")!r}, name="allowed")
step.run({(ASK % "forbidden.test")!r}, name="forbidden", check=False)
"""


def processes_in(namespaces):
    """Process ids in one of these network namespaces, which the links /proc/PID/ns/net name."""
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.readlink(f"/proc/{entry}/ns/net") in namespaces:
                found.append(int(entry))
        except OSError:
            pass
    return found


@unittest.skipIf(why_unguarded(), why_unguarded())
class LocalEgress(unittest.TestCase):
    USER = None  # the test's own

    def setUp(self):
        self.tcp = upstreams.Upstream(upstreams.echo)
        self.addCleanup(self.tcp.close)

    def open(self, egress="enforce", pipelines=None, **spec):
        files = {"hold": {"danubefile.py": HOLD}, "web": {"danubefile.py": SCRIPT}} | (pipelines or {})
        hosts = json.dumps([f"{name}={self.tcp.address}" for name in ("allowed.test", "forbidden.test")])
        self.master = Master(files, extra=f'[local]\negress = "{egress}"\negress_hosts = {hosts}\n')
        self.addCleanup(self.master.remove)
        for path in (self.master.state / "blueprint/pipelines").iterdir():
            document = json.loads(path.read_text())
            document["spec"] |= {"egress_allowlist": ["allowed.test"]} | spec
            path.write_text(json.dumps(document))
        self.namespaces = {}  # of jobs that hold, by their ids
        if self.USER:
            self.master.run_as(self.USER)
        return self.master.start()

    def hold(self):
        job = self.master.trigger("hold")
        self.master.wait_state(job, "running")
        agents = self.processes(job, "danube-agent")
        self.namespaces[job] = {os.readlink(f"/proc/{pid}/ns/net") for pid in agents} - {os.readlink("/proc/self/ns/net")}
        self.assertTrue(self.namespaces[job])
        return job

    def ask(self, job, name):
        status, answer = self.master.run_step(job, ASK % name, capture_output=True)
        self.assertEqual(status, 200, answer)
        return answer["exit_code"]

    def ctl(self, *arguments):
        environment = os.environ | {"DANUBE_URL": self.master.endpoints["http"], "DANUBE_TOKEN_FILE": str(self.master.data / "admin.token")}
        done = subprocess.run([BIN / "danubectl", *arguments], env=environment, capture_output=True, text=True, timeout=60)
        return done.stdout + done.stderr

    def processes(self, job, program):
        """Process ids of the job's programs of this name."""
        found = []
        for entry in filter(str.isdigit, os.listdir("/proc")):
            try:
                line = pathlib.Path(f"/proc/{entry}/cmdline").read_bytes().split(b"\0")
                mark = pathlib.Path(f"/proc/{entry}/environ").read_bytes()
            except OSError:
                continue
            if pathlib.Path(os.fsdecode(line[0])).name == program and f"DANUBE_JOB_MARKER={job}".encode() in mark.split(b"\0"):
                found.append(int(entry))
        return sorted(found)

    def nothing_left(self, job):
        wait_for(lambda: not processes_of(job), "the job's processes to be gone", 40)
        wait_for(lambda: not (self.master.data / "jobs" / job).exists(), "the job's folder to be gone", 40)
        wait_for(lambda: not self.processes(job, "danube-guard"), "the guard to be gone", 20)
        mounts = pathlib.Path("/proc/self/mountinfo").read_text()
        self.assertNotIn(job, mounts)
        wait_for(lambda: not processes_in(self.namespaces.get(job, ())), "the network namespace to be empty", 20)

    def test_a_refusal_is_named_at_its_step(self):
        self.open(on_violation="warn")
        self.assertEqual(self.master.get("/api/v1/egress/policy")["kind"], "danube-guard")
        job = self.master.trigger("web")
        self.assertEqual(self.master.wait_end(job)["state"], "success")
        log = self.master.rest("GET", f"/api/v1/jobs/{job}/logs")[1].decode()
        self.assertIn('egress refused in step "forbidden": forbidden.test (DNS); to allow it, list "forbidden.test"', log)
        self.assertNotIn("allowed.test (DNS)", log)
        denied = self.master.get(f"/api/v1/egress/denied?job={job}")
        rows = [(row["host"], row["protocol"], row["steps"]) for row in denied["refusals"]]
        self.assertEqual(rows, [("forbidden.test", "DNS", [2])], denied)
        self.assertIn("forbidden.test", self.ctl("egress", "denied", job))
        proposed = json.loads(self.ctl("egress", "propose", job, "--json"))
        self.assertEqual([entry["entry"] for entry in proposed["entries"]], ["forbidden.test"])
        self.nothing_left(job)
        self.master.stop()
        self.master.config.write_text(self.master.config.read_text().replace('egress = "enforce"', 'egress = "off"'))
        self.master.start()
        self.assertEqual(self.master.job(job)["egress"]["level"], "enforced")  # what held then, not what holds now
        self.assertIn("enforced (", self.ctl("job", job))
        other = self.master.trigger("hold")
        self.master.wait_state(other, "running")
        self.assertEqual(self.master.job(other)["egress"]["level"], "none")
        self.master.finish_hold(other)
        self.master.wait_end(other)
        self.assertEqual(self.master.job(other)["egress"]["level"], "none")

    def test_a_port_that_nobody_serves_leaves_a_record(self):
        self.open(on_violation="warn")
        job = self.hold()
        knock = "import socket; [print(socket.socket(f, socket.SOCK_STREAM).connect_ex((a[0], 8022))) for f, _, _, _, a in " \
                "socket.getaddrinfo('allowed.test', 0, 0, socket.SOCK_STREAM)]"
        status, answer = self.master.run_step(job, ["python3", "-c", knock], capture_output=True)
        self.assertEqual((status, answer["stdout"]), (200, "111\n111\n"), answer)  # refused by the kernel, at once
        denied = wait_for(lambda: self.master.get(f"/api/v1/egress/denied?job={job}")["refusals"], "the record")
        self.assertEqual([(row["host"], row["port"], row["kind"]) for row in denied], [("allowed.test", 8022, "refused")], denied)
        wait_for(lambda: 'list "allowed.test:8022" in egress_allowlist' in self.master.rest("GET", f"/api/v1/jobs/{job}/logs")[1].decode(), "the line")
        self.master.finish_hold(job)
        self.assertEqual(self.master.wait_end(job)["state"], "success")
        self.assertEqual(len(self.master.get(f"/api/v1/egress/denied?job={job}")["refusals"]), 1)

    def test_a_violation_that_fails_the_job_is_never_too_late(self):
        last = f"from danube import step\nstep.run({(ASK % 'forbidden.test')!r} + ' || true', name='last')\n"
        self.open(pipelines={"quick": {"danubefile.py": last}}, on_violation="fail")
        for _ in range(3):
            job = self.master.wait_end(self.master.trigger("quick"))
            self.assertEqual(job["state"], "failure", job)
            self.assertIn("egress refused", job["reason"])

    def test_audit_lets_through_and_reports(self):
        self.open(egress="audit")
        level = self.master.get("/api/v1/egress/policy")
        self.assertEqual(level["level"], "declared", level)
        job = self.hold()
        self.assertEqual(self.ask(job, "forbidden.test"), 0)
        denied = wait_for(lambda: self.master.get(f"/api/v1/egress/denied?job={job}")["refusals"], "the report")
        self.assertEqual({(row["host"], row["kind"]) for row in denied}, {("forbidden.test", "would_be_refused")})

    def test_a_pipeline_may_be_audited_alone(self):
        self.open(egress_mode="audit")
        job = self.hold()
        self.assertEqual(self.ask(job, "forbidden.test"), 0)
        self.assertEqual(self.master.job(job)["egress"]["level"], "declared")
        self.assertEqual(self.master.get("/api/v1/egress/policy")["level"], "enforced")

    def test_a_killed_guard_ends_the_job_and_says_so(self):
        self.open()
        job = self.hold()
        (guard,) = self.processes(job, "danube-guard")
        os.kill(guard, signal.SIGKILL)
        ended = self.master.wait_end(job)
        self.assertEqual(ended["state"], "failure")
        self.assertIn("the egress guard was killed by signal 9, so the job's network was closed", ended["reason"])
        self.nothing_left(job)

    def test_a_killed_sandbox_ends_the_job(self):
        self.open()
        for victim in (0, 1):  # the warden, then the keeper of another job
            job = self.hold()
            os.kill(self.processes(job, "danube-sandbox")[victim], signal.SIGKILL)
            self.assertEqual(self.master.wait_end(job)["state"], "failure")
            self.nothing_left(job)

    def test_a_killed_agent_ends_the_job(self):
        self.open()
        job = self.hold()
        (agent,) = [pid for pid in self.processes(job, "danube-agent")
                    if b"worker" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()]
        os.kill(agent, signal.SIGKILL)
        self.assertEqual(self.master.wait_end(job)["state"], "failure")
        self.nothing_left(job)

    def test_a_new_master_adopts_and_still_guards(self):
        self.open()
        job = self.hold()
        self.master.kill()
        (guard,) = self.processes(job, "danube-guard")
        self.master.restart()
        self.assertEqual(self.master.job(job)["egress"]["level"], "enforced")
        self.assertEqual(self.ask(job, "allowed.test"), 0)
        self.assertNotEqual(self.ask(job, "forbidden.test"), 0)
        self.assertEqual(self.processes(job, "danube-guard"), [guard])
        wait_for(lambda: self.master.get(f"/api/v1/egress/denied?job={job}")["refusals"], "the refusal")
        self.master.finish_hold(job)
        self.assertEqual(self.master.wait_end(job)["state"], "success")
        self.nothing_left(job)

    def test_everything_killed_at_once_leaves_nothing(self):
        self.open()
        job = self.hold()
        self.master.kill()
        for pid in self.processes(job, "danube-sandbox") + self.processes(job, "danube-guard"):
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not processes_of(job), "the job's processes to be gone", 20)
        self.master.restart()
        self.assertEqual(self.master.wait_end(job)["state"], "failure")
        self.nothing_left(job)

    def test_where_the_kernel_refuses_no_job_runs(self):
        """A user namespace that may make no further ones stands in for such a kernel."""
        self.open()
        self.master.stop()
        self.master.prefix = [*self.master.prefix, "unshare", "--user", "--map-root-user", "sh", "-c", 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"', "sh"]
        self.master.start()
        policy = self.master.get("/api/v1/egress/policy")
        self.assertEqual(policy["level"], "none")
        self.assertIn('local.egress is "enforce", but this machine does not allow it (make namespaces', policy["reason"])
        self.assertIn('"egress":"none"', self.master.log())
        job = self.master.wait_end(self.master.trigger("web"))
        self.assertEqual(job["state"], "failure")
        self.assertIn("no job is run", job["reason"])


@unittest.skipUnless(os.getuid() == 0 and shutil.which("setpriv"), "only root can become somebody else")
class LocalEgressOfAnotherUser(LocalEgress):
    USER = 48_152


if __name__ == "__main__":
    unittest.main()
