# SPDX-License-Identifier: GPL-3.0-or-later
"""rpc: calls that need no disk (get-secret already granted, report-status that changes nothing), parsed, authorised, answered by a
whole master with a running job, beside nghttpd with a static file of the answer's size, hypercorn with uvloop and Go's net/http; by
h2load. Requests have 180 bytes, whoever gets them."""
import contextlib
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

import measure
from masterbench import build_go, cpu_seconds, free_port, holding_master, rpc_port, wait_for_port

SHAPES = ((8, 10), (1, 1), (1, 100), (64, 1), (32, 32))  # connections, streams of each
REQUEST = 180  # bytes of JSON, as a run-step has them
HERE = pathlib.Path(__file__).parent


class Server:
    """Something h2load is let loose on."""

    def __init__(self, pid, url, headers, body, share=1):
        self.pid, self.url, self.headers, self.body, self.share = pid, url, headers, body, share

    def run(self, connections, streams, requests):
        """(requests a second, CPU microseconds a request, p99 of a request in microseconds); of a slow server so small a share of them"""
        requests //= self.share
        with tempfile.NamedTemporaryFile(prefix="danube-bench-") as log:
            command = ["h2load", "-n", str(requests), "-c", str(connections), "-m", str(streams), "-d", self.body, "--log-file", log.name]
            for header in (*self.headers, "content-type: application/json"):
                command += ["-H", header]
            before = cpu_seconds(self.pid)
            out = subprocess.run([*command, self.url], check=True, capture_output=True, text=True).stdout
            cpu = cpu_seconds(self.pid) - before
            taken = sorted(int(line.rsplit(b"\t", 1)[1]) for line in pathlib.Path(log.name).read_bytes().splitlines())
        succeeded = re.search(r"status codes: (\d+) 2xx", out)
        if not succeeded or int(succeeded[1]) != requests:
            raise SystemExit(f"bench: not every call of {self.url} was answered with 200:\n{out}")
        # h2load's own figure is rounded to the centisecond in the time, not in the rate.
        rate = float(re.search(r"finished in [^,]+, ([\d.]+) req/s", out)[1])
        return rate, cpu * 1e6 / requests, taken[int(len(taken) * 0.99)]


@contextlib.contextmanager
def nghttpd(directory, answer, body):
    (directory / "root").mkdir()
    (directory / "root/answer").write_text(answer)
    port = free_port()
    process = subprocess.Popen(["nghttpd", "--no-tls", "-a", "127.0.0.1", "-d", directory / "root", str(port)], stdout=subprocess.DEVNULL)
    try:
        wait_for_port(port, process)
        yield Server(process.pid, f"http://127.0.0.1:{port}/answer", [], body)
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def hypercorn(directory, token, body):
    """One worker; not closing connections after 1000 requests, as it would by itself."""
    port = free_port()
    config = directory / "hypercorn.toml"
    config.write_text(f'bind = ["127.0.0.1:{port}"]\nworkers = 0\nworker_class = "uvloop"\nkeep_alive_max_requests = 1000000000\nh2_max_concurrent_streams = 1000\n')
    process = subprocess.Popen([sys.executable, "-m", "hypercorn", "-c", config, "asgi:app"], cwd=HERE / "rpc",
                               env=os.environ | {"BENCH_TOKEN": token, "PYTHONDONTWRITEBYTECODE": "1"})
    try:
        wait_for_port(port, process)
        yield Server(process.pid, f"http://127.0.0.1:{port}/rpc/get-secret", [f"authorization: Bearer {token}"], body, share=20)
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def go(directory, token, job, get_secret, report_status):
    """net/http with encoding/json: (get-secret, report-status), of one process."""
    port = free_port()
    process = subprocess.Popen([build_go(HERE / "rpc/gopeer.go", directory), str(port), token, job])
    try:
        wait_for_port(port, process)
        yield [Server(process.pid, f"http://127.0.0.1:{port}/rpc/{call}", [f"authorization: Bearer {token}"], body)
               for call, body in (("get-secret", get_secret), ("report-status", report_status))]
    finally:
        process.kill()
        process.wait()


def padded(message):
    return json.dumps(message | {"message": ""})[:-2] + "x" * (REQUEST - len(json.dumps(message | {"message": ""}))) + '"}'


def spaced(request):
    """get-secret refuses members that it does not know, so what is missing are blanks."""
    text = json.dumps(request)
    return text[:-1] + " " * (REQUEST - len(text)) + "}"


def write(path, text):
    path.write_text(text)
    return path


def compare(case, found, peer, rate=None, cpu=None, p99=None):
    """`found`: server → runs of (rate, CPU, p99)."""
    median = {who: [statistics.median(values) for values in zip(*runs)] for who, runs in found.items()}
    ours, theirs = median["danube"], median[peer]
    return [measure.compare("rpc", case, "rate", "1/s", ours[0], peer, theirs[0], at_least=rate),
            measure.compare("rpc", case, "CPU", "us/call", ours[1], peer, theirs[1], at_most=cpu),
            measure.compare("rpc", case, "p99", "us", ours[2], peer, theirs[2], at_most=p99)]


def alternating(servers, shape, requests, rounds):
    found = {name: [] for name in servers}
    for server in servers.values():
        server.run(*shape, server.share * max(shape[0] * shape[1], requests // 20))  # warm
    for turn in range(rounds):
        names = list(servers)
        for name in names[turn % len(names):] + names[:turn % len(names)]:  # none is always behind one that still tidies up
            found[name].append(servers[name].run(*shape, requests))
    return found


def bench(_programs, rounds, quick):
    requests = 10_000 if quick else 100_000
    with tempfile.TemporaryDirectory(prefix="danube-bench-") as name, holding_master() as (master, job), contextlib.ExitStack() as after:
        directory = pathlib.Path(name)
        token = master.job_token(job)
        secret = write(directory / "secret.json", spaced({"job_id": job, "key": "PASSWORD"}))
        status = write(directory / "status.json", padded({"job_id": job, "progress": 0.5}))
        granted = master.rpc("get-secret", json.loads(secret.read_text()), token)
        reported = master.rpc("report-status", json.loads(status.read_text()), token)  # the next ones change nothing
        if granted[0] != 200 or reported[0] != 200:
            raise SystemExit(f"bench: {granted} {reported}")
        url = f"http://127.0.0.1:{rpc_port(master)}/rpc"
        authorization = [f"authorization: Bearer {token}"]
        get_secret = Server(master.process.pid, f"{url}/get-secret", authorization, secret)
        report_status = Server(master.process.pid, f"{url}/report-status", authorization, status)
        static = after.enter_context(nghttpd(directory, json.dumps(granted[1]), status))
        python = after.enter_context(hypercorn(directory, token, secret))
        go_secret, go_status = after.enter_context(go(directory, token, job, secret, status))
        # At the first shape beside all, at the others beside nghttpd.
        calls = {"report-status": (report_status, {"Go net/http": go_status}),
                 "get-secret": (get_secret, {"Go net/http": go_secret, "hypercorn+uvloop": python})}
        goals = {"Go net/http": 8, "hypercorn+uvloop": 20}
        rows = []
        for call, (ours, peers) in calls.items():
            for shape in SHAPES:
                count = requests // 4 if shape == (1, 1) else requests
                others = peers if shape == SHAPES[0] else {}
                found = alternating({"danube": ours, "nghttpd": static} | others, shape, count, rounds)
                case = f"{call}, -c {shape[0]} -m {shape[1]}"
                rows += compare(case, found, "nghttpd", rate=1.0, cpu=1.0, p99=1.0)
                for other in others:
                    rows += compare(case, found, other, rate=goals[other])
        return rows
