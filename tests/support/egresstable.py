# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of egressattacks.py, and what its rows are made of."""
import ctypes
import json
import os
import socket
import ssl
import struct

ROWS = {}
T = json.loads(os.environ.get("TARGETS", "{}"))
RESOLVER = ("127.0.0.53", 53)
A, TXT, AAAA, HTTPS, AXFR, ANY = 1, 16, 28, 65, 252, 255
libc = ctypes.CDLL(None, use_errno=True)


def row(guard):
    def note(function):
        ROWS[function.__name__] = (function, guard)
        return function
    return note


def check(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def tcp(host, port, say=b"hello\n"):
    with socket.create_connection((host, port), timeout=5) as connection:
        connection.sendall(say)
        got = connection.recv(100)
    if not got:
        raise ConnectionError("closed without a word")
    return got


def udp(host, port, say=b"hello", family=socket.AF_INET):
    with socket.socket(family, socket.SOCK_DGRAM) as mine:
        mine.settimeout(2)
        mine.connect((host, port))
        mine.send(say)
        return mine.recv(500)


def unix(path):
    with socket.socket(socket.AF_UNIX) as mine:
        mine.settimeout(3)
        mine.connect(path)
        return mine.recv(100)


def context():
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    return made


def tls(address, sni, port=443, family=0):
    with socket.create_connection((address, port), timeout=5) as raw, context().wrap_socket(raw, server_hostname=sni) as connection:
        return connection.recv(100) or b"a handshake"


def address_of(name, family=socket.AF_INET):
    return socket.getaddrinfo(name, None, family, socket.SOCK_STREAM)[0][4][0]


def http(name, text):
    with socket.create_connection((address_of(name), 80), timeout=5) as connection:
        connection.sendall(text)
        got = connection.recv(1000)
    if not got.startswith(b"HTTP/1.1 200"):
        raise ConnectionError(repr(got[:60]))
    return got


def query(name, kind, over="udp", server=RESOLVER, number=1):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    text = struct.pack("!6H", 7, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!2H", kind, number)
    if over == "udp":
        answer = udp(*server, text)
    else:
        with socket.create_connection(server, timeout=5) as connection:
            connection.sendall(struct.pack("!H", len(text)) + text)
            answer = connection.recv(2000)[2:]
    code, answers = answer[3] & 15, struct.unpack("!H", answer[6:8])[0]
    if code or not answers:
        raise ConnectionError(f"rcode {code}, {answers} answers")
    return answer
