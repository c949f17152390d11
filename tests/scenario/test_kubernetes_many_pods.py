# SPDX-License-Identifier: GPL-3.0-or-later
"""A namespace full of pods costs the master one list, one watch, and one deletion for each that nobody owns."""
import http.client
import json
import ssl
import unittest
import urllib.parse

from clustercase import JOBS, ClusterCase
from harness import wait_for

BRIEF = """
from danube import step
step.run("echo said", name="say")
"""


class ManyPods(ClusterCase):
    """500 pods that an earlier master forgot, and some of strangers, are there when the master comes."""
    PIPELINES = {"brief": {"danubefile.py": BRIEF}}
    KUBERNETES = {"qps": 500, "burst": 500}
    FORGOTTEN, FOREIGN = 500, 20

    @classmethod
    def prepare_cluster(cls):
        cls.cluster.fault("image-pull-slow", ms=600_000, match={"image": "localhost/busybox:never"})
        url = urllib.parse.urlsplit(cls.cluster.endpoint["url"])
        context = ssl.create_default_context(cafile=cls.cluster.endpoint["ca"])
        connection = http.client.HTTPSConnection(url.hostname, url.port, timeout=30, context=context)
        for number in range(cls.FORGOTTEN + cls.FOREIGN):
            cls.post_pod(connection, number)
        connection.close()

    @classmethod
    def post_pod(cls, connection, number):
        labels = {"danube.dev/instance": "danube", "danube.dev/job": f"{number:032x}", "danube.dev/managed-by": "danube-master"}
        name = f"danube-{number:032x}" if number < cls.FORGOTTEN else f"stranger-{number}"
        secure = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}, "runAsNonRoot": True, "runAsUser": 1000,
                  "seccompProfile": {"type": "RuntimeDefault"}}
        pod = {"apiVersion": "v1", "kind": "Pod",
               "metadata": {"name": name, "labels": labels if number < cls.FORGOTTEN else {"app": "stranger"}},
               "spec": {"containers": [{"name": "worker", "image": "localhost/busybox:never", "command": ["true"], "securityContext": secure}]}}
        connection.request("POST", f"/api/v1/namespaces/{JOBS}/pods", json.dumps(pod),
                           {"Authorization": "Bearer " + cls.cluster.endpoint["admin_token"], "Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 201:
            raise RuntimeError(text.decode())

    @classmethod
    def prepare_master(cls):
        cls.cluster.request("POST", "/standin/counts/reset", {})

    def tearDown(self):
        pass  # the slow pull stays

    def test_they_cost_one_list_one_watch_and_one_deletion_each(self):
        wait_for(lambda: self.cluster.counts()["requests"].get("delete pods", 0) >= self.FORGOTTEN, "500 pods to be swept", 120)
        wait_for(lambda: len(self.cluster.objects("pods")) == self.FOREIGN, "500 pods to be gone")
        counts = self.cluster.counts()
        seen = counts["requests"]
        self.assertEqual(counts["open"].get("watch pods"), 1)
        self.assertEqual(counts["opened"]["watch pods"], 1)
        self.assertEqual(seen.get("get pods", 0), 0)
        self.assertEqual(seen["delete pods"], self.FORGOTTEN)
        job = self.master.trigger("brief")
        self.assertEqual(self.master.wait_end(job)["state"], "success")
        self.assertEqual(self.cluster.counts()["opened"]["watch pods"], 1)


if __name__ == "__main__":
    unittest.main()
