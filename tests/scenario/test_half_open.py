# SPDX-License-Identifier: GPL-3.0-or-later
"""Peers that are gone without a word, as after a lost network: nothing comes from them, not even an acknowledgement. Each kind of
connection is given up within its time, and its place is free again. A socket filter that drops every packet makes such a peer."""
import contextlib
import ctypes
import pathlib
import re
import socket
import struct
import time
import unittest
import urllib.parse

from harness import wait_for
from hostilecase import HEADERS, PREFACE, SETTINGS_SEEN, HostileCase, call_head, frame

SO_ATTACH_FILTER = 26
RETURN = 0x06  # BPF_RET | BPF_K; with 0: none of the packet is taken
LONGEST = 180  # seconds, of limits of 60 that are looked at now and then


def cut_off(client):
    """From now on nothing reaches this socket, and nobody hears of it."""
    program = ctypes.create_string_buffer(struct.pack("HBBI", RETURN, 0, 0, 0))
    client.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HxxxxxxP", 1, ctypes.addressof(program)))


class HalfOpen(HostileCase):
    def count(self, gauge):
        return int(re.search(rf"^{gauge} (\d+)", self.master.rest("GET", "/metrics")[1].decode(), re.M)[1])

    def established(self):
        """Clients' ports of the connections to the RPC port that the kernel has: coordinators come and go as well."""
        port = urllib.parse.urlsplit(self.master.endpoints["rpc"]).port
        rows = (line.split() for line in pathlib.Path(f"/proc/{self.master.process.pid}/net/tcp").read_text().splitlines()[1:])
        return [int(row[2].split(":")[1], 16) for row in rows if row[3] == "01" and int(row[1].split(":")[1], 16) == port]

    def stream(self, path):
        client = self.connect("http")
        self.addCleanup(client.close)
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {self.admin.decode()}\r\n\r\n".encode())
        self.assertTrue(client.recv(65536).startswith(b"HTTP/1.1 200 "))
        return client

    def waiting_call(self):
        client = self.connect("rpc")
        self.addCleanup(client.close)
        body = b'{"job_id":"%s","step_name":"long","command":"sleep 90; echo over"}' % self.job.encode()
        client.sendall(PREFACE + SETTINGS_SEEN + frame(HEADERS, 4, 1, call_head(b"/rpc/run-step", self.token)) + frame(0, 1, 1, body))
        wait_for(lambda: "long" in self.master.steps(self.job), "the step")
        with contextlib.suppress(TimeoutError):  # what came, so that only silence is left
            client.settimeout(0.2)
            client.recv(65536)
        return client

    def test_each_is_given_up(self):
        """All at once, as each takes a minute."""
        streams = self.count("danube_sse_clients")
        silent = self.refused("rpc", "silent")
        peers = [self.stream(f"/api/v1/jobs/{self.job}/logs/stream"), self.stream("/api/v1/events/stream"), self.waiting_call()]
        self.assertEqual(self.count("danube_sse_clients"), streams + 2)
        caller = peers[-1].getsockname()[1]
        self.assertIn(caller, self.established())
        wait_for(lambda: self.count("danube_rpc_connections") == len(self.established()), "the connection to be counted")
        for peer in peers:
            cut_off(peer)
        begun, took = time.monotonic(), {}

        def given_up():
            for name, is_gone in (("streams", self.count("danube_sse_clients") == streams), ("rpc", self.refused("rpc", "silent") > silent)):
                if is_gone:
                    took.setdefault(name, time.monotonic() - begun)
            return len(took) == 2
        try:
            wait_for(given_up, "the half-open to be given up", LONGEST)
        except AssertionError as late:
            raise AssertionError(f"{late}: of them {took}, streams {self.count('danube_sse_clients')} of {streams} before\n{self.master.log()[-3000:]}") from late
        print(f"given up after: {took}", flush=True)
        self.assertGreater(min(took.values()), 20, "given up though it may be a pause of the network")
        self.assertEqual(self.refused("rpc", "silent"), silent + 1)
        self.assertNotIn(caller, self.established())
        wait_for(lambda: self.count("danube_rpc_connections") == len(self.established()), "the connection's place")
        step = self.master.steps(self.job)["long"]
        self.assertEqual(step["state"], "running", "what a vanished caller began goes on")


if __name__ == "__main__":
    unittest.main()
