# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in cluster for ./dev run --kubernetes: prepared by the files a real cluster gets, images from this build."""
import contextlib
import shutil
import sys

from example import ROOT
from program import BIN, die

sys.path.insert(0, str(ROOT / "tests/support/kube"))
from standincluster import JOBS, StandInCluster, images_of  # noqa: E402

# The examples' workers: this toolchain's root file system has all they need.
WORKERS = {"gcc:*": {"rootfs": "host"}, "debian:*": {"rootfs": "host"}}


class Cluster:
    def __init__(self, folder):
        shutil.rmtree(folder, ignore_errors=True)  # of a run that was killed
        try:
            self._standin = StandInCluster(folder, BIN, images_of(BIN) | WORKERS).prepare()
        except RuntimeError as error:
            die(str(error))
        self.kubeconfig = self._standin.endpoint["kubeconfig"]
        self.url = self._standin.endpoint["url"]

    def config(self):
        return self._standin.master_config()

    def leftovers(self):
        """Pods and Secrets of jobs that are still there."""
        return [f"{plural[:-1]}/{item['metadata']['name']}" for plural in ("pods", "secrets") for item in self._standin.objects(plural)]

    def close(self):
        self._standin.close()


class NoCluster:
    """Jobs as processes of this machine."""
    def config(self):
        return ""

    def close(self):
        pass


@contextlib.contextmanager
def opened(state, is_wanted):
    cluster = Cluster(state / "cluster") if is_wanted else NoCluster()
    try:
        yield cluster
    finally:
        cluster.close()


def watching(cluster):
    return f"./dev shell kubectl --kubeconfig {cluster.kubeconfig} -n {JOBS} get pods -w"
