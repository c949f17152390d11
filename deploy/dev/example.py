# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples as a master finds them: git repositories, pipeline documents, a secrets file, a danube.toml."""
import json
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "resources/examples"
BIN = pathlib.Path(os.environ.get("DANUBE_BUILD", ROOT / "build/dev")) / "bin"
SECRETS = {"DEPLOY_TOKEN": "dev-only-7d1f0c5e9b"}


def names():
    return sorted(path.parent.name for path in EXAMPLES.glob("*/pipeline.json"))


def git(repository, *arguments):
    identity = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    for who in ("AUTHOR", "COMMITTER"):
        identity[f"GIT_{who}_NAME"], identity[f"GIT_{who}_EMAIL"] = "Danube example", "example@example.org"
    command = ["git", "-C", str(repository), "-c", "init.defaultBranch=main", *arguments]
    return subprocess.run(command, check=True, env=os.environ | identity, capture_output=True, text=True, timeout=60).stdout


def make_repository(example, repository, more=()):
    """A git repository of the example's files and of `more`; a new commit only when they changed."""
    repository.mkdir(parents=True, exist_ok=True)
    for entry in repository.iterdir():
        if entry.name != ".git":
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    shutil.copytree(EXAMPLES / example / "repo", repository, dirs_exist_ok=True)
    for path in more:
        shutil.copy(path, repository)
    if not (repository / ".git").exists():
        git(repository, "init", "--quiet")
    git(repository, "add", "--all")
    if git(repository, "status", "--porcelain"):
        git(repository, "commit", "--quiet", "--message", f"{example}: example sources")


def why_unguarded():
    """Why jobs cannot have namespaces of their own on this machine; empty = they can."""
    probe = subprocess.run([BIN / "danube-sandbox", "probe"], capture_output=True, text=True, timeout=60)
    return "" if probe.returncode == 0 else (probe.stdout + probe.stderr).strip()


def local_section(servers):
    """The default, enforce, where the machine allows it; else off, and said so: a newcomer's first job runs everywhere."""
    why = why_unguarded()
    if why:
        print(f"dev: egress is not enforced here: {why}", file=sys.stderr)
        return '[local]\negress = "off"\n'
    return f"[local]\negress = \"enforce\"\negress_hosts = {json.dumps([server.place() for server in servers.values()])}\n"


def prepare(state, ports, more="", servers=None):
    """Writes everything below `state` and gives the danube.toml's path; `more` are further sections of it, `servers` the hosts of
    the example egress."""
    servers = servers or {}
    blueprint = state / "blueprint/pipelines"
    blueprint.mkdir(parents=True, exist_ok=True)
    for example in names():
        repository = state / "repositories" / example
        authority = state / "origins/ca.pem"
        make_repository(example, repository, [authority] if example == "egress" and authority.exists() else [])
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
{local_section(servers)}[source]
protocols = ["https", "ssh", "file"]
[metrics]
open = true
{more}""")
    (state / "data").mkdir(exist_ok=True)
    return config
