# SPDX-License-Identifier: GPL-3.0-or-later
"""What the master asks of an API server: one watch for all pods, one list per 410, no polling, and never faster than it may."""
import time
import unittest

from clustercase import ClusterCase
from harness import wait_for

BRIEF = """
from danube import step
step.run("echo said", name="say")
"""
# All jobs at once, without a request of ours.
LINGER = """
import time
from danube import ctx, step
step.run("sleep " + ctx.params["seconds"], name="linger")
"""


def rate_seen(arrivals, window):
    """The most requests that came within any `window` seconds."""
    first, most = 0, 0
    for last, moment in enumerate(arrivals):
        while moment - arrivals[first] > window:
            first += 1
        most = max(most, last - first + 1)
    return most


class OneWatch(ClusterCase):
    PIPELINES = {"linger": {"danubefile.py": LINGER}}
    KUBERNETES = {"qps": 500, "burst": 500}
    JOBS_AT_ONCE = 20

    def requests(self):
        """By kind; without the question every 15 s whether we still may make pods, which readiness asks however many jobs run."""
        seen = self.cluster.counts()["requests"]
        return {kind: count for kind, count in seen.items() if "selfsubjectaccessreviews" not in kind}

    def test_each_410_costs_one_list_and_there_is_one_watch_at_a_time(self):
        storm = 6
        wait_for(lambda: self.cluster.counts()["open"].get("watch pods") == 1, "the watch of pods")
        self.reset_counts()
        self.cluster.fault("gone", match={"verb": "watch", "resource": "pods"}, count=storm)
        self.cluster.request("POST", "/standin/connections/abort")
        at_once = []

        def weathered():
            try:
                counts = self.cluster.counts()
            except OSError:
                return False  # the abort may meet this question, too
            at_once.append(counts["open"].get("watch pods", 0))
            return counts["opened"].get("watch pods", 0) > storm and at_once[-1] == 1
        wait_for(weathered, "the watch after the storm", 60)
        self.assertEqual(max(at_once), 1)
        self.assertEqual(self.requests().get("list pods", 0), storm)
        self.assertEqual(self.cluster.counts()["opened"]["watch pods"], storm + 1)

    def test_twenty_running_jobs_cost_no_request_at_all(self):
        wait_for(lambda: self.cluster.counts()["open"].get("watch pods") == 1, "the watch of pods")
        self.reset_counts()
        jobs = [self.master.trigger("linger", params={"seconds": "5"}) for _ in range(20)]

        def all_run():
            return all("linger" in self.master.steps(job) for job in jobs)
        wait_for(all_run, "all steps to run", 60)
        before = self.requests()
        time.sleep(2)
        self.assertEqual(self.requests(), before, "polling")
        for job in jobs:
            self.assertEqual(self.master.wait_end(job)["state"], "success")
        wait_for(lambda: self.requests().get("delete secrets") == 20, "the pods to be gone")
        seen = self.requests()
        for polling in ("get pods", "list pods", "watch pods", "get pods/log", "get secrets", "list secrets"):
            self.assertEqual(seen.get(polling, 0), 0, (polling, seen))
        self.assertEqual((seen["create pods"], seen["create secrets"], seen["delete pods"]), (20, 20, 20), seen)


class SlowLane(ClusterCase):
    PIPELINES = {"brief": {"danubefile.py": BRIEF}}
    RATE, BURST = 10, 10
    KUBERNETES = {"qps": RATE, "burst": BURST}
    JOBS_AT_ONCE = 12

    def finish(self, count):
        for job in [self.master.trigger("brief") for _ in range(count)]:
            self.assertEqual(self.master.wait_end(job)["state"], "success")
            self.assertEqual(self.master.stream_text(job, 1, "stdout"), b"said\n")

    def test_the_server_sees_no_more_than_burst_and_rate(self):
        time.sleep(2)  # a full bucket: the worst case
        self.reset_counts()
        self.finish(10)
        arrivals = self.cluster.counts()["arrivals"]
        self.assertGreater(len(arrivals), 40)
        for seconds in (1, 2, 4):  # one more: moments between sending and arriving differ
            self.assertLessEqual(rate_seen(arrivals, seconds), self.BURST + self.RATE * seconds + 1, f"within {seconds} s")

    def test_nothing_is_sent_before_the_time_a_429_named(self):
        self.reset_counts()
        self.cluster.fault("too-many-requests", match={"verb": "create", "resource": "pods"}, retry_after=3, count=1)
        self.finish(2)
        counts = self.cluster.counts()
        refused = [moment for moment, code in counts["refusals"] if code == 429]
        self.assertEqual(len(refused), 1, counts)
        # What was under way when the answer came may still arrive.
        early = [moment - refused[0] for moment in counts["arrivals"] if 0.2 < moment - refused[0] < 2.95]
        self.assertEqual(early, [])


if __name__ == "__main__":
    unittest.main()
