# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP/1.1 on asyncio streams: reading requests, writing answers."""
import asyncio
import dataclasses
import email.utils
import gzip
import http

from .request import Request, parse_target

MAX_HEAD = 1 << 20  # exec puts whole commands into the request line
MAX_BODY = 3 << 20  # as etcd and the API server limit objects
CHUNKED_FROM = 2048  # bodies from here on are answered in chunks, as net/http does when it has to flush
GZIP_FROM = 128 * 1024


class BadRequest(Exception):
    """The bytes are no request; the connection ends with this code."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


@dataclasses.dataclass
class Response:
    code: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: list = dataclasses.field(default_factory=list)
    stream: object = None  # async iterator of bytes instead of a body
    upgrade: object = None  # async function(request, reader, writer) instead of everything
    close: bool = False
    flow: bool = True  # carries the headers of priority and fairness
    refusal: object = None  # the error it was made of


async def read_request(reader):
    """The next request, or None at a clean end."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as end:
        if end.partial.strip():
            raise BadRequest(400, "400 Bad Request") from end
        return None
    except asyncio.LimitOverrunError as long:
        raise BadRequest(431, "431 Request Header Fields Too Large") from long
    lines = head[:-4].decode("latin-1").split("\r\n")
    method, _, rest = lines[0].partition(" ")
    target, _, protocol = rest.rpartition(" ")
    if not protocol.startswith("HTTP/1.") or not target.startswith("/"):
        raise BadRequest(400, "400 Bad Request")
    headers = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise BadRequest(400, "400 Bad Request")
        name, value = name.lower(), value.strip()
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    if protocol == "HTTP/1.1" and "host" not in headers:
        raise BadRequest(400, "400 Bad Request: missing required Host header")
    path, query = parse_target(target)
    request = Request(method, path, query, headers)
    request.keep_alive = protocol == "HTTP/1.1" and "close" not in headers.get("connection", "").lower()
    return request


async def read_body(request, reader, writer):
    """Fills request.body; says 100 Continue when the client waits for it."""
    chunked = "chunked" in request.headers.get("transfer-encoding", "").lower()
    length = request.headers.get("content-length", "0")
    if not length.isdigit():
        raise BadRequest(400, "400 Bad Request")
    if int(length) > MAX_BODY:
        raise BadRequest(413, "413 Request Entity Too Large")
    if request.headers.get("expect", "").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    if not chunked:
        request.body = await reader.readexactly(int(length))
        return
    parts, size = [], 0
    while True:
        line = await reader.readuntil(b"\r\n")
        count = int(line.split(b";")[0], 16)
        size += count
        if size > MAX_BODY:
            raise BadRequest(413, "413 Request Entity Too Large")
        chunk = await reader.readexactly(count + 2)
        if count == 0:
            break
        parts.append(chunk[:-2])
    request.body = b"".join(parts)


def head_bytes(code, headers):
    reason = http.HTTPStatus(code).phrase if code in http.HTTPStatus else ""
    lines = [f"HTTP/1.1 {code} {reason}", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace")


def common_headers(request, response):
    headers = [("Audit-Id", request.audit_id), ("Cache-Control", "no-cache, private")]
    if response.close:
        headers.append(("Connection", "close"))
    if response.content_type:
        headers.append(("Content-Type", response.content_type))
    headers += response.headers
    headers += [("Warning", f'299 - "{text}"') for text in request.warnings]
    if response.flow:
        headers += [("X-Kubernetes-Pf-Flowschema-Uid", "5f0c1d4e-7d0b-4a4c-8f55-0b6d6f2f5d11"),
                    ("X-Kubernetes-Pf-Prioritylevel-Uid", "d2a1e8a4-3b68-4f06-a5c5-0a3f8e0b7c22")]
    return [*headers, ("Date", email.utils.formatdate(usegmt=True))]


def whole(request, response):
    """The complete answer as bytes."""
    body, headers = response.body, common_headers(request, response)
    if len(body) >= GZIP_FROM and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, 1)
        headers += [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
    if request.method == "HEAD":
        return head_bytes(response.code, [*headers, ("Content-Length", str(len(body)))])
    if len(body) < CHUNKED_FROM:
        return head_bytes(response.code, [*headers, ("Content-Length", str(len(body)))]) + body
    chunks = b"".join(chunk(body[i:i + 32768]) for i in range(0, len(body), 32768))
    return head_bytes(response.code, [*headers, ("Transfer-Encoding", "chunked")]) + chunks + b"0\r\n\r\n"


def chunk(data):
    return b"%x\r\n%b\r\n" % (len(data), data)
