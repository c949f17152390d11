# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in cluster for scripts: started, prepared with what deploy/base gives a real one, disturbed, and ended."""
import http.client
import json
import os
import pathlib
import ssl
import subprocess
import sys
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
START_SECONDS = 30 * int(os.environ.get("DANUBE_TEST_PATIENCE", "1"))
JOBS = "danube-jobs"
COORDINATOR_IMAGE = "localhost/danube-coordinator:dev"
WORKER_IMAGE = "localhost/busybox:dev"


def images_of(programs):
    """The coordinator's image as ./dev image would make it, from the build's own programs; workers: this machine's root."""
    sdk = ROOT / "resources/sdk"
    files = {"/usr/bin/danube-agent": programs / "danube-agent", "/usr/bin/danube-coordinator": programs / "danube-coordinator"}
    files |= {"/usr/share/danube/sdk/" + str(path.relative_to(sdk)): path for path in sdk.rglob("*") if path.suffix in {".py", ".typed"}}
    return {COORDINATOR_IMAGE: {"rootfs": "host", "files": {name: str(path) for name, path in files.items()}}}


class StandInCluster:
    def __init__(self, state, programs, images=None, options=()):
        """images: for images.json beside the built-in ones; None = the coordinator's, from `programs`."""
        self.state = pathlib.Path(state)
        self.state.mkdir(parents=True, exist_ok=True)
        list_of_images = self.state / "images.json"
        list_of_images.write_text(json.dumps(images_of(programs) if images is None else images))
        command = [sys.executable, "-B", "-m", "standin", "--state", self.state, "--images", list_of_images, "--cell", programs / "danube-cell",
                   *options]
        with open(self.state / "standin.log", "ab") as log:
            self.process = subprocess.Popen(command, cwd=HERE, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        endpoint = self.state / "endpoint.json"
        deadline = time.monotonic() + START_SECONDS
        while not endpoint.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.close()
                raise RuntimeError("the stand-in cluster did not start:\n" + (self.state / "standin.log").read_text()[-2000:])
            time.sleep(0.02)
        self.endpoint = json.loads(endpoint.read_text())

    def prepare(self):
        """Namespaces, service account and rights, by the files a real cluster gets."""
        self.kubectl("apply", "-k", str(ROOT / "deploy/base/access"))
        return self

    def kubectl(self, *arguments, check=True):
        command = ["kubectl", "--kubeconfig", self.endpoint["kubeconfig"], *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=os.environ | {"HOME": str(self.state)})
        if check and done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr}")
        return done.stdout

    def request(self, method, path, body=None):
        url = urllib.parse.urlsplit(self.endpoint["url"])
        context = ssl.create_default_context(cafile=self.endpoint["ca"])
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # the tests make it show wrong certificates
        connection = http.client.HTTPSConnection(url.hostname, url.port, timeout=30, context=context)
        try:
            connection.request(method, path, None if body is None else json.dumps(body),
                               {"Authorization": "Bearer " + self.endpoint["admin_token"], "Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
            if answer.status >= 300:
                raise RuntimeError(f"{method} {path}: {answer.status} {text[:500]}")
            return json.loads(text)
        finally:
            connection.close()

    def fault(self, kind, **more):
        return self.request("POST", "/standin/faults", {"fault": kind} | more)["ids"][0]

    def heal(self, kind=""):
        self.request("DELETE", "/standin/faults" + (f"/{kind}" if kind else ""))

    def act(self, action, **more):
        return self.request("POST", "/standin/act", {"action": action} | more)

    def counts(self):
        return self.request("GET", "/standin/counts")

    def objects(self, plural):
        return self.request("GET", f"/api/v1/namespaces/{JOBS}/{plural}")["items"]

    def master_config(self, **more):
        """[executor] and [kubernetes] of a master that uses this cluster, as the service account it has there."""
        keys = {"kubeconfig": self.endpoint["kubeconfig_master"], "coordinator_image": COORDINATOR_IMAGE, "worker_image": WORKER_IMAGE} | more
        return '[executor]\nkind = "kubernetes"\n[kubernetes]\n' + "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items())

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
