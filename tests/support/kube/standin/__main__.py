# SPDX-License-Identifier: GPL-3.0-or-later
"""python3 -m standin --state DIR [--port N] [--images FILE] [--cell FILE] [--token USER=TOKEN] ..., from this package's parent folder.

Ready when DIR/endpoint.json exists: {"url", "ca", "kubeconfig", "admin_token", "pid", "tokens"}. SIGTERM ends everything.
"""
import argparse
import asyncio
import json
import os
import pathlib
import resource
import secrets
import signal
import sys

from .cluster import Cluster


def arguments():
    parser = argparse.ArgumentParser(prog="standin", description="a stand-in Kubernetes API server with one node")
    parser.add_argument("--state", type=pathlib.Path, required=True, help="folder for everything it writes")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--images", type=pathlib.Path, help="JSON: which images there are")
    parser.add_argument("--cell", type=pathlib.Path, help="the program that sets up a container's namespaces")
    parser.add_argument("--token-admin", help="the administrator's bearer token (made when absent)")
    parser.add_argument("--token", action="append", default=[], metavar="USER=TOKEN",
                        help="a further bearer token; USER may be system:serviceaccount:NAMESPACE:NAME")
    parser.add_argument("--bookmark-seconds", type=float, default=60)
    parser.add_argument("--no-policies", action="store_true", help="without the CiliumNetworkPolicy definition")
    return parser.parse_args()


def write(path, value):
    """By rename, readable by the owner only: tokens are in it."""
    temporary = path.with_suffix(".tmp")
    temporary.touch(mode=0o600)
    temporary.write_text(json.dumps(value, indent=1) + "\n")
    temporary.rename(path)


def add_tokens(cluster, given):
    prefix, tokens = "system:serviceaccount:", {}
    for text in [f"{prefix}danube-system:danube-master={secrets.token_urlsafe(24)}", *given]:
        user, _, token = text.partition("=")
        if not user or not token:
            sys.exit(f"standin: --token {text}: expected USER=TOKEN")
        if user.startswith(prefix):
            cluster.users.add_service_account(token, *user.removeprefix(prefix).split(":", 1))
        else:
            cluster.users.add(token, user)
        tokens[user] = token
    return tokens


async def main():
    options = arguments()
    options.state.mkdir(parents=True, exist_ok=True)
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    cluster = Cluster(options.state.absolute(), port=options.port, images=options.images, cell=options.cell,
                      admin_token=options.token_admin or secrets.token_urlsafe(24), bookmark_seconds=options.bookmark_seconds,
                      policies=not options.no_policies)
    tokens = add_tokens(cluster, options.token)
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await cluster.start()
    state = cluster.state
    write(state / "kubeconfig", cluster.kubeconfig(cluster.admin_token, "kubernetes-admin"))
    master = "system:serviceaccount:danube-system:danube-master"
    write(state / "kubeconfig-master", cluster.kubeconfig(tokens[master], "danube-master"))
    write(state / "endpoint.json", {
        "url": cluster.url, "ca": str(cluster.tls.authority), "kubeconfig": str(state / "kubeconfig"), "admin_token": cluster.admin_token,
        "kubeconfig_master": str(state / "kubeconfig-master"), "pid": os.getpid(), "tokens": tokens})
    await ended.wait()
    await cluster.stop()


asyncio.run(main())
