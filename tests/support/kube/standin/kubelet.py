# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in's one node, as the API half sees it (see __init__.py).

Faults (see faults.py); facts of pods: namespace, name; of images also container, image; of exec also container, command (its
words with spaces between), protocol ("v5", "v4", "binary", "base64", "v4.base64"):
  unschedulable {message}             the pod stays Pending while this is active
  image-pull {message}                the pull fails: ErrImagePull, then ImagePullBackOff; tried again by the node
  image-pull-slow {ms}                the pull takes longer
  config-error {message}              the container waits as CreateContainerConfigError while this is active
Exec. Where: after `bytes` of the stream to the client (default 0; [low, high] = any between), or `ms` after the 101:
  exec-refuse {code, message, reason, text}   refused before the 101
  exec-cut {bytes, ms, rst}           connection ended at exactly byte N without a close frame, by FIN or RST
  exec-half-open {bytes, ms}          from exactly byte N on nothing is sent and nothing is read, and the connection stays
  exec-stall {bytes, ms, for_ms}      from exactly byte N on nothing is sent for so long, then all goes on
  exec-false-success {bytes, ms}      status Success and close 1000 while the command runs on
  exec-polite-close {bytes, ms}       close 1000 without a status while the command runs on
  exec-drop-status {close}            at the end no status: close 1000, or with close=false a bare EOF
  exec-lose-early {frames}            so many frames of the client are lost (besides those that come before the 101)
The actions of act() are listed in actions.py.
"""
import asyncio
import os
import pathlib
import resource
import subprocess

from . import errors, nodeobject
from .actions import Actions
from .cells import Cells
from .exec import Execs
from .images import Images
from .podrun import PodRun
from .store import PODS

HOUSEKEEPING = 1.0  # seconds; a real node looks every ten
HOUSEKEEPING_SHARE = 0.05  # of the time, however many pods there are


class Kubelet:
    name = "localhost"
    host_ip = pod_ip = "127.0.0.1"  # pods share the host's network

    def __init__(self, *, store, faults, counts, state, images, cell):
        """cell: path of danube-cell, None = pods stay Pending. images: path of images.json or None."""
        self.store, self.faults, self.counts = store, faults, counts
        self.state = pathlib.Path(state).resolve()
        self.cells = Cells(cell) if cell else None
        self.images = Images.load(images, self.state / "images", cell)
        self.image_retry, self.config_retry, self.schedule_retry = 1.0, 0.5, 0.5  # seconds
        self.resolver = "/etc/resolv.conf" if os.path.exists("/etc/resolv.conf") else None
        self.is_lost = False
        self.null = os.open("/dev/null", os.O_RDWR | os.O_CLOEXEC)
        self.execs, self.actions = Execs(self), Actions(self)
        self._runs, self._pulled, self._unsubscribe, self._housekeeping = {}, set(), None, None

    async def start(self):
        if self.cells is None:
            return
        self._check(self.cells.program)
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # each container needs two descriptors, each exec seven
        nodeobject.publish(self.store, self.name, self.host_ip)
        self._unsubscribe = self.store.subscribe(self._on_change, PODS)
        self.resync()
        self._housekeeping = asyncio.ensure_future(self._keep_house())

    async def _keep_house(self):
        """Evicts pods whose emptyDir outgrew its sizeLimit."""
        loop, pause = asyncio.get_running_loop(), HOUSEKEEPING
        while True:
            await asyncio.sleep(pause)
            begun = loop.time()
            for run in self.runs():
                if run.has_limits and not run.is_ending and (over := await asyncio.to_thread(run.volumes.over_limit)):
                    message = f'Usage of EmptyDir volume "{over[0]}" exceeds the limit "{over[1]}". '
                    self.actions.evict(run, "Evicted", message)
            pause = min(10.0, max(HOUSEKEEPING, (loop.time() - begun) / HOUSEKEEPING_SHARE))

    @staticmethod
    def _check(program):
        done = subprocess.run([program, "check"], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip() or f"danube-cell check: {done.returncode}")

    async def stop(self):
        if self._unsubscribe:
            self._unsubscribe()
            self._unsubscribe = None
            self._housekeeping.cancel()
        for run in list(self._runs.values()):
            run.remove()
        if self.cells:
            await self.cells.stop()
        deadline = asyncio.get_running_loop().time() + 10
        while self._runs and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.01)
        await self.execs.stop()

    # What pods ask

    def forget(self, run):
        self._runs.pop(run.uid, None)

    def has_pulled(self, image):
        return image in self._pulled

    def note_pulled(self, image):
        self._pulled.add(image)

    # The store's changes

    def _on_change(self, change):
        if not self.is_lost:
            self._see(change.record, change.kind == "DELETED")

    def _see(self, record, is_gone=False):
        run = self._runs.get(record.uid)
        metadata = record.obj["metadata"]
        if is_gone:
            if run:
                run.remove()
            return
        if run is None:
            run = self._runs[record.uid] = PodRun(self, record)
            run.start()
        run.add_ephemeral(record.obj)
        if metadata.get("deletionTimestamp"):
            run.end(metadata.get("deletionGracePeriodSeconds") or 0)

    def resync(self):
        """Acts on what changed while it did not look."""
        records = self.store.list(PODS)
        for record in records:
            self._see(record)
        for uid in self._runs.keys() - {record.uid for record in records}:
            self._runs[uid].remove()

    # For the API half

    def runs(self):
        return list(self._runs.values())

    def run_of(self, pod):
        return self._runs.get(pod["metadata"]["uid"])

    async def exec(self, request, reader, writer):
        await self.execs.handle(request, reader, writer)

    async def logs(self, pod, query):
        values = dict(query)
        container = self._log_container(pod, values.get("container", ""))
        follow = values.get("follow") in ("1", "true", "True")
        left = int(values["limitBytes"]) if values.get("limitBytes", "").isdigit() else None
        with open(container.log_path(), "rb") as file:
            if values.get("tailLines", "").isdigit():
                file.seek(_tail(file, int(values["tailLines"])))
            while left is None or left > 0:
                part = file.read(65536 if left is None else min(left, 65536))
                left = None if left is None else left - len(part)
                if part:
                    yield part
                elif not follow or not container.is_running:
                    return
                else:
                    await asyncio.sleep(0.05)

    def _log_container(self, pod, name):
        run, pod_name = self.run_of(pod), pod["metadata"]["name"]
        names = [spec["name"] for spec in pod["spec"]["containers"]]
        if not name and len(names) > 1:
            raise errors.bad_request(f"a container name must be specified for pod {pod_name}, choose one of: [{' '.join(names)}]")
        container = run.container(name or names[0]) if run else None
        if run and container is None:
            raise errors.bad_request(f"container {name} is not valid for pod {pod_name}")
        if container is None or not container.log_path().exists():
            reason = container.state.get("waiting", {}).get("reason", "ContainerCreating") if container else "ContainerCreating"
            raise errors.bad_request(f'container "{name or names[0]}" in pod "{pod_name}" is waiting to start: {reason}')
        return container

    async def act(self, action, params):
        return self.actions.perform(action, params)


def _tail(file, lines):
    """Where the last `lines` lines begin."""
    text = file.read()
    start = len(text)
    for _ in range(lines + (1 if text.endswith(b"\n") else 0)):
        start = text.rfind(b"\n", 0, start)
        if start < 0:
            return 0
    return start + 1
