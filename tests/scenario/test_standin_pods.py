# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole stand-in as a program: kubectl in its pods, a restart of its API under running execs, and nothing left at the end."""
import asyncio
import json
import os
import pathlib
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support/kube"))

from execclient import V4, V5, ExecClient, is_alive, target  # noqa: E402
from harness import wait_for  # noqa: E402
from nodecase import BIN, NAMESPACE, container, why_not  # noqa: E402
from standincluster import StandInCluster  # noqa: E402


def mounts():
    return pathlib.Path("/proc/self/mountinfo").read_text()


class Program(unittest.TestCase):
    def setUp(self):
        if reason := why_not():
            self.skipTest(reason)
        if not shutil.which("kubectl"):
            self.skipTest("kubectl is not installed")
        self.state = pathlib.Path(tempfile.mkdtemp(prefix="danube-standin-"))
        self.addCleanup(shutil.rmtree, self.state, ignore_errors=True)
        self.cluster = StandInCluster(self.state, BIN)
        self.addCleanup(self.cluster.close)
        self.cluster.kubectl("create", "namespace", NAMESPACE)

    def run_pod(self, name="rec", **spec):
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": NAMESPACE},
               "spec": {"restartPolicy": "Never", "terminationGracePeriodSeconds": 1, "automountServiceAccountToken": False,
                        "volumes": [{"name": "ws", "emptyDir": {}}],
                        "containers": [container(one, volumeMounts=[{"name": "ws", "mountPath": "/workspace"}])
                                       for one in ("main", "side")]} | spec}
        self.cluster.request("POST", f"/api/v1/namespaces/{NAMESPACE}/pods", pod)
        self.cluster.kubectl("-n", NAMESPACE, "wait", "--for=condition=Ready", f"pod/{name}", "--timeout=20s")

    def kubectl(self, *words, text=None):
        command = ["kubectl", "--kubeconfig", self.cluster.endpoint["kubeconfig"], "-n", NAMESPACE, *words]
        done = subprocess.run(command, capture_output=True, text=True, input=text, timeout=60, check=False,
                              env=os.environ | {"HOME": str(self.state)})
        return done.returncode, done.stdout, done.stderr

    def processes(self, name="rec", container_name="main"):
        return self.cluster.act("processes", namespace=NAMESPACE, name=name, container=container_name)

    def open(self, command, protocol):
        """In a coroutine: an exec over TLS."""
        url = urllib.parse.urlsplit(self.cluster.endpoint["url"])
        context = ssl.create_default_context(cafile=self.cluster.endpoint["ca"])
        headers = ["Authorization: Bearer " + self.cluster.endpoint["admin_token"]]
        return ExecClient.open((url.hostname, url.port), target(NAMESPACE, "rec", command), protocol, headers=headers, ssl=context)

    def test_kubectl_exec_as_recorded(self):
        self.run_pod()
        not_found = ('error: Internal error occurred: Internal error occurred: error executing command in container: failed to exec in '
                     'container: failed to start exec "ID": OCI runtime exec failed: exec failed: unable to start container process: '
                     'exec: "nosuch": executable file not found in $PATH\n')
        rows = [(["rec", "-c", "main", "--", "echo", "hello"], None, (0, "hello\n", "")),
                (["rec", "-c", "main", "--", "sh", "-c", "echo out; echo err >&2; exit 3"], None,
                 (3, "out\n", "err\ncommand terminated with exit code 3\n")),
                (["rec", "-c", "main", "--", "nosuch"], None, (1, "", not_found)),
                (["rec", "--", "echo", "default"], None, (0, "default\n", 'Defaulted container "main" out of: main, side\n')),
                (["rec", "-c", "nope", "--", "true"], None,
                 (1, "", "Error from server (BadRequest): container nope is not valid for pod rec\n")),
                (["nopod", "-c", "main", "--", "true"], None, (1, "", 'Error from server (NotFound): pods "nopod" not found\n')),
                (["-i", "rec", "-c", "main", "--", "wc", "-l"], "a\nb\n", (0, "2\n", "")),
                (["rec", "-c", "main", "--", "sh", "-c", "kill -9 $$"], None, (137, "", "command terminated with exit code 137\n"))]
        for words, text, expected in rows:
            with self.subTest(" ".join(words)):
                code, out, error = self.kubectl("exec", *words, text=text)
                # kubectl's own noise when an exec ends, seen with real clusters too
                error = re.sub(r".*Unknown stream id 1, discarding message\n", "", error)
                self.assertEqual((code, out, re.sub('"[0-9a-f]{64}"', '"ID"', error)), expected)

    def test_ephemeral_container_by_patch(self):
        self.run_pod()
        self.kubectl("exec", "rec", "-c", "main", "--", "sh", "-c", "echo shared > /workspace/file")
        extra = container("e1", ["sh", "-c", "cat /workspace/file; sleep 60"], volumeMounts=[{"name": "ws", "mountPath": "/workspace"}])
        code, out, _ = self.kubectl("patch", "pod", "rec", "--subresource=ephemeralcontainers", "--type=strategic", "-p",
                                    json.dumps({"spec": {"ephemeralContainers": [extra]}}))
        self.assertEqual((code, out), (0, "pod/rec patched\n"))
        self.assertEqual(wait_for(lambda: self.kubectl("logs", "rec", "-c", "e1")[1], "its output"), "shared\n")
        self.assertEqual(self.kubectl("exec", "rec", "-c", "e1", "--", "id", "-u")[:2], (0, "0\n"))

    def test_deletion_kills_what_detached_itself(self):
        self.run_pod()
        self.kubectl("exec", "rec", "-c", "main", "--", "sh", "-c", "setsid sleep 604 > /dev/null 2>&1 &")
        pids = [one["pid"] for one in self.processes()]
        self.assertEqual(len(pids), 2)
        self.assertEqual(self.kubectl("delete", "pod", "rec")[0], 0)
        self.assertEqual([pid for pid in pids if is_alive(pid)], [])

    def test_restart_of_the_api_keeps_pods(self):
        self.run_pod()
        asyncio.run(self.restart_under_execs())
        left = wait_for(lambda: (now := [" ".join(one["args"]) for one in self.processes()]) and "sleep 606" not in now and now, "v4's end")
        self.assertEqual(set(left), {"sleep 3600", "sleep 605"}, "v5 leaves the command alone, v4 does not")

    async def restart_under_execs(self):
        clients = [await self.open(["sleep", "605"], V5), await self.open(["sleep", "606"], V4)]
        wanted = {"sleep 605", "sleep 606"}
        async with asyncio.timeout(10):
            while not wanted <= {" ".join(one["args"]) for one in await asyncio.to_thread(self.processes)}:
                await asyncio.sleep(0.02)
        await asyncio.to_thread(self.cluster.request, "POST", "/standin/restart", {"down_ms": 100})
        for client in clients:
            found = await client.finish()
            self.assertEqual((found.status, found.closes), ([], []))
        await asyncio.sleep(0.2)

    def test_sigterm_leaves_no_process_and_no_mount(self):
        before = mounts()
        self.run_pod()
        self.kubectl("exec", "rec", "-c", "main", "--", "sh", "-c", "setsid sleep 607 > /dev/null 2>&1 &")
        pids = [one["pid"] for name in ("main", "side") for one in self.processes(container_name=name)]
        self.assertEqual(len(pids), 3)
        self.cluster.close()
        self.assertEqual(self.cluster.process.returncode, 0, (self.state / "standin.log").read_text())
        self.assertEqual([pid for pid in pids if is_alive(pid)], [])
        self.assertEqual(mounts(), before)
        self.assertEqual((self.state / "standin.log").read_text(), "")

    def test_sigkill_leaves_no_process(self):
        self.run_pod()
        pids = [one["pid"] for name in ("main", "side") for one in self.processes(container_name=name)]
        self.cluster.process.kill()
        self.cluster.process.wait()
        wait_for(lambda: not any(is_alive(pid) for pid in pids), "the containers to die with their node")


if __name__ == "__main__":
    unittest.main()
