# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays danube-coordinator at the other end of the socket pair."""
import json
import socket
import threading

from danube import _channel

RESULT = {"exit_code": 0, "duration_ms": 5, "outcome": "exited"}


class FakeCoordinator:
    """Answers each call by `answer(name, args)`: a dict is the result, a (code, message) pair an error, None = not now.
    Calls kept back are answered by release(). Use it in a with block."""

    def __init__(self, answer=lambda name, args: RESULT):
        self.answer = answer
        self.calls = []
        self.arrived = threading.Condition()
        self._kept = []
        self._ours, self._theirs = socket.socketpair()

    def __enter__(self):
        _channel._channel = _channel.Channel(self._theirs)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.hang_up()
        self._thread.join(10)
        self._ours.close()
        self._theirs.close()
        _channel._channel = None

    def _serve(self):
        with self._ours.makefile("rb") as lines:
            for line in lines:
                self._take(json.loads(line))

    def _take(self, frame):
        with self.arrived:
            self.calls.append((frame["call"], frame["args"]))
            answer = self.answer(frame["call"], frame["args"])
            if answer is None:
                self._kept.append(frame["id"])
            else:
                self._send(frame["id"], answer)
            self.arrived.notify_all()

    def _send(self, number, answer):
        frame = {"id": number}
        if isinstance(answer, tuple):
            frame["error"] = {"code": answer[0], "message": answer[1]}
        else:
            frame["result"] = answer
        self._ours.sendall(json.dumps(frame).encode() + b"\n")

    def send_raw(self, data):
        self._ours.sendall(data)

    def wait_for(self, count):
        with self.arrived:
            if not self.arrived.wait_for(lambda: len(self.calls) >= count, 10):
                raise AssertionError(f"only {len(self.calls)} of {count} calls came")

    def release(self, answer=RESULT):
        with self.arrived:
            kept, self._kept = self._kept, []
        for number in reversed(kept):  # the last first: order is nobody's right
            self._send(number, answer)

    def hang_up(self):
        try:
            self._ours.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
