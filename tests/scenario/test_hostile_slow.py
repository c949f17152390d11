#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Peers that are slow or stop, all at the same time: each is given up in its own time, with a reason, and honest clients notice nothing.
And crowds of them: who keeps the master waiting makes room."""
import contextlib
import random
import resource
import selectors
import time
import unittest

from harness import HOLD, wait_for
from hostilecase import (CANCEL, DATA, GET, GOAWAY, HEADERS, PING, POST, PREFACE, SETTINGS, WINDOW_UPDATE, HostileCase, call_head, codes_of,
                         frame, frames_of)

DRIP_SECONDS = 5  # between two bytes of those who are slow
LATE = 1.25  # of its time, on a busy machine
PLACES = 1024  # connections of a port at once
MORE = 300
UPLOAD = b"/rpc/upload-artifact?job_id=%s&name=a&sha256=" + b"0" * 64
NOTHING = b""
BUNDLE = 9 << 20


class Slow:
    """One peer: what it says at first, what it says now and then, what it should hear, and after how many seconds."""

    def __init__(self, name, port, first, drip, expected, seconds, reads=True):
        self.name, self.port, self.first, self.drip, self.expected, self.seconds, self.reads = name, port, first, drip, expected, seconds, reads
        self.answer, self.socket, self.began, self.ended = b"", None, 0.0, None

    def is_let_go(self):
        """Who does not read cannot see that the master closed: then no process has the other end of the connection."""
        try:
            ends = [b":%04X" % self.socket.getpeername()[1], b":%04X" % self.socket.getsockname()[1]]
        except OSError:
            return True
        with open("/proc/net/tcp", "rb") as table:
            rows = [row.split() for row in table]
        return all(row[9] == b"0" for row in rows if [row[1][-5:], row[2][-5:]] == ends)


def status(code):
    return lambda answer: answer.startswith(b"HTTP/1.1 %d " % code)


def is_cut(answer):
    return 0 < answer.count(b"HTTP/1.1 200 ") < 5000


def is_cut_off(answer):
    """A part of the bundle, and no end of it."""
    sizes = [len(payload) for kind, _, stream, payload in frames_of(answer) if kind == DATA and stream == 1]
    return 0 < sum(sizes) < BUNDLE and not any(flags & 1 for kind, flags, _, _ in frames_of(answer) if kind == DATA)


def is_silence(answer):
    return answer == b""


def told_408(answer):
    return b'"status":408' in answer.replace(b" ", b"")


class HostileSlow(HostileCase):
    # Its bundle is larger than what the sockets of both ends hold.
    PIPELINES = {"hold": {"danubefile.py": HOLD, "noise": random.Random(5).randbytes(BUNDLE).hex()}}

    def peers(self):
        upload = call_head(UPLOAD % self.job.encode(), self.token)
        bundle = call_head(b"/rpc/source?job_id=" + self.job.encode(), self.token, method=b"\x82")
        zero_window, tiny_window = (frame(SETTINGS, 0, 0, b"\0\4" + size.to_bytes(4)) for size in (0, 100))
        is_reset = lambda answer: CANCEL in codes_of(answer)  # noqa: E731
        wanted = b"GET /metrics HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + self.admin + b"\r\n\r\n"  # some kilobytes each
        ping = frame(PING, 0, 0, bytes(8))
        open_window = frame(SETTINGS, 0, 0, b"\0\4\x7f\xff\xff\xff") + frame(WINDOW_UPDATE, 0, 0, b"\x7f\xff\0\0")
        return [
            *(Slow("heads that never end", "http", GET + b"Host: a\r\nX-", b"a", status(408), 10) for _ in range(200)),
            *(Slow("bodies that never end", "http", POST + b"Content-Length: 1000\r\n\r\n{", b" ", status(408), 30) for _ in range(50)),
            Slow("chunks that never end", "http", POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\n", b" \r\n1\r\n", status(408), 30),
            Slow("a head that never ends", "websocket", GET + b"Host: a\r\nX-", b"a", status(408), 10),
            Slow("a body that never ends", "websocket", POST + b"Content-Length: 1000\r\n\r\n{", b" ", status(408), 30),
            Slow("a client that says nothing", "http", NOTHING, NOTHING, is_silence, 10),
            Slow("a client that asks once and says nothing more", "http", GET + b"Host: a\r\n\r\n", NOTHING, status(200), 60),
            Slow("pipelined requests, no answer read", "http", wanted * 5000, NOTHING, is_cut, 30, reads=False),
            Slow("a peer that says nothing", "rpc", NOTHING, NOTHING, is_silence, 10),
            Slow("a JSON body that trickles", "rpc", PREFACE + frame(HEADERS, 4, 1, call_head(b"/rpc/get-secret", self.token)),
                 frame(DATA, 0, 1, b" "), told_408, 60),
            Slow("an upload that trickles", "rpc", PREFACE + frame(HEADERS, 4, 1, upload), frame(DATA, 0, 1, b"x"), told_408, 60),
            Slow("an answer behind a closed window", "rpc", PREFACE + zero_window + frame(HEADERS, 5, 1, bundle), ping, is_reset, 60),
            Slow("an answer behind a window of 100 bytes", "rpc", PREFACE + tiny_window + frame(HEADERS, 5, 1, bundle), ping, is_reset, 60),
            Slow("an answer behind a window that opens by 300 bytes a minute", "rpc", PREFACE + tiny_window + frame(HEADERS, 5, 1, bundle),
                 frame(WINDOW_UPDATE, 0, 1, b"\0\0\0\x19"), is_reset, 60),
            Slow("a connection that takes nothing", "rpc", PREFACE + open_window + frame(HEADERS, 5, 1, bundle), NOTHING, is_cut_off, 60,
                 reads=False),
            Slow("no answer to any ping", "rpc", PREFACE, NOTHING, lambda answer: len(list(frames_of(answer))) > 1, 60),
        ]

    def test_the_slow_are_given_up(self):
        peers = self.peers()
        with selectors.DefaultSelector() as selector, contextlib.ExitStack() as sockets, \
                self.row(f"{len(peers)} slow peers for a minute", cpu=2, growth=16, pause=1):
            for peer in peers:
                peer.socket, peer.began = sockets.enter_context(self.connect(peer.port)), time.monotonic()
                peer.socket.settimeout(1)
                with contextlib.suppress(TimeoutError, ConnectionError):
                    peer.socket.sendall(peer.first)  # who does not read cannot write for ever
                peer.socket.setblocking(False)
                if peer.reads:
                    selector.register(peer.socket, selectors.EVENT_READ, peer)
            deadline, next_drip = time.monotonic() + 150, time.monotonic() + DRIP_SECONDS
            while any(peer.ended is None for peer in peers) and time.monotonic() < deadline:
                for key, _ in selector.select(1):
                    self.take(selector, key.data)
                for peer in peers:
                    if not peer.reads and peer.ended is None and peer.is_let_go():
                        peer.ended = time.monotonic()
                if time.monotonic() > next_drip:
                    next_drip += DRIP_SECONDS
                    for peer in (key.data for key in selector.get_map().values()):
                        with contextlib.suppress(OSError):
                            peer.socket.send(peer.drip)
            for peer in peers:
                if not peer.reads:  # what it finds when it looks at last
                    peer.socket.settimeout(30)
                    peer.answer = self.hear(peer.socket)
        times = {}
        for peer in peers:
            with self.subTest(peer.name):
                self.assertTrue(peer.expected(peer.answer), (peer.name, peer.answer[:300]))
                self.assertIsNotNone(peer.ended, "given up")
                times.setdefault((peer.name, peer.seconds), []).append(peer.ended - peer.began)
        for (name, seconds), found in times.items():
            print(f"  {name}: given up after {min(found):.1f} to {max(found):.1f} s", flush=True)
            with self.subTest(name):
                self.assertGreater(min(found), seconds - 1)
                self.assertLess(max(found), seconds * LATE + 5)  # the master looks once a second; the times lie far apart
        for reason, count in {"no_preface": 1, "slow_body": 2, "stalled_answer": 3, "stalled": 1, "silent": 1}.items():
            self.assertGreaterEqual(self.refused("rpc", reason), count, reason)
        self.assertGreaterEqual(self.refused("http", 408), 253)

    def take(self, selector, peer):
        """What came of it. It has had enough when the master closes, or answered or reset the call."""
        with contextlib.suppress(BlockingIOError):
            try:
                piece = peer.socket.recv(65536)
            except ConnectionError:
                piece = b""
            peer.answer += piece
            is_over = not piece or (peer.port == "rpc" and peer.drip and peer.expected(peer.answer))
            if is_over:
                peer.ended = time.monotonic()
                selector.unregister(peer.socket)

    # Crowds

    def crowd(self, port, first, is_sent_away, honest):
        """Takes all places and more, comes back when it is sent away, and honest clients ask meanwhile. How many it was told to go."""
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard < 4 * PLACES:
            self.skipTest(f"only {hard} descriptors: the master has fewer places")
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        with self.row(f"{port}, a crowd of {PLACES + MORE} slow peers", cpu=1, growth=32, honest=honest), contextlib.ExitStack() as sockets:
            crowd = []
            for i in range(PLACES + MORE):
                crowd.append(sockets.enter_context(self.connect(port)))
                crowd[-1].sendall(first)
                if i == PLACES:
                    time.sleep(1.5)  # a stranger's own time at the RPC port
            for question in (self.ask_rest, self.ask_rpc) * 5:
                question()
            return sum(is_sent_away(self.heard(client)) for client in crowd)

    @staticmethod
    def heard(client):
        """What has come by now."""
        answer = b""
        client.setblocking(False)
        with contextlib.suppress(BlockingIOError, ConnectionError):
            while piece := client.recv(65536):
                answer += piece
        return answer

    def metric(self, name):
        text = self.master.rest("GET", "/metrics")[1].decode()
        return float(text.split(f"\n{name} ")[1].split()[0])

    def test_a_crowd_of_slow_heads(self):
        def is_sent_away(answer):
            return answer.startswith(b"HTTP/1.1 503 ") and b"\r\nRetry-After: 2\r\n" in answer and b"kept the master waiting" in answer

        before = self.metric("danube_http_displaced_total")
        sent_away = self.crowd("http", GET + b"Host: a\r\nX-", is_sent_away, 1)
        self.assertGreaterEqual(sent_away, MORE)
        self.assertGreaterEqual(self.metric("danube_http_displaced_total") - before, sent_away)

    def test_a_crowd_of_strangers(self):
        def is_sent_away(answer):
            return any(kind == GOAWAY and payload[4:8] == bytes(4) for kind, _, _, payload in frames_of(answer))

        before = self.refused("rpc", "made_room")
        sent_away = self.crowd("rpc", PREFACE + frame(HEADERS, 5, 1, call_head(b"/rpc/get-secret", b"no token")), is_sent_away, 3)
        self.assertGreaterEqual(sent_away, MORE)
        self.assertGreaterEqual(self.refused("rpc", "made_room") - before, sent_away)

    def test_bodies_that_fill_the_memory(self):
        with self.row("http, 120 unfinished bodies of 1 MB", cpu=1, growth=80), contextlib.ExitStack() as sockets:
            bodies = []
            for _ in range(120):
                bodies.append(sockets.enter_context(self.connect("http")))
                bodies[-1].settimeout(10)
                with contextlib.suppress(ConnectionError):
                    bodies[-1].sendall(POST + b"Content-Length: 1000000\r\n\r\n" + b" " * 999_999)
            answers = dict.fromkeys(bodies, b"")
            wait_for(lambda: self.sent_away(answers) >= 120 - 34, "all but the bodies that 32 MiB hold to be sent away")
            self.ask_rest()
        self.assertGreaterEqual(self.refused("http", 503), 120 - 34)
        wait_for(lambda: self.metric("danube_http_connections") < 10, "the bodies to be forgotten")  # the next row measures memory, too

    def sent_away(self, answers):
        for client in answers:
            answers[client] += self.heard(client)
        return sum(answer.startswith(b"HTTP/1.1 503 ") for answer in answers.values())


if __name__ == "__main__":
    unittest.main()
