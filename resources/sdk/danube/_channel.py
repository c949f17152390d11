# SPDX-License-Identifier: GPL-3.0-or-later
"""The socket pair to danube-coordinator: one JSON object a line, answers in any order.

To it: {"id": 1, "call": "run_step", "args": {…}}. From it: {"id": 1, "result": {…}} or {"id": 1, "error": {"code", "message"}}."""
from __future__ import annotations

import itertools
import json
import os
import socket
import threading
from concurrent.futures import Future
from typing import Any

from ._errors import DanubeError

DESCRIPTOR_VARIABLE = "DANUBE_CHANNEL_FD"
_MAX_FRAME = 16 << 20


class Channel:
    """Many calls at once over one socket. Thread-safe."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._ids = itertools.count(1)
        self._write = threading.Lock()
        self._state = threading.Lock()
        self._open: dict[int, Future[dict[str, Any]]] = {}
        self._broken: DanubeError | None = None
        threading.Thread(target=self._read, name="danube-channel", daemon=True).start()

    def call(self, name: str, arguments: dict[str, Any]) -> Future[dict[str, Any]]:
        """The answer as a future; it fails with DanubeError."""
        number = next(self._ids)
        text = json.dumps({"id": number, "call": name, "args": arguments}, ensure_ascii=False)
        try:
            frame = text.encode() + b"\n"
        except UnicodeEncodeError:
            raise ValueError(f"{name}: the arguments must be valid Unicode text") from None
        if len(frame) > _MAX_FRAME:
            raise DanubeError(f"{name}: the call is longer than {_MAX_FRAME >> 20} MiB", "invalid-argument")
        future: Future[dict[str, Any]] = Future()
        with self._state:
            if self._broken:
                raise self._broken
            self._open[number] = future
        try:
            with self._write:
                self._socket.sendall(frame)
        except OSError as error:
            self._fail(DanubeError(f"the coordinator is gone: {error}", "unavailable"))
        return future

    def _read(self) -> None:
        try:
            with self._socket.makefile("rb") as lines:
                for line in lines:
                    self._settle(json.loads(line))
            self._fail(DanubeError("the coordinator is gone", "unavailable"))
        except (OSError, ValueError, KeyError, TypeError) as error:
            self._fail(DanubeError(f"the coordinator is gone: {error}", "unavailable"))

    def _settle(self, frame: dict[str, Any]) -> None:
        with self._state:
            future = self._open.pop(frame["id"], None)
        if future is None or not future.set_running_or_notify_cancel():
            return
        error = frame.get("error")
        if error:
            future.set_exception(DanubeError(error["message"], error["code"]))
        else:
            future.set_result(frame["result"])

    def _fail(self, error: DanubeError) -> None:
        with self._state:
            self._broken = error
            waiting, self._open = list(self._open.values()), {}
        for future in waiting:
            if future.set_running_or_notify_cancel():
                future.set_exception(error)


_channel: Channel | None = None
_opening = threading.Lock()


def call(name: str, arguments: dict[str, Any]) -> Future[dict[str, Any]]:
    """A call to the coordinator this script was started by."""
    global _channel
    with _opening:
        if _channel is None:
            text = os.environ.pop(DESCRIPTOR_VARIABLE, None)
            if text is None:
                raise DanubeError("this is no Danube job: run the file by a pipeline, not by itself", "unavailable")
            connection = socket.socket(fileno=int(text))
            connection.set_inheritable(False)  # the script's own child processes have no business with it
            _channel = Channel(connection)
    return _channel.call(name, arguments)
