#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""run.py run [--kubernetes] [EXAMPLE] | serve [--kubernetes]: starts danube-master with a development configuration here.

`run` triggers one example pipeline through danubectl, streams its log and exits with the job's result; `serve` keeps the master
until Ctrl-C, with every example ready to be triggered. With --kubernetes jobs are pods of a stand-in cluster that lives as long.
All state lives in build/<preset>/run or build/<preset>/serve, with "-kubernetes" behind."""
import fcntl
import os
import signal
import subprocess
import sys
import time

import example
import localcluster
import origins
from program import BIN, BUILD, die, start_master, stop


def ctl_environment(state, endpoints):
    return os.environ | {"DANUBE_URL": endpoints["http"], "DANUBE_TOKEN_FILE": str(state / "data/admin.token")}


def follow(name, environment):
    """danubectl's exit code. Ctrl-C is for it alone, here and until everything is stopped."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return subprocess.call([BIN / "danubectl", "run", name, "--follow"], env=environment,
                           preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))


def run(state, name, on_cluster):
    started = time.monotonic()
    with localcluster.opened(state, on_cluster) as cluster, origins.opened(state, name == "egress") as servers:
        if on_cluster:
            print(f"dev: a stand-in cluster serves {cluster.url}; see its pods: {localcluster.watching(cluster)}", file=sys.stderr)
        master, endpoints = start_master(state, example.prepare(state, (0, 0, 0), cluster.config(), servers))
        try:
            code = follow(name, ctl_environment(state, endpoints))
            left = cluster.leftovers() if on_cluster else []
        finally:
            stop(master)
    if name == "egress":
        print("\n".join(f"  {server.name}: {server.requests} request(s) reached it" for server in servers.values()))
    print(f"""
  took      {time.monotonic() - started:.1f} s
  logs      {state / 'data/logs'}   (the master's own: {state / 'master.log'})
  artifacts {state / 'data/artifacts'}""")
    if on_cluster:
        print(f"""  left      {', '.join(left) or 'no pod, no Secret'}   (the stand-in's log: {state / 'cluster/standin.log'})
  next      ./dev serve --kubernetes   keep it running, to look around with kubectl
            docs/kubernetes.md         the same master on a real cluster""", flush=True)
    else:
        print(f"""  next      ./dev serve            keep a master running, then: ./dev console   or   ./dev ctl jobs
            ./dev run failing      a job whose second step fails;   ./dev run parallel   four steps at once
            ./dev run egress       what is on no list is refused, and the log says what would allow it
            ./dev run --kubernetes the same as a pod of a stand-in cluster
            resources/examples/{name}/repo/danubefile.py   the pipeline that just ran""", flush=True)
    return code


def serve(state, on_cluster):
    with localcluster.opened(state, on_cluster) as cluster, origins.opened(state, not on_cluster) as servers:
        master, endpoints = start_master(state, example.prepare(state, (8080, 3001, 9000), cluster.config(), servers))
        token = state / "data/admin.token"
        print(f"""danube-master is running (Ctrl-C stops it)
  REST and SSE  {endpoints['http']}   also {endpoints['websocket']}
  RPC (h2c)     {endpoints['rpc']}
  token         {token}
  try           DANUBE_TOKEN_FILE={token} ./dev ctl run c --follow
                ./dev console --url {endpoints['http']} --token-file {token}
                curl -H "Authorization: Bearer $(cat {token})" {endpoints['http']}/api/v1/jobs""", flush=True)
        if on_cluster:
            print(f"                {localcluster.watching(cluster)}", flush=True)
        stopped = []
        signal.signal(signal.SIGINT, lambda *_: stopped.append(True))
        signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
        while not stopped and master.poll() is None:
            time.sleep(0.2)
        stop(master)
    return 0 if stopped else master.returncode or 1


def main():
    verb, arguments = sys.argv[1], sys.argv[2:]
    on_cluster = "--kubernetes" in arguments
    names = [argument for argument in arguments if argument != "--kubernetes"]
    if verb == "serve" and names:
        die(f"serve takes no '{names[0]}' (only --kubernetes)")
    name = names[0] if names else "c"
    if verb == "run" and (len(names) > 1 or name not in example.names()):
        die(f"no example '{' '.join(names)}' (there are: {', '.join(example.names())})")
    if verb == "run" and name == "egress" and (on_cluster or (why := example.why_unguarded())):
        die("run egress shows the guard of this machine: leave out --kubernetes" if on_cluster else f"this machine cannot guard jobs: {why}")
    state = BUILD / (f"{verb}-kubernetes" if on_cluster else verb)
    state.mkdir(parents=True, exist_ok=True)
    lock = open(state / "lock", "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        die(f"another ./dev {' '.join([verb, *arguments])} is running here ({state})")
    return run(state, name, on_cluster) if verb == "run" else serve(state, on_cluster)


if __name__ == "__main__":
    sys.exit(main())
