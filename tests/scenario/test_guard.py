#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""danube-guard before a real network namespace: allowed names work as if there were no guard, and nothing else does."""
import json
import pathlib
import signal
import socket
import sys
import tempfile
import unittest

from harness import SOURCE, wait_for

sys.path.insert(0, str(SOURCE / "tests/support"))
import guardupstreams as upstreams  # noqa: E402
from guardrig import A, AAAA, HTTPS, GuardRig, Refused, why_not  # noqa: E402


def read_all(connection):
    received = b""
    while piece := connection.recv(65536):
        received += piece
    return received


@unittest.skipIf(why_not(), why_not())
class Guard(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="danube-guard-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.pem = upstreams.certificate(pathlib.Path(cls.folder.name))
        servers = {"tls": upstreams.Upstream(upstreams.tls(cls.pem)), "tls6": upstreams.Upstream(upstreams.tls(cls.pem), six=True),
                   "http": upstreams.Upstream(upstreams.http), "echo": upstreams.Upstream(upstreams.echo), "greet": upstreams.Upstream(upstreams.greet)}
        for name, server in servers.items():
            setattr(cls, name, server)
            cls.addClassCleanup(server.close)

    def rig(self, *, entries, hosts=None, **config):
        rig = GuardRig(entries=entries, hosts=hosts or {}, **config)
        self.addCleanup(rig.close)
        self.assertEqual(rig.answer, b"ready\n")
        return rig

    def hello(self, connection, name):
        """What the TLS upstream says to a client that names itself so."""
        with upstreams.client_context().wrap_socket(connection, server_hostname=name) as client:
            return client.recv(100)

    def refused_code(self, rig, name, kind=A, **how):
        with self.assertRaises(Refused) as caught:
            rig.ask(name, kind, **how)
        return caught.exception.code

    def test_allowed_names_get_addresses_of_their_own(self):
        rig = self.rig(entries=["allowed.example", "*.allowed.example"], hosts={name: ["127.0.0.1"] for name in
                                                                              ("allowed.example", "a.allowed.example", "b.allowed.example")})
        first = rig.ask("a.allowed.example")
        self.assertTrue(first.startswith("198.18."))
        self.assertEqual(rig.ask("A.Allowed.Example"), first)
        self.assertEqual(rig.ask("a.allowed.example", tcp=True), first)
        self.assertNotEqual(rig.ask("b.allowed.example"), first)
        self.assertTrue(rig.ask("allowed.example", AAAA).startswith("100::"))

    def test_other_names_and_types_are_refused_and_recorded(self):
        rig = self.rig(entries=["allowed.example"], hosts={"allowed.example": ["127.0.0.1"]})
        self.assertEqual(self.refused_code(rig, "forbidden.example"), 5)
        self.assertEqual(self.refused_code(rig, "below.allowed.example", tcp=True), 5)
        for kind in (HTTPS, 64, 16, 255, 33):
            self.assertEqual(self.refused_code(rig, "allowed.example", kind), 5)
        self.assertEqual(self.refused_code(rig, "forbidden.example.danube-jobs.svc.cluster.local"), 3)
        flow = rig.wait_flow("DROPPED", "forbidden.example")
        self.assertIn("would allow it", flow["Summary"])
        self.assertEqual(flow["source"]["pod_name"], "danube-0abcdefghijklmno")

    def test_tls_passes_with_the_name_of_the_address(self):
        for server in (self.tls, self.tls6):
            rig = self.rig(entries=["allowed.example"], hosts={"allowed.example": [server.address]})
            for kind in (A, AAAA):
                self.assertEqual(self.hello(rig.connect("allowed.example", 443, kind), "allowed.example"), b"hello allowed.example")
            rig.wait_flow("FORWARDED", "allowed.example")

    def test_tls_with_another_name_is_refused(self):
        rig = self.rig(entries=["allowed.example", "other.example"], hosts={"allowed.example": [self.tls.address], "other.example": [self.tls.address]})
        before = self.tls.accepted
        for name in ("forbidden.example", "other.example", None):
            with self.assertRaisesRegex(OSError, "ACCESS_DENIED|access denied"):
                self.hello(rig.connect("allowed.example", 443), name)
        rig.wait_flow("DROPPED", "forbidden.example")
        self.assertEqual(self.tls.accepted, before)

    def test_http_passes_with_the_host_of_the_address_only(self):
        rig = self.rig(entries=["allowed.example"], hosts={"allowed.example": [self.http.address]})
        with rig.connect("allowed.example", 80) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: allowed.example\r\n\r\n")
            self.assertIn(b"200 OK", client.recv(4096))
            client.sendall(b"GET / HTTP/1.1\r\nHost: forbidden.example\r\n\r\n")  # kept alive
            with self.assertRaises(ConnectionResetError):
                read_all(client)
        rig.wait_flow("DROPPED", "forbidden.example")
        for request in (b"GET / HTTP/1.1\r\nHost: other.example\r\n\r\n", b"CONNECT forbidden.example:443 HTTP/1.1\r\nHost: allowed.example\r\n\r\n",
                        b"GET http://forbidden.example/ HTTP/1.1\r\nHost: allowed.example\r\n\r\n", b"\x16\x03\x01\x00\x05hello"):
            with rig.connect("allowed.example", 80) as client:
                client.sendall(request)
                self.assertTrue(read_all(client).startswith(b"HTTP/1.1 403 "))

    def test_addresses_that_no_look_up_gave_lead_nowhere(self):
        rig = self.rig(entries=["allowed.example"], hosts={"allowed.example": [self.tls.address]})
        for address in ("198.18.77.77", "100::77:77"):
            with self.assertRaises(OSError):
                self.hello(rig.connect_address(address, 443), "allowed.example")
            rig.wait_flow("DROPPED", address)
        with self.assertRaises(OSError):
            rig.connect_address("192.0.2.1", 443)  # no route out of the namespace

    def test_ports_are_those_of_the_entry(self):
        rig = self.rig(entries=["allowed.example:8443", "web.example"], ports=(80, 443, 8443),
                       hosts={"allowed.example": [self.tls.address], "web.example": [self.tls.address]})
        self.assertEqual(self.hello(rig.connect("allowed.example", 8443), "allowed.example"), b"hello allowed.example")
        for name, port in (("allowed.example", 443), ("web.example", 8443)):
            with self.assertRaises(OSError):
                self.hello(rig.connect(name, port), name)
            self.assertEqual(list(rig.wait_flow("DROPPED", name)["l4"]["TCP"].values()), [port])

    def test_other_protocols_pass_on_ports_of_their_own(self):
        rig = self.rig(entries=["echo.example:7000", "ssh.example:7000", "web.example:7000", "tls.example:7000"], ports=(7000,),
                       hosts={"echo.example": [self.echo.address], "ssh.example": [self.greet.address], "web.example": [self.http.address],
                              "tls.example": [self.tls.address]})
        with rig.connect("ssh.example", 7000) as client:
            self.assertEqual(client.recv(100), b"220 ready\r\n")
            client.sendall(b"\x16 after the server spoke")
            self.assertEqual(client.recv(100), b"\x16 after the server spoke")
        with rig.connect("echo.example", 7000) as client:
            client.sendall(b"SSH-2.0")
            client.shutdown(socket.SHUT_WR)
            self.assertEqual(read_all(client), b"SSH-2.0")
        with rig.connect("web.example", 7000) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: forbidden.example\r\n\r\n")
            self.assertTrue(read_all(client).startswith(b"HTTP/1.1 403 "))
        with self.assertRaises(OSError):
            self.hello(rig.connect("tls.example", 7000), "forbidden.example")

    def test_private_answers_are_refused_unless_the_operator_named_the_host(self):
        table = {"rebound.example": ["127.0.0.1"], "metadata.example": ["169.254.169.254"], "ours.example": ["127.0.0.1"], "six.example": ["::1", "fe80::1"]}
        nameserver = upstreams.Nameserver(table)
        self.addCleanup(nameserver.close)
        rig = self.rig(entries=["*.example", "**.deep.example"], resolver=nameserver.address, private_ok=["ours.example", "metadata.example"])
        for name in ("rebound.example", "metadata.example", "six.example"):
            self.assertEqual(self.refused_code(rig, name), 5)
            self.assertIn("jobs do not reach", rig.wait_flow("DROPPED", name)["Summary"])
        self.assertTrue(rig.ask("ours.example"))
        self.assertEqual(self.refused_code(rig, "missing.example"), 3)
        self.assertNotIn("forbidden.test", nameserver.asked)

    def test_audit_lets_through_and_says_what_enforce_would_refuse(self):
        hosts = {"listed.example": [self.tls.address], "unlisted.example": [self.tls.address], "web.example": [self.http.address]}
        rig = self.rig(entries=["listed.example", "web.example"], mode="audit", hosts=hosts)
        self.assertEqual(self.hello(rig.connect("unlisted.example", 443), "unlisted.example"), b"hello unlisted.example")
        self.assertEqual(self.hello(rig.connect("listed.example", 443), "fronted.example"), b"hello fronted.example")
        with rig.connect("web.example", 80) as client:
            for host in (b"web.example", b"second.example"):
                client.sendall(b"GET / HTTP/1.1\r\nHost: " + host + b"\r\n\r\n")
                self.assertIn(host, client.recv(4096))
        for name in ("unlisted.example", "fronted.example", "second.example"):
            rig.wait_flow("AUDIT", name)
        self.assertFalse([line for line in rig.flows() if line["flow"]["verdict"] == "DROPPED"])

    def test_bytes_and_hosts_are_accounted(self):
        rig = self.rig(entries=["echo.example:7000"], ports=(7000,), hosts={"echo.example": [self.echo.address]})
        sent = bytes(range(256)) * 20000
        with rig.connect("echo.example", 7000) as client:
            client.sendall(sent[:100])
            self.assertEqual(client.recv(100, socket.MSG_WAITALL), sent[:100])
            reader = client.makefile("rb")
            done = []
            import threading
            thread = threading.Thread(target=lambda: done.append(reader.read(len(sent))))
            thread.start()
            client.sendall(sent)
            thread.join(60)
            self.assertEqual(done, [sent])
        self.refused_code(rig, "forbidden.example")
        wait_for(lambda: rig.stats()["sent"] == len(sent) + 100 and rig.stats()["received"] == len(sent) + 100, "bytes accounted")
        self.assertEqual(rig.stats()["hosts"][0] | {"sent": 0, "received": 0},
                         {"host": "echo.example", "port": 7000, "connections": 1, "sent": 0, "received": 0})
        self.assertEqual(rig.stats()["refused_hosts"], [{"host": "forbidden.example", "port": 0, "count": 1}])
        self.assertEqual(rig.end(), 0)
        self.assertEqual(json.loads(rig.usage_file.read_text())["sent"], len(sent) + 100)

    def test_the_coordinator_is_given_connections_to_rpc(self):
        rig = self.rig(entries=[], ports=(80, 9000), rpc=self.echo.address)
        rig.dialer.send(b"dial\n")
        rig.dialer.settimeout(60)
        text, passed, _, _ = rig.dialer.recvmsg(100, socket.CMSG_SPACE(4))
        self.assertEqual(text, b"ok\n")
        with socket.socket(fileno=int.from_bytes(passed[0][2], sys.byteorder)) as rpc:
            self.assertTrue(rpc.getblocking())
            rpc.sendall(b"call")
            self.assertEqual(rpc.recv(4), b"call")
        rig.dialer.send(b"other\n")
        self.assertTrue(rig.dialer.recv(100).startswith(b"error "))
        with rig.connect("master.danube-system", 9000) as client:
            client.sendall(b"PRI")  # HTTP/2's preface goes through: the address is the master's
            client.sendall(b" * HTTP/2.0\r\n\r\nSM\r\n\r\n")
            self.assertEqual(client.recv(24, socket.MSG_WAITALL), b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")

    def test_it_outlives_the_master_and_ends_with_the_job(self):
        rig = self.rig(entries=["allowed.example"], hosts={"allowed.example": [self.tls.address]})
        rig.control.close()
        self.assertEqual(self.hello(rig.connect("allowed.example", 443), "allowed.example"), b"hello allowed.example")
        self.assertEqual(rig.end(), 0)
        terminated = self.rig(entries=[])
        terminated.process.send_signal(signal.SIGTERM)
        self.assertEqual(terminated.process.wait(30), 0)

    def test_bad_configurations_are_refused(self):
        for config in ({"entries": ["https://x"]}, {"mode": "off"}, {"job": "../x"}, {"surprise": 1}, {"rpc": "name:9000"}, {"limits": {"hello_ms": 0}}):
            rig = GuardRig(**config)
            self.addCleanup(rig.close)
            self.assertIn("error", json.loads(rig.answer), config)
            self.assertEqual(rig.process.wait(30), 2)


if __name__ == "__main__":
    unittest.main()
