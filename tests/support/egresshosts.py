# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts of the egress tests, allowed and forbidden ones alike: small servers on this machine, and what a step attacks
(egressattacks.py)."""
import os
import pathlib
import socket
import sys
import tempfile
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import guardupstreams as upstreams  # noqa: E402

SECRET = b"reached\n"


def tell(connection):
    """Whoever gets as far as this has reached it."""
    connection.recv(1000)
    connection.sendall(SECRET)


class UnixServer:
    """Says SECRET to whoever connects; any user may."""

    def __init__(self, address):
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(address)
        if not address.startswith("\0"):
            os.chmod(address, 0o777)
        self.listener.listen(16)
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                connection.sendall(SECRET)

    def close(self):
        self.listener.close()


class UdpServer:
    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                _, peer = self.socket.recvfrom(4096)
                self.socket.sendto(SECRET, peer)
            except OSError:
                return

    def close(self):
        self.socket.close()


class Hosts:
    """`folder` is readable for everybody; `shown` below it is for local.visible_paths."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="danube-hosts-"))
        self.folder.chmod(0o755)
        self.shown = self.folder / "shown"
        self.shown.mkdir()
        self.shown.chmod(0o777)
        (self.shown / "tool").touch()
        (self.shown / "tool").chmod(0o777)
        self.memory = pathlib.Path(tempfile.mkdtemp(prefix="danube-hosts-", dir="/dev/shm"))
        self.memory.chmod(0o755)
        (self.folder / "file").write_bytes(SECRET)
        self.abstract = f"danube-hosts-{os.getpid()}-{id(self)}"
        self.servers = []
        pem = upstreams.certificate(self.folder)
        self.tls = self.keep(upstreams.Upstream(upstreams.tls_or(pem, tell)))
        self.tls6 = self.keep(upstreams.Upstream(upstreams.tls_or(pem, tell), six=True))
        self.http = self.keep(upstreams.Upstream(upstreams.http))
        self.tcp = self.keep(EverywhereUpstream(tell))
        self.tcp6 = self.keep(upstreams.Upstream(tell, six=True))
        self.udp, self.dns = self.keep(UdpServer()), self.keep(UdpServer())
        self.nameserver = self.keep(upstreams.Nameserver({"rebound.test": ["127.0.0.1"], "rebound6.test": ["::1"]}))
        for path in (self.folder / "s", self.shown / "s", self.memory / "s"):
            self.keep(UnixServer(str(path)))
        self.keep(UnixServer("\0" + self.abstract))

    def keep(self, server):
        self.servers.append(server)
        return server

    def mappings(self):
        """local.egress_hosts."""
        tls = [f"{name}={place}" for name in ("tls.allowed.test", "forbidden.test") for place in (self.tls.address, self.tls6.address)]
        # Of no list, but there: a look-up that is let through finds something.
        others = ["deep.tls.allowed.test", "0123456789abcdef." * 3 + "deep.tls.allowed.test", "allowed.test", "version.bind", "1.2.0.192.in-addr.arpa"]
        return [*tls, f"http.allowed.test={self.http.address}", *(f"{name}={self.tls.address}" for name in others)]

    def allowlist(self):
        """Port 8443 is served for another name; what rebound names lead to is no place for jobs."""
        return ["tls.allowed.test", "http.allowed.test", "other.allowed.test:8443", f"rebound.test:{self.tcp.port}", f"rebound6.test:{self.tcp6.port}"]

    def targets(self, master, guard):
        """What egressattacks.py is told."""
        ports = {name: int(master.endpoints[key].rsplit(":", 1)[1]) for name, key in (("rest", "http"), ("rpc", "rpc"))}
        devices = sorted(name for name in os.listdir("/sys/class/net") if name != "lo" and os.path.isdir(f"/sys/class/net/{name}"))
        return ports | {"agent": 1, "device": (devices or ["eth0"])[0], "shown": str(self.shown), "tcp": self.tcp.port, "tcp6": self.tcp6.port, "tls": self.tls.port, "udp": self.udp.port, "dns": self.dns.port,
                        "unix": str(self.folder / "s"), "unix_shm": str(self.memory / "s"), "unix_shown": str(self.shown / "s"),
                        "abstract": self.abstract, "host_network": os.readlink("/proc/self/ns/net"), "host_file": str(self.folder / "file"),
                        "master_key": str(master.data / "master.key"), "guard": guard}

    def close(self):
        for server in self.servers:
            try:
                server.close()
            except OSError:
                pass
        for folder in (self.shown, self.folder, self.memory):
            for path in folder.iterdir():
                if not path.is_dir():
                    path.unlink()
            folder.rmdir() if folder != self.folder else None
        self.folder.rmdir()


class EverywhereUpstream(upstreams.Upstream):
    """On every address of 127.0.0.0/8."""

    def __init__(self, serve):
        self.serve = serve
        self.listener = socket.create_server(("0.0.0.0", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.accepted = 0
        threading.Thread(target=self.run, daemon=True).start()
