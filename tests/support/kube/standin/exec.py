# SPDX-License-Identifier: GPL-3.0-or-later
"""Exec over WebSocket: refusals before the upgrade, subprotocols, and who of them survives what."""
import asyncio
import dataclasses

from . import websocket
from .errors import ApiError, PlainError, bad_request
from .execsession import ExecSession, is_set
from .store import PODS

@dataclasses.dataclass
class Protocol:
    answer: str  # header Sec-WebSocket-Protocol
    kind: str  # for faults
    is_v5: bool = False
    is_base64: bool = False
    has_json_status: bool = True


_PROTOCOLS = {
    "v5.channel.k8s.io": Protocol("v5.channel.k8s.io", "v5", is_v5=True),
    "v4.channel.k8s.io": Protocol("v4.channel.k8s.io", "v4"),
    "channel.k8s.io": Protocol("channel.k8s.io", "binary", has_json_status=False),
    "": Protocol("", "binary", has_json_status=False),
    "base64.channel.k8s.io": Protocol("base64.channel.k8s.io", "base64", is_base64=True, has_json_status=False),
    "v4.base64.channel.k8s.io": Protocol("v4.base64.channel.k8s.io", "v4.base64", is_base64=True),
}


def negotiate(header):
    """Protocol for what was asked, None = 403. Any mention of v5 selects v5, else the first known one."""
    asked = [name.strip() for name in header.split(",")]
    if "v5.channel.k8s.io" in asked:
        return _PROTOCOLS["v5.channel.k8s.io"]
    return next((_PROTOCOLS[name] for name in asked if name in _PROTOCOLS), None)


def wants_upgrade(request, protocol):
    headers = request.headers
    return "upgrade" in headers.get("connection", "").lower() and headers.get("upgrade", "").lower().startswith(protocol)


class Execs:
    """All execs of the node."""

    def __init__(self, node):
        self._node, self._sessions, self._left = node, set(), set()

    def count(self):
        return len(self._sessions)

    async def handle(self, request, reader, writer):
        container, run = self._find(request)
        if request.method == "POST" and wants_upgrade(request, "websocket"):
            raise PlainError(405, "bad method", close=True, content_type="")
        if not wants_upgrade(request, "websocket"):
            raise bad_request("Upgrade request required")
        protocol = negotiate(request.headers.get("sec-websocket-protocol", ""))
        if protocol is None:
            raise PlainError(403, "", close=True, content_type="")
        facts = {"namespace": request.namespace, "name": request.name, "container": container.name,
                 "command": " ".join(request.all("command")), "protocol": protocol.kind}
        refusal = self._node.faults.take("exec-refuse", **facts)
        if refusal:
            raise refused(refusal)
        session = ExecSession(self._node, run, container, request, protocol, facts)
        self._sessions.add(session)
        try:
            writer.write(upgrade_answer(request, protocol))
            await session.serve(reader, writer)
        except (ConnectionError, TimeoutError):
            pass  # the client is gone; what that means for the command was done
        finally:
            self._sessions.discard(session)

    def _find(self, request):
        """(container, run), or raises as the layers from the API server down to the kubelet do, in their order."""
        record = self._node.store.must_get(PODS, request.namespace, request.name)
        spec, wanted = record.obj["spec"], request.get("container")
        names = [one["name"] for one in spec.get("containers") or []]
        others = [one["name"] for kind in ("initContainers", "ephemeralContainers") for one in spec.get(kind) or []]
        if not wanted and len(names) != 1:
            raise bad_request(f"a container name must be specified for pod {record.name}, choose one of: [{' '.join(names)}]")
        if wanted and wanted not in names + others:
            raise bad_request(f"container {wanted} is not valid for pod {record.name}")
        if not spec.get("nodeName"):
            raise bad_request(f"pod {record.name} does not have a host assigned")
        if not any(is_set(request, name) for name in ("stdin", "stdout", "stderr")):
            raise PlainError(400, "you must specify at least 1 of stdin, stdout, stderr")
        if self._node.is_lost:
            raise ApiError(500, "", "error dialing backend: dial tcp 127.0.0.1:10250: connect: connection refused")
        run = self._node.run_of(record.obj)
        container = run.container(wanted or names[0]) if run else None
        if container is None or not container.is_running:
            raise PlainError(500, f'container not found ("{wanted or names[0]}")')
        return container, run

    def break_all(self, how, run=None):
        """"cut", "rst", "hang" (half-open) or "runtime" (the container runtime restarts) for the running ones; returns how many."""
        chosen = [session for session in self._sessions if run in (None, session.run)]
        for session in chosen:
            session.break_off(how)
        return len(chosen)

    def keep(self, task):
        """Drains of commands that live on without their client."""
        self._left.add(task)
        task.add_done_callback(self._left.discard)

    async def stop(self):
        self.break_all("cut")
        for task in self._left:
            task.cancel()
        await asyncio.sleep(0)


def refused(fault):
    if "text" in fault:
        return PlainError(fault.get("code", 500), fault["text"])
    return ApiError(fault.get("code", 500), fault.get("reason", "InternalError"), fault.get("message", "exec refused"))


def upgrade_answer(request, protocol):
    return (f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {websocket.accept(request.headers.get('sec-websocket-key', ''))}\r\n"
            f"Sec-WebSocket-Protocol: {protocol.answer}\r\n\r\n").encode()
