# SPDX-License-Identifier: GPL-3.0-or-later
"""deploy/ applied to the stand-in cluster by the unmodified kubectl: every object is accepted strictly, and the master has the
rights of its Role (which are the executor's calls: test_rights.py) in the namespace of jobs and nowhere else."""
import copy
import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from manifests import BIN, SOURCE, only, render

sys.path.insert(0, str(SOURCE / "tests/support/kube"))
from standincluster import StandInCluster  # noqa: E402

MASTER = "system:serviceaccount:danube-system:danube-master"
# What Kubernetes gives every account: questions about itself.
EVERYBODY = {"selfsubjectreviews.authentication.k8s.io", "selfsubjectaccessreviews.authorization.k8s.io",
             "selfsubjectrulesreviews.authorization.k8s.io"}


class OnStandIn(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.state = tempfile.mkdtemp(prefix="danube-deploy-")
        cls.cluster = StandInCluster(cls.state, BIN)
        cls.addClassCleanup(shutil.rmtree, cls.state, ignore_errors=True)
        cls.addClassCleanup(cls.cluster.close)
        cls.cluster.kubectl("apply", "--validate=strict", "-k", str(SOURCE / "deploy/base"))

    def kubectl(self, *arguments, **more):
        command = ["kubectl", "--kubeconfig", self.cluster.endpoint["kubeconfig"], *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **more)

    def test_applying_again_changes_nothing(self):
        done = self.kubectl("apply", "--validate=strict", "-k", str(SOURCE / "deploy/base"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreaterEqual(len(done.stdout.splitlines()), 10)
        self.assertEqual([line for line in done.stdout.splitlines() if not line.endswith(" unchanged")], [])

    def test_the_policy_for_cilium_is_valid(self):
        done = self.kubectl("apply", "--validate=strict", "-k", str(SOURCE / "deploy/overlays/cilium"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        done = self.kubectl("wait", "--for=condition=Valid", "--timeout=30s", "-n", "danube-jobs", "ciliumnetworkpolicy/danube-jobs")
        self.assertEqual(done.returncode, 0, done.stderr)

    def rights(self, *scope):
        """{resource: verbs} as `kubectl auth can-i --list` tells them, without what every account has."""
        done = self.kubectl("auth", "can-i", "--list", "--no-headers", "--as", MASTER, *scope)
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = [line for line in done.stdout.splitlines() if not line.startswith(" ")]
        found = {line.split()[0]: set(re.search(r"\[([^\]]*)\]$", line.strip())[1].split()) for line in lines}
        return {resource: verbs for resource, verbs in found.items() if resource not in EVERYBODY}

    def test_rights_are_the_roles_in_the_namespace_of_jobs(self):
        expected = {}
        for rule in only(render("deploy/base/access"), "Role")["rules"]:
            for resource in rule["resources"]:
                expected[".".join([resource, *filter(None, rule["apiGroups"])])] = set(rule["verbs"])
        self.assertGreaterEqual(len(expected), 5)
        self.assertEqual(self.rights("-n", "danube-jobs"), expected)

    def test_no_rights_anywhere_else(self):
        for scope in (["-n", "danube-system"], ["-n", "kube-system"], []):
            self.assertEqual(self.rights(*scope), {}, scope)
        for verb, resource in (("list", "nodes"), ("get", "namespaces"), ("list", "secrets")):
            done = self.kubectl("auth", "can-i", verb, resource, "--as", MASTER)
            self.assertEqual(done.stdout.strip(), "no", (verb, resource))

    def create_pod(self, spec, name):
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "danube-system"}, "spec": spec}
        return self.kubectl("create", "-f", "-", input=json.dumps(pod))

    def test_the_masters_pod_passes_restricted(self):
        spec = only(render("deploy/base"), "Deployment")["spec"]["template"]["spec"]
        done = self.create_pod(spec, "as-shipped")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        loose = copy.deepcopy(spec)
        loose["containers"][0]["securityContext"]["allowPrivilegeEscalation"] = True
        refused = self.create_pod(loose, "loosened")
        self.assertNotEqual(refused.returncode, 0, "the check itself works")
        self.assertIn("restricted", refused.stderr)


if __name__ == "__main__":
    unittest.main()
