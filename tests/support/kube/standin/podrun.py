# SPDX-License-Identifier: GPL-3.0-or-later
"""One pod's life on the node: Pending, bound, volumes, init containers, containers, Succeeded or Failed, deleted."""
import asyncio
import shutil
import traceback

from . import events, podstatus, wire
from .container import Container
from .store import PODS
from .volumes import MountFailure, Volumes

FLUSH = 0.02  # seconds in which changes of several containers become one new status, as in a kubelet's sync
FORCED_GRACE = 2  # what a kubelet gives to a pod that was removed with grace 0


def tell_failure(task):
    """For tasks that nobody waits for: a defect of the stand-in must be seen."""
    if not task.cancelled() and task.exception():
        traceback.print_exception(task.exception())


class PodRun:
    def __init__(self, node, record):
        self._node, self.uid, self.namespace, self.name = node, record.uid, record.namespace, record.name
        self._last = record.obj
        self.directory = node.state / "pods" / self.uid
        spec = record.obj["spec"]
        self.has_init = bool(spec.get("initContainers"))
        self.has_limits = any((volume.get("emptyDir") or {}).get("sizeLimit") for volume in spec.get("volumes") or [])
        self._policy = spec.get("restartPolicy", "Always")
        self.init = [Container(node, self, one, "init") for one in spec.get("initContainers") or []]
        self.regular = [Container(node, self, one, "regular") for one in spec.get("containers") or []]
        self.ephemeral = []
        self.volumes = Volumes(node.store, record.obj, self.directory / "volumes")
        self.is_ending = self._is_removed = False
        self._tasks, self._life, self._end_task, self._kill_at = {}, None, None, None
        self._outcome, self._start_time, self._has_sandbox, self._flush_timer = None, None, False, None

    # What containers ask

    def pod(self):
        """The object as it is now, or was last."""
        record = self._node.store.get(PODS, self.namespace, self.name)
        if record is not None and record.uid == self.uid:
            self._last = record.obj
        return self._last

    def facts(self):
        """For Faults.take."""
        return {"namespace": self.namespace, "name": self.name}

    def event(self, reason, message, kind="Normal", container="", _kind="regular", component="kubelet"):
        if not self._is_removed:
            host = self._node.name if component == "kubelet" else ""
            events.record(self._node.store, self.pod(), reason, message, kind=kind, component=component, host=host, container=container)

    def node_files(self):
        """Options for the files every container gets from the node."""
        found = ["--bind", str(self.directory / "hosts"), "/etc/hosts", "--bind", str(self.directory / "hostname"), "/etc/hostname"]
        return found + (["--bind-read-only", self._node.resolver, "/etc/resolv.conf"] if self._node.resolver else [])

    def mounts(self, spec):
        return self.volumes.options(spec.get("volumeMounts") or [])

    def changed(self):
        if self._flush_timer is None:
            self._flush_timer = asyncio.get_running_loop().call_later(FLUSH, self.flush)

    # Life

    def start(self):
        self._life = asyncio.ensure_future(self._live())
        self._life.add_done_callback(tell_failure)

    def container(self, name):
        return next((one for one in (*self.regular, *self.init, *self.ephemeral) if one.name == name), None)

    async def _live(self):
        await self._bind()
        self._start_time = wire.now()
        self.flush()
        limit = self.pod()["spec"].get("activeDeadlineSeconds")
        if limit:
            asyncio.get_running_loop().call_later(limit, self._exceed)
        await self._prepare()
        for container in self.init:
            await self._finish(container)
            if container.failed:
                return await self._complete()
        for container in self.regular:  # one after the other, as a kubelet's sync does
            self._launch(container)
            await container.attempted.wait()
        self._start_ephemeral()
        for container in self.regular:
            await asyncio.wait([self._tasks[container.name]])
        await self._complete()

    async def _bind(self):
        if self.pod()["spec"].get("nodeName"):
            return
        while fault := self._node.faults.active("unschedulable", **self.facts()):
            message = fault.get("message") or "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: " \
                                              "0/1 nodes are available: 1 No preemption victims found for incoming pod."
            def refuse(status):
                state = [("PodScheduled", False, "Unschedulable", message)]
                status["conditions"] = podstatus.conditions(status.get("conditions") or [], self._generation(), state)
            self._node.store.set_status(PODS, self.namespace, self.name, refuse, self.uid)
            self.event("FailedScheduling", message, "Warning", component="default-scheduler")
            await asyncio.sleep(self._node.schedule_retry)

        def bind(obj):
            obj["spec"]["nodeName"] = self._node.name
            status = obj.setdefault("status", {})
            state = [("PodScheduled", True, "", "")]
            status["conditions"] = podstatus.conditions(status.get("conditions") or [], self._generation(), state)
        self._node.store.mutate(PODS, self.namespace, self.name, bind, self.uid)
        self.event("Scheduled", f"Successfully assigned {self.namespace}/{self.name} to {self._node.name}", component="default-scheduler")

    async def _prepare(self):
        self.directory.mkdir(parents=True, exist_ok=True)
        pod = self.pod()
        hostname = (pod["spec"].get("hostname") or self.name)[:63].rstrip("-.")
        aliases = "".join(f"{a['ip']}\t{' '.join(a.get('hostnames') or [])}\n" for a in pod["spec"].get("hostAliases") or [])
        (self.directory / "hostname").write_text(hostname + "\n")
        (self.directory / "hosts").write_text(f"127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost\n{self._node.pod_ip}\t{hostname}\n{aliases}")
        while True:
            try:
                self.volumes.make()
                break
            except MountFailure as failure:
                self.event("FailedMount", str(failure), "Warning")
                await asyncio.sleep(self._node.config_retry)
        self._has_sandbox = True
        self.changed()

    def _launch(self, container):
        policy = "Never" if container.kind == "ephemeral" else self._policy
        if container.kind == "init" and policy == "Always":
            policy = "OnFailure"
        self._tasks[container.name] = asyncio.ensure_future(container.run(policy))
        self._tasks[container.name].add_done_callback(tell_failure)

    async def _finish(self, container):
        self._launch(container)
        await asyncio.wait([self._tasks[container.name]])

    def add_ephemeral(self, obj):
        """Takes over what is new in spec.ephemeralContainers; they start once the pod's own containers do."""
        known = {container.name for container in self.ephemeral}
        new = [spec for spec in obj["spec"].get("ephemeralContainers") or [] if spec["name"] not in known]
        self.ephemeral += [Container(self._node, self, spec, "ephemeral") for spec in new]
        if new and all(container.name in self._tasks for container in self.regular):
            self._start_ephemeral()

    def _start_ephemeral(self):
        for container in self.ephemeral:
            if container.name not in self._tasks and not self.is_ending:
                self._launch(container)
        self.changed()

    async def _complete(self):
        """The pod's own containers have ended for good: so do the ephemeral ones."""
        await self._stop_containers(0)
        self._has_sandbox = False
        self.flush()

    # End

    def _exceed(self):
        if not self.is_ending and not self._life.done():
            message = "Pod was active on the node longer than the specified deadline"
            self.event("DeadlineExceeded", message)
            self.end(self.pod()["spec"].get("terminationGracePeriodSeconds", 30), ("DeadlineExceeded", message))

    def remove(self):
        """The API has forgotten the pod already."""
        self._is_removed = True
        self.end(FORCED_GRACE)

    def end(self, grace, outcome=None, condition=None):
        """Stops all containers, TERM first, KILL after `grace` seconds; again with another grace: the earlier end counts.
        outcome: (reason, message) of a pod that failed by the node's decision; condition: one more for its status."""
        kill_at = asyncio.get_running_loop().time() + grace
        self._kill_at = min(kill_at, self._kill_at or kill_at)
        self.is_ending = True
        self._outcome = self._outcome or (outcome and (*outcome, condition))
        if self._end_task is None:
            self._end_task = asyncio.ensure_future(self._end())
            self._end_task.add_done_callback(tell_failure)

    async def _end(self):
        self._life.cancel()
        await asyncio.wait([self._life])
        await self._stop_containers(None)
        self._has_sandbox = False
        self._end_task = None
        self.flush()
        metadata = self.pod()["metadata"]
        if self._is_removed or metadata.get("deletionTimestamp"):
            await self._vanish()

    async def _vanish(self):
        """The directory is away before the API says that the pod is."""
        await asyncio.to_thread(shutil.rmtree, self.directory, True)
        self._node.forget(self)
        if not self._is_removed:
            self._is_removed = True
            self._node.store.remove(PODS, self.namespace, self.name, uid=self.uid)

    async def _stop_containers(self, grace):
        """grace: seconds, or None = as end() says."""
        loop = asyncio.get_running_loop()
        if grace is not None:
            self.is_ending = True
            self._kill_at = loop.time() + grace
        everything = [*self.regular, *self.init, *self.ephemeral]
        for container in everything:
            if container.is_running:
                self.event("Killing", f"Stopping container {container.name}", container=container.name)
                container.terminate()
            elif container.name in self._tasks and "waiting" in container.state:
                self._tasks[container.name].cancel()
        left = {self._tasks[container.name] for container in everything if container.name in self._tasks}
        while left:
            _, left = await asyncio.wait(left, timeout=max(0.0, min(self._kill_at - loop.time(), 0.25)))
            if left and loop.time() >= self._kill_at:
                for container in everything:
                    container.kill(container.kill_reason)
                _, left = await asyncio.wait(left, timeout=1)

    # Status

    def _generation(self):
        return self.pod()["metadata"].get("generation", 1)

    def phase(self):
        if self._outcome:
            return "Failed"
        found = podstatus.phase(self.init, self.regular, self._policy)
        return "Failed" if self.is_ending and self._end_task is None and found in ("Pending", "Running") else found

    def flush(self):
        """Writes the status as it is now; nothing while the node is lost."""
        if self._flush_timer is not None:
            self._flush_timer.cancel()
            self._flush_timer = None
        if not self._is_removed and not self._node.is_lost:
            self._node.store.set_status(PODS, self.namespace, self.name, self._fill, self.uid)

    def _fill(self, status):
        phase = self.phase()
        states = podstatus.readiness(self.init, self.regular, self._has_sandbox, phase)
        if self._outcome and self._outcome[2]:
            states.append(self._outcome[2])
        status["phase"] = phase
        status["observedGeneration"] = self._generation()
        status["conditions"] = podstatus.conditions(status.get("conditions") or [], self._generation(), states)
        if self._outcome:
            status["reason"], status["message"] = self._outcome[:2]
        status["hostIP"], status["hostIPs"] = self._node.host_ip, [{"ip": self._node.host_ip}]
        if self._has_sandbox:
            status["podIP"], status["podIPs"] = self._node.pod_ip, [{"ip": self._node.pod_ip}]
            status["resources"] = {}
        status["startTime"] = self._start_time
        for key, containers in (("initContainerStatuses", self.init), ("containerStatuses", self.regular),
                                ("ephemeralContainerStatuses", self.ephemeral)):
            if containers:
                status[key] = [podstatus.container_status(container) for container in sorted(containers, key=lambda c: c.name)]
