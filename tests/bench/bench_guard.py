# SPDX-License-Identifier: GPL-3.0-or-later
"""guard: one job's bytes and connections through danube-guard, beside the same client and server without anything between them
and beside a proxy in Python that judges nothing. Two bare relays (splice and copy, no judgement, one connection) show what any
process between two loopback connections costs on this machine: an upper bound, where the cores are fewer than the processes."""
import os
import pathlib
import resource
import socket
import ssl
import statistics
import subprocess
import sys
import time

import measure

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "support"))
from guardrig import GuardRig, why_not  # noqa: E402

MIB = 1 << 20
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_of(process):
    """Seconds of user and system time so far."""
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def hello_file(folder, name):
    """What a TLS client sends first."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ssl.create_default_context().wrap_bio(incoming, outgoing, server_hostname=name)
    try:
        client.do_handshake()
    except ssl.SSLWantReadError:
        pass
    path = folder / "hello"
    path.write_bytes(outgoing.read())
    return path


class Site:
    """The far ends, the guard before them, and the Python proxy beside it."""

    def __init__(self, programs):
        self.client = programs / "bench_guardclient"
        self.sink = self.start(programs / "bench_guardserver", "sink")
        self.answer = self.start(programs / "bench_guardserver", "answer")
        self.python = self.start(sys.executable, HERE / "guard/pythonproxy.py", str(self.sink.port))
        self.relays = {f"{how} relay": self.start(programs / "bench_guardrelay", how, str(self.sink.port)) for how in ("splice", "copy")}
        self.python_answer = self.start(sys.executable, HERE / "guard/pythonproxy.py", str(self.answer.port))
        self.rig = GuardRig(ports=(443, 7000), entries=["sink.example:7000", "answer.example:7000", "answer.example"],
                            hosts={"sink.example": [f"127.0.0.1:{self.sink.port}"], "answer.example": [f"127.0.0.1:{self.answer.port}"]})
        if self.rig.answer != b"ready\n":
            raise SystemExit(f"bench: the guard says {self.rig.answer}")
        self.hello = hello_file(self.rig.folder, "answer.example")

    @staticmethod
    def start(*command):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        process.port = int(process.stdout.readline())
        return process

    def push(self, connection, size, between):
        before = cpu_of(between) if between else 0
        started = time.monotonic()
        connection.settimeout(None)
        subprocess.run([self.client, "push", str(connection.fileno()), str(size)], pass_fds=[connection.fileno()], check=True)
        seconds = time.monotonic() - started
        connection.close()
        return measure.Run(seconds, cpu_of(between) - before if between else 0, 0)

    def inside(self, *arguments):
        """The client in the job's namespace."""
        enter = ["nsenter", "--preserve-credentials", "-U", "-n", "-t", str(self.rig.namespace.process.pid)]
        return subprocess.run([*enter, self.client, *map(str, arguments)], check=True, capture_output=True, text=True).stdout.split()

    def outside(self, *arguments):
        return subprocess.run([self.client, *map(str, arguments)], check=True, capture_output=True, text=True).stdout.split()

    def close(self):
        for process in (self.sink, self.answer, self.python, self.python_answer, *self.relays.values()):
            process.kill()
            process.wait()
        self.rig.close()


def throughput(site, rounds, size):
    contestants = {
        "guard": lambda: site.push(site.rig.connect("sink.example", 7000), size, site.rig.process),
        "direct": lambda: site.push(socket.create_connection(("127.0.0.1", site.sink.port)), size, None),
        "Python proxy": lambda: site.push(socket.create_connection(("127.0.0.1", site.python.port)), size, site.python),
    } | {name: lambda relay=relay: site.push(socket.create_connection(("127.0.0.1", relay.port)), size, relay)
         for name, relay in site.relays.items()}
    found = measure.alternate(contestants, rounds)
    rate = {who: size / MIB / run.seconds for who, run in found.items()}
    cpu = {who: run.cpu_seconds * 1024 * MIB / size for who, run in found.items()}
    return [measure.compare("guard", "one stream", "rate", "MiB/s", rate["guard"], "direct", rate["direct"], at_least=0.8),
            measure.compare("guard", "one stream", "rate", "MiB/s", rate["guard"], "Python proxy", rate["Python proxy"], at_least=4),
            *[measure.compare("guard", "one stream", "rate", "MiB/s", rate["guard"], name, rate[name]) for name in site.relays],
            *[measure.compare("guard", "bare relay", "rate", "MiB/s", rate[name], "direct", rate["direct"]) for name in site.relays],
            *[measure.compare("guard", "one stream", "CPU of the proxy", "s/GiB", cpu["guard"], name, cpu[name])
              for name in ("Python proxy", *site.relays)]]


def connects(site, rounds, count):
    address = site.rig.ask("answer.example")
    found = {"guard": [], "direct": [], "Python proxy": []}
    for _ in range(rounds):
        found["guard"].append(float(site.inside("connect", address, 443, count, site.hello)[0]))
        found["direct"].append(float(site.outside("connect", "127.0.0.1", site.answer.port, count, site.hello)[0]))
        found["Python proxy"].append(float(site.outside("connect", "127.0.0.1", site.python_answer.port, count, site.hello)[0]))
    p50 = {who: statistics.median(times) / 1000 for who, times in found.items()}
    return [measure.bound("guard", "connect and first answer", "p50 added", "ms", p50["guard"] - p50["direct"], at_most=0.3),
            measure.compare("guard", "connect and first answer", "p50", "ms", p50["guard"], "direct", p50["direct"]),
            measure.compare("guard", "connect and first answer", "p50", "ms", p50["guard"], "Python proxy", p50["Python proxy"])]


def crowd(site, rounds, count):
    address = site.rig.ask("answer.example")
    guard, python = [], []
    for _ in range(rounds):
        guard.append(float(site.inside("crowd", address, 7000, count)[0]))
        python.append(float(site.outside("crowd", "127.0.0.1", site.python_answer.port, count)[0]))
    return [measure.compare("guard", f"{count} at once, used twice", "time", "s", statistics.median(guard), "Python proxy", statistics.median(python)),
            measure.bound("guard", f"{count} at once", "memory", "MiB", site.rig.memory_mib(), at_most=96)]


def bench(programs, rounds, quick):
    if reason := why_not():
        raise SystemExit(f"bench: {reason}")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536), hard))
    site = Site(programs)
    try:
        return throughput(site, rounds, (128 if quick else 2048) * MIB) + connects(site, rounds, 200 if quick else 2000) + crowd(site, rounds, 1000)
    finally:
        site.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
