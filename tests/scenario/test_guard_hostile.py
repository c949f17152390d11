#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hostile jobs before danube-guard: what they do costs bounded memory and time, and a well-behaved client beside them is served."""
import contextlib
import os
import pathlib
import resource
import socket
import struct
import sys
import tempfile
import time
import unittest

from harness import PATIENCE, SOURCE, wait_for

sys.path.insert(0, str(SOURCE / "tests/support"))
import guardupstreams as upstreams  # noqa: E402
from guardrig import RESOLVER, GuardRig, Refused, query_of, why_not  # noqa: E402

MOST_MIB = 96  # of the guard at any time, whatever is done to it; idle it has about 20
MOST_CPU = 20  # seconds of the guard for all that a test does to it; counted by the kernel, so that a loaded machine changes little


@unittest.skipIf(why_not(), why_not())
class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536), hard))
        cls.addClassCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        cls.folder = tempfile.TemporaryDirectory(prefix="danube-guard-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.pem = upstreams.certificate(pathlib.Path(cls.folder.name))
        cls.tls = upstreams.Upstream(upstreams.tls(cls.pem))
        cls.echo = upstreams.Upstream(upstreams.echo)
        cls.addClassCleanup(cls.tls.close)
        cls.addClassCleanup(cls.echo.close)

    def rig(self, **config):
        rig = GuardRig(**({"entries": ["allowed.example", "echo.example:7000"], "ports": (80, 443, 7000),
                           "hosts": {"allowed.example": [self.tls.address], "echo.example": [self.echo.address]}} | config))
        self.addCleanup(rig.close)
        self.assertEqual(rig.answer, b"ready\n")
        return rig

    def assert_unharmed(self, rig):
        """An honest client still gets through, and what was done cost the guard bounded memory and time."""
        with upstreams.client_context().wrap_socket(rig.connect("allowed.example", 443), server_hostname="allowed.example") as client:
            self.assertEqual(client.recv(100), b"hello allowed.example")
        memory, cpu = rig.memory_mib("VmHWM"), rig.cpu_seconds()
        print(f"figures: {self.id().rsplit('.', 1)[1]}: {memory:.0f} MiB at most, {cpu:.2f} s of CPU", file=sys.stderr)
        self.assertLess(memory, MOST_MIB * PATIENCE)  # a sanitizer keeps what is freed
        self.assertLess(cpu, MOST_CPU * PATIENCE)

    def sockets(self, rig, count, port, hello=b""):
        address = rig.ask("allowed.example" if port != 7000 else "echo.example")
        made = []
        self.addCleanup(lambda: [each.close() for each in made])
        for _ in range(count):
            each = rig.namespace.socket()
            made.append(each)
            each.settimeout(60)
            try:
                each.connect((address, port))
                each.send(hello)
            except OSError:
                pass  # made room for others already
        return made

    def ends(self, connection):
        """Whether the guard has ended it: an alert, an answer and RST count alike."""
        connection.settimeout(60)
        try:
            while connection.recv(4096):
                pass
        except ConnectionError:
            pass
        return True

    def test_slow_hellos_are_given_up(self):
        rig = self.rig(limits={"hello_ms": 1500})
        clients = self.sockets(rig, 50, 443, b"\x16\x03\x01\x02") + self.sockets(rig, 50, 80, b"GET / HT") + self.sockets(rig, 50, 7000, b"\x16")
        for client in clients:
            self.assertTrue(self.ends(client))
        drip = self.sockets(rig, 1, 443)[0]
        started = time.monotonic()
        with self.assertRaises(OSError):
            for byte in b"\x16\x03\x01\x20\x00\x01\x00\x1f\xfc" + bytes(4000):
                drip.send(bytes([byte]))
                time.sleep(0.05)  # a client's pace, not a wait for the guard
        self.assertLess(time.monotonic() - started, 60)
        self.assert_unharmed(rig)

    def test_garbage_is_refused_at_its_first_bytes(self):
        rig = self.rig()
        before = self.tls.accepted
        for port in (80, 443):
            for client in self.sockets(rig, 100, port, os.urandom(16384).replace(b"\x16", b"\x17").replace(b"G", b"g")):
                self.assertTrue(self.ends(client))
        for client in self.sockets(rig, 100, 443, b"\x16\x03\x01\x40\x00\x01\x00\x7f\xff" + bytes(16377)):
            client.shutdown(socket.SHUT_WR)
            self.assertTrue(self.ends(client))
        self.assertEqual(self.tls.accepted, before)
        self.assert_unharmed(rig)

    def test_ten_thousand_half_open_connections_make_room(self):
        rig = self.rig()
        made = self.sockets(rig, 10_000, 443, b"\x16\x03\x01")
        self.assertEqual(len(made), 10_000)
        wait_for(lambda: rig.stats()["dropped_half_open"] >= 8000, "room made", 60)
        self.assert_unharmed(rig)

    def test_a_thousand_at_once_are_served(self):
        rig = self.rig()
        clients = self.sockets(rig, 1000, 7000, b"hello")
        for number, client in enumerate(clients):
            self.assertEqual(client.recv(5, socket.MSG_WAITALL), b"hello")
            client.sendall(b"%06d" % number)
        for number, client in enumerate(clients):
            self.assertEqual(client.recv(6, socket.MSG_WAITALL), b"%06d" % number)
        self.assertEqual(rig.stats()["connections"], 1000)
        self.assert_unharmed(rig)

    def test_readers_that_do_not_read_hold_no_memory(self):
        rig = self.rig()
        clients = self.sockets(rig, 200, 7000, b"start")
        for client in clients:
            client.setblocking(False)
        sent = 0
        for _ in range(200):
            for client in clients:
                try:
                    sent += client.send(bytes(262144))
                except BlockingIOError:
                    pass
        self.assertGreater(sent, 100 << 20)
        self.assert_unharmed(rig)

    def test_floods_of_queries_are_bounded(self):
        nameserver = upstreams.Nameserver({})
        self.addCleanup(nameserver.close)
        rig = self.rig(mode="audit", resolver=nameserver.address)
        with rig.namespace.socket(udp=True) as flood:
            flood.connect((RESOLVER, 53))
            flood.setblocking(False)

            def is_bounded():
                """Again on a machine that is so slow that the kernel dropped most of it before the guard."""
                for number in range(100_000):
                    with contextlib.suppress(BlockingIOError):
                        flood.send(query_of(f"n{number}.flood.invalid", 1))
                return rig.stats()["dropped_queries"] > 1000
            wait_for(is_bounded, "queries dropped", 60)
        wait_for(lambda: self.answers(rig), "an answer after the flood", 60)
        self.assert_unharmed(rig)
        self.assertLess(rig.flows_file.stat().st_size, 8 << 20)

    def answers(self, rig):
        try:
            return rig.ask("allowed.example", tcp=True)
        except (OSError, Refused, struct.error):
            return None

    def test_loops_and_nonsense_in_queries_cost_nothing(self):
        rig = self.rig()
        loop = struct.pack("!6H", 7, 0x100, 1, 0, 0, 3) + b"\xc0\x0c" + b"\0\x01\0\x01"
        chain = struct.pack("!6H", 7, 0x100, 1, 0, 0, 4) + b"\x01a\0\0\x01\0\x01" + b"\xc0\x13\0\x29\0\0\0\0\0\0\0\0" * 4
        longest = struct.pack("!6H", 7, 0x100, 1, 0, 0, 0) + (b"\x3f" + b"a" * 63) * 60  # a name without end
        forward = struct.pack("!6H", 7, 0x100, 1, 0, 0, 0) + b"".join(b"\xc0" + bytes([14 + 2 * i]) for i in range(100)) + b"\0\1\0\1"
        messages = (loop, chain, longest, forward, bytes(12), bytes(4000), os.urandom(2) + bytes(2) + b"\0\1" + bytes(6) + b"\x3f" * 300)
        with rig.namespace.socket(udp=True) as asking:
            asking.settimeout(60)
            asking.connect((RESOLVER, 53))
            for message in messages:
                asking.send(message)
                self.assertEqual(asking.recv(4096)[3] & 15, 1)
            asking.setblocking(False)
            for number in range(50_000):
                try:
                    asking.send(messages[number % len(messages)])
                except BlockingIOError:
                    pass
        wait_for(lambda: self.answers(rig), "an answer after them", 60)
        self.assert_unharmed(rig)

    def test_clients_of_dns_over_tcp_are_few(self):
        rig = self.rig()
        made = []
        self.addCleanup(lambda: [each.close() for each in made])
        for _ in range(500):
            each = rig.namespace.socket()
            each.connect((RESOLVER, 53))
            each.send(b"\x10")
            made.append(each)
        self.assertTrue(self.ends(made[0]))
        self.assertTrue(rig.ask("allowed.example", tcp=True))
        self.assert_unharmed(rig)


if __name__ == "__main__":
    unittest.main()
