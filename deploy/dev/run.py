#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""run.py run [EXAMPLE] | serve: starts danube-master with a development configuration on this machine.

`run` triggers one example pipeline through danubectl, streams its log and exits with the job's result; `serve` keeps the master
until Ctrl-C, with every example ready to be triggered. All state lives in build/<preset>/run or build/<preset>/serve."""
import fcntl
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("DANUBE_BUILD", ROOT / "build/dev"))
BIN = BUILD / "bin"
EXAMPLES = ROOT / "resources/examples"
START_SECONDS = 30
STOP_SECONDS = 20
SECRETS = {"DEPLOY_TOKEN": "dev-only-7d1f0c5e9b"}


def die(sentence):
    print(f"dev: {sentence}", file=sys.stderr)
    sys.exit(2)


def examples():
    return sorted(path.parent.name for path in EXAMPLES.glob("*/pipeline.json"))


def git(repository, *arguments):
    identity = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    for who in ("AUTHOR", "COMMITTER"):
        identity[f"GIT_{who}_NAME"], identity[f"GIT_{who}_EMAIL"] = "Danube example", "example@example.org"
    command = ["git", "-C", str(repository), "-c", "init.defaultBranch=main", *arguments]
    return subprocess.run(command, check=True, env=os.environ | identity, capture_output=True, text=True, timeout=60).stdout


def make_repository(example, repository):
    """A git repository of the example's files; a new commit only when they changed."""
    repository.mkdir(parents=True, exist_ok=True)
    for entry in repository.iterdir():
        if entry.name != ".git":
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    shutil.copytree(EXAMPLES / example / "repo", repository, dirs_exist_ok=True)
    if not (repository / ".git").exists():
        git(repository, "init", "--quiet")
    git(repository, "add", "--all")
    if git(repository, "status", "--porcelain"):
        git(repository, "commit", "--quiet", "--message", f"{example}: example sources")


def prepare(state, ports):
    blueprint = state / "blueprint/pipelines"
    blueprint.mkdir(parents=True, exist_ok=True)
    for example in examples():
        repository = state / "repositories" / example
        make_repository(example, repository)
        text = (EXAMPLES / example / "pipeline.json").read_text(encoding="utf-8")
        (blueprint / f"{example}.json").write_text(text.replace("${REPOSITORY}", repository.as_uri()), encoding="utf-8")
    secrets = state / "secrets.json"
    secrets.touch(mode=0o600)
    secrets.write_text(json.dumps(SECRETS))
    config = state / "danube.toml"
    config.write_text(f"""# Written by ./dev; see docs/configuration.md for every key.
[server]
bind_address = "127.0.0.1:{ports[0]}"
websocket_address = "127.0.0.1:{ports[1]}"
rpc_address = "127.0.0.1:{ports[2]}"
data_dir = "{state / 'data'}"
[config_repo]
directory = "{state / 'blueprint'}"
[secrets]
file = "{secrets}"
[source]
protocols = ["https", "ssh", "file"]
[metrics]
open = true
""")
    (state / "data").mkdir(exist_ok=True)
    return config


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


def ctl_environment(state, endpoints):
    return os.environ | {"DANUBE_URL": endpoints["http"], "DANUBE_TOKEN_FILE": str(state / "data/admin.token")}


def run(state, example):
    started = time.monotonic()
    master, endpoints = start_master(state, prepare(state, (0, 0, 0)))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        code = subprocess.call([BIN / "danubectl", "run", example, "--follow"], env=ctl_environment(state, endpoints),
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
    finally:
        stop(master)
    print(f"""
  took      {time.monotonic() - started:.1f} s
  logs      {state / 'data/logs'}   (the master's own: {state / 'master.log'})
  artifacts {state / 'data/artifacts'}
  next      ./dev serve            keep a master running, then: ./dev console   or   ./dev ctl jobs
            ./dev run failing      a job whose second step fails;   ./dev run parallel   four steps at once
            resources/examples/{example}/repo/danubefile.py   the pipeline that just ran""", flush=True)
    return code


def serve(state):
    master, endpoints = start_master(state, prepare(state, (8080, 3001, 9000)))
    token = state / "data/admin.token"
    print(f"""danube-master is running (Ctrl-C stops it)
  REST and SSE  {endpoints['http']}   also {endpoints['websocket']}
  RPC (h2c)     {endpoints['rpc']}
  token         {token}
  try           DANUBE_TOKEN_FILE={token} ./dev ctl run c --follow
                ./dev console --url {endpoints['http']} --token-file {token}
                curl -H "Authorization: Bearer $(cat {token})" {endpoints['http']}/api/v1/jobs""", flush=True)
    stopped = []
    signal.signal(signal.SIGINT, lambda *_: stopped.append(True))
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    while not stopped and master.poll() is None:
        time.sleep(0.2)
    stop(master)
    return 0 if stopped else master.returncode or 1


def main():
    verb, arguments = sys.argv[1], sys.argv[2:]
    example = arguments[0] if arguments else "c"
    if verb == "run" and (len(arguments) > 1 or example not in examples()):
        die(f"no example '{' '.join(arguments)}' (there are: {', '.join(examples())})")
    state = BUILD / verb
    state.mkdir(parents=True, exist_ok=True)
    lock = open(state / "lock", "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        die(f"another ./dev {verb} is running here ({state})")
    return run(state, example) if verb == "run" else serve(state)


if __name__ == "__main__":
    sys.exit(main())
