# SPDX-License-Identifier: GPL-3.0-or-later
"""The listening socket, TLS, and one task per connection."""
import asyncio
import contextlib
import socket
import ssl

from . import http1

HANDSHAKE_SECONDS = 10
BACKLOG = 512


class Server:
    def __init__(self, app, tls, faults, counts, port=0):
        self._app, self._tls, self._faults, self._counts = app, tls, faults, counts
        self.port = port
        self._socket = self._accepting = None
        self._restarting = asyncio.Lock()
        self._held = []  # accepted, never answered
        self._open = {}  # writer -> task

    async def open(self):
        """Listens on 127.0.0.1; the port stays the same over restarts."""
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self.port))
        listening.listen(BACKLOG)
        listening.setblocking(False)
        self.port = listening.getsockname()[1]
        self._socket = listening
        self._accepting = asyncio.create_task(self._accept(listening))

    async def close(self):
        """Closes the listener and aborts every connection."""
        if self._accepting:
            self._accepting.cancel()
            await asyncio.gather(self._accepting, return_exceptions=True)
        if self._socket:
            self._socket.close()
        self._accepting = self._socket = None
        for held in self._held:
            held.close()
        self._held.clear()
        tasks = list(self._open.values())
        self.abort_all()
        await asyncio.gather(*tasks, return_exceptions=True)

    def abort_all(self):
        """Every connection ends without a word."""
        for writer, task in list(self._open.items()):
            writer.transport.abort()
            task.cancel()

    async def restart(self, seconds):
        async with self._restarting:
            await self.close()
            await asyncio.sleep(seconds)
            await self.open()

    async def _accept(self, listening):
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _ = await loop.sock_accept(listening)
            except OSError:
                await asyncio.sleep(0.05)  # out of descriptors: the clients' own retries wait too
                continue
            self._counts.opened["connection"] += 1
            if self._faults.take("stall-accept"):
                self._held.append(connection)
                continue
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            task = asyncio.create_task(self._secure(connection))
            task.add_done_callback(lambda done: done.cancelled() or done.exception())

    async def _secure(self, connection):
        reader = asyncio.StreamReader(limit=http1.MAX_HEAD)
        protocol = asyncio.StreamReaderProtocol(reader, self._connected)
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: protocol, connection, ssl=self._tls.context, ssl_handshake_timeout=HANDSHAKE_SECONDS)
        except (OSError, ssl.SSLError):
            connection.close()

    async def _connected(self, reader, writer):
        self._open[writer] = asyncio.current_task()
        try:
            while await self._one(reader, writer):
                pass
        except (OSError, EOFError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            del self._open[writer]
            writer.close()

    async def _one(self, reader, writer):
        """One request and its answer; False when the connection ends."""
        try:
            request = await http1.read_request(reader)
            if request is None:
                return False
            await http1.read_body(request, reader, writer)
        except (http1.BadRequest, ValueError) as bad:
            code = getattr(bad, "code", 400)
            body = str(bad).encode()
            writer.write(http1.head_bytes(code, [("Content-Type", "text/plain; charset=utf-8"), ("Connection", "close"),
                                                 ("Content-Length", str(len(body)))]) + body)
            await writer.drain()
            return False
        request.certificate = writer.get_extra_info("peercert")
        response = await self._app.answer(request)
        if response.upgrade:
            response = await self._upgrade(response, request, reader, writer)
            if response is None:
                return False
        self._counts.answered(response.code)
        return await self._write(response, request, reader, writer)

    async def _upgrade(self, response, request, reader, writer):
        """Hands the connection over; returns the answer when the other half refused instead."""
        self._counts.begin("exec")
        try:
            await response.upgrade(request, reader, writer)
            return None
        except self._app.REFUSALS as refusal:
            return self._app.refuse(request, refusal, flow=False)
        finally:
            self._counts.end("exec")

    async def _write(self, response, request, reader, writer):
        if response.stream:
            return await self._stream(response, request, reader, writer)
        data = http1.whole(request, response)
        cut = self._faults.take("truncate", **request.facts())
        writer.write(data[:cut["bytes"]] if cut else data)
        await writer.drain()
        if cut:
            await self._abort_after_flush(writer)
            return False
        return request.keep_alive and not response.close

    async def _abort_after_flush(self, writer):
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    async def _stream(self, response, request, reader, writer):
        """A chunked answer that ends early when the client goes away."""
        pump = asyncio.create_task(self._pump(response, request, writer))
        gone = asyncio.create_task(reader.read(1))
        try:
            await asyncio.wait([pump, gone], return_when=asyncio.FIRST_COMPLETED)
            return pump.done() and not pump.exception() and pump.result() and request.keep_alive and not gone.done()
        finally:
            for task in (pump, gone):
                task.cancel()
            await asyncio.gather(pump, gone, return_exceptions=True)

    async def _pump(self, response, request, writer):
        headers = [*http1.common_headers(request, response), ("Transfer-Encoding", "chunked")]
        writer.write(http1.head_bytes(response.code, headers))
        watching = request.verb == "watch"
        facts = request.facts()
        cut = self._faults.take("watch-cut", **facts) if watching else None
        stall = self._faults.take("watch-stall", **facts) if watching else None
        sent = 0
        await writer.drain()
        async with contextlib.aclosing(response.stream) as pieces:
            async for piece in pieces:
                data = http1.chunk(piece)
                if cut and sent + len(data) > cut.get("bytes", 0):
                    writer.write(data[:max(0, cut.get("bytes", 0) - sent)])
                    await writer.drain()
                    writer.transport.abort()
                    return False
                if stall and sent + len(data) > stall.get("bytes", 0):
                    await asyncio.get_running_loop().create_future()
                sent += len(data)
                writer.write(data)
                await writer.drain()
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        return True
