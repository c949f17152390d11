# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps in pods: what they leave running is killed with them, and images of every kind run a step or say what is missing."""
import json
import threading
import time
import unittest

from clustercase import HOLD, JOBS, ClusterCase
from harness import needs_static_agent, wait_for

# A child in a session of its own, an orphan by two forks, one that ignores TERM, and the step itself.
LEAVING = "(setsid sleep {0}1 &); ( ( sleep {0}2 & ) & ); sh -c 'trap \"\" TERM HUP; sleep {0}3; sleep {0}4' & trap '' TERM; sleep {0}5"


class Processes(ClusterCase):
    """Judged from outside: by the node, which sees every process of the container."""

    def inside(self, pod, mark):
        found = self.cluster.act("processes", namespace=JOBS, name=pod, container="worker")
        return [" ".join(one["args"]) for one in found if f"sleep {mark}" in " ".join(one["args"])]

    def start(self, job, mark, **more):
        result = []
        thread = threading.Thread(target=lambda: result.append(self.master.run_step(job, LEAVING.format(mark), **more)))
        thread.start()
        self.addCleanup(thread.join)
        return thread, result

    def test_nothing_of_a_timed_out_step_is_left_in_the_container(self):
        job = self.hold()
        pod = self.pod_of(job)
        thread, result = self.start(job, 417, timeout_seconds=2)
        wait_for(lambda: len(self.inside(pod, 417)) >= 5, "the step's processes")
        thread.join(60)
        self.assertEqual((result[0][0], result[0][1]["outcome"]), (200, "timeout"), result)
        wait_for(lambda: not self.inside(pod, 417), "the processes to be gone", 5)
        status, answer = self.master.run_step(job, "echo next")
        self.assertEqual((status, answer["exit_code"]), (200, 0), "the container goes on")

    def test_nothing_of_an_ended_step_is_left_in_the_container(self):
        job = self.hold()
        pod = self.pod_of(job)
        status, answer = self.master.run_step(job, "(setsid sleep 4181 &); ( ( sleep 4182 & ) & ); exit 3")
        self.assertEqual((status, answer["exit_code"]), (200, 3), answer)
        wait_for(lambda: not self.inside(pod, 418), "the processes to be gone", 5)

    def test_nothing_of_a_cancelled_job_is_left(self):
        job = self.hold()
        pod = self.pod_of(job)
        self.start(job, 419)
        wait_for(lambda: len(self.inside(pod, 419)) >= 5, "the step's processes")
        pids = [one["pid"] for one in self.cluster.act("processes", namespace=JOBS, name=pod, container="worker")]
        self.master.rest("POST", f"/api/v1/jobs/{job}/cancel")
        self.assertEqual(self.master.wait_end(job)["state"], "cancelled")
        self.gone(job)
        self.assertEqual([pid for pid in pids if self.runs(pid)], [])

    @staticmethod
    def runs(pid):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                return b"sleep" in file.read()
        except OSError:
            return False


class Images(ClusterCase):
    """Images that a step names, and images that a pipeline declares."""
    KUBERNETES = {"image_prefixes": ["localhost/"], "image_pull_limit": "3s"}
    PIPELINES = {"hold": {"danubefile.py": HOLD}, "rootly": {"danubefile.py": HOLD}, "shellless": {"danubefile.py": HOLD}}

    @classmethod
    def prepare_master(cls):
        for name, worker in (("rootly", {"image": "localhost/root:1", "security": {"run_as_root": True}}),
                             ("shellless", {"image": "localhost/scratch:1"})):
            path = cls.master.state / f"blueprint/pipelines/{name}.json"
            document = json.loads(path.read_text())
            document["spec"]["worker"] = worker
            path.write_text(json.dumps(document))

    def step(self, job, command, image):
        status, answer = self.master.run_step(job, command, name=f"{image} {time.monotonic()}", image=image)
        self.assertEqual(status, 200, answer)
        number = max(step["number"] for step in self.master.job(job)["steps"])
        return answer, self.master.stream_text(job, number, "stdout").decode()

    def test_images_of_every_user_run_a_step_as_the_pods_user(self):
        job = self.hold()
        for image in ("localhost/root:1", "localhost/user:1", "localhost/named-user:1", "localhost/no-passwd:1"):
            with self.subTest(image):
                answer, text = self.step(job, "id -u; echo x > $HOME/x && cat $HOME/x", image)
                self.assertEqual((answer["outcome"], answer["exit_code"], text), ("exited", 0, "1000\nx\n"), answer)

    @needs_static_agent
    def test_an_image_without_a_shell_runs_programs(self):
        job = self.hold()
        answer, _ = self.step(job, ["/cell", "--no-such-option"], "localhost/scratch:1")
        self.assertEqual(answer["outcome"], "exited")
        self.assertNotIn(answer["exit_code"], (126, 127), answer)

    @needs_static_agent
    def test_an_image_without_a_shell_refuses_a_script_with_the_fix(self):
        job = self.hold()
        answer, _ = self.step(job, "echo never", "localhost/scratch:1")
        self.assertEqual(answer["exit_code"], 127, answer)
        stderr = self.master.stream_text(job, max(step["number"] for step in self.master.job(job)["steps"]), "stderr").decode()
        self.assertRegex(stderr + answer.get("message", ""), "the image has no shell: give the command as a list of arguments", (answer, stderr))

    @needs_static_agent
    def test_a_pipeline_of_an_image_without_a_shell_runs_programs(self):
        job = self.hold("shellless")
        answer, _ = self.step(job, ["/cell", "check"], "")
        self.assertEqual(answer["outcome"], "exited")
        self.assertNotIn(answer["exit_code"], (126, 127), answer)

    def test_a_pipeline_that_wants_root_is_refused_with_the_fix(self):
        end = self.master.wait_end(self.master.trigger("rootly"))
        self.assertEqual(end["state"], "failure")
        self.assertRegex(end["reason"], "run as root.*remove worker.security.run_as_root, or ask the operator to set kubernetes.allow_root")

    def test_a_container_that_the_node_refuses_names_image_and_fix(self):
        self.cluster.fault("config-error", match={"container": "worker"}, message="container has runAsNonRoot and image will run as root")
        end = self.master.wait_end(self.master.trigger("hold"))
        self.assertEqual(end["state"], "failure")
        self.assertRegex(end["reason"], "image localhost/busybox:dev runs as root, which the cluster refuses .*: choose an image with a numeric USER")

    def test_an_added_container_that_the_node_refuses_names_image_and_fix(self):
        job = self.hold()
        self.cluster.fault("config-error", match={"image": "localhost/root:2"}, message="container has runAsNonRoot and image will run as root")
        answer, _ = self.step(job, "true", "localhost/root:2")
        self.assertEqual(answer["outcome"], "lost")
        self.assertRegex(answer["message"], "image localhost/root:2 runs as root, which the cluster refuses")


if __name__ == "__main__":
    unittest.main()
