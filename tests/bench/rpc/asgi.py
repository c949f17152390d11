# SPDX-License-Identifier: GPL-3.0-or-later
"""The Python peer of the rpc bench: what get-secret does with its request and no more, without a framework."""
import hmac
import json
import os

AUTHORIZATION = ("Bearer " + os.environ["BENCH_TOKEN"]).encode()
HEADERS = [(b"content-type", b"application/json")]


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    body = b""
    while True:
        event = await receive()
        body += event.get("body", b"")
        if not event.get("more_body"):
            break
    given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    status = 200 if hmac.compare_digest(given, AUTHORIZATION) else 401
    answer = json.dumps({"key": json.loads(body).get("key", ""), "value": "correct horse battery staple"}).encode()
    await send({"type": "http.response.start", "status": status, "headers": [*HEADERS, (b"content-length", str(len(answer)).encode())]})
    await send({"type": "http.response.body", "body": answer})
