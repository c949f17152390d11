# SPDX-License-Identifier: GPL-3.0-or-later
"""One container's life on the node."""
import asyncio
import os
import re
import secrets

from . import cells, containerspec, podstatus, wire
from .images import BrokenImage

IMAGE_BACKOFF = 10  # seconds after a failed pull, doubled up to 5 minutes, as on a real node
CRASH_BACKOFF = 10
_IMAGE = re.compile(r"(?:[\w.-]+(?::\d+)?/)?[a-z0-9._/-]+(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?")


class Container:
    """One container of a pod: regular, init or ephemeral. `run` is its whole life; `changed` is called at each new state."""

    def __init__(self, node, pod_run, spec, kind):
        self._node, self._pod_run = node, pod_run
        self.spec, self.kind, self.name = spec, kind, spec["name"]
        self.state = podstatus.waiting("PodInitializing" if kind == "regular" and pod_run.has_init else "ContainerCreating")
        self.last_state, self.restarts, self.image_id, self.container_id = {}, 0, "", ""
        self.cell = self.process = None
        self.kill_reason = None  # what a death by our hand is called, e.g. OOMKilled
        self.attempted = asyncio.Event()  # runs, or waits for something that the next container need not wait for

    @property
    def is_running(self):
        return "running" in self.state

    @property
    def is_ready(self):
        return self.is_running if self.kind != "init" else self.succeeded

    @property
    def succeeded(self):
        return self.state.get("terminated", {}).get("exitCode") == 0

    @property
    def failed(self):
        return "terminated" in self.state and not self.succeeded

    def log_path(self):
        return self._pod_run.directory / f"{self.name}.log"

    def _enter(self, state):
        self.state = state
        self.attempted.set()
        self._pod_run.changed()

    def _event(self, reason, message, kind="Normal"):
        self._pod_run.event(reason, message, kind, self.name, self.kind)

    async def run(self, policy):
        """Until the container has ended and will not be started again."""
        image = await self._pull()
        crashes = 0
        while True:
            code = await self._run_once(image)
            if policy == "Never" or policy == "OnFailure" and code == 0 or self._pod_run.is_ending:
                return code
            crashes += 1
            if crashes > 1:
                self._event("BackOff", f"Back-off restarting failed container {self.name} in pod {self._pod_run.name}", "Warning")
                self.last_state = self.state
                self._enter(podstatus.waiting("CrashLoopBackOff", f"back-off {CRASH_BACKOFF}s restarting failed container"))
                await asyncio.sleep(min(CRASH_BACKOFF * 2 ** (crashes - 2), 300))
            self.last_state = self.state if "terminated" in self.state else self.last_state
            self.restarts += 1

    # Image

    async def _pull(self):
        """The image, however long it takes."""
        name, policy = self.spec.get("image", ""), self.spec.get("imagePullPolicy", "IfNotPresent")
        facts = self._pod_run.facts() | {"container": self.name, "image": name}
        if not _IMAGE.fullmatch(name):
            self._fail_image("InvalidImageName", "InvalidImageName", f'Failed to apply default image tag "{name}": couldn\'t parse image '
                             f'name "{name}": invalid reference format')
            await asyncio.get_running_loop().create_future()  # until the pod is deleted
        wait = IMAGE_BACKOFF
        while True:
            fault, image = self._node.faults.take("image-pull", **facts), None
            try:
                image = None if fault else self._node.images.find(name)
            except BrokenImage as broken:
                fault = {"message": str(broken)}
            if image and policy != "Always" and (image.is_present or self._node.has_pulled(name)):
                self._event("Pulled", f'Container image "{name}" already present on machine and can be accessed by the pod')
                return image
            if policy == "Never":
                message = f'Container image "{name}" is not present with pull policy of Never'
                self._fail_image("ErrImageNeverPull", "ErrImageNeverPull", message)
            else:
                self._event("Pulling", f'Pulling image "{name}"')
                await self._delay_pull(facts)
                if image:
                    self._node.note_pulled(name)
                    self._event("Pulled", f'Successfully pulled image "{name}" in 0s (0s including waiting). Image size: 0 bytes.')
                    return image
                self._fail_pull(name, fault)
                await asyncio.sleep(self._node.image_retry)
                self._event("BackOff", f'Back-off pulling image "{name}"')
                self._fail_image("ImagePullBackOff", "ImagePullBackOff", f'Back-off pulling image "{name}"')
            await asyncio.sleep(wait)
            wait = min(2 * wait, 300)

    async def _delay_pull(self, facts):
        slow = self._node.faults.take("image-pull-slow", **facts)
        if slow:
            await asyncio.sleep(slow.get("ms", 0) / 1000)

    def _fail_pull(self, name, fault):
        reason = f'failed to pull and unpack image "{name}": failed to resolve reference "{name}": {name}: not found'
        message = (fault or {}).get("message") or "rpc error: code = NotFound desc = " + reason
        self._event("Failed", f'Failed to pull image "{name}": {message}', "Warning")
        self._fail_image("ErrImagePull", "ErrImagePull", message)

    def _fail_image(self, reason, event, message):
        self._event("Failed", f"Error: {event}", "Warning")
        self._enter(podstatus.waiting(reason, message))

    # Process

    async def _run_once(self, image):
        self.process = await self._configure(image)
        self.image_id, container_id = image.id, secrets.token_hex(32)
        command = containerspec.command_of(self.spec, image, self.process.env)
        self._event("Created", "Container created")
        started = wire.now()
        try:
            self.cell = await self._start(image, command, container_id)
        except cells.StartFailure as failure:
            message = ("failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: "
                       f"unable to start container process: {failure}")
            self.container_id = f"containerd://{container_id}"
            self._event("Failed", f"Error: {message}", "Warning")
            self._enter(podstatus.terminated(128, "StartError", started, self.container_id, message))
            return 128
        self.container_id = f"containerd://{container_id}"
        self._event("Started", "Container started")
        self._enter(podstatus.running(started))
        code = await self.cell.wait()
        reason = self.kill_reason or ("Completed" if code == 0 else "Error")
        self._enter(podstatus.terminated(code, reason, started, self.container_id, self._last_words(container_id, code)))
        return code

    async def _configure(self, image):
        """Tried again until Secrets, ConfigMaps and users fit."""
        while True:
            try:
                if fault := self._node.faults.active("config-error", **self._pod_run.facts(), container=self.name, image=self.spec["image"]):
                    raise containerspec.ConfigError(fault["message"])
                return containerspec.process_of(self._node.store, self._pod_run.pod(), self.spec, image)
            except containerspec.ConfigError as error:
                self._event("Failed", f"Error: {error}", "Warning")
                self._enter(podstatus.waiting("CreateContainerConfigError", str(error)))
            await asyncio.sleep(self._node.config_retry)

    async def _start(self, image, command, container_id):
        own = self._pod_run.directory / container_id[:12]
        stage, last_words = own / "stage", own / "termination-log"
        stage.mkdir(parents=True)
        last_words.touch()
        last_words.chmod(0o666)
        options = ["--image", image.layers, "--stage", str(stage), "--hostname", self.process.env["HOSTNAME"], *self.process.options()]
        options += [*self._pod_run.node_files(), "--bind", str(last_words), self.spec.get("terminationMessagePath", "/dev/termination-log")]
        options += self._pod_run.mounts(self.spec)
        if containerspec.is_read_only(self.spec):
            options.append("--read-only-root")
        log = os.open(self.log_path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            return await self._node.cells.run(options, command, self._node.null, log, log)
        finally:
            os.close(log)

    def _last_words(self, container_id, code):
        """What it wrote for its status, or the end of its log where terminationMessagePolicy says so."""
        try:
            text = (self._pod_run.directory / container_id[:12] / "termination-log").read_bytes()[:4096]
            if not text and code != 0 and self.spec.get("terminationMessagePolicy") == "FallbackToLogsOnError":
                with open(self.log_path(), "rb") as log:
                    log.seek(max(0, os.fstat(log.fileno()).st_size - 2048))
                    text = b"".join(log.read(2048).splitlines(True)[-80:])
        except OSError:
            return None
        return text.decode(errors="replace") or None

    def terminate(self):
        if self.cell:
            self.cell.terminate()

    def kill(self, reason=None):
        if self.cell and not self.cell.has_ended:
            self.kill_reason = reason
            self.cell.kill()
