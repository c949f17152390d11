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

from harness import HOLD
from hostilecase import (CANCEL, DATA, GET, HEADERS, PING, POST, PREFACE, SETTINGS, WINDOW_UPDATE, HostileCase, call_head, codes_of,
                         frame, frames_of)

DRIP_SECONDS = 5  # between two bytes of those who are slow
PLACES = 1024  # connections of a port at once
UPLOAD = b"/rpc/upload-artifact?job_id=%s&name=a&sha256=" + b"0" * 64
NOTHING = b""
BUNDLE = 9 << 20


class Slow:
    """One peer: what it says at first, what it says now and then, and what it should hear."""

    def __init__(self, name, port, first, drip, expected, reads=True):
        self.name, self.port, self.first, self.drip, self.expected, self.reads = name, port, first, drip, expected, reads
        self.answer, self.socket, self.began, self.ended = b"", None, 0.0, 0.0


def status(code):
    return lambda answer: answer.startswith(b"HTTP/1.1 %d " % code)


def is_cut(answer):
    return 0 < answer.count(b"HTTP/1.1 200 ") < 5000


def is_cut_off(answer):
    """A part of the bundle, and no end of it."""
    sizes = [len(payload) for kind, _, stream, payload in frames_of(answer) if kind == DATA and stream == 1]
    return 0 < sum(sizes) < BUNDLE and not any(flags & 1 for kind, flags, _, _ in frames_of(answer) if kind == DATA)


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
            *(Slow("heads that never end", "http", GET + b"Host: a\r\nX-", b"a", status(408)) for _ in range(200)),
            *(Slow("bodies that never end", "http", POST + b"Content-Length: 1000\r\n\r\n{", b" ", status(408)) for _ in range(50)),
            Slow("chunks that never end", "http", POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\n", b" \r\n1\r\n", status(408)),
            Slow("a client that says nothing", "http", NOTHING, NOTHING, lambda answer: answer == b""),
            Slow("pipelined requests, no answer read", "http", wanted * 5000, NOTHING, is_cut, reads=False),
            Slow("a peer that says nothing", "rpc", NOTHING, NOTHING, lambda answer: answer == b""),
            Slow("a JSON body that trickles", "rpc", PREFACE + frame(HEADERS, 4, 1, call_head(b"/rpc/get-secret", self.token)),
                 frame(DATA, 0, 1, b" "), told_408),
            Slow("an upload that trickles", "rpc", PREFACE + frame(HEADERS, 4, 1, upload), frame(DATA, 0, 1, b"x"), told_408),
            Slow("an answer behind a closed window", "rpc", PREFACE + zero_window + frame(HEADERS, 5, 1, bundle), ping, is_reset),
            Slow("an answer behind a window of 100 bytes", "rpc", PREFACE + tiny_window + frame(HEADERS, 5, 1, bundle), ping, is_reset),
            Slow("a connection that takes nothing", "rpc", PREFACE + open_window + frame(HEADERS, 5, 1, bundle), NOTHING, is_cut_off, reads=False),
            Slow("no answer to any ping", "rpc", PREFACE, NOTHING, lambda answer: len(list(frames_of(answer))) > 1),
        ]

    def test_the_slow_are_given_up(self):
        peers = self.peers()
        with selectors.DefaultSelector() as selector, contextlib.ExitStack() as sockets, \
                self.row(f"{len(peers)} slow peers for a minute", pause=1):
            for peer in peers:
                peer.socket, peer.began = sockets.enter_context(self.connect(peer.port)), time.monotonic()
                peer.socket.settimeout(1)
                with contextlib.suppress(TimeoutError, ConnectionError):
                    peer.socket.sendall(peer.first)  # who does not read cannot write for ever
                peer.socket.setblocking(False)
                if peer.reads:
                    selector.register(peer.socket, selectors.EVENT_READ, peer)
            deadline, next_drip = time.monotonic() + 150, time.monotonic() + DRIP_SECONDS
            while selector.get_map() and time.monotonic() < deadline:
                for key, _ in selector.select(1):
                    self.take(selector, key.data)
                if time.monotonic() > next_drip:
                    next_drip += DRIP_SECONDS
                    for peer in (key.data for key in selector.get_map().values()):
                        with contextlib.suppress(OSError):
                            peer.socket.send(peer.drip)
            time.sleep(2)  # the master looks once a second
            for peer in peers:
                if not peer.reads:  # what it finds when it looks at last
                    peer.socket.settimeout(30)
                    peer.answer = self.hear(peer.socket)
        seconds = {}
        for peer in peers:
            with self.subTest(peer.name):
                self.assertTrue(peer.expected(peer.answer), (peer.name, peer.answer[:300]))
                if peer.reads:
                    seconds.setdefault(peer.name, []).append(peer.ended - peer.began)
        for name, times in seconds.items():
            print(f"  {name}: given up after {min(times):.0f} to {max(times):.0f} s", flush=True)
        for reason, count in {"no_preface": 1, "slow_body": 2, "stalled_answer": 2, "stalled": 1, "silent": 1}.items():
            self.assertGreaterEqual(self.refused("rpc", reason), count, reason)
        self.assertGreaterEqual(self.refused("http", 408), 251)

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

    def crowd(self, port, first, reason_of_room):
        """Takes all places and more, comes back when it is sent away, and honest clients ask meanwhile."""
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard < 4 * PLACES:
            self.skipTest(f"only {hard} descriptors: the master has fewer places")
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        with self.row(f"{port}, a crowd of {PLACES + 300} slow peers", growth=80), contextlib.ExitStack() as sockets:
            for i in range(PLACES + 300):
                client = sockets.enter_context(self.connect(port))
                client.sendall(first)
                if i == PLACES:
                    time.sleep(1.5)  # a stranger's own time at the RPC port
            for question in (self.ask_rest, self.ask_rpc) * 5:
                question()
        self.assertGreater(reason_of_room(), 0)

    def displaced(self):
        text = self.master.rest("GET", "/metrics")[1].decode()
        return float(text.split("\ndanube_http_displaced_total ")[1].split()[0])

    def test_a_crowd_of_slow_heads(self):
        self.crowd("http", GET + b"Host: a\r\nX-", self.displaced)

    def test_a_crowd_of_strangers(self):
        self.crowd("rpc", PREFACE + frame(HEADERS, 5, 1, call_head(b"/rpc/get-secret", b"no token")), lambda: self.refused("rpc", "made_room"))

    def test_bodies_that_fill_the_memory(self):
        with self.row("http, 120 unfinished bodies of 1 MB", growth=64), contextlib.ExitStack() as sockets:
            for _ in range(120):
                client = sockets.enter_context(self.connect("http"))
                client.settimeout(10)
                with contextlib.suppress(ConnectionError):
                    client.sendall(POST + b"Content-Length: 1000000\r\n\r\n" + b" " * 999_999)
            self.ask_rest()
        self.assertGreater(self.refused("http", 503), 0)


if __name__ == "__main__":
    unittest.main()
