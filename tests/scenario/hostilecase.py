# SPDX-License-Identifier: GPL-3.0-or-later
"""A real master under attack: what each row costs it, and how honest clients fare meanwhile."""
import contextlib
import glob
import json
import os
import pathlib
import re
import socket
import statistics
import struct
import threading
import time
import urllib.parse

from harness import MasterCase

MOST_CPU_SECONDS = 0.5  # of one row, the honest clients' questions in it
MOST_GROWTH_MIB = 4  # of the master's memory, at its peak, by one row
MOST_HONEST_SECONDS = 1  # of one honest question beside an attack, connecting included; waiting for a core not included
PATIENCE = 5  # with what a sanitized master takes

GET, POST, SMUGGLED = b"GET /health HTTP/1.1\r\n", b"POST /health HTTP/1.1\r\nHost: a\r\n", b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"

# Frame types and error codes of RFC 9113.
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
PROTOCOL_ERROR, FLOW_CONTROL_ERROR, STREAM_CLOSED, FRAME_SIZE_ERROR, REFUSED_STREAM, CANCEL, COMPRESSION_ERROR, ENHANCE_YOUR_CALM = 1, 3, 5, 6, 7, 8, 9, 11


def frame(kind, flags, stream, payload=b""):
    return struct.pack("!I", len(payload))[1:] + bytes((kind, flags)) + struct.pack("!I", stream) + payload


def field(name, value):
    """A header as HPACK writes it without any table."""
    return b"\0" + bytes((len(name),)) + name + bytes((len(value),)) + value


PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(SETTINGS, 0, 0)
SETTINGS_SEEN = frame(SETTINGS, 1, 0)
GOODBYE = frame(GOAWAY, 0, 0, bytes(8))  # the master closes when all is answered
HEAD = b"\x83\x86\x84\x41\x01a"  # POST http / a


def call_head(path, token, method=b"\x83"):
    return method + b"\x86\x41\x01a" + b"\x04" + bytes((len(path),)) + path + field(b"authorization", b"Bearer " + token)


def frames_of(answer):
    """(kind, flags, stream, payload) of each whole frame."""
    at = 0
    while len(answer) >= at + 9:
        end = at + 9 + int.from_bytes(answer[at:at + 3])
        if len(answer) < end:
            return
        yield answer[at + 3], answer[at + 4], int.from_bytes(answer[at + 5:at + 9]), answer[at + 9:end]
        at = end


def codes_of(answer):
    """Error codes of GOAWAY and RST_STREAM frames but NO_ERROR."""
    found = set()
    for kind, _, _, payload in frames_of(answer):
        if kind == GOAWAY and len(payload) >= 8:
            found.add(int.from_bytes(payload[4:8]))
        elif kind == RST_STREAM and len(payload) == 4:
            found.add(int.from_bytes(payload))
    return found - {0}


class HostileCase(MasterCase):
    SECRETS = {"PASSWORD": "a value that only honest jobs get"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        try:
            cls.job = cls.master.trigger("hold")
            cls.master.wait_state(cls.job, "running")
        except BaseException:
            cls.master.remove()  # nobody else would
            raise
        cls.token = cls.master.job_token(cls.job).encode()
        cls.admin = cls.master.admin_token().encode()

    @classmethod
    def tearDownClass(cls):
        try:
            cls.master.finish_hold(cls.job)
            cls.master.wait_end(cls.job)
        finally:
            super().tearDownClass()

    def connect(self, port):
        url = urllib.parse.urlsplit(self.master.endpoints[port])
        return socket.create_connection((url.hostname, url.port), 90)

    def say(self, port, data):
        """All that is answered until the master closes."""
        with self.connect(port) as client:
            with contextlib.suppress(ConnectionError):
                client.sendall(data)  # refused before it took all of it; the answer may have come
            return self.hear(client)

    @staticmethod
    def hear(client):
        answer = b""
        with contextlib.suppress(ConnectionError):
            while piece := client.recv(65536):
                answer += piece
        return answer

    # What it costs

    def cpu(self):
        fields = pathlib.Path(f"/proc/{self.master.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def waited_for_a_core(self):
        """Seconds that this thread and those of the master were ready to run while others had the cores."""
        waited = 0
        for path in ("/proc/thread-self/schedstat", *glob.glob(f"/proc/{self.master.process.pid}/task/*/schedstat")):
            with contextlib.suppress(OSError):  # a thread that ended
                waited += int(pathlib.Path(path).read_text().split()[1]) / 1e9
        return waited

    def memory(self, what):
        status = pathlib.Path(f"/proc/{self.master.process.pid}/status").read_text()
        return int(re.search(rf"{what}:\s+(\d+)", status)[1]) / 1024

    def is_sanitized(self):
        return re.search(r"/lib[at]san\.", pathlib.Path(f"/proc/{self.master.process.pid}/maps").read_text()) is not None

    @contextlib.contextmanager
    def row(self, name, cpu=MOST_CPU_SECONDS, growth=MOST_GROWTH_MIB, honest=MOST_HONEST_SECONDS, pause=0.1, questions=()):
        """Around one attack: honest clients ask all the while, and the master's CPU and memory are measured."""
        questions = questions or (self.ask_rest, self.ask_rpc)
        pathlib.Path(f"/proc/{self.master.process.pid}/clear_refs").write_text("5")  # VmHWM begins anew
        memory, used = self.memory("VmRSS"), self.cpu()
        over, times, own_times, failures = threading.Event(), [], [], []

        def ask():
            while True:
                for question in questions:
                    begin, waited = time.monotonic(), self.waited_for_a_core()
                    try:
                        question()
                    except Exception as error:  # told by the main thread
                        failures.append(f"{question.__name__}: {error!r}")
                    times.append(time.monotonic() - begin)
                    own_times.append(times[-1] - (self.waited_for_a_core() - waited))
                if over.wait(pause):
                    return

        asking = threading.Thread(target=ask)
        asking.start()
        try:
            yield
        finally:
            over.set()
            asking.join()
        grown, used = self.memory("VmHWM") - memory, self.cpu() - used
        print(f"{name}: {used * 1000:.0f} ms CPU, {grown:+.1f} MiB; honest clients: {len(times)} questions, "
              f"median {statistics.median(times) * 1000:.0f} ms, worst {max(times) * 1000:.0f} ms", flush=True)
        patience = PATIENCE if self.is_sanitized() else 1
        self.assertEqual(failures, [])
        self.assertLess(max(own_times), honest * patience)
        self.assertLess(used, cpu * patience)
        if patience == 1:  # a sanitizer keeps what is freed
            self.assertLess(grown, growth)

    # Honest clients, each question on a connection of its own

    def ask_rest(self):
        answer = self.say("http", b"GET /api/v1/jobs/" + self.job.encode() + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                          b"Authorization: Bearer " + self.admin + b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 200 ") or self.job.encode() not in answer:
            raise AssertionError(answer[:300])

    def ask_rpc(self):
        body = json.dumps({"job_id": self.job, "key": "PASSWORD"}).encode()
        answer = self.say("rpc", PREFACE + frame(HEADERS, 4, 1, call_head(b"/rpc/get-secret", self.token)) + frame(DATA, 1, 1, body) + GOODBYE)
        if b"a value that only honest jobs get" not in answer:
            raise AssertionError(answer[:300])

    # What the master says about it

    def refused(self, port, label):
        """danube_http_refused_total by status, danube_rpc_refused_total by reason."""
        text = self.master.rest("GET", "/metrics")[1].decode()
        found = re.search(rf'^danube_{port}_refused_total{{\w+="{label}"}} (\d+)', text, re.M)
        return int(found[1]) if found else 0
