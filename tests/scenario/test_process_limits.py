# SPDX-License-Identifier: GPL-3.0-or-later
"""The master, an agent, a coordinator at their limit of memory or of descriptors: typed, never green, and nothing acknowledged is lost.

Memory is RLIMIT_DATA, set below what the process has already: each allocation that takes more from the kernel fails. Descriptors are
RLIMIT_NOFILE, set to what is open, and given back afterwards: without a restart everything goes on."""
import http.client
import json
import os
import pathlib
import resource
import select
import signal
import socket
import subprocess
import time
import unittest
import urllib.parse

from harness import HOLD, Master, MasterCase, wait_for

SIZE = 900_000
MANY = 80
CAPTURES = f"""
import pathlib, time
from danube import ctx, step
print("holding", flush=True)
while not pathlib.Path(ctx.workspace, "finish").exists():
    time.sleep(0.05)
for number in range({MANY}):
    step.run("head -c {SIZE} /dev/zero | tr '\\\\0' a", name="step %d" % number, capture=True)
"""

COUNTS = HOLD + """
from danube import step
step.run("echo once >> count; cat count", name="count")
"""


def command_line(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def children(pid):
    try:
        return [int(word) for word in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def descendants(pid):
    found = []
    for child in children(pid):
        found += [child, *descendants(child)]
    return found


def squeeze(pid, what, soft):
    """What the limit was."""
    before = resource.prlimit(pid, what)
    resource.prlimit(pid, what, (soft, before[1]))
    return before


class ProcessLimits(MasterCase):
    PIPELINES = {"hold": {"danubefile.py": HOLD}, "captures": {"danubefile.py": CAPTURES}, "counts": {"danubefile.py": COUNTS}}

    @classmethod
    def setUpClass(cls):
        cls.master = Master(cls.PIPELINES, cls.SECRETS, extra='[local]\negress = "off"\n').start()
        if "/libasan." in pathlib.Path(f"/proc/{cls.master.process.pid}/maps").read_text():
            cls.master.remove()
            raise unittest.SkipTest("a sanitizer's own memory and descriptors end the program first")

    def agent(self, job, part):
        """The process id of this very job's agent, "worker" or "coordinator"."""
        folder = f"danube-agent daemon --dir {self.master.data}/jobs/{job}/{part} "
        found = [int(entry) for entry in os.listdir("/proc") if entry.isdigit() and folder in command_line(entry)]
        self.assertTrue(found, folder)
        return min(found)  # its steps' supervisors are its copies

    def used_descriptors(self, pid):
        return max(map(int, os.listdir(f"/proc/{pid}/fd"))) + 1

    def assert_typed(self, answer):
        self.assertNotEqual(answer.get("outcome"), "exited", answer)

    # Memory

    def test_a_master_without_memory_loses_nothing_that_it_said(self):
        job, told = self.hold(), {}
        for number in range(MANY):
            if number == 5:
                squeeze(self.master.process.pid, resource.RLIMIT_DATA, 1 << 20)
            name = f"step {number}"
            try:
                status, answer = self.master.run_step(job, f"head -c {SIZE} /dev/zero | tr '\\0' a", name=name, capture_output=True)
            except (AssertionError, ValueError):  # no answer, or not all of it: it is gone
                break
            if status == 200:
                self.assertEqual((answer["outcome"], answer["exit_code"]), ("exited", 0))
                told[name] = answer
        self.assertEqual(self.master.process.wait(30), -signal.SIGABRT)
        self.assertIn("danube-master: out of memory; jobs go on where they are when it is started again", self.master.log())
        self.master.restart()
        steps = self.master.steps(job)
        for name in told:
            self.assertEqual(steps[name]["exit_code"], 0)
            self.assertEqual(self.master.stream_text(job, steps[name]["number"], "stdout"), b"a" * SIZE)
        self.assertEqual(self.master.run_step(job, "exit 3")[1]["exit_code"], 3)
        self.master.finish_hold(job)
        self.assertEqual(self.master.wait_end(job)["state"], "success", "the job had nothing to do with it")

    def coordinator(self, job):
        """The process id of a coordinator whose script has begun: before that, it ends by itself and says what it could not set up."""
        wait_for(lambda: b"holding" in self.master.rest("GET", f"/api/v1/jobs/{job}/logs")[1], "the script to begin")
        agent = self.agent(job, "coordinator")
        return wait_for(lambda: [pid for pid in descendants(agent) if "danube-coordinator" in command_line(pid).split(" ")[0]], "the coordinator")[0]

    def test_a_coordinator_without_memory_fails_its_job(self):
        job = self.master.trigger("captures")
        self.master.wait_state(job, "running")
        squeeze(self.coordinator(job), resource.RLIMIT_DATA, 1 << 20)
        self.master.finish_hold(job)
        ended = self.master.wait_end(job)
        self.assertEqual((ended["state"], ended["reason"]), ("failure", "the coordinator ended: killed by signal 6"))
        # Its own sentence, or that of a library it stands on.
        self.assertRegex(self.master.rest("GET", f"/api/v1/jobs/{job}/logs")[1], b"danube-coordinator: out of memory|failed to allocate memory")

    def test_an_agent_without_memory_loses_its_job(self):
        job = self.hold()
        squeeze(self.agent(job, "worker"), resource.RLIMIT_DATA, 1 << 20)
        # Values of a step's environment are what makes it take more.
        body = self.master.state / "body.json"
        for number in range(MANY):
            environment = {f"V{value}": "v" * 100_000 for value in range(9)}
            body.write_text(json.dumps({"job_id": job, "step_name": f"step {number}", "command": "true", "env": environment}))
            status, answer = self.master.rpc("run-step", f"@{body}", self.master.job_token(job))
            if (status, answer.get("outcome")) != (200, "exited"):
                break
        self.assert_typed(answer)
        ended = self.master.wait_end(job)
        self.assertEqual((ended["state"], ended["reason"]), ("failure", "the worker was lost: its agent is gone"))

    # Descriptors

    def test_a_master_without_descriptors_goes_on_when_it_has_some(self):
        job, pid = self.hold(), self.master.process.pid
        wait_for(lambda: b"holding" in self.master.stream_text(job, 0, "stdout"), "the script")  # what starts needs descriptors
        running = self.master.curl("run-step", {"job_id": job, "step_name": "long", "command": "for i in $(seq 40); do echo line $i; sleep 0.05; done"},
                                   self.master.job_token(job))
        wait_for(lambda: "long" in self.master.steps(job), "the step")
        before = squeeze(pid, resource.RLIMIT_NOFILE, self.used_descriptors(pid))
        try:
            refused = 0
            for _ in range(40):  # what is free below the limit is taken first
                connection = http.client.HTTPConnection(*self.http_address(), timeout=0.3)
                self.addCleanup(connection.close)
                try:
                    connection.request("GET", "/api/v1/jobs", headers={"Authorization": f"Bearer {self.master.admin_token()}"})
                    refused += connection.getresponse().status == 503
                except (OSError, http.client.HTTPException):
                    refused += 1
                if refused >= 3:
                    break
            self.assertGreaterEqual(refused, 3)
            wait_for(lambda: "accept-failed" in self.master.log(), "the limit to be met")
        finally:
            resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
        out, _ = running.communicate(timeout=60)
        self.assertIn('"exit_code":0', out, self.master.job(job)["reason"])
        self.assertEqual(self.master.stream_text(job, self.master.steps(job)["long"]["number"], "stdout"),
                         b"".join(b"line %d\n" % number for number in range(1, 41)))
        self.assertEqual(self.master.run_step(job, "exit 3")[1]["exit_code"], 3)
        self.assertIsNone(self.master.process.poll())

    def test_an_agent_without_descriptors_starts_no_step_until_it_has_some(self):
        job = self.hold()
        pid = self.agent(job, "worker")
        before = squeeze(pid, resource.RLIMIT_NOFILE, self.used_descriptors(pid))
        waiting = self.master.curl("run-step", {"job_id": job, "step_name": "patient", "command": "exit 3"}, self.master.job_token(job))
        with self.assertRaises(subprocess.TimeoutExpired):  # long after it would have been over
            waiting.wait(2)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
        out, _ = waiting.communicate(timeout=60)
        self.assertIn('"exit_code":3', out)

    def test_a_coordinator_without_descriptors_loses_no_call(self):
        """Its connection is lost, and a new one cannot be made until it has some: steps run on, and each is told once."""
        job = self.master.trigger("counts")
        self.master.wait_state(job, "running")
        pid = self.coordinator(job)
        before = squeeze(pid, resource.RLIMIT_NOFILE, 3)  # also what it closes cannot be opened again
        try:
            self.master.kill()
            self.master.restart()
            self.master.finish_hold(job)
            time.sleep(3)  # long after it would have been over
            self.assertEqual((self.master.job(job)["state"], self.master.steps(job)), ("running", {}))
        finally:
            resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
        ended = self.master.wait_end(job)
        self.assertEqual(ended["state"], "success", ended["reason"])
        steps = self.master.steps(job)
        self.assertEqual(self.master.stream_text(job, steps["count"]["number"], "stdout"), b"once\n")

    def http_address(self):
        host, _, port = self.master.endpoints["http"].removeprefix("http://").partition(":")
        return host, int(port)


class FewDescriptors(MasterCase):
    """What may be open at once is a quarter of the descriptors for streams, a quarter for other connections; half stays for the rest."""
    DESCRIPTORS = 400
    OWN = 80  # what a master with two jobs has open besides

    @classmethod
    def setUpClass(cls):
        cls.master = Master(cls.PIPELINES, extra='[local]\negress = "off"\n')
        cls.master.prefix = ["prlimit", f"--nofile={cls.DESCRIPTORS}:{cls.DESCRIPTORS}"]
        cls.master.start()

    def open(self, request):
        url = urllib.parse.urlsplit(self.master.endpoints["http"])
        client = socket.create_connection((url.hostname, url.port), 30)
        self.addCleanup(client.close)
        client.sendall(request.encode())
        return client

    def stream(self):
        return self.open(f"GET /api/v1/events/stream HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {self.master.admin_token()}\r\n\r\n")

    def test_bounds_shrink_and_the_rest_goes_on(self):
        job, most = self.hold(), self.DESCRIPTORS // 4
        streams = [self.stream() for _ in range(most)]
        self.assertEqual({client.recv(13) for client in streams}, {b"HTTP/1.1 200 "})
        for _ in range(3):
            refused = http.client.HTTPResponse(self.stream())
            refused.begin()
            self.assertEqual(refused.status, 503)
            self.assertEqual(json.loads(refused.read())["detail"], "too many streams are open")
        slow = [self.open("GET /health HTTP/1.1\r\n") for _ in range(most - 5)]
        for _ in range(3):  # answered when what came before was read: who said nothing yet would go without a word
            self.assertEqual(self.master.rest("GET", "/health")[0], 200)
        slow += [self.open("GET /health HTTP/1.1\r\n") for _ in range(15)]
        wait_for(lambda: select.select(slow, [], [], 0)[0], "somebody to make room")
        told = select.select(slow, [], [], 0)[0][0].recv(4096)
        self.assertTrue(told.startswith(b"HTTP/1.1 503 "), told)
        self.assertIn(b"more than %d connections are open, and this one kept the master waiting for the longest" % most, told)
        opened = lambda: len(os.listdir(f"/proc/{self.master.process.pid}/fd"))  # noqa: E731
        wait_for(lambda: opened() < self.DESCRIPTORS // 2 + self.OWN, "those who were told why to be gone")
        self.assertEqual(self.master.run_step(job, "exit 3")[1]["exit_code"], 3)
        other = self.hold()
        self.assertEqual(self.master.run_step(other, "exit 4")[1]["exit_code"], 4)
        self.assertNotIn("accept-failed", self.master.log())


if __name__ == "__main__":
    unittest.main()
