# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in cluster and a real master on it, for the tests of one class."""
import sys
import tempfile
import unittest

from harness import BIN, SOURCE, Master, wait_for

sys.path.insert(0, str(SOURCE / "tests/support/kube"))
from nodecase import why_not  # noqa: E402
from standincluster import JOBS, StandInCluster  # noqa: E402

# Keeps a job running until a step makes the file "finish" in its workspace.
HOLD = """
import pathlib, time
from danube import ctx
while not pathlib.Path(ctx.workspace, "finish").exists():
    time.sleep(0.2)
"""


@unittest.skipIf(why_not(), f"no pods here: {why_not()}")
class ClusterCase(unittest.TestCase):
    PIPELINES = {"hold": {"danubefile.py": HOLD}}
    KUBERNETES = {}  # keys of [kubernetes]
    JOBS_AT_ONCE = 8

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="danube-cluster-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.cluster = StandInCluster(cls.folder.name, BIN).prepare()
        cls.addClassCleanup(cls.cluster.close)
        cls.prepare_cluster()
        config = cls.cluster.master_config(**({"kill_grace": "1s"} | cls.KUBERNETES))
        cls.master = Master(cls.PIPELINES, extra=f"{config}[jobs]\nmax_concurrent = {cls.JOBS_AT_ONCE}\n")
        cls.addClassCleanup(cls.master.remove)
        cls.prepare_master()
        cls.master.start()

    @classmethod
    def prepare_cluster(cls):
        """Before the master comes."""

    @classmethod
    def prepare_master(cls):
        """Before it starts."""

    def tearDown(self):
        self.cluster.heal()

    def hold(self, pipeline="hold"):
        job = self.master.trigger(pipeline)
        self.addCleanup(self.end, job)
        self.master.wait_state(job, "running")
        return job

    def end(self, job):
        self.master.rest("POST", f"/api/v1/jobs/{job}/cancel")
        self.master.wait_end(job)

    def pod_of(self, job):
        return next(pod["metadata"]["name"] for pod in self.cluster.objects("pods") if pod["metadata"]["labels"].get("danube.dev/job") == job)

    def reset_counts(self):
        self.cluster.request("POST", "/standin/counts/reset", {})

    def gone(self, job):
        wait_for(lambda: not [one for one in self.cluster.objects("pods") if one["metadata"]["labels"].get("danube.dev/job") == job],
                 f"the pod of {job} to be gone")
