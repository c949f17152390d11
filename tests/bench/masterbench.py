# SPDX-License-Identifier: GPL-3.0-or-later
"""What benches of a whole master share: one with a running job, the CPU time of a process, ports, peers in Go, rows of medians."""
import contextlib
import os
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/scenario"))
SECRET = "correct horse battery staple"


def cpu_seconds(pid):
    """User and system time of a living process so far, to the nanosecond (clock_getcpuclockid)."""
    return time.clock_gettime((~pid << 3) | 2)


def peak_mib(pid):
    """The most memory a living process had."""
    return int(pathlib.Path(f"/proc/{pid}/status").read_text().split("VmHWM:")[1].split()[0]) / 1024


def resident_mib(pid):
    return int(pathlib.Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1].split()[0]) / 1024


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, process, seconds=20):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise SystemExit(f"bench: {process.args[0]} does not listen")


def build_go(source, directory):
    """The program of one Go file, made in `directory`. The compiler's cache goes before anything is measured: it would still be written."""
    program = directory / source.stem
    with tempfile.TemporaryDirectory(prefix="danube-bench-go-") as home:
        environment = {"PATH": os.environ["PATH"], "HOME": home, "GOPROXY": "off", "GOTOOLCHAIN": "local", "CGO_ENABLED": "0"}
        subprocess.run(["go", "build", "-o", program, source], cwd=home, env=environment, check=True)
    return program


def median(values):
    return statistics.median(values)


@contextlib.contextmanager
def holding_master(extra="", pipelines=None):
    """(master, the id of a job that runs until the end of the block); `pipelines`: more than that job's, as Master takes them"""
    from harness import HOLD, Master

    master = Master({"hold": {"danubefile.py": HOLD}} | (pipelines or {}), {"PASSWORD": SECRET}, extra)
    try:
        master.start()
        job = master.trigger("hold")
        master.wait_state(job, "running")
        yield master, job
        master.rest("POST", f"/api/v1/jobs/{job}/cancel")
        master.wait_end(job)
    finally:
        master.remove()


def rpc_port(master):
    return urllib.parse.urlsplit(master.endpoints["rpc"]).port
