# SPDX-License-Identifier: GPL-3.0-or-later
"""The stream of frames to one exec client, and the pumps that fill it from pipes."""
import asyncio
import base64
import os
import socket

from . import cells, websocket

CHUNK = 32768  # data bytes of one frame at most, as the real servers send
BURST = 8  # frames read from a pipe at once
_STRIDE = CHUNK + 5


class Outgoing:
    """Counts what goes to the client, and stops where hold() says: `reached` is set then, and send() waits for release()."""

    def __init__(self, writer):
        self._writer, self.sent = writer, 0
        self._limit, self._whole = None, False
        self.reached, self._gate = asyncio.Event(), asyncio.Event()

    def hold(self, limit=0, whole=False):
        """Stops at exactly byte `limit` of the stream, or (whole) after the frames that reach it; at once when they have."""
        self._limit, self._whole = max(limit, self.sent), whole
        self._gate.clear()
        if self._limit == self.sent:
            self.reached.set()

    def release(self):
        self._limit = None
        self._gate.set()

    async def send(self, data):
        """Whole frames."""
        if self._limit is not None and self.sent + len(data) > self._limit:
            head = len(data) if self._whole else self._limit - self.sent
            self._write(data[:head])
            data = data[head:]
            self.reached.set()
            await self._gate.wait()
        self._write(data)
        await self._writer.drain()

    def _write(self, data):
        self._writer.write(data)
        self.sent += len(data)

    async def cut(self, rst=False):
        """What was written arrives, then the connection ends without a close frame."""
        transport = self._writer.transport
        deadline = asyncio.get_running_loop().time() + 5
        while transport.get_write_buffer_size() and not transport.is_closing() and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.001)
        sock = transport.get_extra_info("socket")
        if rst and sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        transport.abort()


class Framer:
    """Frames of one subprotocol's channels: binary with a number in front, or base64 text with a digit."""

    def __init__(self, is_base64):
        self.is_base64 = is_base64

    def message(self, channel, data=b""):
        if self.is_base64:
            return websocket.frame(b"%d" % channel + base64.b64encode(data), websocket.TEXT)
        return websocket.frame(bytes((channel,)) + data)

    def read(self, payload):
        """(channel, data) of a client's message, None = empty or not decodable."""
        if not payload:
            return None
        if not self.is_base64:
            return payload[0], payload[1:]
        try:
            return payload[0] - 0x30, base64.b64decode(payload[1:])
        except ValueError:
            return None


class _Buffer:
    """Room for a burst of full frames with their heads in place, so that a burst costs one read and one write. One for all
    pumps of a channel: nothing is awaited between a read and the copy of what came."""

    def __init__(self, channel):
        head = b"\x82\x7e" + (CHUNK + 1).to_bytes(2) + bytes((channel,))
        self.frames = memoryview(bytearray((head + bytes(CHUNK)) * BURST))
        self.slots = [self.frames[i * _STRIDE + 5:(i + 1) * _STRIDE] for i in range(BURST)]


_BUFFERS = {channel: _Buffer(channel) for channel in (1, 2)}


class Pump:
    """Reads one pipe or terminal and sends it as messages of `channel`."""

    def __init__(self, descriptor, channel, framer, outgoing):
        self._descriptor, self._channel, self._framer, self._outgoing = descriptor, channel, framer, outgoing
        self._buffer = _BUFFERS[channel]
        os.set_blocking(descriptor, False)

    async def run(self):
        """Until EOF."""
        while True:
            size = self._read()
            if size is None:
                await cells.readable(self._descriptor)
            elif size == 0:
                return
            else:
                await self._outgoing.send(self._frames(size))
                await asyncio.sleep(0)  # others run too, also when the pipe is never empty

    async def drain(self):
        """Until EOF, to nobody: so that a command that was left alone is not blocked."""
        while (size := self._read()) != 0:
            if size is None:
                await cells.readable(self._descriptor)
            else:
                await asyncio.sleep(0)

    def close(self):
        os.close(self._descriptor)

    def _read(self):
        """Bytes read into the slots; None = not now; 0 = EOF."""
        try:
            return os.readv(self._descriptor, self._buffer.slots)
        except BlockingIOError:
            return None
        except OSError:
            return 0  # EIO: the last holder of the terminal is gone

    def _frames(self, size):
        full, rest = divmod(size, CHUNK)
        if self._framer.is_base64:
            parts = [(i, CHUNK) for i in range(full)] + ([(full, rest)] if rest else [])
            return b"".join(self._framer.message(self._channel, bytes(self._buffer.slots[i][:length])) for i, length in parts)
        found = bytes(self._buffer.frames[:full * _STRIDE])
        return found + self._framer.message(self._channel, bytes(self._buffer.slots[full][:rest])) if rest else found
