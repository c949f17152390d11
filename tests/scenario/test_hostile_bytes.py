#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hostile bytes on the master's three ports: each is refused with a reason, costs little, and honest clients are served beside it."""
import os
import pathlib
import socket
import struct
import unittest
import urllib.parse

from harness import MasterCase

MOST_GROWTH_MIB = 40  # of the master's peak memory by all rows together; the header bomb alone would be 48 when unpacked
MOST_CPU_SECONDS = 5  # of one row
ENHANCE_YOUR_CALM, FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR, PROTOCOL_ERROR, COMPRESSION_ERROR, REFUSED_STREAM = 11, 3, 6, 1, 9, 7

GET, POST, SMUGGLED = b"GET /health HTTP/1.1\r\n", b"POST /health HTTP/1.1\r\nHost: a\r\n", b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
HTTP1 = {  # what is sent, the status of the only answer
    "CL and TE": (POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED, 400),
    "two lengths": (POST + b"Content-Length: 0\r\nContent-Length: 5\r\n\r\nabcde" + SMUGGLED, 400),
    "folded header": (GET + b"Host: a\r\nX-A: b\r\n c\r\n\r\n" + SMUGGLED, 400),
    "bare LF": (b"GET /health HTTP/1.1\nHost: a\n\n" + SMUGGLED, 400),
    "space before the colon": (POST + b"Content-Length : 4\r\n\r\n" + SMUGGLED, 400),
    "other coding": (POST + b"Transfer-Encoding: xchunked\r\n\r\n" + SMUGGLED, 400),
    "coding list": (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + SMUGGLED, 501),
    "two codings": (POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + SMUGGLED, 400),
    "absolute form": (b"GET http://a/health HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "split target": (b"GET /health\r\nX: y HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "NUL": (GET + b"Host: a\r\nX: \0\r\n\r\n", 400),
    "broken chunk size": (CHUNKED + b"-1\r\nabc\r\n" + SMUGGLED, 400),
    "giant chunk": (CHUNKED + b"fffffffff\r\n" + bytes(1000), 413),
    "mostly chunk extensions": (CHUNKED + b"".join(b"1;" + b"e" * 200 + b"\r\nx\r\n" for _ in range(1000)), 400),
    "ten gigabytes promised": (POST + b"Content-Length: 10737418240\r\n\r\n" + bytes(1000), 413),
    "100 000 headers": (GET + b"Host: a\r\n" + b"a: b\r\n" * 100_000, 431),
    "giant header": (GET + b"Host: a\r\nX: " + b"x" * 10_000_000, 431),
    "giant target": (b"GET /" + b"x" * 1_000_000, 414),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
}


def frame(kind, flags, stream, payload=b""):
    return struct.pack("!I", len(payload))[1:] + bytes((kind, flags)) + struct.pack("!I", stream) + payload


PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0)
HEAD = b"\x83\x86\x84\x41\x01a"  # POST http / a
BOMB = HEAD + b"\x40\x01x\x7f\xa1\x1e" + b"b" * 4000 + b"\xbe" * 12_000  # each \xbe is the 4000-byte field once more
HTTP2 = {  # what follows the preface, the error codes that may answer: of GOAWAY, or of RST_STREAM
    "PING flood": (frame(6, 0, 0, bytes(8)) * 3000, {ENHANCE_YOUR_CALM}),
    "SETTINGS flood": (frame(4, 0, 0) * 3000, {ENHANCE_YOUR_CALM}),
    "PRIORITY flood": (frame(2, 0, 1, b"\0\0\0\3\x10") * 3000, {ENHANCE_YOUR_CALM}),
    "empty DATA flood": (frame(1, 4, 1, HEAD) + frame(0, 0, 1) * 3000, {ENHANCE_YOUR_CALM, 5}),
    "rapid reset": (b"".join(frame(1, 5, 2 * i + 1, HEAD) + frame(3, 0, 2 * i + 1, b"\0\0\0\x08") for i in range(2000)), {ENHANCE_YOUR_CALM}),
    "CONTINUATION flood": (frame(1, 0, 1, HEAD) + frame(9, 0, 1) * 3000, {ENHANCE_YOUR_CALM, PROTOCOL_ERROR, 2}),
    "window overflow": (frame(8, 0, 0, b"\x7f\xff\xff\xff"), {FLOW_CONTROL_ERROR}),
    "window of nothing": (frame(8, 0, 0, bytes(4)), {PROTOCOL_ERROR}),
    "giant frame": (frame(0, 0, 1, bytes(100_000)), {FRAME_SIZE_ERROR}),
    "even stream": (frame(1, 5, 2, HEAD), {PROTOCOL_ERROR}),
    "broken compression": (frame(1, 5, 1, b"\xff\xff\xff\xff\xff\xff"), {COMPRESSION_ERROR}),
    "DATA of no stream": (frame(0, 0, 1, b"x"), {PROTOCOL_ERROR, 5}),
}


def codes_of(answer):
    """Error codes of GOAWAY and RST_STREAM frames but NO_ERROR."""
    found = set()
    while len(answer) >= 9:
        size, kind = int.from_bytes(answer[:3]), answer[3]
        payload, answer = answer[9:9 + size], answer[9 + size:]
        if kind == 7 and len(payload) >= 8:
            found.add(int.from_bytes(payload[4:8]))
        elif kind == 3 and len(payload) == 4:
            found.add(int.from_bytes(payload))
    return found - {0}


class HostileBytes(MasterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.idle = cls.memory()

    @classmethod
    def memory(cls):
        status = pathlib.Path(f"/proc/{cls.master.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) >> 10

    def cpu(self):
        fields = pathlib.Path(f"/proc/{self.master.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def say(self, port, data):
        """All that is answered until the master closes."""
        url = urllib.parse.urlsplit(self.master.endpoints[port])
        answer = b""
        with socket.create_connection((url.hostname, url.port), 60) as client:
            try:
                client.sendall(data)
            except ConnectionError:
                pass  # refused before it took all of it; the answer may have come
            try:
                while piece := client.recv(65536):
                    answer += piece
            except ConnectionError:
                pass
        return answer

    def costs_little(self, name, before):
        used, memory = self.cpu() - before, self.memory()
        print(f"{name}: {used * 1000:.0f} ms CPU, {memory} MiB", flush=True)
        self.assertLess(used, MOST_CPU_SECONDS)
        self.assertLess(memory, self.idle + MOST_GROWTH_MIB)
        self.assertEqual(self.master.rest("GET", "/health")[0], 200)
        self.assertEqual(self.master.rpc("get-secret", {"job_id": "a", "key": "b"})[0], 401)

    def test_http1(self):
        for port in ("http", "websocket"):
            for name, (data, status) in HTTP1.items():
                with self.subTest(name, port=port):
                    before = self.cpu()
                    answer = self.say(port, data)
                    self.assertRegex(answer[:200], b"^HTTP/1.1 %d " % status)
                    self.assertEqual(answer.count(b"HTTP/1.1 "), 1)
                    self.assertIn(b"urn:danube:problem:", answer)
                    self.costs_little(f"{port}, {name}", before)

    def test_http2(self):
        for name, (data, codes) in HTTP2.items():
            with self.subTest(name):
                before = self.cpu()
                answer = self.say("rpc", PREFACE + data)
                self.assertTrue(codes_of(answer) & codes, (codes_of(answer), answer[:200]))
                self.costs_little(f"rpc, {name}", before)

    def test_a_header_bomb_is_not_unpacked(self):
        before = self.cpu()
        answer = self.say("rpc", PREFACE + frame(1, 5, 1, BOMB[:16_000]) + frame(7, 0, 0, bytes(8)))
        self.assertEqual(codes_of(answer), set(), "a sound header block")
        self.assertRegex(answer, rb'"status": ?431')
        self.costs_little("rpc, header bomb", before)

    def test_another_protocol_is_told_so(self):
        self.assertRegex(self.say("rpc", GET + b"Host: a\r\n\r\n"), b"^HTTP/1.1 505 ")
        self.assertEqual(self.say("rpc", b"\1" * 100), b"")

    def test_slow_heads_are_given_up(self):
        url = urllib.parse.urlsplit(self.master.endpoints["http"])
        before, clients = self.cpu(), []
        self.addCleanup(lambda: [each.close() for each in clients])
        for _ in range(200):
            clients.append(socket.create_connection((url.hostname, url.port), 60))
            clients[-1].sendall(GET + b"Host: a\r\nX-")
        self.assertEqual(self.master.rest("GET", "/health")[0], 200)
        for client in clients:
            self.assertRegex(client.recv(4096), b"^HTTP/1.1 408 ")
        self.costs_little("http, 200 slow heads", before)

    def test_refusals_are_counted(self):
        self.say("http", HTTP1["NUL"][0])
        text = self.master.rest("GET", "/metrics")[1].decode()
        self.assertRegex(text, r'danube_http_refused_total\{status="400"\} [1-9]')


if __name__ == "__main__":
    unittest.main()
