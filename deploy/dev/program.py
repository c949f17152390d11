# SPDX-License-Identifier: GPL-3.0-or-later
"""danube-master as a child process of ./dev."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

from example import BIN, ROOT

BUILD = pathlib.Path(os.environ.get("DANUBE_BUILD", ROOT / "build/dev"))
START_SECONDS = 30
STOP_SECONDS = 20


def die(sentence):
    print(f"dev: {sentence}", file=sys.stderr)
    sys.exit(2)


def start_master(state, config):
    endpoints = state / "data/endpoints.json"
    endpoints.unlink(missing_ok=True)
    log = open(state / "master.log", "ab")
    # A session of its own: Ctrl-C in the terminal is for danubectl, which cancels the job first.
    master = subprocess.Popen([BIN / "danube-master", "--config", config], stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                              start_new_session=True)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if endpoints.exists():
            return master, json.loads(endpoints.read_text())
        if master.poll() is not None:
            tail = (state / "master.log").read_text(errors="replace").splitlines()[-3:]
            die("danube-master did not start:\n" + "\n".join(tail))
        time.sleep(0.02)
    stop(master)
    die(f"danube-master did not answer within {START_SECONDS} s; see {state / 'master.log'}")


def stop(master):
    if master.poll() is None:
        master.send_signal(signal.SIGTERM)
        try:
            master.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            master.kill()
            master.wait()
