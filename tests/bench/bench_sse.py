# SPDX-License-Identifier: GPL-3.0-or-later
"""sse: N clients of one job's log while a step of that job prints: a million events a second in all. From the step's print to the
clients' sockets, so through agent, link, masking and disk; beside nginx with nchan and a stream on Go's net/http, to which a publisher posts
the same lines (held in memory only). And what idle clients cost."""
import contextlib
import http.client
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

import measure
from masterbench import build_go, cpu_seconds, free_port, resident_mib, wait_for_port

HERE = pathlib.Path(__file__).parent
OFFERED = 1_000_000  # events a second, over all clients
DANUBEFILE = """
from danube import ctx, step
step.run(["python3", "producer.py", ctx.params["rate"], ctx.params["lines"]], name="produce")
"""


class Crowd:
    """The clients' program, its streams open."""

    def __init__(self, programs, port, path, authorization, count, lines, patience=20):
        command = [programs / "bench_sseclients", str(port), path, authorization, str(count), str(lines), str(patience)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self._process.stdout.readline() != "ready\n":
            raise SystemExit("bench: not every stream opened")

    def result(self):
        """delivered, of how many, seconds, p50 and p99 in microseconds, lost"""
        out = self._process.stdout.read().split()
        if self._process.wait() != 0:
            raise SystemExit("bench: the clients' program failed")
        return [float(word) for word in out]

    def close(self):
        self._process.stdin.close()
        self._process.wait()


class DanubeSite:
    def __init__(self):
        from harness import Master

        self.master = Master({"lines": {"danubefile.py": DANUBEFILE, "producer.py": (HERE / "sse/producer.py").read_text()}})
        self.master.environment["DANUBE_SERVER_REQUEST_RATE"] = "0"  # thousands of clients of one subject
        self.master.start()
        self.pid = self.master.process.pid
        self.url = urllib.parse.urlsplit(self.master.endpoints["http"])
        self.authorization = f"Bearer {self.master.admin_token()}"

    def run(self, programs, count, rate, lines):
        job = self.master.trigger("lines", params={"rate": str(rate), "lines": str(lines)})
        self.master.wait_state(job, "running")
        crowd = Crowd(programs, self.url.port, f"/api/v1/jobs/{job}/logs/stream?step=1", self.authorization, count, lines)
        before = cpu_seconds(self.pid)
        (self.master.data / "jobs" / job / "workspace/go").touch()
        found = crowd.result()
        cpu = cpu_seconds(self.pid) - before
        if self.master.wait_end(job)["state"] != "success":
            raise SystemExit(f"bench: the job did not succeed:\n{self.master.log()[-2000:]}")
        return found, cpu

    def close(self):
        self.master.remove()


NCHAN = """
load_module /usr/lib/nginx/modules/ngx_nchan_module.so;
daemon off; worker_processes 1; worker_rlimit_nofile 65536; pid {directory}/pid; error_log {directory}/error.log;
events {{ worker_connections 20000; }}
http {{
  access_log off; client_body_temp_path {directory}/body; proxy_temp_path {directory}/proxy; fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi; scgi_temp_path {directory}/scgi; keepalive_requests 1000000000; nchan_shared_memory_size 512M;
  server {{
    listen 127.0.0.1:{port} backlog=1024;
    location ~ ^/pub/(.*)$ {{ nchan_publisher; nchan_channel_id $1; nchan_message_buffer_length {lines}; nchan_message_timeout 10m; }}
    location ~ ^/sub/(.*)$ {{ nchan_subscriber eventsource; nchan_channel_id $1; nchan_subscriber_first_message oldest; }}
  }}
}}
"""


class NchanSite:
    def __init__(self, directory):
        self._directory, self._runs = directory, 0

    @contextlib.contextmanager
    def server(self, lines):
        directory = self._directory / f"nchan{self._runs}"
        directory.mkdir()
        self._runs += 1
        port = free_port()
        (directory / "nginx.conf").write_text(NCHAN.format(directory=directory, port=port, lines=lines))
        process = subprocess.Popen(["nginx", "-p", directory, "-e", directory / "error.log", "-c", directory / "nginx.conf"])
        try:
            wait_for_port(port, process)
            yield directory, port, self._worker_of(process)
        finally:
            process.terminate()
            process.wait()

    @staticmethod
    def _worker_of(process):
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            if children:
                return int(children[0])
            time.sleep(0.01)
        raise SystemExit("bench: nginx has no worker")

    def run(self, programs, count, rate, lines):
        with self.server(lines) as (directory, port, worker):
            return posted(programs, directory, port, worker, count, rate, lines)


class GoSite:
    """Takes the lines of a tick in one POST."""

    def __init__(self, directory):
        self._directory, self._program = directory, build_go(HERE / "sse/gopeer.go", directory)

    def run(self, programs, count, rate, lines):
        port = free_port()
        process = subprocess.Popen([self._program, str(port)])
        try:
            wait_for_port(port, process)
            with tempfile.TemporaryDirectory(dir=self._directory) as name:
                return posted(programs, pathlib.Path(name), port, process.pid, count, rate, lines, "together")
        finally:
            process.kill()
            process.wait()


def posted(programs, directory, port, pid, count, rate, lines, *how):
    """What a crowd heard of the lines that a publisher posted, and the server's CPU seconds."""
    crowd = Crowd(programs, port, "/sub/bench", "none", count, lines)
    producer = subprocess.Popen([sys.executable, HERE / "sse/producer.py", str(rate), str(lines), str(port), "/pub/bench", *how], cwd=directory)
    before = cpu_seconds(pid)
    (directory / "go").touch()
    found = crowd.result()
    cpu = cpu_seconds(pid) - before
    producer.wait()
    return found, cpu


def crowd_rows(programs, sites, rounds, count, seconds):
    rate = OFFERED // count
    lines = max(10, int(rate * seconds))
    found = {name: [] for name in sites}
    for _ in range(rounds):
        for name, site in sites.items():
            (delivered, wanted, taken, p50, p99, lost), cpu = site.run(programs, count, rate, lines)
            found[name].append((delivered / wanted, delivered / max(taken, 1e-9), p50 / 1000, p99 / 1000, cpu * 1e6 / max(1, delivered), lost))
    case = f"{count} clients"
    median = {name: [statistics.median(values) for values in zip(*runs)] for name, runs in found.items()}
    delivered = measure.bound("sse", case, "delivered to all", "share", min(run[0] for run in found["danube"]))
    delivered.target, delivered.met = "all", delivered.value == 1 and max(run[5] for run in found["danube"]) == 0
    return [delivered, *crowd_compared(case, median, "nginx+nchan", share=5), *crowd_compared(case, median, "Go net/http", p99=1.0, cpu=0.75)]


def crowd_compared(case, median, peer, share=None, p99=None, cpu=None):
    ours, theirs = median["danube"], median[peer]
    return [measure.compare("sse", case, "delivered", "share", ours[0], peer, theirs[0], at_least=share),
            measure.compare("sse", case, "rate", "events/s", ours[1], peer, theirs[1]),
            measure.compare("sse", case, "latency p50", "ms", ours[2], peer, theirs[2]),
            measure.compare("sse", case, "latency p99", "ms", ours[3], peer, theirs[3], at_most=p99),
            measure.compare("sse", case, "CPU", "us/event", ours[4], peer, theirs[4], at_most=cpu)]


def pings(port, authorization, count):
    """Median milliseconds of a small REST call."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    taken = []
    for _ in range(count):
        begun = time.monotonic()
        connection.request("GET", "/api/v1/jobs?limit=1", headers={"Authorization": authorization})
        connection.getresponse().read()
        taken.append((time.monotonic() - begun) * 1000)
    connection.close()
    return statistics.median(taken)


def idle_rows(programs, site, rounds, count):
    job = site.master.trigger("lines", params={"rate": "1", "lines": "1"})
    site.master.wait_state(job, "running")
    alone, beside, memory = [], [], []
    for _ in range(rounds):
        alone.append(pings(site.url.port, site.authorization, 300))
        before = resident_mib(site.pid)
        crowd = Crowd(programs, site.url.port, f"/api/v1/jobs/{job}/logs/stream?step=1", site.authorization, count, 0)
        memory.append((resident_mib(site.pid) - before) * 1024 / count)
        beside.append(pings(site.url.port, site.authorization, 300))
        crowd.close()
        time.sleep(1)
    (site.master.data / "jobs" / job / "workspace/go").touch()
    site.master.wait_end(job)
    return [measure.compare("sse", f"{count} idle clients", "REST ping", "ms", statistics.median(beside), "none", statistics.median(alone), at_most=1.3),
            # The first round's: later ones find the memory that the first one's clients left to the allocator.
            measure.bound("sse", f"{count} idle clients", "memory", "KiB/client", memory[0], at_most=4)]


def bench(programs, rounds, quick):
    with tempfile.TemporaryDirectory(prefix="danube-bench-") as name, contextlib.ExitStack() as after:
        os.chmod(name, 0o755)  # nginx's worker is another user
        danube = DanubeSite()
        after.callback(danube.close)
        sites = {"danube": danube, "nginx+nchan": NchanSite(pathlib.Path(name)), "Go net/http": GoSite(pathlib.Path(name))}
        rows = idle_rows(programs, danube, 1 if quick else rounds, 500 if quick else 5000)
        for count in (100,) if quick else (100, 1000, 5000):
            rows += crowd_rows(programs, sites, rounds, count, 1 if quick else 4)
        return rows
