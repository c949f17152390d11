# SPDX-License-Identifier: GPL-3.0-or-later
"""RFC 6455 as golang.org/x/net/websocket serves it: no reassembly, 32 MiB at most, types of data frames not checked. Sans-IO."""
import base64
import hashlib

MAXIMUM = 32 << 20
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class FrameError(Exception):
    """`code`: what the server closes with; 0 = without a word of its own."""

    def __init__(self, code):
        super().__init__(f"close {code}")
        self.code = code


def accept(key):
    return base64.b64encode(hashlib.sha1(key.encode() + _GUID).digest()).decode()


def frame(payload, opcode=BINARY):
    size = len(payload)
    if size < 126:
        return bytes((0x80 | opcode, size)) + payload
    if size < 65536:
        return bytes((0x80 | opcode, 126)) + size.to_bytes(2) + payload
    return bytes((0x80 | opcode, 127)) + size.to_bytes(8) + payload


def close_frame(code=1000):
    return frame(code.to_bytes(2), CLOSE)


class Reader:
    """Frames of a client."""

    def __init__(self):
        self._data = bytearray()

    def feed(self, data):
        """[(opcode, payload)] that are whole now. Raises FrameError after those before it were given."""
        self._data += data
        frames, start = [], 0
        while (found := self._next(start)) is not None:
            opcode, payload, start = found
            frames.append((opcode, payload))
            if opcode is None:
                break
        del self._data[:start]
        return frames

    def _next(self, start):
        """(opcode, payload, end), (None, FrameError, end), or None = not whole yet."""
        data, left = self._data, len(self._data) - start
        if left < 2:
            return None
        opcode, size, head = data[start] & 15, data[start + 1] & 127, 2
        if not data[start + 1] & 128:
            return None, FrameError(1002), len(data)
        if size > 125:
            extra = 2 if size == 126 else 8
            if left < 2 + extra:
                return None
            size, head = int.from_bytes(data[start + 2:start + 2 + extra]), 2 + extra
        if size > MAXIMUM:
            return None, FrameError(0), len(data)
        if left < head + 4 + size:
            return None
        body = start + head + 4
        return opcode, unmasked(data[body:body + size], data[body - 4:body]), body + size


def unmasked(payload, key):
    """XOR with the repeated key, as one big number."""
    if not payload or key == b"\0\0\0\0":
        return bytes(payload)
    size = len(payload)
    pattern = (bytes(key) * (size // 4 + 1))[:size]
    return (int.from_bytes(payload) ^ int.from_bytes(pattern)).to_bytes(size)
