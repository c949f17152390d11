# SPDX-License-Identifier: GPL-3.0-or-later
"""A danube-guard with a network namespace before it that has nothing but lo, made by an unprivileged helper process. Sockets of
the namespace are made by the helper and passed out, so a test connects as the job would."""
import array
import ipaddress
import json
import os
import pathlib
import random
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

BIN = pathlib.Path(os.environ["DANUBE_BIN_DIR"])
RESOLVER = "127.0.0.53"
A, AAAA, HTTPS = 1, 28, 65

# The helper: its own user and network namespace; then one socket for each request on stdin's socket.
HELPER = r"""
import array, json, os, socket, subprocess, sys
uid, gid = os.getuid(), os.getgid()
os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)
for name, text in (("setgroups", "deny"), ("uid_map", f"0 {uid} 1"), ("gid_map", f"0 {gid} 1")):
    with open(f"/proc/self/{name}", "w") as file:
        file.write(text)
with open("/proc/sys/net/ipv4/tcp_congestion_control", "w") as file:
    file.write("reno")  # as danube-sandbox does: see server/sandbox/network.h
for command in ("ip link set lo up", "ip route add local 198.18.0.0/15 dev lo", "ip -6 route add local 100::/64 dev lo"):
    subprocess.run(command.split(), check=True)
control = socket.socket(fileno=0)
control.send(b"up")
while request := control.recv(4096):
    want = json.loads(request)
    family = socket.AF_INET6 if want["six"] else socket.AF_INET
    made = socket.socket(family, socket.SOCK_DGRAM if want["udp"] else socket.SOCK_STREAM)
    if want.get("bind"):
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if want["six"]:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind(tuple(want["bind"]))
        if not want["udp"]:
            made.listen(4096)
    control.sendmsg([b"ok"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [made.fileno()]))])
    made.close()
"""


def why_not():
    """Why no namespace can be made here; empty when it can."""
    if not shutil.which("ip"):
        return "no ip(8) here"
    found = subprocess.run([sys.executable, "-c", "import os; os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)"], capture_output=True, check=False)
    return "" if found.returncode == 0 else "the kernel refuses user namespaces here"


class Namespace:
    def __init__(self):
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.process = subprocess.Popen([sys.executable, "-c", HELPER], stdin=theirs)
        theirs.close()
        self.control.settimeout(60)
        self.lock = threading.Lock()
        if self.control.recv(16) != b"up":
            raise RuntimeError("no namespace")

    def socket(self, udp=False, six=False, bind=None):
        with self.lock:
            self.control.send(json.dumps({"udp": udp, "six": six, "bind": bind}).encode())
            _, passed, _, _ = self.control.recvmsg(16, socket.CMSG_SPACE(4))
        return socket.socket(fileno=array.array("i", passed[0][2])[0])

    def close(self):
        self.control.close()
        self.process.wait(30)


class Refused(Exception):
    """A DNS answer without addresses; code 0 = none there, 3 = no such name, 5 = refused."""

    def __init__(self, code):
        super().__init__(f"DNS code {code}")
        self.code = code


def query_of(name, kind, number=None):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label)
    return struct.pack("!6H", number if number is not None else random.randrange(65536), 0x100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!2H", kind, 1)


def address_in(answer, query):
    """The one address of an answer whose records name the question by a pointer."""
    if answer[:2] != query[:2]:
        raise ValueError("answer to another query")
    code, count = answer[3] & 15, struct.unpack("!H", answer[6:8])[0]
    if code or not count:
        raise Refused(code)
    at = len(query) + 10
    length = struct.unpack("!H", answer[at:at + 2])[0]
    return str(ipaddress.ip_address(answer[at + 2:at + 2 + length]))


class GuardRig:
    """`config` overrides members of the first message."""

    def __init__(self, ports=(80, 443), environment=None, **config):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="danube-guard-"))
        self.namespace = Namespace()
        self.flows_file, self.usage_file = self.folder / "flows.jsonl", self.folder / "usage.json"
        self.lifeline, lifeline_end = socket.socketpair()
        self.dialer, dialer_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        make = self.namespace.socket
        passed = [({"kind": "dns-udp"}, make(udp=True, bind=[RESOLVER, 53])), ({"kind": "dns-tcp"}, make(bind=[RESOLVER, 53])),
                  ({"kind": "lifeline"}, lifeline_end), ({"kind": "dialer"}, dialer_end)]
        for port in ports:
            passed.append(({"kind": "tcp", "port": port}, make(bind=["0.0.0.0", port])))
            passed.append(({"kind": "tcp6", "port": port}, make(six=True, bind=["::", port])))
        message = {"job": "0abcdefghijklmno", "pipeline": "web", "mode": "enforce", "entries": [], "flows": str(self.flows_file),
                   "usage": str(self.usage_file)} | config | {"listeners": [kind for kind, _ in passed]}
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.process = subprocess.Popen([BIN / "danube-guard", "serve", "--control-fd", str(theirs.fileno())], pass_fds=[theirs.fileno()],
                                        env=os.environ | (environment or {}))
        theirs.close()
        self.control.settimeout(60)
        descriptors = array.array("i", [each.fileno() for _, each in passed])
        self.control.sendmsg([json.dumps(message).encode()], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)])
        for _, each in passed:
            each.close()
        self.answer = self.control.recv(4096)

    def ask(self, name, kind=A, tcp=False):
        """The address that the name is given; Refused."""
        query = query_of(name, kind)
        with self.namespace.socket(udp=not tcp) as asking:
            asking.settimeout(60)
            asking.connect((RESOLVER, 53))
            if tcp:
                asking.sendall(struct.pack("!H", len(query)) + query)
                stream = asking.makefile("rb")
                return address_in(stream.read(struct.unpack("!H", stream.read(2))[0]), query)
            asking.settimeout(2)  # datagrams get lost: asked again, as resolvers do
            for _ in range(29):
                asking.send(query)
                try:
                    return address_in(asking.recv(4096), query)
                except TimeoutError:
                    continue
            raise TimeoutError(f"no answer for {name}")

    def connect_address(self, address, port):
        made = self.namespace.socket(six=":" in address)
        made.settimeout(60)
        try:
            made.connect((address, port))
        except OSError:
            made.close()
            raise
        return made

    def connect(self, name, port, kind=A):
        return self.connect_address(self.ask(name, kind), port)

    def stats(self):
        self.control.send(b"stats\n")
        return json.loads(self.control.recv(1 << 20))

    def flows(self):
        """Complete lines as written so far."""
        text = self.flows_file.read_text() if self.flows_file.exists() else ""
        return [json.loads(line) for line in text.split("\n")[:-1]]

    def wait_flow(self, verdict, host, seconds=30):
        """The first record with the verdict of the host: a connection's name, a query's, or an address."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for flow in (line["flow"] for line in self.flows() if "flow" in line):
                hosts = flow.get("destination_names", []) + [flow.get("l7", {}).get("dns", {}).get("query", "").rstrip("."),
                                                             flow.get("IP", {}).get("destination", "")]
                if flow["verdict"] == verdict and host in hosts:
                    return flow
            time.sleep(0.05)
        raise AssertionError(f"no flow {verdict} {host} in {self.flows()}")

    def memory_mib(self, field="VmRSS"):
        """VmHWM: the most that it ever had."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(field):
                return int(line.split()[1]) / 1024
        return 0

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self):
        """The job is over: the guard's exit code."""
        self.lifeline.close()
        return self.process.wait(30)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for each in (self.lifeline, self.dialer, self.control):
            each.close()
        self.namespace.close()
        shutil.rmtree(self.folder, ignore_errors=True)
