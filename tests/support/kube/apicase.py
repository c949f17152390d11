# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests that speak HTTP to a stand-in API server without a node."""
import contextlib
import http.client
import json
import pathlib
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
JOBS = "/api/v1/namespaces/danube-jobs"
POLICIES = "/apis/cilium.io/v2/namespaces/danube-jobs/ciliumnetworkpolicies"
ADMIN = "administrator-token"
MERGE, APPLY = "application/merge-patch+json", "application/apply-patch+yaml"


def pod(name="api1", **spec):
    container = {"name": "main", "image": "localhost/busybox:1"}
    return {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": name, "namespace": "danube-jobs"},
            "spec": {"restartPolicy": "Never", "containers": [container]} | spec}


def config_map(name, **data):
    return {"kind": "ConfigMap", "apiVersion": "v1", "metadata": {"name": name}, "data": data}


class Answer:
    def __init__(self, code, headers, body):
        self.code, self.headers, self.body = code, headers, body

    def json(self):
        return json.loads(self.body)

    @property
    def message(self):
        return self.json()["message"]


class ApiCase(unittest.TestCase):
    maxDiff = None
    options = ("--bookmark-seconds", "0.3", "--token", "nobody=nobody-token",
               "--token", "system:serviceaccount:danube-system:danube-master=master-token")

    @classmethod
    def setUpClass(cls):
        state = tempfile.TemporaryDirectory(prefix="danube-standin-")
        cls.addClassCleanup(state.cleanup)
        cls.state = pathlib.Path(state.name)
        command = [sys.executable, "-B", "-m", "standin", "--state", cls.state, "--token-admin", ADMIN, *cls.options]
        cls.process = subprocess.Popen(command, cwd=HERE, stdin=subprocess.DEVNULL)
        cls.addClassCleanup(cls._end)
        deadline = time.monotonic() + 30
        while not (cls.state / "endpoint.json").exists():
            if cls.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the stand-in API server did not start")
            time.sleep(0.02)
        cls.endpoint = json.loads((cls.state / "endpoint.json").read_text())
        cls.trust = ssl.create_default_context(cafile=cls.endpoint["ca"])

    @classmethod
    def _end(cls):
        cls.process.terminate()
        cls.process.wait(20)

    def setUp(self):
        self.connection = self.connect()
        self.addCleanup(self.connection.close)
        self.ask("DELETE", "/standin/faults")
        self.ask("POST", "/api/v1/namespaces", {"kind": "Namespace", "apiVersion": "v1", "metadata": {"name": "danube-jobs"}})
        self.addCleanup(self.empty)

    def empty(self):
        """The next test begins without this one's objects."""
        self.connection.close()
        self.connection = self.connect()
        self.ask("DELETE", "/standin/faults")
        for path in (f"{JOBS}/pods", f"{JOBS}/configmaps?fieldSelector=metadata.name!=kube-root-ca.crt", f"{JOBS}/secrets", f"{JOBS}/resourcequotas", POLICIES):
            self.ask("DELETE", path, {"gracePeriodSeconds": 0})
        self.connection.close()

    def connect(self, timeout=15):
        url = urllib.parse.urlsplit(self.endpoint["url"])
        return http.client.HTTPSConnection(url.hostname, url.port, timeout=timeout, context=self.trust)

    def ask(self, method, path, body=None, token=ADMIN, kind="application/json", connection=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = None
        if body is not None:
            headers["Content-Type"] = kind
            data = body if isinstance(body, (bytes, str)) else json.dumps(body)
        connection = connection or self.connection
        connection.request(method, path, data, headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())

    def fault(self, kind, **more):
        answer = self.ask("POST", "/standin/faults", {"fault": kind} | more)
        self.assertEqual(answer.code, 200, answer.body)

    def make(self, path, *objects):
        made = []
        for obj in objects:
            answer = self.ask("POST", path, obj)
            self.assertEqual(answer.code, 201, answer.body)
            made.append(answer.json())
        return made

    @contextlib.contextmanager
    def watching(self, path, token=ADMIN, **query):
        """An open watch: a function that reads its next line as JSON, None at the end."""
        connection = self.connect()
        query = urllib.parse.urlencode({"watch": 1, "timeoutSeconds": 10} | query)
        connection.request("GET", f"{path}?{query}", headers={"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        self.assertEqual(answer.status, 200)

        def following():
            line = answer.readline()
            return json.loads(line) if line else None
        try:
            yield following
        finally:
            answer.close()
            connection.close()
