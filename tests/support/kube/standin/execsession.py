# SPDX-License-Identifier: GPL-3.0-or-later
"""One exec: a command in a container, its pipes, its client, and what becomes of the command when the client goes."""
import asyncio
import contextlib
import fcntl
import json
import os
import random
import secrets
import struct
import termios

from . import cells, execstatus, websocket
from .streams import Framer, Outgoing, Pump

PIPE = 256 << 10
STDIN, STDOUT, STDERR, STATUS, RESIZE, CLOSE = 0, 1, 2, 3, 4, 255
# Where a fault happens: exactly at a byte, or at a border of frames.
_AT_BYTE = ("exec-cut", "exec-half-open", "exec-stall")
_AT_FRAME = ("exec-false-success", "exec-polite-close")


_FALSE = ("0", "f", "F", "false", "FALSE", "False", "")


def is_set(request, name):
    """As lenient as the real servers: `yes` is true."""
    return any(value not in _FALSE for value in request.all(name))


class ExecSession:
    def __init__(self, node, run, container, request, protocol, facts):
        self.run, self._node, self._container, self._protocol, self._facts = run, node, container, protocol, facts
        self._command = request.all("command")
        self._wants = {name: is_set(request, name) for name in ("stdin", "stdout", "stderr", "tty")}
        self._framer = Framer(protocol.is_base64)
        self._outgoing = self._cell = self._stdin = self._terminal = None
        self._pumps, self._tasks = [], set()
        self._leaving = asyncio.get_running_loop().create_future()  # (what, rst): why the connection ends early, set once
        early = node.faults.take("exec-lose-early", **facts)
        self._lose = early.get("frames", 1) if early else 0

    # Life

    async def serve(self, reader, writer):
        reader._buffer.clear()  # noqa: what came with the handshake is lost, as on the real servers; there is no public way
        self._outgoing = Outgoing(writer)
        channel = STDOUT if self._wants["stdout"] else STDERR if self._wants["stderr"] and not self._wants["tty"] else STATUS
        await self._outgoing.send(self._framer.message(channel))
        try:
            await self._start()
        except cells.StartFailure as failure:
            return await self._answer_start_failure(str(failure))
        self._set_faults()
        self._spawn(self._read_client(reader))
        self._spawn(self._watch_connection(writer))
        ended = self._spawn(self._pump_out())
        try:
            await asyncio.wait([ended, self._leaving], return_when=asyncio.FIRST_COMPLETED)
            if self._leaving.done():
                await self._leave(reader, *self._leaving.result())
            else:
                await self._answer_exit(ended.result())
        except asyncio.CancelledError:  # the server aborts its connections
            await self._desert("gone")
            raise
        finally:
            await self._end_tasks()
            self._close_descriptors()

    def _spawn(self, work):
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        return task

    async def _end_tasks(self):
        """Before descriptors are closed: the loop must not watch a number that becomes another's."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _part(self, what, rst=False):
        if not self._leaving.done():
            self._leaving.set_result((what, rst))

    def break_off(self, how):
        """The connection ends from our side; see Execs.break_all."""
        runtime = "false-success" if self._protocol.is_v5 else "cut-alive"
        self._part({"rst": "cut", "hang": "half-open", "runtime": runtime}.get(how, how), how == "rst")

    async def _start(self):
        inner = []  # the command's ends
        try:
            if self._wants["tty"]:
                self._terminal, slave = os.openpty()
                os.set_blocking(self._terminal, False)
                inner += [slave, slave, slave]
                self._stdin = os.dup(self._terminal) if self._wants["stdin"] else None
                self._add_pump(os.dup(self._terminal), STDOUT)
            else:
                inner.append(self._make_stdin())
                inner += [self._make_output(name, channel) for name, channel in (("stdout", STDOUT), ("stderr", STDERR))]
            options = self._container.process.options() + (["--terminal"] if self._wants["tty"] else [])
            self._cell = await self._node.cells.enter(self._container.cell, options, self._command, *inner)
        except BaseException:
            self._close_descriptors()
            raise
        finally:
            for descriptor in set(inner) - {self._node.null}:
                os.close(descriptor)

    def _make_stdin(self):
        if not self._wants["stdin"]:
            return self._node.null
        inner, self._stdin = cells.pipe()
        os.set_blocking(self._stdin, False)
        return inner

    def _make_output(self, name, channel):
        if not self._wants[name]:
            return self._node.null
        outer, inner = cells.pipe(PIPE)
        self._add_pump(outer, channel)
        return inner

    def _add_pump(self, descriptor, channel):
        self._pumps.append(Pump(descriptor, channel, self._framer, self._outgoing))

    # To the client

    async def _pump_out(self):
        """Until nobody holds the command's stdout and stderr any more; its exit code."""
        if self._pumps:
            await asyncio.gather(*(pump.run() for pump in self._pumps))
        return await self._cell.wait()

    async def _answer_exit(self, code):
        fault = self._node.faults.take("exec-drop-status", **self._facts)
        if fault:
            if fault.get("close", True):
                await self._outgoing.send(websocket.close_frame())
            return
        if self._protocol.has_json_status:
            await self._send_status(execstatus.exit_status(self._command, code, self._protocol.is_v5))
        elif code != 0:
            await self._send_status(execstatus.exit_text(self._command, code, False).encode())
        await self._outgoing.send(websocket.close_frame())

    async def _answer_start_failure(self, failure):
        exec_id = secrets.token_hex(32)
        if self._protocol.has_json_status:
            await self._send_status(execstatus.start_status(failure, exec_id, self._protocol.is_v5))
        else:
            await self._send_status(execstatus.start_text(failure, exec_id).encode())
        await self._outgoing.send(websocket.close_frame())

    async def _send_status(self, data):
        await self._outgoing.send(self._framer.message(STATUS, data))

    # From the client

    async def _read_client(self, reader):
        frames = websocket.Reader()
        try:
            while data := await reader.read(1 << 18):
                for opcode, payload in frames.feed(data):
                    if opcode is None:
                        return self._part(f"close-{payload.code}")
                    await self._take(opcode, payload)
            self._part("gone")
        except (ConnectionError, TimeoutError):
            self._part("gone")

    async def _take(self, opcode, payload):
        if opcode == websocket.CLOSE:
            self._part("polite")
        elif opcode == websocket.PING:
            await self._outgoing.send(websocket.frame(payload[:125], websocket.PONG))
        elif self._lose > 0:
            self._lose -= 1
        elif opcode != websocket.PONG and (message := self._framer.read(payload)):
            await self._take_message(*message)

    async def _take_message(self, channel, data):
        if channel == STDIN and data and self._stdin is not None:
            await self._write_stdin(data)
        elif channel == CLOSE and self._protocol.is_v5:
            if data[:1] == b"\0":
                self._close_stdin()
            elif data[:1] not in (b"\1", b"\2", b"\3", b"\4"):
                self._part("close-0")
        elif channel == RESIZE and self._terminal is not None:
            with contextlib.suppress(ValueError, KeyError, TypeError, struct.error):
                size = json.loads(data)
                fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", size["Height"], size["Width"], 0, 0))

    async def _write_stdin(self, data):
        """Waits while the command does not read: the client waits then too."""
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self._stdin, rest):]
            except BlockingIOError:
                await cells.writable(self._stdin)
            except OSError:
                return self._close_stdin()  # the command has closed it, or is gone

    def _close_stdin(self):
        if self._stdin is not None:
            os.close(self._stdin)
            self._stdin = None

    async def _watch_connection(self, writer):
        """Sees also a connection that is aborted while nothing is read from it."""
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        self._part("gone")

    # Faults

    def _set_faults(self):
        for kind in (*_AT_BYTE, *_AT_FRAME):
            fault = self._node.faults.take(kind, **self._facts)
            if fault:
                self._spawn(self._trip(kind, fault))
                return

    async def _trip(self, kind, fault):
        low, high = fault["bytes"] if isinstance(fault.get("bytes"), list) else 2 * [fault.get("bytes", 0)]
        if "ms" in fault:
            await asyncio.sleep(fault["ms"] / 1000)
        self._outgoing.hold(random.randint(low, high), kind in _AT_FRAME)
        await self._outgoing.reached.wait()
        if kind == "exec-stall":
            await asyncio.sleep(fault.get("for_ms", 1000) / 1000)
            self._outgoing.release()
        else:
            self._part(kind.removeprefix("exec-"), bool(fault.get("rst")))

    # Leaving

    async def _leave(self, reader, what, rst):
        """`what`: gone, polite, close-CODE (the client's doing); cut, cut-alive, half-open, false-success, polite-close (ours)."""
        if what == "half-open":
            await self._end_tasks()
            await self._hang(reader)
        await self._desert(what)
        self._outgoing.release()
        if what == "close-1002":
            await self._outgoing.send(websocket.close_frame(1002))
        if what == "false-success":
            await self._send_status(execstatus.success())
        if what in ("polite", "polite-close", "false-success") or what.startswith("close-"):
            await self._outgoing.send(websocket.close_frame())
        elif what != "gone":
            await self._outgoing.cut(rst)

    async def _desert(self, what):
        """The command's side of leaving: v4 kills where the connection broke, v5 never does."""
        await self._end_tasks()
        if what in ("gone", "cut", "close-1002", "half-open") and not self._protocol.is_v5:
            self._cell.kill()
        self._abandon()

    async def _hang(self, reader):
        """Until the client is gone or the command has ended: nobody is told or heard."""
        async def swallow():
            with contextlib.suppress(OSError):
                while await reader.read(1 << 18):
                    pass
        swallowing = self._spawn(swallow())
        ended = self._spawn(self._cell.wait())
        await asyncio.wait([swallowing, ended], return_when=asyncio.FIRST_COMPLETED)

    def _abandon(self):
        """The command goes on without us: its stdin is at its end, its output goes nowhere."""
        self._close_stdin()
        pumps, self._pumps = self._pumps, []

        async def drain():
            try:
                await asyncio.gather(*(pump.drain() for pump in pumps))
            finally:
                for pump in pumps:
                    pump.close()
        if pumps:
            self._node.execs.keep(asyncio.ensure_future(drain()))

    def _close_descriptors(self):
        self._close_stdin()
        for pump in self._pumps:
            pump.close()
        self._pumps = []
        if self._terminal is not None:
            os.close(self._terminal)
            self._terminal = None
