# SPDX-License-Identifier: GPL-3.0-or-later
"""What a test can do to the node and its pods, by POST /standin/act {"action", ...}:

  evict {namespace, name, message, reason, grace}   phase Failed, reason Evicted (or Terminated, ...), DisruptionTarget
  disrupt {namespace, name, reason, message}   DisruptionTarget with this reason (default PreemptionByScheduler), then deleted
  oom {namespace, name, container}    PID 1 killed: 137, OOMKilled
  kill {namespace, name, container, signal}   PID 1 gets SIGKILL (or SIGTERM)
  processes {namespace, name, container}      [{"pid", "args"}] inside, as seen from outside
  node-lost {connections, taint}      no status any more, exec refused; running execs are "cut" (default) or "hang"; with
                                      taint=true the pods are marked for deletion, as after tolerationSeconds
  node-back                           goes on where it was, and does what was asked meanwhile
  node-gone                           the node is removed: its pods Failed by DeletionByPodGC, and gone
  kubelet-restart                     running execs: bare EOF
  runtime-restart                     running execs: v5 false Success + close 1000, others bare EOF; the commands run on
  cut-execs {namespace, name, rst}    running execs of one or all pods: cut
  break-execs {namespace, name, how}  the same, and "hang" (half-open), "false-success", "polite-close", "runtime"
  node                                {"pods", "containers", "execs", "time"}: how many there are
"""
import contextlib
import os
import pathlib

from . import nodeobject, podstatus, wire
from .store import PODS

_PRESSURE = "The node was low on resource: memory. Threshold quantity: 100Mi, available: 51200Ki. "


class Actions:
    def __init__(self, node):
        self._node = node

    def perform(self, action, params):
        method = getattr(self, "do_" + str(action).replace("-", "_"), None)
        if method is None:
            raise ValueError(f"unknown action {action!r}")
        return method(params)

    def _of(self, params):
        """The PodRun that is meant."""
        record = self._node.store.get(PODS, params.get("namespace", ""), params.get("name", ""))
        run = record and self._node.run_of(record.obj)
        if not run:
            raise ValueError(f"pod {params.get('namespace')}/{params.get('name')} does not run here")
        return run

    def _running(self, params):
        container = self._of(params).container(params.get("container", ""))
        if container is None or not container.is_running:
            raise ValueError(f"container {params.get('container')} does not run")
        return container

    # Pods

    def do_evict(self, params):
        self.evict(self._of(params), params.get("reason", "Evicted"), params.get("message") or _PRESSURE, params.get("grace", 0))

    @staticmethod
    def evict(run, reason, message, grace=0):
        run.event(reason, message, "Warning")
        run.end(grace, (reason, message), ("DisruptionTarget", True, "TerminationByKubelet", message))

    def do_disrupt(self, params):
        run = self._of(params)
        message = params.get("message") or "default-scheduler: preempting to accommodate a higher priority pod"
        self._mark(run, ("DisruptionTarget", True, params.get("reason", "PreemptionByScheduler"), message))
        self._delete(run)

    def do_oom(self, params):
        self._running(params).kill("OOMKilled")

    def do_kill(self, params):
        container = self._running(params)
        if params.get("signal") == "SIGTERM":
            container.terminate()
        else:
            container.kill()

    def do_processes(self, params):
        return processes_like(self._running(params).cell.pid)

    def _mark(self, run, condition, **more):
        def change(status):
            generation = status.get("observedGeneration", 1)
            status["conditions"] = podstatus.conditions(status.get("conditions") or [], generation, [condition])
            status.update(more)
        self._node.store.set_status(PODS, run.namespace, run.name, change, run.uid)

    def _delete(self, run):
        """As a controller's DELETE with the pod's own grace."""
        grace = run.pod()["spec"].get("terminationGracePeriodSeconds", 30)

        def mark(pod):
            pod["metadata"].setdefault("deletionTimestamp", wire.now(grace))
            pod["metadata"].setdefault("deletionGracePeriodSeconds", grace)
        self._node.store.mutate(PODS, run.namespace, run.name, mark, run.uid)

    # The node

    def do_node_lost(self, params):
        self._set_lost(True)
        self._node.execs.break_all("hang" if params.get("connections") == "hang" else "cut")
        for run in self._node.runs():
            message = f"Node {self._node.name} which was running pod {run.name} is unresponsive"
            self._mark(run, ("Ready", False, "", ""), reason="NodeLost", message=message)
            if params.get("taint"):
                self._mark(run, ("DisruptionTarget", True, "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint"))
                self._delete(run)

    def do_node_back(self, _params):
        self._set_lost(False)

        def recover(status):
            if status.get("reason") == "NodeLost":
                del status["reason"], status["message"]
        for run in self._node.runs():
            self._node.store.set_status(PODS, run.namespace, run.name, recover, run.uid)
            run.changed()
        self._node.resync()

    def do_node_gone(self, _params):
        self._node.execs.break_all("cut")
        for run in self._node.runs():
            condition = ("DisruptionTarget", True, "DeletionByPodGC", "PodGC: node no longer exists")
            self._mark(run, condition, phase="Failed")
            self._node.store.remove(PODS, run.namespace, run.name, uid=run.uid)
        self._set_lost(False)
        self._node.resync()

    def _set_lost(self, is_lost):
        self._node.is_lost = is_lost
        nodeobject.set_ready(self._node.store, self._node.name, not is_lost)

    def do_kubelet_restart(self, _params):
        return self._node.execs.break_all("cut")

    def do_runtime_restart(self, _params):
        return self._node.execs.break_all("runtime")

    def do_cut_execs(self, params):
        run = self._of(params) if params.get("name") else None
        return self._node.execs.break_all("rst" if params.get("rst") else "cut", run)

    def do_break_execs(self, params):
        how = params.get("how", "cut")
        if how not in ("cut", "rst", "hang", "runtime", "false-success", "polite-close"):
            raise ValueError(f"execs are not broken by {how!r}")
        return self._node.execs.break_all(how, self._of(params) if params.get("name") else None)

    def do_node(self, _params):
        runs = self._node.runs()
        containers = [c for run in runs for c in (*run.init, *run.regular, *run.ephemeral) if c.is_running]
        return {"pods": len(runs), "containers": len(containers), "execs": self._node.execs.count(), "time": wire.now()}


def processes_like(pid):
    """[{"pid", "args"}] of all living processes in the PID namespace of `pid`, as this machine sees them."""
    wanted = os.readlink(f"/proc/{pid}/ns/pid")
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        with contextlib.suppress(OSError, IndexError):
            if entry.name.isdigit() and os.readlink(entry / "ns/pid") == wanted:
                if (entry / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z":
                    args = (entry / "cmdline").read_bytes().rstrip(b"\0").split(b"\0")
                    found.append({"pid": int(entry.name), "args": [word.decode(errors="replace") for word in args]})
    return found
