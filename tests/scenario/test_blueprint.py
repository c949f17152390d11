#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configuration by git: a bad commit keeps the last good one, a restart needs no git, REST syncs, plans and commits."""
import datetime
import json
import subprocess
import unittest

from harness import BIN, GIT_ENVIRONMENT, HOLD, Master, wait_for


def pipeline(name, image="debian:13"):
    return json.dumps({"apiVersion": "danube.dev/v1", "kind": "Pipeline", "metadata": {"name": name},
                       "spec": {"repository": "https://git.example.org/a.git", "worker": {"image": image}}}, indent=2) + "\n"


class Blueprint(unittest.TestCase):
    def setUp(self):
        self.master = Master({})
        self.addCleanup(self.master.remove)
        self.bare = self.master.state / "blueprint.git"
        self.tree = self.master.state / "tree"
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", self.bare], check=True, env=GIT_ENVIRONMENT)
        subprocess.run(["git", "clone", "-q", self.bare, self.tree], check=True, env=GIT_ENVIRONMENT, capture_output=True)
        self.commit("config.json", '{"apiVersion": "danube.dev/v1", "kind": "Config", "metadata": {"name": "global"}, "spec": {}}')
        self.first = self.commit("pipelines/web.json", pipeline("web"))
        text = self.master.config.read_text()
        self.configure(text, "1h")

    def configure(self, text, interval):
        head, _, rest = text.partition("[config_repo]\n")
        rest = rest[rest.index("[secrets]"):]
        self.master.config.write_text(f'{head}[config_repo]\nurl = "{self.bare.as_uri()}"\nsync_interval = "{interval}"\n{rest}')

    def git(self, *arguments):
        done = subprocess.run(["git", "-C", self.tree, *arguments], check=True, env=GIT_ENVIRONMENT, capture_output=True, text=True)
        return done.stdout.strip()

    def commit(self, path, text):
        file = self.tree / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "change")
        self.git("push", "-q", "origin", "HEAD:main")
        return self.git("rev-parse", "HEAD")

    def post(self, verb, body=None):
        status, answer = self.master.rest("POST", f"/api/v1/blueprint/{verb}", body)
        return status, json.loads(answer)

    def start(self):
        self.master.start()
        wait_for(lambda: self.master.get("/api/v1/blueprint")["state"] == "current", "the first sync")

    def test_bad_commit_keeps_the_last_good_one(self):
        self.start()
        self.assertEqual([p["name"] for p in self.master.get("/api/v1/pipelines")["pipelines"]], ["web"])
        bad = self.commit("pipelines/web.json", pipeline("web").replace('"debian:13"', '"Debian:13"'))
        status, answer = self.post("sync")
        self.assertEqual((status, answer["state"], answer["active_commit"], answer["head_commit"]), (200, "refused", self.first, bad))
        finding = answer["findings"][0]
        self.assertEqual((finding["file"], finding["line"], finding["severity"], finding["pointer"]),
                         ("pipelines/web.json", 10, "error", "/spec/worker/image"))
        self.assertIn("pipelines/web.json:10", self.master.log())
        self.assertEqual(self.master.get("/api/v1/pipelines/web")["image"], "debian:13")
        ready = self.master.get("/health/ready")
        self.assertTrue(ready["ready"])
        self.assertIn("refused", ready["checks"]["blueprint"])
        code, text = self.ctl("status")
        self.assertEqual(code, 1)
        self.assertRegex(text, r"pipelines/web\.json:10:\d+: error: spec\.worker\.image: ")
        self.assertIn(f"active  {self.first}", text)

    def test_restart_without_git_serves_the_last_good_one(self):
        self.start()
        self.master.kill()
        self.bare.rename(self.master.state / "away.git")
        self.master.start()
        self.assertEqual(self.master.get("/api/v1/pipelines/web")["name"], "web")
        wait_for(lambda: self.master.get("/api/v1/blueprint")["state"] == "unreachable", "the failed sync")
        ready = self.master.get("/health/ready")
        self.assertTrue(ready["ready"])
        self.assertRegex(ready["checks"]["blueprint"], f"^commit {self.first[:12]} is active; the repository was never reached; ")
        (self.master.state / "away.git").rename(self.bare)
        self.assertEqual(self.post("sync")[1]["state"], "current")
        self.bare.rename(self.master.state / "away.git")
        self.assertEqual(self.post("sync")[1]["state"], "unreachable")
        self.assertIn("the repository was last reached at 2", self.master.get("/health/ready")["checks"]["blueprint"])

    def test_restart_without_any_configuration_ends_no_job(self):
        repository = self.master.state / "repositories/hold"
        repository.mkdir(parents=True)
        (repository / "danubefile.py").write_text(HOLD)
        for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "sources"]):
            subprocess.run(["git", "-C", repository, *command], check=True, env=GIT_ENVIRONMENT)
        document = json.loads(pipeline("hold"))
        document["spec"] |= {"repository": repository.as_uri(), "secrets": ["PASSWORD"], "concurrency": 1}
        self.commit("pipelines/hold.json", json.dumps(document))
        (self.master.state / "secrets.json").write_text('{"PASSWORD": "in the file"}')
        self.start()
        running, waiting = self.master.trigger("hold"), self.master.trigger("hold")
        self.master.wait_state(running, "running")
        self.master.kill()
        (self.master.data / "blueprint/active.json").write_text("damaged")
        self.bare.rename(self.master.state / "away.git")
        self.master.restart()
        wait_for(lambda: self.master.get("/api/v1/blueprint")["state"] == "unreachable", "the failed sync")
        ask = {"job_id": running, "key": "PASSWORD"}
        token = self.master.job_token(running)
        wait_for(lambda: "not known yet" in json.dumps(self.master.rpc("get-secret", ask, token)[1]), "a secret that has to wait")
        self.assertEqual(self.master.rpc("get-secret", ask, token)[0], 503)
        self.assertEqual([self.master.job(job)["state"] for job in (running, waiting)], ["running", "pending"])
        (self.master.state / "away.git").rename(self.bare)
        self.assertEqual(self.post("sync")[1]["state"], "current")
        self.assertEqual(self.master.rpc("get-secret", ask, token)[1]["value"], "in the file")
        for job in (running, waiting):
            self.master.wait_state(job, "running")
            self.master.finish_hold(job)
            self.assertEqual(self.master.wait_end(job)["state"], "success")

    def test_branch_is_followed_by_itself(self):
        self.configure(self.master.config.read_text(), "1s")
        self.start()
        self.commit("pipelines/new.json", pipeline("new"))
        wait_for(lambda: len(self.master.get("/api/v1/pipelines")["pipelines"]) == 2, "the new pipeline")

    def test_triggers_are_shown_with_their_next_run(self):
        document = json.loads(pipeline("web"))
        document["spec"]["triggers"] = [{"on": "cron", "schedule": "0 0 1 1 *"}, {"on": "pull_request"}]
        self.commit("pipelines/web.json", json.dumps(document))
        self.start()
        year = datetime.datetime.now(datetime.timezone.utc).year
        shown = self.master.get("/api/v1/pipelines/web")["triggers"]
        self.assertIn(shown[0].pop("next_run"), [f"{y}-01-01T00:00:00.000Z" for y in (year + 1, year + 2)])  # 31 December
        self.assertEqual(shown[0], {"on": "cron", "branches": [], "schedule": "0 0 1 1 *", "catch_up": "last", "active": True})
        self.assertEqual((shown[1]["on"], shown[1]["active"]), ("pull_request", False))
        document["spec"]["triggers"] = [{"on": "cron", "schedule": "*/5 * * * *", "catch_up": "none"}]
        self.commit("pipelines/web.json", json.dumps(document))
        self.assertEqual(self.post("sync")[1]["state"], "current")
        shown = self.master.get("/api/v1/pipelines/web")["triggers"]
        self.assertEqual((len(shown), shown[0]["catch_up"]), (1, "none"))
        left = datetime.datetime.fromisoformat(shown[0]["next_run"]) - datetime.datetime.now(datetime.timezone.utc)
        self.assertLess(abs(left), datetime.timedelta(minutes=5, seconds=30))

    def test_commit_by_rest(self):
        self.start()
        files = {"pipelines/new.json": pipeline("new"), "pipelines/web.json": None}
        status, plan = self.post("plan", {"files": files})
        self.assertEqual((status, [change["text"] for change in plan["changes"]]),
                         (200, ['pipeline "web" removed', 'pipeline "new" added']))
        status, refused = self.post("commit", {"base_commit": self.first, "message": "x", "files": {"pipelines/new.json": "{"}})
        self.assertEqual((status, refused["findings"][0]["file"]), (422, "pipelines/new.json"))
        status, made = self.post("commit", {"base_commit": self.first, "message": "Replace web", "files": files})
        self.assertEqual(status, 201, made)
        self.assertEqual([p["name"] for p in self.master.get("/api/v1/pipelines")["pipelines"]], ["new"])
        self.git("fetch", "-q")
        self.assertEqual(self.git("log", "-1", "--format=%H %an %s", "origin/main"), f"{made['commit']} admin Replace web")
        status, late = self.post("commit", {"base_commit": self.first, "message": "x", "files": {"pipelines/a.json": pipeline("a")}})
        self.assertEqual((status, late["head_commit"]), (409, made["commit"]))
        self.assertIn(made["commit"], late["detail"])

    def ctl(self, *arguments):
        done = subprocess.run([BIN / "danubectl", "--url", self.master.endpoints["http"], "--token-file", self.master.data / "admin.token",
                               "blueprint", *arguments], capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout + done.stderr

    def test_danubectl(self):
        self.start()
        code, text = self.ctl("status")
        self.assertEqual(code, 0, text)
        self.assertIn(f"active  {self.first}", text)
        self.assertEqual(self.ctl("plan", self.tree), (0, "nothing would change\n"))
        (self.tree / "pipelines/new.json").write_text(pipeline("new"))
        self.assertEqual(self.ctl("plan", self.tree), (0, 'pipeline "new" added\n'))
        code, text = self.ctl("apply", self.tree, "-m", "Add new")
        self.assertEqual(code, 0, text)
        self.assertEqual(self.master.get("/api/v1/pipelines/new")["name"], "new")
        (self.tree / "config.json").write_text("{")
        self.assertEqual(self.ctl("plan", self.tree)[0], 1)
        self.assertEqual(self.ctl("apply", self.tree, "-m", "Break it")[0], 2)
        self.assertEqual(self.ctl("sync")[0], 0)

    def test_danubectl_edits_through_the_master(self):
        self.start()
        code, text = self.ctl("edit", "config.json", "--add", "/spec/egress_allowlist=new.example.org", "-m", "Open new.example.org")
        self.assertEqual(code, 0, text)
        self.git("fetch", "-q")
        self.assertEqual(self.git("log", "-1", "--format=%an %s", "origin/main"), "admin Open new.example.org")
        self.assertIn('"new.example.org"', self.git("show", "origin/main:config.json"))
        self.assertEqual(self.ctl("edit", "config.json", "--add", "/spec/egress_allowlist=new.example.org", "-m", "x"),
                         (0, "danubectl: nothing to change\n"))
        head = self.git("rev-parse", "origin/main")
        code, text = self.ctl("edit", "config.json", "--add", "/spec/egress_allowlist=https://a/", "-m", "x")
        self.assertEqual(code, 2, text)
        self.assertIn("config.json:1:", text)
        code, text = self.ctl("edit", "pipelines/none.json", "--set", "/spec/priority=1", "-m", "x")
        self.assertEqual((code, text), (2, "danubectl: the Blueprint has no file 'pipelines/none.json'\n"))
        self.git("fetch", "-q")
        self.assertEqual(self.git("rev-parse", "origin/main"), head)

    def test_a_plan_says_what_becomes_of_access(self):
        self.start()
        document = json.loads(pipeline("web"))
        document["spec"]["egress_allowlist"] = ["packages.example.org"]
        status, plan = self.post("plan", {"files": {"pipelines/web.json": json.dumps(document)}})
        self.assertEqual((status, plan["accepted"], plan["base_commit"]), (200, True, self.first))
        policies = plan["policies"]
        self.assertEqual((policies["applied"], policies["kind"]), (False, "CiliumNetworkPolicy"))  # no cluster here
        self.assertEqual([change["text"] for change in policies["access"]],
                         ['pipeline "web": opens packages.example.org on ports 80 and 443'])
        change = policies["objects"][0]
        self.assertEqual((change["change"], change["name"], change["pipeline"]), ("added", "danube-egress-pipeline-web", "web"))
        self.assertIn({"change": "added", "text": "allows packages.example.org on TCP 443 (TLS name checked) and TCP 80"}, change["rules"])
        self.assertEqual(change["after"]["metadata"]["name"], change["name"])
        self.assertNotIn("before", change)
        status, refused = self.post("plan", {"files": {"pipelines/web.json": "{"}})
        self.assertEqual((status, refused["accepted"], "policies" in refused), (200, False, False))

    def test_danubectl_mends_a_refused_commit(self):
        self.start()
        good = (self.tree / "pipelines/web.json").read_text()
        self.commit("pipelines/web.json", "{")
        code, text = self.ctl("sync")
        self.assertEqual(code, 1)
        self.assertIn("pipelines/web.json:1:2: error: expected a key in double quotes", text)
        (self.tree / "pipelines/web.json").write_text(good)
        code, text = self.ctl("apply", self.tree, "-m", "Mend web")
        self.assertEqual(code, 0, text)
        self.assertEqual(self.ctl("status")[0], 0)


if __name__ == "__main__":
    unittest.main()
