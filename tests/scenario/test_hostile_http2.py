#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP/2 by the letter, in the order of h2spec's sections, sent by a raw client: what is legal is served, what is not is answered with
the error that RFC 9113 names, and the next call of an honest client is served (docs/hostile.md)."""
import contextlib
import json
import unittest

from hostilecase import (CONTINUATION, DATA, GOAWAY, GOODBYE, HEAD, HEADERS, PING, PREFACE, PRIORITY, PUSH_PROMISE, RST_STREAM, SETTINGS,
                         SETTINGS_SEEN, WINDOW_UPDATE, COMPRESSION_ERROR, FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR, PROTOCOL_ERROR,
                         REFUSED_STREAM, STREAM_CLOSED, HostileCase, call_head, field, frame, frames_of)

END_STREAM, ACK, END_HEADERS, PADDED, WITH_PRIORITY = 1, 1, 4, 8, 0x20
HONEST = 201  # the stream of an honest call that comes last
OPEN, CALL = (frame(HEADERS, flags, 1, HEAD) for flags in (END_HEADERS, END_HEADERS | END_STREAM))  # a stranger's; without a body, or waiting for it
EIGHT = bytes(range(8))


def setting(number, value):
    return number.to_bytes(2) + value.to_bytes(4)


def window(stream, more):
    return frame(WINDOW_UPDATE, 0, stream, more.to_bytes(4))


def dependency(on, is_exclusive=False, weight=16):
    return (on | is_exclusive << 31).to_bytes(4) + bytes((weight - 1,))


# What breaks the connection: GOAWAY with this error, and nothing behind it is answered. A tuple waits in between for the end of stream 1.
BREAKS = {
    "3.4 another preface": (PREFACE.replace(b"SM", b"XM"), None),
    "4.2 DATA larger than was allowed": (OPEN + frame(DATA, 0, 1, bytes(16_385)), FRAME_SIZE_ERROR),
    "4.2 HEADERS larger than were allowed": (frame(HEADERS, END_HEADERS, 1, HEAD + field(b"x", b"y" * 100) * 160), FRAME_SIZE_ERROR),
    "4.3 a header block that ends too early": (frame(HEADERS, END_HEADERS | END_STREAM, 1, b"\x40"), COMPRESSION_ERROR),
    "4.3 PRIORITY within a header block": (frame(HEADERS, 0, 1, HEAD) + frame(PRIORITY, 0, 1, dependency(0)), PROTOCOL_ERROR),
    "4.3 HEADERS of another stream within a header block": (frame(HEADERS, 0, 1, HEAD) + frame(HEADERS, 5, 3, HEAD), PROTOCOL_ERROR),
    "5.1 DATA of an idle stream": (frame(DATA, END_STREAM, 1, b"x"), PROTOCOL_ERROR),
    "5.1 RST_STREAM of an idle stream": (frame(RST_STREAM, 0, 1, bytes(4)), PROTOCOL_ERROR),
    "5.1 WINDOW_UPDATE of an idle stream": (window(1, 100), PROTOCOL_ERROR),
    "5.1 CONTINUATION of an idle stream": (frame(CONTINUATION, END_HEADERS, 1, HEAD), PROTOCOL_ERROR),
    "5.1 DATA behind the end": (CALL + frame(DATA, END_STREAM, 1, b"x"), STREAM_CLOSED),
    "5.1 HEADERS behind the end": (CALL + CALL, STREAM_CLOSED),
    "5.1 CONTINUATION behind the end": (CALL + frame(CONTINUATION, END_HEADERS, 1, HEAD), PROTOCOL_ERROR),
    "5.1 CONTINUATION of a stream that was reset": (OPEN + frame(RST_STREAM, 0, 1, b"\0\0\0\x08") + frame(CONTINUATION, END_HEADERS, 1, HEAD),
                                                    PROTOCOL_ERROR),
    "5.1 CONTINUATION of a stream that was answered": ((CALL, frame(CONTINUATION, END_HEADERS, 1, HEAD)), PROTOCOL_ERROR),
    "5.1.1 an even stream": (frame(HEADERS, 5, 2, HEAD), PROTOCOL_ERROR),
    "5.3.1 HEADERS that depend on themselves": (frame(HEADERS, 5 | WITH_PRIORITY, 1, dependency(1) + HEAD), PROTOCOL_ERROR),
    "5.5 an unknown frame within a header block": (frame(HEADERS, 0, 1, HEAD) + frame(0x42, 0, 1, b"x"), PROTOCOL_ERROR),
    "6.1 DATA of no stream": (frame(DATA, END_STREAM, 0, b"x"), PROTOCOL_ERROR),
    "6.1 more padding than DATA": (OPEN + frame(DATA, PADDED, 1, b"\x06test"), PROTOCOL_ERROR),
    "6.2 HEADERS of no stream": (frame(HEADERS, 5, 0, HEAD), PROTOCOL_ERROR),
    "6.2 more padding than HEADERS": (frame(HEADERS, 5 | PADDED, 1, b"\xff" + HEAD), PROTOCOL_ERROR),
    "6.3 PRIORITY of no stream": (frame(PRIORITY, 0, 0, dependency(0)), PROTOCOL_ERROR),
    "6.3 PRIORITY of 4 bytes": (frame(PRIORITY, 0, 1, bytes(4)), FRAME_SIZE_ERROR),
    "6.4 RST_STREAM of no stream": (frame(RST_STREAM, 0, 0, bytes(4)), PROTOCOL_ERROR),
    "6.4 RST_STREAM of 3 bytes": (OPEN + frame(RST_STREAM, 0, 1, bytes(3)), FRAME_SIZE_ERROR),
    "6.5 an acknowledgement of settings with a payload": (frame(SETTINGS, ACK, 0, setting(3, 100)), FRAME_SIZE_ERROR),
    "6.5 SETTINGS of a stream": (frame(SETTINGS, 0, 1, setting(3, 100)), PROTOCOL_ERROR),
    "6.5 SETTINGS of 3 bytes": (frame(SETTINGS, 0, 0, b"\0\3\0"), FRAME_SIZE_ERROR),
    "6.5 an acknowledgement that nobody asked for": (SETTINGS_SEEN * 2, PROTOCOL_ERROR),
    "6.5.2 push is neither on nor off": (frame(SETTINGS, 0, 0, setting(2, 2)), PROTOCOL_ERROR),
    "6.5.2 an initial window of 2 GiB": (frame(SETTINGS, 0, 0, setting(4, 1 << 31)), FLOW_CONTROL_ERROR),
    "6.5.2 frames smaller than may be": (frame(SETTINGS, 0, 0, setting(5, 16_383)), PROTOCOL_ERROR),
    "6.5.2 frames larger than may be": (frame(SETTINGS, 0, 0, setting(5, 1 << 24)), PROTOCOL_ERROR),
    "6.6 a promise by a client": (OPEN + frame(PUSH_PROMISE, END_HEADERS, 1, b"\0\0\0\2" + HEAD), PROTOCOL_ERROR),
    "6.7 PING of a stream": (frame(PING, 0, 1, EIGHT), PROTOCOL_ERROR),
    "6.7 PING of 6 bytes": (frame(PING, 0, 0, bytes(6)), FRAME_SIZE_ERROR),
    "6.8 GOAWAY of a stream": (frame(GOAWAY, 0, 1, bytes(8)), PROTOCOL_ERROR),
    "6.8 GOAWAY of 4 bytes": (frame(GOAWAY, 0, 0, bytes(4)), FRAME_SIZE_ERROR),
    "6.9 the connection's window opens by nothing": (window(0, 0), PROTOCOL_ERROR),
    "6.9 a stream's window opens by nothing": (OPEN + window(1, 0), PROTOCOL_ERROR),
    "6.9 WINDOW_UPDATE of 3 bytes": (frame(WINDOW_UPDATE, 0, 0, b"\0\0\1"), FRAME_SIZE_ERROR),
    "6.9.1 the connection's window overflows": (window(0, 0x7fffffff), FLOW_CONTROL_ERROR),
    "6.10 DATA behind CONTINUATION": (frame(HEADERS, 0, 1, HEAD) + frame(CONTINUATION, 0, 1) + frame(DATA, 1, 1, b"x"), PROTOCOL_ERROR),
    "6.10 CONTINUATION of no stream": (frame(HEADERS, 0, 1, HEAD) + frame(CONTINUATION, END_HEADERS, 0), PROTOCOL_ERROR),
    "6.10 CONTINUATION behind the block": (OPEN + frame(CONTINUATION, END_HEADERS, 1), PROTOCOL_ERROR),
    "6.10 CONTINUATION behind the last one": (frame(HEADERS, 0, 1, HEAD) + frame(CONTINUATION, END_HEADERS, 1) * 2, PROTOCOL_ERROR),
    "6.10 CONTINUATION behind DATA": (OPEN + frame(DATA, 0, 1, b"x") + frame(CONTINUATION, END_HEADERS, 1), PROTOCOL_ERROR),
    "hpack 2.3.3 an entry that is not there": (frame(HEADERS, 5, 1, HEAD + b"\xc6"), COMPRESSION_ERROR),
    "hpack 2.3.3 a name that is not there": (frame(HEADERS, 5, 1, HEAD + b"\x7f\x07\0"), COMPRESSION_ERROR),
    "hpack 4.2 the table changes behind a field": (frame(HEADERS, 5, 1, HEAD + b"\x21"), COMPRESSION_ERROR),
    "hpack 5.1 a number without end": (frame(HEADERS, 5, 1, HEAD + b"\x7f" + b"\xff" * 12 + b"\x7f"), COMPRESSION_ERROR),
    "hpack 5.2 a byte of padding": (frame(HEADERS, 5, 1, HEAD + b"\0\x85\xf2\xb2\x4a\x84\xff\x84\x49\x50\x9f\xff"), COMPRESSION_ERROR),
    "hpack 5.2 padding of zeros": (frame(HEADERS, 5, 1, HEAD + b"\0\x85\xf2\xb2\x4a\x84\xff\x83\x49\x50\x90"), COMPRESSION_ERROR),
    "hpack 5.2 the symbol that ends strings": (frame(HEADERS, 5, 1, HEAD + b"\0\x85\xf2\xb2\x4a\x84\xff\x87\x49\x51\xff\xff\xff\xfa\x7f"),
                                               COMPRESSION_ERROR),
    "hpack 5.2 a string longer than its block": (frame(HEADERS, 5, 1, HEAD + b"\0\x7f\xff\xff\x03x"), COMPRESSION_ERROR),
    "hpack 6.1 entry 0": (frame(HEADERS, 5, 1, HEAD + b"\x80"), COMPRESSION_ERROR),
    "hpack 6.3 a table larger than was allowed": (frame(HEADERS, 5, 1, b"\x3f\xe2\x1f" + HEAD), COMPRESSION_ERROR),
    "hpack 6.3 a table of 2 GiB": (frame(HEADERS, 5, 1, b"\x3f\xe1\xff\xff\xff\x07" + HEAD), COMPRESSION_ERROR),
}


def head(*fields):
    return frame(HEADERS, 5, 1, b"".join(fields))


METHOD, SCHEME, PATH, AUTHORITY = b"\x83", b"\x86", b"\x84", b"\x41\x01a"  # of HEAD
# What makes one call malformed: RST_STREAM with this error, and the next call of the connection is served.
RESETS = {
    "6.9.1 a stream's window overflows": (OPEN + window(1, 0x7fffffff), FLOW_CONTROL_ERROR),
    "6.9.2 settings make a stream's window overflow": (OPEN + window(1, 0x7fffffff - 65_535) + frame(SETTINGS, 0, 0, setting(4, 65_536)),
                                                       FLOW_CONTROL_ERROR),
    "8.1 trailers that are not the end": (OPEN + frame(DATA, 0, 1, b"x") + frame(HEADERS, END_HEADERS, 1, field(b"x", b"y")), PROTOCOL_ERROR),
    "8.1 a length that the only DATA is not": (frame(HEADERS, 4, 1, HEAD + field(b"content-length", b"1")) + frame(DATA, 1, 1, b"test"), PROTOCOL_ERROR),
    "8.1 a length that all DATA are not": (frame(HEADERS, 4, 1, HEAD + field(b"content-length", b"6")) + frame(DATA, 0, 1, b"test") +
                                           frame(DATA, 1, 1, b"test"), PROTOCOL_ERROR),
    "8.1 a length without a body": (head(HEAD, field(b"content-length", b"5")), PROTOCOL_ERROR),
    "8.1 two lengths": (head(HEAD, field(b"content-length", b"1"), field(b"content-length", b"2")), PROTOCOL_ERROR),
    "8.1 a length that is none": (head(HEAD, field(b"content-length", b"0x1")), PROTOCOL_ERROR),
    "8.2 upper case name": (head(HEAD, field(b"X", b"y")), PROTOCOL_ERROR),
    "8.2 a name with a blank": (head(HEAD, field(b"x y", b"z")), PROTOCOL_ERROR),
    "8.2 a name with a control character": (head(HEAD, field(b"x\x01", b"z")), PROTOCOL_ERROR),
    "8.2 a name with a byte above 127": (head(HEAD, field(b"x\xff", b"z")), PROTOCOL_ERROR),
    "8.2 a name with a colon": (head(HEAD, field(b"x:y", b"z")), PROTOCOL_ERROR),
    "8.2 CR and LF in a value": (head(HEAD, field(b"x", b"y\r\nz: 1")), PROTOCOL_ERROR),
    "8.2 NUL in a value": (head(HEAD, field(b"x", b"y\0z")), PROTOCOL_ERROR),
    "8.2.2 Connection": (head(HEAD, field(b"connection", b"keep-alive")), PROTOCOL_ERROR),
    "8.2.2 Keep-Alive": (head(HEAD, field(b"keep-alive", b"1")), PROTOCOL_ERROR),
    "8.2.2 Proxy-Connection": (head(HEAD, field(b"proxy-connection", b"close")), PROTOCOL_ERROR),
    "8.2.2 Upgrade": (head(HEAD, field(b"upgrade", b"h2c")), PROTOCOL_ERROR),
    "8.2.2 Transfer-Encoding": (head(HEAD, field(b"transfer-encoding", b"chunked")), PROTOCOL_ERROR),
    "8.2.2 TE that is not trailers": (head(HEAD, field(b"te", b"gzip")), PROTOCOL_ERROR),
    "8.3 a pseudo-field that is none": (head(HEAD, field(b":test", b"x")), PROTOCOL_ERROR),
    "8.3 a pseudo-field of answers": (head(HEAD, field(b":status", b"200")), PROTOCOL_ERROR),
    "8.3 a pseudo-field among trailers": (OPEN + frame(HEADERS, 5, 1, field(b":method", b"POST")), PROTOCOL_ERROR),
    "8.3 a pseudo-field behind others": (head(METHOD, SCHEME, field(b"x", b"y"), PATH, AUTHORITY), PROTOCOL_ERROR),
    "8.3.1 an empty path": (head(METHOD, SCHEME, b"\x04\0", AUTHORITY), PROTOCOL_ERROR),
    "8.3.1 a path that begins with no slash": (head(METHOD, SCHEME, b"\x04\x03abc", AUTHORITY), PROTOCOL_ERROR),
    "8.3.1 no method": (head(SCHEME, PATH, AUTHORITY), PROTOCOL_ERROR),
    "8.3.1 no scheme": (head(METHOD, PATH, AUTHORITY), PROTOCOL_ERROR),
    "8.3.1 no path": (head(METHOD, SCHEME, AUTHORITY), PROTOCOL_ERROR),
    "8.3.1 no authority and no host": (head(METHOD, SCHEME, PATH), PROTOCOL_ERROR),
    "8.3.1 method twice": (head(METHOD, HEAD), PROTOCOL_ERROR),
    "8.3.1 scheme twice": (head(SCHEME, HEAD), PROTOCOL_ERROR),
    "8.3.1 path twice": (head(PATH, HEAD), PROTOCOL_ERROR),
    "8.3.1 two hosts": (head(HEAD, field(b"host", b"a") * 2), PROTOCOL_ERROR),
    "8.5 CONNECT with a path": (head(field(b":method", b"CONNECT"), SCHEME, PATH, AUTHORITY), PROTOCOL_ERROR),
    "two authorizations": (head(HEAD, field(b"authorization", b"Bearer a"), field(b"authorization", b"Bearer b")), PROTOCOL_ERROR),
    "authorization twice": (head(HEAD, field(b"authorization", b"Bearer a") * 2), PROTOCOL_ERROR),
}


class HostileHttp2(HostileCase):
    def call(self, stream, headers=END_HEADERS, before=b"", block=b"", pad=b"", body=()):
        """get-secret in legal disguises: `before` the header block in its frame, `block` behind the fields, a frame for each of `body`."""
        text = json.dumps({"job_id": self.job, "key": "PASSWORD"}).encode()
        body = body or (frame(DATA, END_STREAM, stream, text),)
        return frame(HEADERS, headers, stream, before + call_head(b"/rpc/get-secret", self.token) + block + pad) + b"".join(body)

    def talk(self, data):
        """All that is answered; each part but the first is sent when stream 1 has ended."""
        first, *others = data if isinstance(data, tuple) else (data,)
        with self.connect("rpc") as client:
            answer = b""
            with contextlib.suppress(ConnectionError):
                client.sendall(first)
                for part in others:
                    while not any(stream == 1 and (kind == RST_STREAM or flags & END_STREAM) for kind, flags, stream, _ in frames_of(answer)):
                        answer += client.recv(65536)
                    client.sendall(part)
            return answer + self.hear(client)

    @staticmethod
    def with_preface(data, behind):
        first, *others = data if isinstance(data, tuple) else (data,)
        parts = [first if first.startswith(b"PRI") else PREFACE + first, *others]
        parts[-1] += behind
        return tuple(parts)

    @staticmethod
    def errors(answer):
        """Codes of GOAWAY frames, codes of RST_STREAM frames by stream; but for NO_ERROR."""
        frames = list(frames_of(answer))
        goaways = {int.from_bytes(payload[4:8]) for kind, _, _, payload in frames if kind == GOAWAY}
        resets = {stream: int.from_bytes(payload) for kind, _, stream, payload in frames if kind == RST_STREAM and any(payload)}
        return goaways - {0}, resets

    def is_served(self, answer, stream):
        text = b"".join(payload for kind, _, of, payload in frames_of(answer) if kind == DATA and of == stream)
        return self.SECRETS["PASSWORD"].encode() in text

    def test_what_breaks_the_connection(self):
        for name, (data, code) in BREAKS.items():
            reason = "protocol" if code else "not_http2"
            with self.subTest(name):
                before = self.refused("rpc", reason)
                with self.row(f"rpc, {name}"):
                    answer = self.talk(self.with_preface(data, self.call(HONEST)))
                self.assertEqual(self.errors(answer), ({code} if code else set(), {}), answer[:200])
                self.assertFalse(self.is_served(answer, HONEST), "what came behind")
                self.assertEqual(self.refused("rpc", reason), before + 1)

    def test_what_makes_a_call_malformed(self):
        for name, (data, code) in RESETS.items():
            with self.subTest(name):
                before = self.refused("rpc", "malformed_call")
                with self.row(f"rpc, {name}"):
                    answer = self.talk(self.with_preface(data, self.call(HONEST) + GOODBYE))
                self.assertEqual(self.errors(answer), (set(), {1: code}), answer[:200])
                self.assertTrue(self.is_served(answer, HONEST), "the next call")
                self.assertEqual(self.refused("rpc", "malformed_call"), before + 1)

    def legal(self):
        """What must be served, as h2spec's generic part asks, and what a server has to overlook."""
        text = json.dumps({"job_id": self.job, "key": "PASSWORD"}).encode()
        call, cancel = self.call(1), frame(RST_STREAM, 0, 1, b"\0\0\0\x08")
        pieces = [text[at:at + 7] for at in range(0, len(text), 7)]
        of_pieces = [frame(DATA, END_STREAM if piece is pieces[-1] else 0, 1, piece) for piece in pieces]
        block = call_head(b"/rpc/get-secret", self.token)
        in_three = frame(HEADERS, 0, 1, block[:9]) + frame(CONTINUATION, 0, 1, block[9:30]) + frame(CONTINUATION, 4, 1, block[30:])
        body = frame(DATA, END_STREAM, 1, text)
        huffman = b"\x0f\x2b\x89\x25\xa8\x49\xe9\x5b\xb8\xe8\xb4\xbf"  # a value of RFC 7541, appendix C.4
        return {
            "2 PRIORITY of an idle stream": (frame(PRIORITY, 0, 1, dependency(0)) + call, 1),
            "2 WINDOW_UPDATE behind the end": (call + window(1, 100), 1),
            "2 PRIORITY behind the end": (call + frame(PRIORITY, 0, 1, dependency(0)), 1),
            "2 RST_STREAM behind the end": (call + cancel, None),
            "2 PRIORITY of an answered stream": ((call, frame(PRIORITY, 0, 1, dependency(0))), 1),
            "3.1 a body in many DATA frames": (self.call(1, body=of_pieces), 1),
            "3.1 padded DATA": (self.call(1, body=(frame(DATA, END_STREAM | PADDED, 1, b"\x0a" + text + bytes(10)),)), 1),
            "3.2 padded HEADERS": (self.call(1, END_HEADERS | PADDED, b"\x0a", pad=bytes(10)), 1),
            "3.2 HEADERS with a priority": (self.call(1, END_HEADERS | WITH_PRIORITY, dependency(0)), 1),
            "3.2 HEADERS with a priority and padding": (self.call(1, END_HEADERS | WITH_PRIORITY | PADDED, b"\x03" + dependency(5, True), pad=bytes(3)), 1),
            "3.3 PRIORITY of weight 256 that excludes": (frame(PRIORITY, 0, 3, dependency(1, True, 256)) + call, 1),
            "3.3 PRIORITY of a higher idle stream": (frame(PRIORITY, 0, 9, dependency(1)) + call, 1),
            "3.4 RST_STREAM of an open stream": (OPEN + cancel, None),
            "3.9 windows that open": (window(0, 1000) + OPEN + window(1, 1000) + cancel, None),
            "3.10 a header block in three frames": (in_three + body, 1),
            "3.10 CONTINUATION without a byte": (frame(HEADERS, 0, 1, block) + frame(CONTINUATION, 0, 1) * 3 + frame(CONTINUATION, 4, 1) + body, 1),
            "4 trailers": (self.call(1, body=(frame(DATA, 0, 1, text), frame(HEADERS, 5, 1, field(b"x-checked", b"yes")))), 1),
            "5 a field of the static table": (self.call(1, block=b"\x90"), 1),
            "5 literals that are kept": (self.call(1, block=b"\x40\x01x\x01y\xbe\x7a\x01z\xbe\xbf"), 1),
            "5 literals that are not kept, or never": (self.call(1, block=field(b"x", b"y") + b"\x0f\x2b\x01a\x10\x01x\x01y\x1f\x2b\x01a"), 1),
            "5 a Huffman code": (self.call(1, block=huffman), 1),
            "5 the table's size, twice": (frame(HEADERS, 4, 1, b"\x20\x3f\xe1\x1f" + block) + body, 1),
            "4.1 a frame of an unknown type": (frame(0x42, 0xff, 7, EIGHT) + call, 1),
            "4.1 unknown flags": (frame(PING, 0x16, 0, EIGHT) + call, 1),
            "4.1 the reserved bit of a stream's number": (frame(PING, 0, 1 << 31, EIGHT) + call, 1),
            "4.2 a frame as large as may be": (OPEN + frame(DATA, 0, 1, bytes(16_384)) + cancel, None),
            "5.1 DATA of a stream that was reset": (OPEN + cancel + frame(DATA, 1, 1, b"x"), None),
            "5.1 HEADERS of a stream that was reset": (OPEN + cancel + CALL, None),
            "5.1 DATA of a stream that was answered": ((call, frame(DATA, 1, 1, b"x")), 1),
            "5.1 HEADERS of a stream that was answered": ((call, CALL), 1),
            "5.1.1 a lower stream": (frame(HEADERS, 5, 5, HEAD) + frame(HEADERS, 5, 3, HEAD), None),
            "5.3.1 PRIORITY that depends on itself": (frame(PRIORITY, 0, 1, dependency(1)) + call, 1),
            "6.5.2 an unknown setting": (frame(SETTINGS, 0, 0, setting(0xff, 1)) + call, 1),
            "6.7 an answer to no PING": (frame(PING, ACK, 0, EIGHT) + call, 1),
            "7 GOAWAY with an unknown error": (frame(GOAWAY, 0, 0, bytes(4) + b"\0\0\0\xff") + call, 1),
            "7 RST_STREAM with an unknown error": (OPEN + frame(RST_STREAM, 0, 1, b"\0\0\0\xff"), None),
        }

    def test_what_is_legal_is_served(self):
        for name, (data, stream) in self.legal().items():
            with self.subTest(name), self.row(f"rpc, {name}"):
                answer = self.talk(self.with_preface(data, self.call(HONEST) + GOODBYE))
                self.assertEqual(self.errors(answer), (set(), {}), answer[:200])
                self.assertTrue(stream is None or self.is_served(answer, stream))
                self.assertTrue(self.is_served(answer, HONEST), "the next call")

    # What must be answered

    def frames(self, data, kind):
        return [(flags, payload) for each, flags, _, payload in frames_of(self.talk(PREFACE + data + GOODBYE)) if each == kind]

    def test_settings_come_first_and_are_acknowledged(self):
        found = list(frames_of(self.talk(PREFACE + frame(SETTINGS, 0, 0, setting(2, 0)) + GOODBYE)))
        self.assertEqual(found[0][:3], (SETTINGS, 0, 0))
        self.assertEqual(sum(each == (SETTINGS, ACK, 0, b"") for each in found), 2)

    def test_pings_are_answered_with_their_bytes(self):
        self.assertEqual(self.frames(frame(PING, 0, 0, EIGHT) + frame(PING, ACK, 0, bytes(8)) + frame(PING, 0, 0, EIGHT[::-1]), PING),
                         [(ACK, EIGHT), (ACK, EIGHT[::-1])])

    def sizes(self, *parts):
        """Of DATA frames. Behind each part so many frames of its call's answer come, and no more before the answer to a PING."""
        with self.connect("rpc") as client:
            answer, expected = b"", 0
            client.sendall(PREFACE)
            for number, (part, more) in enumerate(parts):
                client.sendall(part)
                expected += more
                while sum(stream == 1 for _, _, stream, _ in frames_of(answer)) < expected:
                    answer += client.recv(65536)
                mark = bytes((number,)) * 8
                client.sendall(frame(PING, 0, 0, mark))
                while not any(kind == PING and payload == mark for kind, _, _, payload in frames_of(answer)):
                    answer += client.recv(65536)
                self.assertEqual(sum(stream == 1 for _, _, stream, _ in frames_of(answer)), expected)
            return [len(payload) for kind, _, _, payload in frames_of(answer) if kind == DATA]

    def test_windows_are_kept(self):
        def initial(size):
            return frame(SETTINGS, 0, 0, setting(4, size))

        self.assertEqual(self.sizes((initial(1) + CALL, 2)), [1], "6.9.1")
        self.assertEqual(self.sizes((frame(SETTINGS, 0, 0, setting(4, 100) + setting(4, 1)) + CALL, 2)), [1], "6.5.3")
        self.assertEqual(self.sizes((initial(0) + CALL, 1), (initial(1), 1)), [1], "6.9.2 larger meanwhile")
        self.assertEqual(self.sizes((initial(3) + CALL, 2), (initial(2) + window(1, 2), 1)), [3, 1], "6.9.2 negative")

    def test_methods(self):
        for method, length in ((b"\x82", True), (field(b":method", b"HEAD"), False), (b"\x83", True)):
            answer = self.talk(PREFACE + frame(HEADERS, 5, 1, call_head(b"/rpc/no-such-call", self.token, method)) + GOODBYE)
            self.assertEqual(self.errors(answer), (set(), {}))
            self.assertTrue(any(kind == HEADERS and stream == 1 for kind, _, stream, _ in frames_of(answer)))
            self.assertEqual(any(kind == DATA and payload for kind, _, _, payload in frames_of(answer)), length)

    def test_more_streams_than_were_allowed(self):
        calls = b"".join(frame(HEADERS, 4, 2 * i + 1, call_head(b"/rpc/get-secret", self.token)) for i in range(200))
        before = self.refused("rpc", "too_many_streams")
        with self.row("rpc, 200 open streams"), self.connect("rpc") as client:
            client.sendall(PREFACE + calls)
            answer = b""
            while sum(kind == RST_STREAM for kind, *_ in frames_of(answer)) < 200 - 128:
                answer += client.recv(65536)
            self.assertEqual(self.errors(answer), (set(), dict.fromkeys(range(2 * 128 + 1, 401, 2), REFUSED_STREAM)))
        self.assertEqual(self.refused("rpc", "too_many_streams"), before + 200 - 128)
        with self.row("rpc, 200 open streams against settings it has seen"):
            self.assertEqual(self.errors(self.talk(PREFACE + SETTINGS_SEEN + calls)), ({PROTOCOL_ERROR}, {}))

    def test_what_is_overlooked_costs_little(self):
        for name, begin, each in (("unknown frames", b"", frame(0x42, 0, 0, b"abc")),
                                  ("frames of DATA for a stream that is over", CALL, frame(DATA, 0, 1, b"abc")),
                                  ("frames of HEADERS for a stream that is over", CALL, frame(HEADERS, 5, 1, HEAD))):
            with self.subTest(name), self.row(f"rpc, 300 000 {name}"):
                answer = self.talk((PREFACE + (begin or CALL), each * 300_000 + self.call(HONEST) + GOODBYE))
                self.assertEqual(self.errors(answer), (set(), {}))
                self.assertTrue(self.is_served(answer, HONEST))


if __name__ == "__main__":
    unittest.main()
