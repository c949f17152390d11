#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Three masters on three branches of one Blueprint repository, in one cluster: what is committed to one changes only it."""
import json
import shutil
import subprocess
import sys
import tempfile
import unittest

from harness import BIN, GIT_ENVIRONMENT, SOURCE, Master, wait_for

sys.path.insert(0, str(SOURCE / "tests/support/kube"))
from standincluster import StandInCluster  # noqa: E402

BRANCHES = ("dev", "staging", "main")
POLICIES = "/apis/cilium.io/v2/namespaces/danube-jobs/ciliumnetworkpolicies"


def config(*hosts):
    return json.dumps({"apiVersion": "danube.dev/v1", "kind": "Config", "metadata": {"name": "global"},
                       "spec": {"egress_allowlist": list(hosts)}}, indent=2) + "\n"


@unittest.skipUnless(shutil.which("kubectl"), "no kubectl here")
class ThreeMasters(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.state = tempfile.mkdtemp(prefix="danube-three-")
        cls.addClassCleanup(shutil.rmtree, cls.state, ignore_errors=True)
        cls.cluster = StandInCluster(cls.state, BIN)
        cls.addClassCleanup(cls.cluster.close)
        cls.cluster.prepare()

    def setUp(self):
        self.addCleanup(self.cluster.kubectl, "delete", "ciliumnetworkpolicies", "--all", "-n", "danube-jobs")
        self.masters = {}
        for branch in BRANCHES:
            self.masters[branch] = Master({})
            self.addCleanup(self.masters[branch].remove)
        home = self.masters["main"].state
        self.bare, self.tree = home / "blueprint.git", home / "tree"
        self.run_git("init", "-q", "--bare", "-b", "main", self.bare)
        self.run_git("clone", "-q", self.bare, self.tree)
        for branch in BRANCHES:
            self.git("checkout", "-q", "--orphan", branch)
            self.commit(branch, config(f"{branch}.example.org"))
        for branch, master in self.masters.items():
            text = master.config.read_text().replace(
                f'directory = "{master.state / "blueprint"}"',
                f'url = "{self.bare.as_uri()}"\nbranch = "{branch}"\nsync_interval = "1s"')
            master.config.write_text(f'{text}{self.cluster.master_config(instance=f"danube-{branch}")}[egress]\ncanary_host = ""\n')
            master.start()
        for branch in BRANCHES:
            self.wait_policy(branch, f"{branch}.example.org")

    def run_git(self, *arguments):
        subprocess.run(["git", *arguments], check=True, env=GIT_ENVIRONMENT, capture_output=True)

    def git(self, *arguments):
        self.run_git("-C", self.tree, *arguments)

    def commit(self, branch, text):
        (self.tree / "config.json").write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "change")
        self.git("push", "-q", "origin", f"HEAD:{branch}")

    def policies(self):
        """{name: (resourceVersion, spec)}."""
        return {item["metadata"]["name"]: (item["metadata"]["resourceVersion"], json.dumps(item["spec"]))
                for item in self.cluster.request("GET", POLICIES)["items"]}

    def wait_policy(self, branch, host):
        name = f"danube-{branch}-egress"
        wait_for(lambda: host in self.policies().get(name, ("", ""))[1], f"{host} in {name}")

    def status(self, branch):
        return self.masters[branch].get("/api/v1/blueprint")

    def wait_all_applied(self):
        for master in self.masters.values():
            wait_for(lambda m=master: (p := m.get("/api/v1/egress/policy")["policies"]) and all(one["state"] == "applied" for one in p),
                     "the policies to hold")

    def test_a_commit_changes_only_its_own_masters_policies(self):
        self.wait_all_applied()
        before = self.policies()
        self.assertEqual(sorted(before), sorted(f"danube-{branch}-egress" for branch in BRANCHES))
        active = {branch: self.status(branch)["active_commit"] for branch in BRANCHES}
        self.assertEqual(len(set(active.values())), 3)
        self.git("checkout", "-q", "staging")
        self.commit("staging", config("staging.example.org", "new.example.org"))
        self.wait_policy("staging", "new.example.org")
        wait_for(lambda: self.status("staging")["active_commit"] != active["staging"], "the commit in force")
        seen = {branch: self.status(branch)["last_contact"] for branch in ("dev", "main")}
        for branch, time in seen.items():  # they looked at the repository since, and found nothing of theirs
            wait_for(lambda b=branch, t=time: self.status(b)["last_contact"] > t, "another look")
            self.assertEqual(self.status(branch)["active_commit"], active[branch])
        after = self.policies()
        changed = {name for name in after if after[name][1] != before.get(name, ("", ""))[1]}
        self.assertEqual(changed, {"danube-staging-egress"})
        self.assertEqual({name: after[name] for name in after if name not in changed},
                         {name: before[name] for name in before if name not in changed})  # not even written again

    def test_a_broken_branch_and_a_master_that_is_gone_hold_up_nobody(self):
        self.git("checkout", "-q", "dev")
        self.commit("dev", config("https://broken/"))
        wait_for(lambda: self.status("dev")["state"] == "refused", "the refusal")
        self.masters["main"].kill()
        self.git("checkout", "-q", "staging")
        self.commit("staging", config("other.example.org"))
        self.wait_policy("staging", "other.example.org")
        policies = self.policies()
        self.assertIn("dev.example.org", policies["danube-dev-egress"][1])
        self.assertIn("main.example.org", policies["danube-main-egress"][1])
        self.assertEqual(self.status("staging")["state"], "current")


if __name__ == "__main__":
    unittest.main()
