# SPDX-License-Identifier: GPL-3.0-or-later
"""Tries, from a pod like a job's, what the egress policy allows and what it forbids, and says what worked.

One argument, JSON: {"allowed": [host, port], "forbidden_name": name, "api_server": [host, port]}. The answer goes to the container's
termination message: {"allowed": bool, "api_server": bool, "code": DNS response code or null, "site": bool}.
"""
import json
import os
import socket
import struct
import sys

SECONDS = 4
ANSWER = "/dev/termination-log"


def connects(host, port):
    try:
        with socket.create_connection((host, port), SECONDS):
            return True
    except OSError:
        return False


def resolver():
    with open("/etc/resolv.conf", encoding="ascii", errors="replace") as file:
        for line in file:
            words = line.split()
            if len(words) > 1 and words[0] == "nameserver":
                return words[1]
    return "127.0.0.1"


def response_code(name):
    """Of one A query, asked of the resolver itself: getaddrinfo() would hide a refusal. None: no answer."""
    labels = b"".join(bytes([len(label)]) + label for label in name.encode("ascii").split(b"."))
    query = struct.pack(">HHHHHH", 0x6461, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", 1, 1)
    for _ in range(2):
        try:
            address = socket.getaddrinfo(resolver(), 53, type=socket.SOCK_DGRAM, flags=socket.AI_NUMERICHOST)[0]
            with socket.socket(address[0], socket.SOCK_DGRAM) as connection:
                connection.settimeout(SECONDS)
                connection.connect(address[4])
                connection.send(query)
                answer = connection.recv(4096)
        except OSError:
            continue
        if len(answer) >= 12 and answer[:2] == query[:2]:
            return answer[3] & 15
    return None


def main():
    asked = json.loads(sys.argv[1])
    host, port = os.environ.get("KUBERNETES_SERVICE_HOST"), os.environ.get("KUBERNETES_SERVICE_PORT")
    api_server = [host, int(port)] if host and port else asked["api_server"]
    code = response_code(asked["forbidden_name"])
    answer = {"allowed": connects(*asked["allowed"]), "api_server": connects(*api_server), "code": code,
              "site": code == 0 and connects(asked["forbidden_name"], 443)}
    with open(ANSWER, "w", encoding="ascii") as file:
        json.dump(answer, file)


main()
