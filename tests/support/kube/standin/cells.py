# SPDX-License-Identifier: GPL-3.0-or-later
"""danube-cell processes: containers, and commands inside them. No threads: pidfds and pipes on the loop."""
import asyncio
import fcntl
import os
import signal

REPORT = 3  # where the cell writes "pid N" and "failed SENTENCE"
STARTS_AT_ONCE = 8  # more only makes the kernel's mount locks busier


class StartFailure(Exception):
    """The command never ran; the sentence is the cell's."""


class Cell:
    """One started danube-cell. `pid` is the command's process as this PID namespace sees it."""

    def __init__(self, process, pidfd, living):
        self._process, self._pidfd, self._living = process, pidfd, living
        living.add(self)
        self._ended = asyncio.get_running_loop().create_future()
        self.pid = 0
        asyncio.get_running_loop().add_reader(pidfd, self._reap)

    def _reap(self):
        asyncio.get_running_loop().remove_reader(self._pidfd)
        os.close(self._pidfd)
        _, status = os.waitpid(self._process, 0)
        code = os.waitstatus_to_exitcode(status)
        self._living.discard(self)
        self._ended.set_result(code if code >= 0 else 128 - code)

    @property
    def has_ended(self):
        return self._ended.done()

    async def wait(self):
        """The command's exit code, 128 + number for a signal. Of a container: when its last process is gone."""
        return await asyncio.shield(self._ended)

    def terminate(self):
        self._send(signal.SIGTERM)

    def kill(self):
        self._send(signal.SIGUSR1)  # the cell outside makes a SIGKILL of it

    def _send(self, number):
        if not self.has_ended:  # else the pid may be another's
            os.kill(self._process, number)


class Cells:
    """Starts cells with one program."""

    def __init__(self, program):
        self.program, self._gate, self._living = str(program), asyncio.Semaphore(STARTS_AT_ONCE), set()

    async def run(self, options, command, stdin, stdout, stderr):
        """A new container. Raises StartFailure. Descriptors stay the caller's."""
        return await self._owned(self._start("run", options, command, stdin, stdout, stderr))

    async def enter(self, container, options, command, stdin, stdout, stderr):
        """One more process in a running container (its Cell)."""
        options = ["--target", str(container.pid), *options]
        return await self._owned(self._start("exec", options, command, stdin, stdout, stderr))

    async def stop(self, seconds=30):
        """Kills all, and waits until they are gone."""
        deadline = asyncio.get_running_loop().time() + seconds
        while self._living and asyncio.get_running_loop().time() < deadline:
            for cell in self._living:
                cell.kill()
            await asyncio.wait([asyncio.ensure_future(cell.wait()) for cell in self._living], timeout=1)

    async def _owned(self, start):
        """A start that is cancelled half-way leaves no process behind."""
        task = asyncio.ensure_future(start)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.add_done_callback(lambda done: done.exception() or done.result().kill())
            raise

    async def _start(self, verb, options, command, stdin, stdout, stderr):
        async with self._gate:
            readable, writable = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
            try:
                arguments = [self.program, verb, "--parent", str(os.getpid()), "--report", str(REPORT), *options, "--", *command]
                actions = [(os.POSIX_SPAWN_DUP2, source, target)
                           for source, target in ((stdin, 0), (stdout, 1), (stderr, 2), (writable, REPORT))]
                process = os.posix_spawn(self.program, arguments, {}, file_actions=actions)
            except (OSError, ValueError) as error:
                os.close(readable)
                raise StartFailure(f"start danube-cell: {error}") from error
            finally:
                os.close(writable)
            try:
                cell = Cell(process, os.pidfd_open(process), self._living)
                report = await read_all(readable)
            finally:
                os.close(readable)
        for line in report.decode(errors="replace").splitlines():
            word, _, rest = line.partition(" ")
            if word == "failed":
                await cell.wait()
                raise StartFailure(rest)
            cell.pid = int(rest)
        if not cell.pid:
            raise StartFailure(f"danube-cell ended with {await cell.wait()} and without a word")
        return cell


async def readable(descriptor):
    """Waits until a read would not block."""
    loop = asyncio.get_running_loop()
    ready = loop.create_future()
    loop.add_reader(descriptor, lambda: ready.done() or ready.set_result(None))
    try:
        await ready
    finally:
        loop.remove_reader(descriptor)


async def writable(descriptor):
    """Waits until a write would not block, or can only fail."""
    loop = asyncio.get_running_loop()
    ready = loop.create_future()
    loop.add_writer(descriptor, lambda: ready.done() or ready.set_result(None))
    try:
        await ready
    finally:
        loop.remove_writer(descriptor)


async def read_all(descriptor):
    """Everything until EOF, of something small."""
    found = b""
    while True:
        try:
            part = os.read(descriptor, 65536)
        except BlockingIOError:
            await readable(descriptor)
            continue
        if not part:
            return found
        found += part


def pipe(size=None):
    """(read end, write end), both blocking and not inherited; `size` is a wish."""
    ends = os.pipe2(os.O_CLOEXEC)
    if size:
        try:
            fcntl.fcntl(ends[0], fcntl.F_SETPIPE_SZ, size)
        except PermissionError:
            pass  # beyond what this user may have in pipes
    return ends
