#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proxy that one writes in Python: asyncio streams, 64 KiB at a time, no judgement at all. Prints its port."""
import asyncio
import sys


async def pump(reader, writer):
    while piece := await reader.read(65536):
        writer.write(piece)
        await writer.drain()
    writer.write_eof()


async def serve(reader, writer):
    upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", int(sys.argv[1]))
    await asyncio.gather(pump(reader, upstream_writer), pump(upstream_reader, writer))
    upstream_writer.close()
    writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
