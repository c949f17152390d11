# SPDX-License-Identifier: GPL-3.0-or-later
"""The server of a pipeline's repository is away, or takes connections and says nothing: its jobs fail with that, others do not wait."""
import json
import select
import socket
import unittest

from harness import Master, MasterCase

QUICK = {"danubefile.py": "print('done')"}


class GitAway(MasterCase):
    PIPELINES = {"quick": QUICK}

    @classmethod
    def setUpClass(cls):
        cls.servers = {name: socket.socket() for name in ("away", "hanging")}
        cls.master = Master(cls.PIPELINES)
        for name, server in cls.servers.items():
            cls.addClassCleanup(server.close)
            server.bind(("127.0.0.1", 0))
            cls.add_remote(name, f"https://127.0.0.1:{server.getsockname()[1]}/team/{name}.git")
        for name in ("hanging-2", "hanging-3"):  # more repositories of the same server
            cls.add_remote(name, f"https://127.0.0.1:{cls.servers['hanging'].getsockname()[1]}/team/{name}.git")
        cls.servers["hanging"].listen()  # and nobody accepts; at the other nobody listens
        cls.master.config.write_text(cls.master.config.read_text().replace('protocols = ["file"]', 'protocols = ["file", "https"]'))
        cls.master.start()

    @classmethod
    def add_remote(cls, name, url):
        document = {"apiVersion": "danube.dev/v1", "kind": "Pipeline", "metadata": {"name": name}, "spec": {"repository": url}}
        (cls.master.state / f"blueprint/pipelines/{name}.json").write_text(json.dumps(document))

    def fails(self, job, sentence, seconds):
        ended = self.master.wait_end(job, seconds)
        self.assertEqual((ended["state"], ended["steps"]), ("failure", []), ended)
        self.assertRegex(ended["reason"], sentence)
        self.assertIn(ended["reason"].encode(), self.master.rest("GET", f"/api/v1/jobs/{job}/logs")[1])

    def test_nobody_listens(self):
        self.fails(self.master.trigger("away"), r"^the source could not be fetched: read default branch of https://127\.0\.0\.1:\d+/team/away\.git: .*Failed to connect", 60)

    def test_it_takes_connections_and_says_nothing(self):
        hanging, *more = [self.master.trigger(name) for name in ("hanging", "hanging-2", "hanging-3")]
        self.assertTrue(select.select([self.servers["hanging"]], [], [], 30)[0], "nobody asked the server")
        self.assertEqual(self.master.wait_end(self.master.trigger("quick"), 60)["state"], "success", "others do not wait")
        for job in more:
            self.assertEqual(self.master.rest("POST", f"/api/v1/jobs/{job}/cancel")[0], 202)
            self.assertEqual(self.master.wait_end(job, 30)["state"], "cancelled")
        given_up = self.master.trigger("hanging")
        self.assertEqual(self.master.rest("POST", f"/api/v1/jobs/{given_up}/cancel")[0], 202)
        self.assertEqual(self.master.wait_end(given_up, 30)["state"], "cancelled")
        self.assertEqual(self.master.job(hanging)["state"], "pending", "hanging no more")
        self.fails(hanging, r"^the source could not be fetched: read default branch of https://127\.0\.0\.1:\d+/team/hanging\.git: no result within 120 s", 200)


if __name__ == "__main__":
    unittest.main()
