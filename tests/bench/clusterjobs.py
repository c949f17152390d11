# SPDX-License-Identifier: GPL-3.0-or-later
"""The case "stand-in cluster" of bench_jobs: hundreds of pods at once, beside `kubectl exec true` of the same minutes."""
import contextlib
import pathlib
import socket
import sys
import tempfile
import threading
import time

import measure

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support/kube"))

PEER_POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "peer"},
            "spec": {"terminationGracePeriodSeconds": 0, "securityContext": {"runAsNonRoot": True, "runAsUser": 1000},
                     "containers": [{"name": "main", "image": "localhost/busybox:dev", "command": ["sleep", "3600"],
                                     "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]},
                                                         "seccompProfile": {"type": "RuntimeDefault"}}}]}}


# Steps of all jobs together: about this many a second, so that what is measured is a step and not the queue before two cores.
STEPS_PER_SECOND = 50


def danubefile(steps, jobs, port):
    return f"""
import json, random, socket, time
from danube import ctx, step
socket.create_connection(("127.0.0.1", {port})).recv(1)
times = []
for number in range({steps}):
    time.sleep(random.uniform(0, 2 * {jobs / STEPS_PER_SECOND}))
    begun = time.monotonic()
    result = step.run(["echo", ctx.params["word"] + str(number)], name="step %d" % number)
    taken = (time.monotonic() - begun) * 1000
    times.append((taken - result.duration_ms, taken))
print("times", json.dumps(times))
"""


class Gate:
    """Jobs connect to it and wait until the last one has come."""
    PATIENCE = 1800

    def __init__(self):
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port = self._listening.getsockname()[1]
        self.opened_after, self.opened_at = 0.0, 0.0

    def open_when(self, count):
        self._listening.settimeout(self.PATIENCE)
        threading.Thread(target=self._wait, args=(count, time.monotonic()), daemon=True).start()

    def _wait(self, count, begun):
        waiting = [self._listening.accept()[0] for _ in range(count)]
        self.opened_at = time.monotonic()
        self.opened_after = self.opened_at - begun
        for connection in waiting:
            connection.close()


class KubectlExec:
    """Times `kubectl exec true` every half second until stopped, with a pod of its own."""

    def __init__(self, cluster, namespace):
        self._cluster, self._namespace = cluster, namespace
        self._runs, self._stop = [], threading.Event()  # (begun, milliseconds)
        cluster.request("POST", f"/api/v1/namespaces/{namespace}/pods", PEER_POD)
        cluster.kubectl("-n", namespace, "wait", "--for=condition=Ready", "pod/peer", "--timeout=60s")
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        while not self._stop.wait(0.5):
            begun = time.monotonic()
            self._cluster.kubectl("-n", self._namespace, "exec", "peer", "--", "true")
            self._runs.append((begun, (time.monotonic() - begun) * 1000))

    def since(self, moment):
        """Milliseconds of the runs that began after it; of all when there is none."""
        return [taken for begun, taken in self._runs if begun >= moment] or [taken for _, taken in self._runs]

    def stop(self):
        self._stop.set()
        self._thread.join()
        self._cluster.kubectl("-n", self._namespace, "delete", "pod", "peer", "--wait=false")


@contextlib.contextmanager
def opened(steps, at_once):
    """A stand-in cluster with a master for `at_once` jobs at once, and kubectl timed beside: (cluster, master, peer, gate)."""
    from harness import BIN, Master
    from standincluster import JOBS, StandInCluster

    with tempfile.TemporaryDirectory(prefix="danube-bench-") as state, contextlib.ExitStack() as after:
        cluster = StandInCluster(state, BIN).prepare()
        after.callback(cluster.close)
        config = cluster.master_config(start_limit="30m", kill_grace="1s")
        gate = Gate()
        master = Master({"trivial": {"danubefile.py": danubefile(steps, at_once, gate.port)}}, extra=f"{config}[jobs]\nmax_concurrent = {at_once}\n").start()
        after.callback(master.remove)
        peer = KubectlExec(cluster, JOBS)
        after.callback(peer.stop)
        yield cluster, master, peer, gate


def rows(case, times, kubectl, percentile):
    """p50 and p99 of what is added to a step; and of all of step.run beside all of an exec by kubectl (milliseconds)."""
    added, whole = zip(*times)
    found = []
    for name, share, at_most in (("p50", 0.5, 10), ("p99", 0.99, 100)):
        found.append(measure.bound("jobs", case, f"added to a step, {name}", "ms", percentile(added, share), at_most=at_most))
        found.append(measure.compare("jobs", case, f"step.run in all, {name}", "ms", percentile(whole, share), "kubectl exec true", percentile(kubectl, share)))
    return found


def leftovers(cluster):
    """Pods and Secrets of jobs half a minute after the last one ended."""
    deadline = time.monotonic() + 30
    while True:
        left = [one for plural in ("pods", "secrets") for one in cluster.objects(plural) if "danube.dev/job" in one["metadata"].get("labels", {})]
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.5)
