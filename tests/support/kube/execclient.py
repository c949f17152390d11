# SPDX-License-Identifier: GPL-3.0-or-later
"""An exec client that can also misbehave, for tests of the stand-in. asyncio; Python's standard library only."""
import asyncio
import dataclasses
import os
import urllib.parse

KEY = "DWsO9COFAS7TMUr5luakhQ=="
V5, V4 = "v5.channel.k8s.io", "v4.channel.k8s.io"


@dataclasses.dataclass
class Outcome:
    """All that came after the 101."""
    raw: bytes = b""
    frames: list = dataclasses.field(default_factory=list)  # [(opcode, payload)]
    rest: bytes = b""  # an incomplete frame at the end
    was_reset: bool = False

    def channel(self, number):
        return b"".join(payload[1:] for opcode, payload in self.frames if opcode == 2 and payload[:1] == bytes((number,)))

    @property
    def status(self):
        """Payloads of channel 3."""
        return [payload[1:] for opcode, payload in self.frames if opcode == 2 and payload[:1] == b"\3"]

    @property
    def closes(self):
        return [int.from_bytes(payload[:2]) for opcode, payload in self.frames if opcode == 8]


def split(data):
    """([(opcode, payload)], rest) of a server's bytes."""
    frames, start = [], 0
    while len(data) - start >= 2:
        size, head = data[start + 1], start + 2
        if size > 125:
            width = 2 if size == 126 else 8
            size, head = int.from_bytes(data[head:head + width]), head + width
        if len(data) < head + size:
            break
        frames.append((data[start] & 15, data[head:head + size]))
        start = head + size
    return frames, data[start:]


def masked(payload, opcode=2, head=0x80, key=b"\x8c\x24\x59\xc6"):
    size = len(payload)
    length = bytes((0x80 | size,)) if size < 126 else b"\xfe" + size.to_bytes(2) if size < 65536 else b"\xff" + size.to_bytes(8)
    pattern = (key * (size // 4 + 1))[:size]
    body = (int.from_bytes(payload) ^ int.from_bytes(pattern)).to_bytes(size) if size else b""
    return bytes((head | opcode,)) + length + key + body


def target(namespace, pod, command, container="main", streams=("stdin", "stdout", "stderr"), tty=False):
    query = [("command", word) for word in command] + ([("container", container)] if container else [])
    query += [(stream, "true") for stream in streams] + ([("tty", "true")] if tty else [])
    return f"/api/v1/namespaces/{namespace}/pods/{pod}/exec?{urllib.parse.urlencode(query)}"


class ExecClient:
    """One connection. `head`: the answer's head, `body`: what came after it when it was no 101."""

    def __init__(self):
        self.reader = self.writer = None
        self.head = self.body = b""

    @classmethod
    async def open(cls, address, path, protocol=V5, *, method="GET", upgrade=True, headers=(), early=b"", ssl=None):
        client = cls()
        client.reader, client.writer = await asyncio.open_connection(*address, limit=1 << 22, ssl=ssl)
        lines = [f"{method} {path} HTTP/1.1", "Host: stand-in", *headers]
        if upgrade:
            lines += ["Connection: keep-alive, Upgrade", "Upgrade: WebSocket", f"Sec-WebSocket-Key: {KEY}", "Sec-WebSocket-Version: 13"]
            lines += [f"Sec-WebSocket-Protocol: {protocol}"] if protocol else []
        client.writer.write("\r\n".join(lines + ["", ""]).encode() + early)
        client.head = await client.reader.readuntil(b"\r\n\r\n")
        if client.code != 101:
            client.body = await client.reader.read(1 << 20)
            client.writer.close()
        return client

    @property
    def code(self):
        return int(self.head.split()[1])

    def send(self, channel, data):
        self.writer.write(masked(bytes((channel,)) + data))

    def send_raw(self, data):
        self.writer.write(data)

    async def read_some(self, size):
        """At least `size` bytes of frames."""
        return await asyncio.wait_for(self.reader.readexactly(size), 20)

    async def finish(self, before=b"", seconds=20):
        """Everything until the server is gone."""
        outcome = Outcome(bytearray(before))
        try:
            async with asyncio.timeout(seconds):
                while data := await self.reader.read(1 << 20):
                    outcome.raw += data
        except ConnectionResetError:
            outcome.was_reset = True
        outcome.raw = bytes(outcome.raw)
        outcome.frames, outcome.rest = split(outcome.raw)
        self.writer.close()
        return outcome

    def leave(self, how):
        """"fin", "rst" or "polite"."""
        if how == "polite":
            self.writer.write(masked(b"\x03\xe8", 8))
        elif how == "fin":
            self.writer.close()
        else:
            sock = self.writer.get_extra_info("socket")
            sock.setsockopt(1, 13, b"\1\0\0\0\0\0\0\0")  # SOL_SOCKET, SO_LINGER: close sends RST
            self.writer.transport.abort()


def is_alive(pid):
    """Not gone and no zombie."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read().rpartition(b")")[2].split()[0] != b"Z"
    except OSError:
        return False


def own_pid_namespace():
    return os.readlink("/proc/self/ns/pid")
