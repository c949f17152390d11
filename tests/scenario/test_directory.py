#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Blueprint as a directory (development): judged as a commit would be, read again by SIGHUP, whole or not at all."""
import json
import signal
import unittest

from harness import Master, wait_for


def document(kind, name, spec):
    return json.dumps({"apiVersion": "danube.dev/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}, indent=2) + "\n"


class Directory(unittest.TestCase):
    def setUp(self):
        self.master = Master({"web": {"danubefile.py": ""}})
        self.addCleanup(self.master.remove)
        self.write("config.json", document("Config", "global", {"egress_allowlist": ["github.com"]}))

    def write(self, path, text):
        (self.master.state / "blueprint" / path).write_text(text)

    def reload(self, words):
        count = self.master.log().count(words)
        self.master.process.send_signal(signal.SIGHUP)
        wait_for(lambda: self.master.log().count(words) > count, words)

    def pipelines(self):
        return [pipeline["name"] for pipeline in self.master.get("/api/v1/pipelines")["pipelines"]]

    def test_a_whole_blueprint_brings_its_lists(self):
        self.master.start()
        self.assertEqual(self.master.get("/api/v1/egress/policy")["allowlist"], ["github.com"])
        self.write("config.json", document("Config", "global", {"egress_allowlist": ["github.com", "new.example.org"]}))
        self.reload("reloaded")
        status, answer = self.master.rest("POST", "/api/v1/egress/test", {"hosts": ["new.example.org"], "pipeline": "web"})
        self.assertEqual((status, json.loads(answer)["results"][0]["allowed"]), (200, True))

    def test_an_error_keeps_what_was_in_force(self):
        self.master.start()
        self.write("pipelines/api.json", document("Pipeline", "api", {"repository": "https://git.example.org/a.git",
                                                                      "egress_allowlist": ["https://bad/"]}))
        self.reload("reload refused")
        self.assertRegex(self.master.log(), r"pipelines/api\.json:\d+:\d+: error: spec\.egress_allowlist\[0\]")
        self.assertEqual(self.pipelines(), ["web"])
        self.write("pipelines/api.json", document("Pipeline", "api", {"repository": "https://git.example.org/a.git"}))
        self.reload("reloaded")
        self.assertEqual(self.pipelines(), ["api", "web"])

    def test_an_error_keeps_the_secrets_too(self):
        secrets = self.master.state / "secrets.json"
        secrets.write_text(json.dumps({"PASSWORD": "one", "OLD": "x"}))
        self.master.start()
        secrets.write_text(json.dumps({"PASSWORD": "two", "NEW": "x"}))
        self.write("pipelines/api.json", "{")
        self.reload("reload refused")
        self.assertEqual([one["name"] for one in self.master.get("/api/v1/secrets")["secrets"]], ["OLD", "PASSWORD"])
        self.write("pipelines/api.json", document("Pipeline", "api", {"repository": "https://git.example.org/a.git"}))
        self.reload("reloaded")
        self.assertEqual([one["name"] for one in self.master.get("/api/v1/secrets")["secrets"]], ["NEW", "PASSWORD"])

    def test_an_error_stops_the_start(self):
        self.write("pipelines/api.json", "{")
        with self.assertRaisesRegex(AssertionError, r"pipelines/api\.json:1:2: error: "):
            self.master.start()


if __name__ == "__main__":
    unittest.main()
