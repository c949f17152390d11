# SPDX-License-Identifier: GPL-3.0-or-later
"""What allowed and forbidden names lead to in the guard's tests: small servers on loopback."""
import socket
import ssl
import struct
import subprocess
import threading


class Upstream:
    """One listening socket; `serve(connection)` on a thread for each connection."""

    def __init__(self, serve, six=False):
        self.serve = serve
        self.listener = socket.create_server(("::1" if six else "127.0.0.1", 0), family=socket.AF_INET6 if six else socket.AF_INET, backlog=4096)
        self.port = self.listener.getsockname()[1]
        self.address = f"[::1]:{self.port}" if six else f"127.0.0.1:{self.port}"
        self.accepted = 0
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.accepted += 1
            threading.Thread(target=self.guarded, args=(connection,), daemon=True).start()

    def guarded(self, connection):
        with connection:
            try:
                self.serve(connection)
            except OSError:
                pass

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def echo(connection):
    while received := connection.recv(65536):
        connection.sendall(received)
    connection.shutdown(socket.SHUT_WR)


def greet(connection):
    """Speaks first, as SSH, SMTP and many databases do."""
    connection.sendall(b"220 ready\r\n")
    echo(connection)


def http(connection):
    """Answers each request with its Host; heads only."""
    buffer = b""
    while received := connection.recv(65536):
        buffer += received
        while b"\r\n\r\n" in buffer:
            head, buffer = buffer.split(b"\r\n\r\n", 1)
            host = next(line.split(b":", 1)[1].strip() for line in head.split(b"\r\n") if line.lower().startswith(b"host:")) if b"\r\nhost:" in head.lower() else b""
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(host), host))


def certificate(folder):
    """A key and a certificate for any name, as one file."""
    path = folder / "server.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=any",
                    "-addext", "subjectAltName=DNS:allowed.example,DNS:*.allowed.example", "-keyout", path, "-out", folder / "certificate.pem"],
                   check=True, capture_output=True)
    path.write_text(path.read_text() + (folder / "certificate.pem").read_text())
    return path


def tls(pem):
    """Says "hello <SNI>" over TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    names = {}
    context.sni_callback = lambda server, name, _: names.__setitem__(id(server), name)

    def serve(connection):
        with context.wrap_socket(connection, server_side=True) as server:
            server.sendall(b"hello " + (names.pop(id(server), None) or "").encode())
            server.unwrap()
    return serve


def tls_or(pem, other):
    """TLS for those who begin with it; `other` for the rest."""
    secure = tls(pem)

    def serve(connection):
        (secure if connection.recv(1, socket.MSG_PEEK) == b"\x16" else other)(connection)
    return serve


def client_context():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Nameserver:
    """A resolver that answers A and AAAA from a table {name: [addresses]}; names that are not in it do not exist."""

    def __init__(self, table):
        self.table = table
        self.asked = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                query, peer = self.socket.recvfrom(4096)
            except OSError:
                return
            labels, at = [], 12
            while query[at]:
                labels.append(query[at + 1:at + 1 + query[at]].decode())
                at += 1 + query[at]
            question = query[12:at + 5]
            kind = struct.unpack("!H", query[at + 1:at + 3])[0]
            name = ".".join(labels)
            self.asked.append(name)
            family = socket.AF_INET if kind == 1 else socket.AF_INET6
            found = [socket.inet_pton(family, address) for address in self.table.get(name, []) if (":" in address) == (kind == 28)]
            head = query[:2] + struct.pack("!5H", 0x8180 if name in self.table else 0x8183, 1, len(found), 0, 0)
            records = b"".join(b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(each)) + each for each in found)
            self.socket.sendto(head + question + records, peer)

    def close(self):
        self.socket.close()
