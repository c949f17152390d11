#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of egressattacks.py whose guard is the kernel (no route, no listener, no protocol), in a network namespace of its own that
has what the job's has not: routes to the documentation addresses and servers on them. Each must say "reached". Argument: a folder for a
certificate. Nothing leaves the namespace, which has no device but lo."""
import json
import os
import pathlib
import socket
import subprocess
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import egressattacks as attacks  # noqa: E402
import egresshosts as hosts  # noqa: E402
import egressnetwork  # noqa: E402
import guardupstreams as upstreams  # noqa: E402

RANGES = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15", "169.254.169.254/32", "2001:db8::/32", "fd00:ec2::254/128")


def enter():
    user, group = os.getuid(), os.getgid()
    os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)
    for name, text in (("self/setgroups", "deny"), ("self/uid_map", f"0 {user} 1"), ("self/gid_map", f"0 {group} 1"),
                       ("sys/net/ipv4/ping_group_range", "0 0")):
        pathlib.Path("/proc", name).write_text(text)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for each in RANGES:
        subprocess.run(["ip", "-6" if ":" in each else "-4", "route", "add", "local", each, "dev", "lo"], check=True)


def serve_datagrams(port):
    mine = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    mine.bind(("0.0.0.0", port))

    def run():
        while True:
            _, peer = mine.recvfrom(4096)
            mine.sendto(hosts.SECRET, peer)
    threading.Thread(target=run, daemon=True).start()


def serve_streams(port, serve):
    upstream = upstreams.Upstream.__new__(upstreams.Upstream)
    upstream.serve, upstream.accepted = serve, 0
    upstream.listener = socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True)
    threading.Thread(target=upstream.run, daemon=True).start()


def serve_sctp():
    try:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132)
    except OSError:
        return None  # the kernel does not know it, outside as inside
    listener.bind(("0.0.0.0", 443))
    listener.listen(4)
    return listener


def main():
    pem = upstreams.certificate(pathlib.Path(sys.argv[1]))
    enter()
    either = upstreams.tls_or(pem, hosts.tell)
    for port in (443, 9443):
        serve_streams(port, either)
    serve_streams(80, upstreams.http)
    serve_streams(53, hosts.tell)
    for port in (53, 443):
        serve_datagrams(port)
    sctp = serve_sctp()
    egressnetwork.address_of = lambda name, family=socket.AF_INET: "198.18.0.1"
    print(json.dumps(attacks.attempt_all("plain")), flush=True)
    if sctp:
        sctp.close()
    os._exit(0)


main()
