# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the stand-in's node without its API half: a store, a kubelet, and a listener that passes exec requests on."""
import asyncio
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from execclient import ExecClient, target
from standin import counts, errors, faults, kubelet, request, store, wire

SOURCE = pathlib.Path(os.environ.get("DANUBE_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[3]))
BIN = pathlib.Path(os.environ.get("DANUBE_BIN_DIR", SOURCE / "build/dev/bin"))
CELL = BIN / "danube-cell"
NAMESPACE = "danube-jobs"
BUSYBOX = "localhost/busybox:1"


def why_not():
    """Why containers cannot be made here, or None."""
    done = subprocess.run([CELL, "check"], capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else done.stderr.strip()


def container(name="main", command=("sleep", "3600"), image=BUSYBOX, **more):
    return {"name": name, "image": image, "imagePullPolicy": "IfNotPresent", "command": list(command)} | more


class NodeCase(unittest.IsolatedAsyncioTestCase):
    IMAGES = {}  # besides the built-in ones, as in images.json

    async def asyncSetUp(self):
        asyncio.get_running_loop().set_debug(False)  # unittest's loops note a stack for each task, which takes most of the time
        if reason := why_not():
            self.skipTest(reason)
        self.state = pathlib.Path(tempfile.mkdtemp(prefix="danube-node-"))
        self.addCleanup(shutil.rmtree, self.state, ignore_errors=True)
        images = self.state / "images.json"
        images.write_text(json.dumps(self.IMAGES))
        self.store, self.faults = store.Store(), faults.Faults()
        self.kubelet = kubelet.Kubelet(store=self.store, faults=self.faults, counts=counts.Counts(), state=self.state, images=images,
                                       cell=CELL)
        await self.kubelet.start()
        self.addAsyncCleanup(self.kubelet.stop)
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.addAsyncCleanup(self._close, server)
        self.address = server.sockets[0].getsockname()[:2]

    async def _close(self, server):
        server.close()
        server.close_clients()
        await server.wait_closed()

    async def _serve(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        method, path, _ = head[0].split(" ")
        path, query = request.parse_target(path)
        headers = {line.split(":", 1)[0].lower(): line.split(":", 1)[1].strip() for line in head[1:] if ":" in line}
        asked = request.Request(method, path, query, headers)
        asked.namespace, asked.name = path.split("/")[4], path.split("/")[6]
        try:
            await self.kubelet.exec(asked, reader, writer)
        except errors.ApiError as error:
            writer.write(f"HTTP/1.1 {error.code} Refused\r\n\r\n".encode() + wire.encode(error.status()))
        except errors.PlainError as error:
            writer.write(f"HTTP/1.1 {error.code} Refused\r\n\r\n{error.text}".encode())
        with contextlib.suppress(OSError):
            writer.close()
            await writer.wait_closed()

    # Pods

    def create(self, name, *containers, **spec):
        """Stores a pod as the API half would."""
        spec = {"restartPolicy": "Never", "terminationGracePeriodSeconds": 1, "containers": list(containers) or [container()]} | spec
        self.store.create(store.PODS, {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": name, "namespace": NAMESPACE,
                                                                                    "generation": 1},
                                       "spec": spec, "status": {"phase": "Pending"}})

    def delete(self, name, grace=1):
        def mark(pod):
            pod["metadata"] |= {"deletionTimestamp": wire.now(grace), "deletionGracePeriodSeconds": grace}
        self.store.mutate(store.PODS, NAMESPACE, name, mark)

    def pod(self, name):
        record = self.store.get(store.PODS, NAMESPACE, name)
        return record and record.obj

    async def until(self, condition, what="a condition", seconds=15):
        deadline = asyncio.get_running_loop().time() + seconds
        while not (found := condition()):
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError(f"waited {seconds} s for {what}")
            await asyncio.sleep(0.01)
        return found

    async def phase(self, name, *phases):
        await self.until(lambda: self.pod(name)["status"]["phase"] in phases, f"{name} to be {phases}")
        return self.pod(name)["status"]

    async def running(self, name="job1", *containers, **spec):
        self.create(name, *containers, **spec)
        return await self.phase(name, "Running")

    def state_of(self, name, container_name="main", kind="containerStatuses"):
        found = [one for one in self.pod(name)["status"].get(kind, []) if one["name"] == container_name]
        return found[0]["state"] if found else {}

    async def waiting(self, name, reason, container_name="main"):
        """The message of a container that waits for `reason`."""
        await self.until(lambda: self.state_of(name, container_name).get("waiting", {}).get("reason") == reason, reason)
        return self.state_of(name, container_name)["waiting"].get("message")

    async def ended(self, name, container_name="main", kind="containerStatuses"):
        await self.until(lambda: "terminated" in self.state_of(name, container_name, kind), f"{container_name} to end")
        return self.state_of(name, container_name, kind)["terminated"]

    async def log(self, name, container_name="main"):
        return b"".join([part async for part in self.kubelet.logs(self.pod(name), [("container", container_name)])]).decode()

    def reasons(self, name):
        return [e.obj["reason"] for e in self.store.list("events", NAMESPACE) if e.obj["involvedObject"]["name"] == name]

    async def act(self, action, name="job1", **params):
        return await self.kubelet.act(action, {"namespace": NAMESPACE, "name": name, "container": "main"} | params)

    async def processes(self, name="job1"):
        """First words of what runs in the container, and its arguments."""
        return [" ".join(one["args"]) for one in await self.act("processes", name)]

    async def runs(self, line, expected=True, name="job1"):
        """Waits until a process with this command line runs in the container, or none does any more."""
        async with asyncio.timeout(10):
            while (line in await self.processes(name)) is not expected:
                await asyncio.sleep(0.02)

    # Exec

    async def open(self, command, protocol="v5.channel.k8s.io", name="job1", **more):
        keys = {"container", "streams", "tty"} & more.keys()
        path = target(NAMESPACE, name, command, **{key: more.pop(key) for key in keys})
        return await ExecClient.open(self.address, path, protocol, **more)

    async def exec(self, command, protocol="v5.channel.k8s.io", name="job1", stdin=None, **more):
        client = await self.open(command, protocol, name, **more)
        if stdin is not None:
            client.send(0, stdin)
            client.send(255, b"\0")
        return await client.finish()
