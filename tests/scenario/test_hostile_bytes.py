#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hostile bytes on the master's three ports: each is refused with a reason, costs little, and honest clients are served beside it."""
import unittest

from hostilecase import (CONTINUATION, DATA, GET, GOODBYE, HEAD, HEADERS, PING, POST, PREFACE, PRIORITY, PUSH_PROMISE, RST_STREAM,
                         SETTINGS, SETTINGS_SEEN, SMUGGLED, WINDOW_UPDATE, COMPRESSION_ERROR, ENHANCE_YOUR_CALM, FLOW_CONTROL_ERROR,
                         FRAME_SIZE_ERROR, PROTOCOL_ERROR, REFUSED_STREAM, STREAM_CLOSED, HostileCase, call_head, codes_of, field, frame,
                         frames_of)

LENGTH, CHUNKED, OF_HOST = POST + b"Content-Length: ", POST + b"Transfer-Encoding: chunked\r\n\r\n", GET + b"Host: a\r\n"
END = b"\r\n\r\na" + SMUGGLED
SMUGGLING = {  # what two parsers could read in two ways, the status of the only answer
    "CL and TE": (LENGTH + b"4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED, 400),
    "TE and CL": (POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + SMUGGLED, 400),
    "two lengths": (LENGTH + b"0\r\nContent-Length: 5\r\n\r\nabcde" + SMUGGLED, 400),
    "two equal lengths": (LENGTH + b"1\r\nContent-Length: 1" + END, 400),
    "list of lengths": (LENGTH + b"1, 1" + END, 400),
    "length with plus": (LENGTH + b"+1" + END, 400),
    "length with minus": (LENGTH + b"-1" + END, 400),
    "length in hex": (LENGTH + b"0x1" + END, 400),
    "length with blank": (LENGTH + b"1 1" + END, 400),
    "length of 20 digits": (LENGTH + b"18446744073709551617" + END, 400),
    "no length": (LENGTH + END, 400),
    "two codings": (POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + SMUGGLED, 400),
    "chunked twice": (POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED, 400),
    "other coding": (POST + b"Transfer-Encoding: xchunked\r\n\r\n" + SMUGGLED, 400),
    "coding behind a control character": (POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n" + SMUGGLED, 400),
    "coding in HTTP/1.0": (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED, 400),
    "coding list": (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + SMUGGLED, 501),
    "folded header": (OF_HOST + b"X-A: b\r\n c\r\n\r\n" + SMUGGLED, 400),
    "folded coding": (POST + b"X: y\r\n\tTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED, 400),
    "bare LF": (b"GET /health HTTP/1.1\nHost: a\n\n" + SMUGGLED, 400),
    "bare LF in a header": (OF_HOST + b"X: y\nContent-Length: 35\r\n\r\n" + SMUGGLED, 400),
    "bare CR in a header": (OF_HOST + b"X: y\rContent-Length: 35\r\n\r\n" + SMUGGLED, 400),
    "CR CR LF": (GET + b"Host: a\r\r\n\r\n" + SMUGGLED, 400),
    "NUL in a value": (OF_HOST + b"X: \0\r\n\r\n" + SMUGGLED, 400),
    "NUL in a name": (OF_HOST + b"X\0: y\r\n\r\n" + SMUGGLED, 400),
    "space before the colon": (POST + b"Content-Length : 4\r\n\r\n" + SMUGGLED, 400),
    "space before the coding's colon": (POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SMUGGLED, 400),
    "header without a colon": (OF_HOST + b"X\r\n\r\n" + SMUGGLED, 400),
    "chunk size with plus": (CHUNKED + b"+1\r\na\r\n0\r\n\r\n" + SMUGGLED, 400),
    "chunk size with minus": (CHUNKED + b"-1\r\nabc\r\n" + SMUGGLED, 400),
    "chunk size with prefix": (CHUNKED + b"0x1\r\na\r\n0\r\n\r\n" + SMUGGLED, 400),
    "chunk size with blank": (CHUNKED + b"1 \r\na\r\n0\r\n\r\n" + SMUGGLED, 400),
    "chunk size of 65 bits": (CHUNKED + b"10000000000000001\r\na\r\n0\r\n\r\n" + SMUGGLED, 400),
    "chunk longer than told": (CHUNKED + b"1\r\nabc\r\n0\r\n\r\n" + SMUGGLED, 400),
    "chunk with bare LF": (CHUNKED + b"1\na\n0\n\n" + SMUGGLED, 400),
    "bare CR in a chunk extension": (CHUNKED + b"1;x\ry\r\na\r\n0\r\n\r\n" + SMUGGLED, 400),
    "bare LF in a chunk extension": (CHUNKED + b"1;x\ny\r\na\r\n0\r\n\r\n" + SMUGGLED, 400),
    "absolute form": (b"GET http://a/health HTTP/1.1\r\nHost: a\r\n\r\n" + SMUGGLED, 400),
    "absolute form of another host": (b"GET http://b/health HTTP/1.1\r\nHost: a\r\n\r\n" + SMUGGLED, 400),
    "authority in the path": (b"GET //b/health HTTP/1.1\r\nHost: a\r\n\r\n" + SMUGGLED, 400),
    "authority form": (b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n" + SMUGGLED, 501),
    "two hosts": (OF_HOST + b"Host: b\r\n\r\n" + SMUGGLED, 400),
    "no host": (GET + b"\r\n" + SMUGGLED, 400),
    "split target": (b"GET /health\r\nX: y HTTP/1.1\r\nHost: a\r\n\r\n" + SMUGGLED, 400),
    "HTTP/0.9": (b"GET /health\r\n" + SMUGGLED, 400),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
}
TOO_MUCH = {
    "giant chunk": (CHUNKED + b"fffffffff\r\n" + bytes(1000), 413),
    "a million chunks of one byte": (CHUNKED + b"1\r\nx\r\n" * 1_100_000, 413),
    "mostly chunk extensions": (CHUNKED + b"".join(b"1;" + b"e" * 200 + b"\r\nx\r\n" for _ in range(1000)), 400),
    "chunk size of a million zeros": (CHUNKED + b"0" * 1_000_000 + b"1\r\nx\r\n", 400),
    "trailers without end": (CHUNKED + b"0\r\n" + b"a: b\r\n" * 100_000, 400),
    "giant trailer": (CHUNKED + b"0\r\na: " + b"b" * 1_000_000, 431),
    "ten gigabytes promised": (LENGTH + b"10737418240\r\n\r\n" + bytes(1000), 413),
    "100 000 headers": (OF_HOST + b"a: b\r\n" * 100_000, 431),
    "giant header": (OF_HOST + b"X: " + b"x" * 10_000_000, 431),
    "giant target": (b"GET /" + b"x" * 1_000_000, 414),
    "empty lines without end": (b"\r\n" * 100_000, 400),
}

BOMB = HEAD + b"\x40\x01x\x7f\xa1\x1e" + b"b" * 4000 + b"\xbe" * 12_000  # each \xbe is the 4000-byte field once more
CALL = frame(HEADERS, 5, 1, HEAD)
FLOODS = {  # what follows the preface, the error codes that may answer: of GOAWAY, or of RST_STREAM
    "PING flood": (frame(PING, 0, 0, bytes(8)) * 3000, {ENHANCE_YOUR_CALM}),
    "SETTINGS flood": (frame(SETTINGS, 0, 0) * 3000, {ENHANCE_YOUR_CALM}),
    "one giant SETTINGS": (frame(SETTINGS, 0, 0, b"\0\4\0\0\x10\0" * 2700), {ENHANCE_YOUR_CALM}),
    "PRIORITY flood": (frame(PRIORITY, 0, 1, b"\0\0\0\3\x10") * 3000, {ENHANCE_YOUR_CALM}),
    "WINDOW_UPDATE flood": (frame(WINDOW_UPDATE, 0, 0, b"\0\0\0\1") * 3000, {ENHANCE_YOUR_CALM}),
    "window opened by the byte": (frame(SETTINGS, 0, 0, b"\0\4\0\0\0\0") + CALL + frame(WINDOW_UPDATE, 0, 1, b"\0\0\0\1") * 3000, {ENHANCE_YOUR_CALM}),
    "empty DATA flood": (frame(HEADERS, 4, 1, HEAD) + frame(DATA, 0, 1) * 3000, {ENHANCE_YOUR_CALM, STREAM_CLOSED}),
    "rapid reset": (b"".join(frame(HEADERS, 5, 2 * i + 1, HEAD) + frame(RST_STREAM, 0, 2 * i + 1, b"\0\0\0\x08") for i in range(2000)),
                    {ENHANCE_YOUR_CALM}),
    "calls without a token": (b"".join(frame(HEADERS, 5, 2 * i + 1, HEAD) for i in range(3000)), {ENHANCE_YOUR_CALM}),
    "CONTINUATION flood": (frame(HEADERS, 0, 1, HEAD) + frame(CONTINUATION, 0, 1) * 3000, {ENHANCE_YOUR_CALM}),
}
BROKEN = {
    "window overflow": (frame(WINDOW_UPDATE, 0, 0, b"\x7f\xff\xff\xff"), {FLOW_CONTROL_ERROR}),
    "window of nothing": (frame(WINDOW_UPDATE, 0, 0, bytes(4)), {PROTOCOL_ERROR}),
    "initial window overflow": (frame(SETTINGS, 0, 0, b"\0\4\x80\0\0\0"), {FLOW_CONTROL_ERROR}),
    "giant frame": (frame(DATA, 0, 1, bytes(100_000)), {FRAME_SIZE_ERROR}),
    "even stream": (frame(HEADERS, 5, 2, HEAD), {PROTOCOL_ERROR}),
    "promise by a client": (frame(PUSH_PROMISE, 4, 1, b"\0\0\0\2" + HEAD), {PROTOCOL_ERROR}),
    "broken compression": (frame(HEADERS, 5, 1, b"\xff\xff\xff\xff\xff\xff"), {COMPRESSION_ERROR}),
    "compression table of 2 GiB": (frame(HEADERS, 5, 1, b"\x3f\xe1\xff\xff\xff\x07" + HEAD), {COMPRESSION_ERROR}),
    "DATA of no stream": (frame(DATA, 0, 1, b"x"), {PROTOCOL_ERROR, STREAM_CLOSED}),
}
MALFORMED = {  # one call's fields; the stream is reset, the connection may stay
    "path twice": HEAD + b"\x84",
    "no path": b"\x83\x86\x41\x01a",
    "upper case name": HEAD + field(b"X", b"y"),
    "CR and LF in a value": HEAD + field(b"x", b"y\r\nz: 1"),
    "NUL in a value": HEAD + field(b"x", b"y\0z"),
    "Transfer-Encoding": HEAD + field(b"transfer-encoding", b"chunked"),
    "two lengths": HEAD + field(b"content-length", b"1") + field(b"content-length", b"2"),
    "length without body": HEAD + field(b"content-length", b"5"),
    "two authorizations": HEAD + field(b"authorization", b"Bearer a") + field(b"authorization", b"Bearer b"),
    "authorization twice": HEAD + field(b"authorization", b"Bearer a") * 2,
    "two hosts": HEAD + field(b"host", b"a") * 2,
}


class HostileBytes(HostileCase):
    def http1(self, rows, *ports):
        for port in ports:
            for name, (data, status) in rows.items():
                with self.subTest(name, port=port), self.row(f"{port}, {name}"):
                    answer = self.say(port, data)
                    self.assertRegex(answer[:200], b"^HTTP/1.1 %d " % status)
                    self.assertEqual(answer.count(b"HTTP/1.1 "), 1)
                    self.assertIn(b"urn:danube:problem:", answer)

    def test_smuggling(self):
        before = self.refused("http", 400)
        self.http1(SMUGGLING, "http", "websocket")
        expected = 2 * sum(status == 400 for _, status in SMUGGLING.values())
        self.assertEqual(self.refused("http", 400) - before, expected)

    def test_too_much(self):
        self.http1(TOO_MUCH, "http")

    def test_pipelining(self):
        with self.row("http, 2000 pipelined requests"):
            answer = self.say("http", (OF_HOST + b"\r\n") * 2000 + OF_HOST + b"Connection: close\r\n\r\n")
            self.assertEqual(answer.count(b"HTTP/1.1 200 "), 2001)

    def http2(self, rows, reason):
        for name, (data, codes) in rows.items():
            with self.subTest(name):
                before = self.refused("rpc", reason)
                with self.row(f"rpc, {name}"):
                    answer = self.say("rpc", PREFACE + data)
                    self.assertTrue(codes_of(answer) & codes, (codes_of(answer), answer[:200]))
                self.assertEqual(self.refused("rpc", reason), before + 1)

    def test_floods(self):
        self.http2(FLOODS, "flood")

    def test_broken_frames(self):
        self.http2(BROKEN, "protocol")

    def test_unknown_frames_are_skipped(self):
        with self.row("rpc, 300 000 unknown frames"):
            answer = self.say("rpc", PREFACE + frame(0x42, 0, 0, b"abc") * 300_000 + CALL + GOODBYE)
            self.assertEqual(codes_of(answer), set())
            self.assertRegex(answer, rb'"status": ?401')

    def test_malformed_calls(self):
        before = self.refused("rpc", "malformed_call")
        for name, block in MALFORMED.items():
            with self.subTest(name), self.row(f"rpc, {name}"):
                answer = self.say("rpc", PREFACE + frame(HEADERS, 5, 1, block) + GOODBYE)
                self.assertEqual(codes_of(answer), {PROTOCOL_ERROR}, answer[:200])
        self.assertEqual(self.refused("rpc", "malformed_call"), before + len(MALFORMED))

    def test_more_streams_than_allowed(self):
        calls = b"".join(frame(HEADERS, 4, 2 * i + 1, call_head(b"/rpc/get-secret", self.token)) for i in range(200))
        before = self.refused("rpc", "too_many_streams")
        with self.row("rpc, 200 open streams"), self.connect("rpc") as client:
            client.sendall(PREFACE + calls)
            answer = b""
            while sum(kind == RST_STREAM for kind, *_ in frames_of(answer)) < 200 - 128:
                answer += client.recv(65536)
            self.assertEqual(codes_of(answer), {REFUSED_STREAM})
        self.assertEqual(self.refused("rpc", "too_many_streams"), before + 200 - 128)
        with self.row("rpc, 200 open streams against settings it has seen"):
            self.assertEqual(codes_of(self.say("rpc", PREFACE + SETTINGS_SEEN + calls)), {PROTOCOL_ERROR})

    def test_a_header_bomb_is_not_unpacked(self):
        before = self.refused("rpc", "large_head")
        with self.row("rpc, header bomb"):
            answer = self.say("rpc", PREFACE + frame(HEADERS, 5, 1, BOMB[:16_000]) + GOODBYE)
            self.assertEqual(codes_of(answer), set(), "a sound header block")
            self.assertRegex(answer, rb'"status": ?431')
        self.assertEqual(self.refused("rpc", "large_head"), before + 1)

    def test_another_protocol_is_told_so(self):
        before = self.refused("rpc", "not_http2")
        with self.row("rpc, HTTP/1.1 and garbage"):
            self.assertRegex(self.say("rpc", OF_HOST + b"\r\n"), b"^HTTP/1.1 505 ")
            self.assertEqual(self.say("rpc", b"\1" * 100), b"")
        self.assertEqual(self.refused("rpc", "not_http2"), before + 2)


if __name__ == "__main__":
    unittest.main()
