# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault matrix of the Kubernetes executor on the stand-in cluster: what the API server, a node or the network does to a job
either leaves exit codes and logs exact, or ends the job with a sentence that says what happened. Nothing is ever falsely green."""
import os
import pathlib
import re
import sys
import tempfile
import time
import unittest

from harness import BIN, Master, wait_for

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support/kube"))
from standincluster import JOBS, StandInCluster, images_of

# Ends well only when the step's true code came back.
PROBE = """
import sys
from danube import ctx, step
result = step.run("echo before; sleep %s; echo after; exit 7" % ctx.params.get("seconds", "1"), name="probe", check=False)
print("told", result.outcome, result.exit_code)
sys.exit(0 if (result.outcome, result.exit_code) == ("exited", 7) else 9)
"""


@unittest.skipUnless(os.geteuid() == 0, "containers of the stand-in need the rights to make namespaces")
class KubernetesFaults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.state = tempfile.TemporaryDirectory(prefix="danube-faults-")
        cls.cluster = StandInCluster(cls.state.name, BIN, images_of(BIN)).prepare()
        config = cls.cluster.master_config(start_limit="20s", kill_grace="1s", image_prefixes=["localhost/"])
        cls.master = Master({"probe": {"danubefile.py": PROBE}}, extra=config + "[jobs]\nmax_concurrent = 8\n").start()
        cls.half_open = cls.master.trigger("probe", params={"seconds": "1"})
        cls.make_half_open()

    @classmethod
    def tearDownClass(cls):
        cls.master.remove()
        cls.cluster.close()
        cls.state.cleanup()

    def tearDown(self):
        self.cluster.heal()

    # What every row uses

    def running(self, seconds=2):
        """A job whose probe has printed "before" and runs on."""
        job = self.master.trigger("probe", params={"seconds": str(seconds)})
        self.until_printed(job)
        return job, self.pod(job)

    def until_printed(self, job):
        def printed():
            steps = self.master.steps(job)
            return "probe" in steps and b"before" in self.master.stream_text(job, steps["probe"]["number"], "stdout")
        try:
            wait_for(printed, "the probe to print", 30)
        except AssertionError as error:
            raise AssertionError(f"{error}: {self.master.job(job)}") from None

    def pod(self, job):
        return next(pod["metadata"]["name"] for pod in self.cluster.objects("pods") if pod["metadata"]["labels"].get("danube.dev/job") == job)

    def pending(self, job, pattern):
        """Waits until the job says what it waits for."""
        try:
            wait_for(lambda: re.search(pattern, self.master.job(job)["reason"]), repr(pattern), 20)
        except AssertionError as error:
            raise AssertionError(f"{error}, not {self.master.job(job)}") from None

    def exact(self, job):
        """The step's own code and every byte, whatever happened to the connection."""
        end = self.master.wait_end(job)
        probe = self.master.steps(job)["probe"]
        self.assertEqual((probe["outcome"], probe["exit_code"]), ("exited", 7), end)
        self.assertEqual(self.master.stream_text(job, probe["number"], "stdout"), b"before\nafter\n")
        self.assertEqual(end["state"], "success", end["reason"])
        self.gone(job)

    def ends(self, job, pattern):
        """Failure with this sentence; its step, if it began, is lost; nothing is left."""
        end = self.master.wait_end(job)
        self.assertEqual(end["state"], "failure", end)
        self.assertRegex(end["reason"], pattern)
        for step in end["steps"]:
            if step["name"] == "probe":
                self.assertIn(step["outcome"], ("lost", "cancelled"), step)  # the agent has time to tell when it is asked to go
        self.gone(job)

    def gone(self, job):
        wait_for(lambda: not [item for plural in ("pods", "secrets") for item in self.cluster.objects(plural)
                              if item["metadata"]["labels"].get("danube.dev/job") == job], f"pod and Secret of {job} to be gone", 30)

    # Connections that lie or break under a running step

    def break_exec(self, kind, **more):
        job, pod = self.running()
        self.cluster.fault(kind, match={"name": pod}, count=1, **more)
        self.cluster.act("cut-execs", namespace=JOBS, name=pod)
        return job

    def test_a_false_success_while_the_command_runs(self):
        self.exact(self.break_exec("exec-false-success", ms=50))

    def test_a_status_that_never_comes(self):
        self.exact(self.break_exec("exec-drop-status"))

    def test_an_end_without_a_close_frame(self):
        self.exact(self.break_exec("exec-drop-status", close=False))

    def test_a_polite_close_that_leaves_the_process_alive(self):
        self.exact(self.break_exec("exec-polite-close", ms=50))

    def test_a_cut_inside_the_handshake_of_the_link(self):
        self.exact(self.break_exec("exec-cut", bytes=20))

    def test_a_reset(self):
        self.exact(self.break_exec("exec-cut", bytes=400, rst=True))

    def test_a_stalled_connection_that_goes_on(self):
        self.exact(self.break_exec("exec-stall", bytes=100, for_ms=1500))

    def test_first_frames_that_are_lost(self):
        self.exact(self.break_exec("exec-lose-early", frames=1))

    @classmethod
    def make_half_open(cls):
        cls.cluster.fault("exec-half-open", match={"command": "*link*"}, bytes=600, count=1)

    def test_zz_a_half_open_connection_is_found_by_the_missing_pong(self):
        """Begun first, as silence takes a minute to tell."""
        self.exact(self.half_open)

    # Refusals of the exec

    def refuse_exec(self, code, reason, message, **more):
        job, pod = self.running()
        self.cluster.fault("exec-refuse", match={"name": pod}, count=2, code=code, reason=reason, message=message, **more)
        self.cluster.act("cut-execs", namespace=JOBS, name=pod)
        self.exact(job)

    def test_exec_container_not_found_though_it_runs(self):
        self.refuse_exec(500, "", "", text='container not found ("worker")')

    def test_exec_pod_not_found_though_it_runs(self):
        self.refuse_exec(404, "NotFound", "pods not found")

    def test_exec_bad_request(self):
        self.refuse_exec(400, "BadRequest", "container nope is not valid for pod")

    def test_exec_unauthorized_for_a_moment(self):
        self.refuse_exec(401, "Unauthorized", "Unauthorized")

    def test_exec_forbidden_for_a_moment(self):
        self.refuse_exec(403, "Forbidden", "pods is forbidden")

    def test_exec_kubelet_down_for_a_moment(self):
        self.refuse_exec(500, "", "error dialing backend: connect: connection refused")

    # The cluster under a running step

    def test_the_container_runtime_restarts(self):
        job, _ = self.running()
        self.cluster.act("runtime-restart")
        self.exact(job)

    def test_the_kubelet_restarts(self):
        job, _ = self.running()
        self.cluster.act("kubelet-restart")
        self.exact(job)

    def test_the_api_server_restarts(self):
        job, _ = self.running()
        self.cluster.request("POST", "/standin/restart", {"down_ms": 1500})
        time.sleep(1.7)
        self.exact(job)

    def test_the_node_is_away_and_comes_back(self):
        job, _ = self.running()
        self.cluster.act("node-lost")
        time.sleep(2)
        self.cluster.act("node-back")
        self.exact(job)

    def test_the_watch_expires_again_and_again(self):
        self.cluster.fault("gone", count=5)
        job, _ = self.running()
        self.exact(job)

    def test_the_watch_is_cut_and_slow(self):
        self.cluster.fault("watch-cut", bytes=3000, count=3)
        self.cluster.fault("watch-slow", ms=100)
        job, _ = self.running()
        self.exact(job)

    def test_the_master_dies(self):
        job, _ = self.running(3)
        self.master.kill()
        self.master.restart()
        self.exact(job)

    # The pod's end under a running step

    def test_the_pod_is_deleted(self):
        job, pod = self.running(30)
        self.cluster.kubectl("-n", JOBS, "delete", "pod", pod, "--grace-period=1", "--wait=false")
        self.ends(job, "the pod was deleted")

    def test_the_pod_is_evicted(self):
        job, pod = self.running(30)
        self.cluster.act("evict", namespace=JOBS, name=pod, message="The node was low on resource: memory.")
        self.ends(job, "the pod was evicted: The node was low on resource: memory")

    def test_the_worker_runs_out_of_memory(self):
        job, pod = self.running(30)
        self.cluster.act("oom", namespace=JOBS, name=pod, container="worker")
        self.ends(job, "container worker ran out of memory")

    def test_the_agent_is_killed(self):
        job, pod = self.running(30)
        self.cluster.act("kill", namespace=JOBS, name=pod, container="worker", signal="KILL")
        self.ends(job, "the agent of container worker ended with code 137")

    def test_the_coordinator_is_killed(self):
        job, pod = self.running(30)
        self.cluster.act("kill", namespace=JOBS, name=pod, container="coordinator", signal="KILL")
        self.ends(job, "the agent of container coordinator ended with code 137")

    # Before the pod runs: refused for good

    def test_forbidden_to_make_pods(self):
        self.cluster.fault("forbidden", match={"verb": "create", "resource": "pods"})
        self.ends(self.master.trigger("probe"), r"create the job's pod: .*forbidden")

    def test_a_foreign_pod_has_the_name(self):
        self.cluster.fault("error", match={"verb": "create", "resource": "pods"}, code=409, reason="AlreadyExists", message="already exists", count=1)
        self.ends(self.master.trigger("probe"), "the job's pod was deleted while it was being started")

    def test_the_pod_is_invalid(self):
        self.cluster.fault("error", match={"verb": "create", "resource": "pods"}, code=422, reason="Invalid", message="Pod is invalid: spec", count=1)
        self.ends(self.master.trigger("probe"), "create the job's pod: .*Pod is invalid")

    # Before the pod runs: waits, says for what, and goes on when it can

    def waits(self, pattern, kind, **more):
        self.cluster.fault(kind, **more)
        job = self.master.trigger("probe")
        self.pending(job, pattern)
        self.cluster.heal()
        self.exact(job)

    def test_no_node_can_take_the_pod(self):
        self.waits("no node can take the pod: .*Insufficient cpu", "unschedulable")

    def test_the_answer_to_the_creation_is_older_than_the_watch(self):
        self.cluster.fault("answer-late", match={"verb": "create", "resource": "pods"})
        self.cluster.fault("unschedulable")
        job, unfit = self.master.trigger("probe"), "no node can take the pod: .*Insufficient cpu"
        self.pending(job, unfit)
        wait_for(lambda: re.search(f'"{job}".*"pod made"', self.master.log()), "the answer to the creation", 20)
        self.cluster.heal()
        self.exact(job)
        told = re.findall(f'"{job}".*"job-scheduling".*"reason":"([^"]*)', self.master.log())
        self.assertNotIn("the pod waits for a node", told[next(at for at, reason in enumerate(told) if re.search(unfit, reason)):])

    def test_the_image_cannot_be_pulled(self):
        self.waits("image localhost/busybox:dev cannot be pulled", "image-pull", match={"container": "worker"})

    def test_the_quota_is_full(self):
        self.waits("the namespace's quota has no room", "quota", match={"resource": "pods"})

    def test_the_credential_is_refused(self):
        self.waits("create the job's Secret: .*Unauthorized", "unauthorized", match={"verb": "create"})

    def test_the_server_answers_500(self):
        self.waits("create the job's pod: .*etcdserver", "error", match={"verb": "create", "resource": "pods"}, code=500, message="etcdserver: leader changed")

    def test_the_server_is_too_busy(self):
        self.cluster.fault("too-many-requests", match={"verb": "create"}, retry_after=1, count=3)
        self.exact(self.master.trigger("probe"))

    def test_quota_bookkeeping_conflicts(self):
        self.cluster.fault("error", match={"verb": "create", "resource": "pods"}, code=409, reason="Conflict", message="Operation cannot be fulfilled", count=2)
        self.exact(self.master.trigger("probe"))

    def test_the_answer_to_the_creation_is_lost(self):
        self.cluster.fault("reset", match={"verb": "create", "resource": "pods"}, after=True, count=1)
        self.exact(self.master.trigger("probe"))

    def test_the_certificate_has_expired(self):
        self.addCleanup(self.cluster.request, "POST", "/standin/tls", {"certificate": "valid"})
        self.cluster.request("POST", "/standin/tls", {"certificate": "expired"})
        self.cluster.request("POST", "/standin/connections/abort")
        time.sleep(0.3)  # it aborts after its answer
        job = self.master.trigger("probe")
        self.pending(job, "certificate has expired")
        self.cluster.request("POST", "/standin/tls", {"certificate": "valid"})
        self.exact(job)

    def test_the_pod_never_comes_up(self):
        self.cluster.fault("image-pull", match={"container": "worker"})
        self.ends(self.master.trigger("probe"), "the job's pod was not up within 20 s: image localhost/busybox:dev cannot be pulled")


if __name__ == "__main__":
    unittest.main()
