#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hostile bytes on the master's three ports: each is refused with a reason, costs little, and honest clients are served beside it."""
import unittest

from hostilecase import (CONTINUATION, DATA, GET, GOAWAY, GOODBYE, HEAD, HEADERS, PING, POST, PREFACE, PRIORITY, RST_STREAM, SETTINGS,
                         SMUGGLED, WINDOW_UPDATE, ENHANCE_YOUR_CALM, HostileCase, codes_of, frame, frames_of)

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
FLOODS = {  # what follows the preface; answered by GOAWAY ENHANCE_YOUR_CALM
    "PING flood": frame(PING, 0, 0, bytes(8)) * 3000,
    "SETTINGS flood": frame(SETTINGS, 0, 0) * 3000,
    "one giant SETTINGS": frame(SETTINGS, 0, 0, b"\0\4\0\0\x10\0" * 2700),
    "PRIORITY flood": frame(PRIORITY, 0, 1, b"\0\0\0\3\x10") * 3000,
    "WINDOW_UPDATE flood": frame(WINDOW_UPDATE, 0, 0, b"\0\0\0\1") * 3000,
    "window opened by the byte": frame(SETTINGS, 0, 0, b"\0\4\0\0\0\0") + CALL + frame(WINDOW_UPDATE, 0, 1, b"\0\0\0\1") * 3000,
    "empty DATA flood": frame(HEADERS, 4, 1, HEAD) + frame(DATA, 0, 1) * 3000,
    "rapid reset": b"".join(frame(HEADERS, 5, 2 * i + 1, HEAD) + frame(RST_STREAM, 0, 2 * i + 1, b"\0\0\0\x08") for i in range(2000)),
    "calls without a token": b"".join(frame(HEADERS, 5, 2 * i + 1, HEAD) for i in range(3000)),
    "CONTINUATION flood": frame(HEADERS, 0, 1, HEAD) + frame(CONTINUATION, 0, 1) * 3000,
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
        self.http1(TOO_MUCH, "http", "websocket")

    def test_pipelining(self):
        for port in ("http", "websocket"):
            with self.subTest(port), self.row(f"{port}, 2000 pipelined requests"):
                answer = self.say(port, (OF_HOST + b"\r\n") * 2000 + OF_HOST + b"Connection: close\r\n\r\n")
                self.assertEqual(answer.count(b"HTTP/1.1 200 "), 2001)

    def test_floods(self):
        for name, data in FLOODS.items():
            with self.subTest(name):
                before = self.refused("rpc", "flood")
                with self.row(f"rpc, {name}"):
                    answer = self.say("rpc", PREFACE + data)
                    goaways = {payload[4:8] for kind, _, _, payload in frames_of(answer) if kind == GOAWAY}
                    self.assertEqual(goaways, {ENHANCE_YOUR_CALM.to_bytes(4)}, answer[:200])
                self.assertEqual(self.refused("rpc", "flood"), before + 1)

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
