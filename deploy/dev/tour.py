#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tour.py: a real master with sample data, and a picture of every page and dialog of the console, into build/tour.

Light, dark and high contrast, at 1 and 2 pixels a point, 1280x800 and 1024x700; index.html shows them beside each other. Exit code 1
when something did not open, or a program can see that it is wrong: a clipped text, an empty icon, too little contrast, no name.
tour.py commit REPOSITORY: commits standard input as config.json, as somebody else would."""
import html
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

import example
import origins
from program import BIN, BUILD, die, start_master, stop

TOUR_SECONDS = 900  # for each scale
JOB_SECONDS = 180
SYNC_SECONDS = 60
OUT = BUILD.parent / "tour"
CONFIG = {
    "apiVersion": "danube.dev/v1", "kind": "Config", "metadata": {"name": "global", "description": "What every job may reach"},
    "spec": {"egress_allowlist": ["packages.example.org", "*.cdn.example.com", "github.com", "mirror.cdn.example.com", "registry.danube-system"],
             "egress_mode": "enforce", "retention": {"logs_days": 30, "artifacts_days": 14}}}
NIGHTWATCH = """from danube import step

step.run("for n in $(seq 1 40); do echo \\"round $n: all is well\\"; done", name="first rounds")
step.run("for n in $(seq 1 900); do echo \\"watch $n: nothing moves\\"; sleep 1; done", name="keep watch", timeout=900)
"""


class Master:
    """What is asked of the running master, by REST."""

    def __init__(self, url, token_file):
        self.url, self.token = url, token_file.read_text().strip()

    def ask(self, method, path, body=None):
        request = urllib.request.Request(self.url + "/api/v1" + path, method=method, data=json.dumps(body or {}).encode() if method != "GET" else None,
                                         headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
            return json.loads(text) if text else {}

    def wait_for_blueprint(self):
        deadline = time.monotonic() + SYNC_SECONDS
        while time.monotonic() < deadline:
            if (state := self.ask("GET", "/blueprint")["state"]) == "current":
                return
            time.sleep(0.1)
        die(f"the sample Blueprint is {state}, not in force")

    def start(self, pipeline):
        return self.ask("POST", f"/pipelines/{pipeline}/run")["id"]

    def wait(self, job, states=("success", "failure", "timeout", "cancelled")):
        deadline = time.monotonic() + JOB_SECONDS
        while time.monotonic() < deadline:
            if self.ask("GET", f"/jobs/{job}")["state"] in states:
                return job
            time.sleep(0.3)
        die(f"job {job} took longer than {JOB_SECONDS} s")


def commit(repository, text):
    """Somebody else's commit of config.json on the branch."""
    with tempfile.TemporaryDirectory() as folder:
        tree = pathlib.Path(folder) / "tree"
        subprocess.run(["git", "clone", "--quiet", repository, tree], check=True, timeout=60)
        (tree / "config.json").write_text(text)
        example.git(tree, "commit", "--quiet", "--all", "--message", "config: keep things for longer")
        example.git(tree, "push", "--quiet", "origin", "HEAD:main")


def prepare(state, servers):
    """A master's configuration whose Blueprint is a git repository, so that the console can commit."""
    text_file = example.prepare(state, (0, 0, 0), "[jobs]\nmax_concurrent = 2\n", servers)
    watch = state / "repositories/nightwatch"
    watch.mkdir(parents=True, exist_ok=True)
    (watch / "danubefile.py").write_text(NIGHTWATCH)
    example.git(watch, "init", "--quiet")
    example.git(watch, "add", "--all")
    example.git(watch, "commit", "--quiet", "--message", "nightwatch: keep watch")
    tree, bare = state / "blueprint", state / "blueprint.git"
    (tree / "config.json").write_text(json.dumps(CONFIG, indent=2) + "\n")
    document = json.loads((tree / "pipelines/parallel.json").read_text())
    document["metadata"] = {"name": "nightwatch", "description": "Runs until somebody stops it"}
    document["spec"] |= {"repository": watch.as_uri(), "max_duration_seconds": 1200, "secrets": ["DEPLOY_TOKEN", "SIGNING_KEY"]}
    (tree / "pipelines/nightwatch.json").write_text(json.dumps(document, indent=2) + "\n")
    example.git(tree, "init", "--quiet")
    example.git(tree, "add", "--all")
    example.git(tree, "commit", "--quiet", "--message", "blueprint: sample")
    subprocess.run(["git", "clone", "--quiet", "--bare", tree, bare], check=True, timeout=60)
    text = text_file.read_text()
    text_file.write_text(text.replace(f'directory = "{tree}"', f'url = "{bare.as_uri()}"\nsync_interval = "1h"'))
    return text_file, bare


def run_jobs(master):
    """Jobs in every state; gives the one to look into."""
    master.wait_for_blueprint()
    for name, value in (("SIGNING_KEY", "dev-only-2c90"), ("REGISTRY_PULL_PASSWORD", "dev-only-51fe")):
        master.ask("PUT", f"/secrets/{name}", {"value": value})
    for pipeline in ("c", "c", "parallel", "egress"):
        master.wait(master.start(pipeline))
    shown = master.wait(master.start("failing"))
    cancelled = master.start("nightwatch")
    master.wait(cancelled, ("running",))
    master.ask("POST", f"/jobs/{cancelled}/cancel")
    master.wait(cancelled)
    going = [master.start("nightwatch") for _ in range(3)]  # two run, one waits
    master.wait(going[0], ("running",))
    return shown


def end_jobs(url, token_file):
    """A master that ends leaves its jobs running, so that the next one finds them; here there is none."""
    try:
        master = Master(url, token_file)
        going = [job["id"] for job in master.ask("GET", "/jobs")["jobs"] if job["state"] in ("pending", "scheduling", "running")]
        for job in going:
            master.ask("POST", f"/jobs/{job}/cancel")
        for job in going:
            master.wait(job)
    except OSError as error:
        print(f"dev: jobs may still run: {error}", file=sys.stderr)


def photograph(scale, arguments):
    environment = os.environ | {"QT_QPA_PLATFORM": "xcb", "QT_SCALE_FACTOR": str(scale)}
    command = ["xvfb-run", "-a", "-s", f"-screen 0 {1400 * scale}x{900 * scale}x24", BUILD / "tests/danube_tour", *arguments]
    try:
        code = subprocess.run(command, env=environment, timeout=TOUR_SECONDS).returncode
    except subprocess.TimeoutExpired:
        die(f"the console was not photographed within {TOUR_SECONDS} s")
    if code not in (0, 1):
        die(f"danube_tour ended with {code}")


def write_index(out):
    """One row a page, one column a variant."""
    pictures = {}
    for file in sorted(out.glob("*.png")):
        name, theme, size, scale = file.stem.rsplit("-", 3)
        pictures.setdefault(name, {})[(size, theme, scale)] = file.name
    variants = sorted({variant for row in pictures.values() for variant in row})
    findings = [line for file in sorted(out.glob("findings-*.txt")) for line in file.read_text().splitlines()]
    head = "".join(f"<th>{html.escape(' '.join(variant))}</th>" for variant in variants)
    rows = "".join(
        f"<tr><th>{html.escape(name)}</th>" +
        "".join(f'<td><a href="{row[v]}"><img loading="lazy" src="{row[v]}" alt="{html.escape(name)}, {html.escape(" ".join(v))}"></a></td>'
                if v in row else "<td></td>" for v in variants) + "</tr>\n" for name, row in pictures.items())
    items = "".join(f"<li>{html.escape(line)}</li>\n" for line in findings)
    (out / "index.html").write_text(f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Danube's console</title>
<style>body{{font:14px sans-serif;margin:1em}}img{{width:320px;border:1px solid #bbb}}th{{text-align:left;vertical-align:top;padding:4px}}
tr:first-child th{{position:sticky;top:0;background:#fff}}</style>
<h1>Danube's console</h1><p>{sum(map(len, pictures.values()))} pictures, {len(findings)} findings</p><ul>{items}</ul>
<table><tr><th></th>{head}</tr>
{rows}</table></html>
""", encoding="utf-8")
    return sum(map(len, pictures.values())), findings


def tour():
    started = time.monotonic()
    state = BUILD / "tour"
    for folder in (state, OUT):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    with origins.opened(state) as servers:
        config, bare = prepare(state, servers)
        process, endpoints = start_master(state, config)
        try:
            token = state / "data/admin.token"
            master = Master(endpoints["http"], token)
            shown = run_jobs(master)
            log = state / "nightly build.log"
            log.write_bytes(b"".join(b"\x1b[32mstage %d\x1b[0m: object %d done\n" % (n % 7, n) for n in range(1, 2000)))
            for scale in (1, 2):
                photograph(scale, ["--url", endpoints["http"], "--token-file", token, "--job", shown, "--log", log, "--out", OUT, "--",
                                   sys.executable, __file__, "commit", bare])
        finally:
            end_jobs(endpoints["http"], state / "data/admin.token")
            stop(process)
    count, findings = write_index(OUT)
    print("\n".join(findings))
    print(f"""  pictures  {count}, of every page and dialog
  findings  {len(findings)}
  took      {time.monotonic() - started:.0f} s
  look at   {OUT / 'index.html'}""")
    return 1 if findings else 0


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "commit":
        return commit(sys.argv[2], sys.stdin.read())
    if len(sys.argv) > 1:
        die("tour takes no arguments")
    return tour()


if __name__ == "__main__":
    sys.exit(main())
