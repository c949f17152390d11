#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Egress from commit to cluster and back: a host in the Blueprint becomes policy, a refused flow becomes a patch of it."""
import json
import shutil
import subprocess
import sys
import tempfile
import unittest

from harness import BIN, GIT_ENVIRONMENT, HOLD, SOURCE, Master, wait_for

sys.path.insert(0, str(SOURCE / "tests/support/kube"))
from nodecase import why_not  # noqa: E402
from standincluster import StandInCluster  # noqa: E402

POLICIES = "/apis/cilium.io/v2/namespaces/danube-jobs/ciliumnetworkpolicies"


def document(kind, name, spec):
    return json.dumps({"apiVersion": "danube.dev/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}, indent=2) + "\n"


@unittest.skipUnless(shutil.which("kubectl"), "no kubectl here")
class Egress(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.state = tempfile.mkdtemp(prefix="danube-egress-")
        cls.addClassCleanup(shutil.rmtree, cls.state, ignore_errors=True)
        cls.cluster = StandInCluster(cls.state, BIN)
        cls.addClassCleanup(cls.cluster.close)
        cls.cluster.prepare()

    def setUp(self):
        self.addCleanup(self.cluster.heal)
        self.addCleanup(self.cluster.kubectl, "delete", "ciliumnetworkpolicies", "--all", "-n", "danube-jobs")
        self.master = Master({})
        self.addCleanup(self.master.remove)
        self.flows = self.master.state / "events.log"
        self.bare, self.tree = self.master.state / "blueprint.git", self.master.state / "tree"
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", self.bare], check=True, env=GIT_ENVIRONMENT)
        subprocess.run(["git", "clone", "-q", self.bare, self.tree], check=True, env=GIT_ENVIRONMENT, capture_output=True)
        self.commit(**{"config.json": document("Config", "global", {"egress_allowlist": ["github.com"]}),
                       "pipelines/web.json": document("Pipeline", "web", {"repository": "file:///nowhere.git"})})
        text = self.master.config.read_text().replace(f'directory = "{self.master.state / "blueprint"}"',
                                                      f'url = "{self.bare.as_uri()}"\nsync_interval = "1s"')
        self.master.config.write_text(f'{text}{self.cluster.master_config()}[egress]\nflows_file = "{self.flows}"\n'
                                      'canary_host = "forbidden.invalid"\n'
                                      'services = ["registry.danube-system:5000/http=app.kubernetes.io/name=registry"]\n')
        self.master.start()
        self.wait_policy("github.com")

    def commit(self, **files):
        for path, text in files.items():
            (self.tree / path).parent.mkdir(parents=True, exist_ok=True)
            (self.tree / path).write_text(text)
        for command in (["add", "-A"], ["commit", "-q", "-m", "change"], ["push", "-q", "origin", "HEAD:main"]):
            subprocess.run(["git", "-C", self.tree, *command], check=True, env=GIT_ENVIRONMENT)

    def wait_commit(self):
        """A master that starts serves what it kept, before its first look at the branch."""
        head = self.git("rev-parse", "HEAD")
        wait_for(lambda: self.master.get("/api/v1/blueprint")["active_commit"] == head, "the last commit to be in force")

    def git(self, *arguments):
        return subprocess.run(["git", "-C", self.tree, *arguments], check=True, env=GIT_ENVIRONMENT, capture_output=True,
                              text=True).stdout.strip()

    def policies(self):
        return {item["metadata"]["name"]: json.dumps(item["spec"]) for item in self.cluster.request("GET", POLICIES)["items"]}

    def wait_policy(self, host):
        wait_for(lambda: any(host in spec for spec in self.policies().values()), f"{host} in a policy")

    def ctl(self, *arguments, code=0, command="egress"):
        done = subprocess.run([BIN / "danubectl", "--url", self.master.endpoints["http"], "--token-file", self.master.data / "admin.token",
                               command, *arguments], capture_output=True, text=True, timeout=150, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def flow(self, job, **rest):
        record = {"source": {"namespace": "danube-jobs", "labels": [f"k8s:danube.dev/job={job}"]}, "traffic_direction": "EGRESS",
                  "time": "2030-01-31T12:00:00.5Z", "verdict": "DROPPED", "drop_reason_desc": "POLICY_DENIED"} | rest
        with open(self.flows, "a", encoding="ascii") as file:
            file.write(json.dumps({"flow": record, "node_name": "n"}) + "\n")

    def test_a_commit_is_policy_and_a_bad_one_changes_nothing(self):
        self.commit(**{"config.json": document("Config", "global", {"egress_allowlist": ["github.com", "packages.example.org"]})})
        self.wait_policy("packages.example.org")
        before = self.policies()
        self.commit(**{"config.json": document("Config", "global", {"egress_allowlist": ["https://bad/", "other.example.org"]})})
        wait_for(lambda: self.master.get("/api/v1/blueprint")["state"] == "refused", "the commit to be refused")
        self.assertEqual(self.policies(), before)

    def test_refused_flows_become_a_patch(self):
        job = self.master.trigger("web")
        self.master.wait_end(job)
        world = {"labels": ["reserved:world"]}
        self.flow(job, destination=world, destination_names=["new.example.org"], l4={"TCP": {"destination_port": 8443}})
        self.flow(job, l7={"type": "REQUEST", "dns": {"query": "other.example.org."}})
        self.flow("nobody", destination=world, destination_names=["evil.example.org"], l4={"TCP": {"destination_port": 443}})
        wait_for(lambda: len(self.master.get(f"/api/v1/egress/denied?job={job}")["refusals"]) == 2, "both refusals")
        denied = self.ctl("denied", job, code=1)
        self.assertIn("new.example.org", denied)
        self.assertNotIn("evil", denied)
        self.ctl("test", "--pipeline", "web", "--host", "new.example.org:8443", code=1)
        self.assertIn("would be allowed by: new.example.org:8443", self.ctl("explain", "new.example.org:8443", "--pipeline", "web", code=1))
        patch = self.ctl("propose", job, "--patch")
        wait_for(lambda: len(self.master.get("/api/v1/egress/denied?pipeline=web")["refusals"]) == 2, "both to be stored")
        entries = lambda text: sorted(line.rstrip(",") for line in text.splitlines() if "example.org" in line)  # noqa: E731
        self.assertEqual(entries(self.ctl("propose", "--since", "2000-01-01T00:00:00Z", "--patch")), entries(patch))
        made = self.ctl("propose", "--since", "2000-01-01T00:00:00Z", "--branch", "egress/web", "--repository", self.tree).split()
        self.assertEqual(made, ["egress/web", self.git("rev-parse", "egress/web")])
        self.assertEqual(self.git("diff", "--name-only", "main", "egress/web"), "pipelines/web.json")
        self.assertEqual(self.git("rev-parse", "egress/web^"), self.git("rev-parse", "main"))
        for options in (["--check"], []):
            subprocess.run(["git", "-C", self.tree, "apply", *options, "-"], input=patch, text=True, check=True, env=GIT_ENVIRONMENT)
        self.commit()
        self.wait_policy("new.example.org")
        self.assertIn("other.example.org", self.policies()["danube-egress-pipeline-web"])
        self.ctl("test", "--pipeline", "web", "--host", "new.example.org:8443", "--host", "other.example.org")
        self.assertEqual(json.loads(self.ctl("propose", job, "--json"))["entries"], [])

    def held_repository(self):
        repository = self.master.state / "held"
        repository.mkdir()
        (repository / "danubefile.py").write_text(HOLD)
        for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "sources"]):
            subprocess.run(["git", "-C", repository, *command], check=True, env=GIT_ENVIRONMENT)
        return repository

    @unittest.skipIf(why_not(), f"no pods here: {why_not()}")
    def test_the_three_answers_to_a_violation(self):
        repository = self.held_repository()
        self.commit(**{f"pipelines/{answer}.json": document("Pipeline", answer, {"repository": repository.as_uri(), "on_violation": answer})
                       for answer in ("log", "warn", "fail")})
        wait_for(lambda: len(self.master.get("/api/v1/pipelines")["pipelines"]) == 4, "the pipelines")
        jobs = {answer: self.master.trigger(answer) for answer in ("log", "warn", "fail")}
        for job in jobs.values():
            self.master.wait_state(job, "running")
            self.flow(job, l7={"type": "REQUEST", "dns": {"query": "new.example.org."}})
        failed = self.master.wait_end(jobs["fail"])
        self.assertEqual((failed["state"], failed["reason"]), ("failure", "egress refused: new.example.org (DNS); to allow it, list \"new.example.org\" in egress_allowlist"))
        text = {answer: lambda job=job: self.master.rest("GET", f"/api/v1/jobs/{job}/logs")[1].decode() for answer, job in jobs.items()}
        wait_for(lambda: "egress refused: new.example.org" in text["warn"](), "the warning in the log")
        wait_for(lambda: self.master.get(f"/api/v1/egress/denied?job={jobs['log']}")["refusals"], "the refusal")
        self.assertNotIn("egress refused", text["log"]())
        for answer in ("log", "warn"):
            self.assertEqual(self.master.job(jobs[answer])["state"], "running")
            self.master.rest("POST", f"/api/v1/jobs/{jobs[answer]}/cancel")
            self.assertEqual(self.master.wait_end(jobs[answer])["state"], "cancelled")

    def test_a_service_of_the_cluster_is_opened_by_its_pods(self):
        self.commit(**{"config.json": document("Config", "global", {"egress_allowlist": ["registry.danube-system", "other.danube-system"]})})
        self.wait_policy("app.kubernetes.io/name\": \"registry")
        spec = json.loads(self.policies()["danube-egress"])
        rule = next(rule for rule in spec["egress"] if "registry" in json.dumps(rule.get("toEndpoints", "")))
        self.assertEqual(rule["toPorts"], [{"ports": [{"port": "http", "protocol": "TCP"}]}])
        self.assertEqual(self.master.get("/api/v1/egress/policy")["notes"], ["'other.danube-system' is not opened: no such Service is known"])

    def test_says_what_is_wrong_with_a_question(self):
        for method, path, body, status in (("GET", "denied", None, 400), ("GET", "denied?job=none", None, 404),
                                           ("GET", "denied?pipeline=web&since=yesterday", None, 400),
                                           ("GET", "denied?pipeline=web&limit=0", None, 400),
                                           ("POST", "test", {"hosts": []}, 400), ("POST", "test", {"hosts": ["a b"]}, 400),
                                           ("POST", "test", {"hosts": ["a.b"], "pipeline": "none"}, 404),
                                           ("POST", "propose", {}, 400), ("POST", "propose", {"job": "a", "pipeline": "b"}, 400),
                                           ("POST", "propose", {"job": "none"}, 404), ("POST", "policy", {}, 405)):
            self.assertEqual(self.master.rest(method, f"/api/v1/egress/{path}", body)[0], status, (method, path, body))

    def edit_by_hand(self, patch):
        self.cluster.kubectl("patch", "ciliumnetworkpolicy", "danube-egress", "-n", "danube-jobs", "--type=merge", "-p", json.dumps(patch))

    def test_a_hand_edit_is_put_right(self):
        self.wait_drift("holds", "the policies to hold")  # what was never read back cannot drift
        self.edit_by_hand({"spec": {"egress": [{}]}})
        wait_for(lambda: "drifted" in self.master.log(), "the drift to be logged")
        self.wait_policy("github.com")
        self.wait_drift("holds", "the repair")

    def drift(self, *arguments, code=0):
        done = subprocess.run([BIN / "danubectl", "--url", self.master.endpoints["http"], "--token-file", self.master.data / "admin.token",
                               "blueprint", "drift", "--json", *arguments], capture_output=True, text=True, timeout=150, check=False)
        if code is not None:
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def wait_drift(self, key, what):
        wait_for(lambda: json.loads(self.drift(code=None))[key], what)

    def test_without_repair_drift_is_named_and_put_right_when_asked(self):
        self.master.stop()
        self.master.config.write_text(self.master.config.read_text() + "repair = false\n")
        self.master.start()
        self.wait_drift("holds", "the policies to hold")
        self.assertIn("all policies are as commit", self.ctl("drift", command="blueprint"))
        self.edit_by_hand({"spec": {"egress": [{}]}})
        self.wait_drift("drifted", "the drift")
        named = self.ctl("drift", command="blueprint", code=2)
        self.assertRegex(named, r"^danube-egress drifted: spec\.egress\[0\]\.toEndpoints is gone \(was ")
        self.assertNotIn("github.com", self.policies()["danube-egress"])
        self.assertEqual(self.ctl("drift", "--repair", command="blueprint").splitlines()[0], "danube-egress repaired")
        self.assertIn("github.com", self.policies()["danube-egress"])
        self.ctl("drift", command="blueprint")

    @unittest.skipIf(why_not(), f"no pods here: {why_not()}")
    def test_no_pod_before_its_policies_hold(self):
        self.commit(**{"pipelines/web.json": document("Pipeline", "web", {"repository": self.held_repository().as_uri()})})
        self.master.stop()
        self.master.config.write_text(self.master.config.read_text() + "repair = false\n")
        self.master.start()
        self.wait_commit()
        self.wait_drift("holds", "the policies to hold")
        self.edit_by_hand({"spec": {"egress": [{"toEntities": ["world"]}]}})
        self.wait_drift("drifted", "the drift")
        job = self.master.trigger("web")
        wait_for(lambda: "pod waits" in self.master.log(), "the job to wait")
        self.assertIn("policy danube-egress was changed in the cluster: spec.egress", self.master.log())
        pods = lambda: [pod for pod in self.cluster.objects("pods") if pod["metadata"]["labels"].get("danube.dev/job") == job]  # noqa: E731
        self.assertEqual((self.master.job(job)["state"], pods()), ("scheduling", []))
        self.ctl("drift", "--repair", command="blueprint")
        self.master.wait_state(job, "running")
        self.assertEqual(len(pods()), 1)

    def test_plan_names_the_rules_and_apply_waits_for_them(self):
        (self.tree / "config.json").write_text(document("Config", "global", {"egress_allowlist": ["github.com", "new.example.org"]}))
        plan = self.ctl("plan", self.tree, command="blueprint").splitlines()
        self.assertEqual(plan[:3], ['config: egress_allowlist entry "new.example.org" added', "every job: opens new.example.org on ports 80 and 443",
                                    "CiliumNetworkPolicy danube-egress is changed"])
        self.assertEqual(plan[3:], ["  + allows look-ups of new.example.org", "  + allows new.example.org on TCP 443 (TLS name checked) and TCP 80"])
        policies = json.loads(self.ctl("plan", self.tree, "--json", command="blueprint"))["policies"]
        self.assertTrue(policies["applied"])
        before, after = policies["objects"][0]["before"], policies["objects"][0]["after"]
        self.assertEqual(json.dumps(before["spec"], sort_keys=True), json.dumps(json.loads(self.policies()["danube-egress"]), sort_keys=True))
        self.ctl("apply", self.tree, "-m", "Open it", "--wait", command="blueprint")
        self.assertEqual(json.loads(self.policies()["danube-egress"]), after["spec"])

    def test_never_says_more_than_it_verified(self):
        status = wait_for(lambda: (s := self.master.get("/api/v1/egress/policy"))["level"] == "declared" and s, "policies to be applied")
        self.assertEqual([policy["name"] for policy in status["policies"]], ["danube-egress"])
        if why_not():
            self.skipTest(f"no pods here: {why_not()}")
        status = wait_for(lambda: (s := self.master.get("/api/v1/egress/policy")).get("canary") and s, "the canary", 60)
        self.assertEqual((status["level"], status["reason"]), ("declared", "not enforced: the canary reached the API server"))
        self.assertIn("canary  breached", self.ctl("status", code=1))
        metrics = self.master.rest("GET", "/metrics")[1].decode()
        self.assertIn("danube_egress_level 1\n", metrics)


if __name__ == "__main__":
    unittest.main()
