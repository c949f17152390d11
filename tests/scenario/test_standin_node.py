# SPDX-License-Identifier: GPL-3.0-or-later
"""Pods on the stand-in's node live, fail and end as on a real one, and their containers are containers."""
import asyncio
import base64
import contextlib
import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support/kube"))

from execclient import is_alive, own_pid_namespace  # noqa: E402
from nodecase import BIN, NAMESPACE, NodeCase, container  # noqa: E402

WORKSPACE = [{"name": "ws", "emptyDir": {}}]
MOUNT = [{"name": "ws", "mountPath": "/workspace"}]
RESTRICTED = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}, "readOnlyRootFilesystem": True}


def shell(script, **more):
    return container(command=["sh", "-c", script], **more)


class Containers(NodeCase):
    async def output(self, script, name="job1", image="localhost/busybox:1", container_more=None, **spec):
        self.create(name, shell(script, image=image, **(container_more or {})), **spec)
        await self.phase(name, "Succeeded", "Failed")
        return await self.log(name)

    async def test_restricted_user(self):
        text = await self.output("id; grep -E 'Cap(Eff|Prm|Bnd)|NoNewPrivs' /proc/self/status; touch /x; echo $HOME", container_more={
            "securityContext": RESTRICTED}, securityContext={"runAsUser": 1234, "runAsGroup": 1235, "fsGroup": 1236,
                                                             "supplementalGroups": [1237], "runAsNonRoot": True})
        self.assertIn("uid=1234 gid=1235 groups=1235,1236,1237", text)
        self.assertEqual(text.count("\t0000000000000000\n"), 3)
        self.assertIn("NoNewPrivs:\t1", text)
        self.assertIn("Read-only file system", text)
        self.assertTrue(text.endswith("\n/\n"), "no passwd entry: HOME is /")

    async def test_root_has_a_runtimes_default_capabilities_and_a_writable_root(self):
        text = await self.output("grep CapEff /proc/self/status; touch /usr/x && echo written; echo $HOME; hostname")
        self.assertEqual(text, "CapEff:\t00000000a80425fb\nwritten\n/root\njob1\n")
        self.assertFalse(os.path.exists("/usr/x"), "what a container writes goes with it")

    async def test_sees_only_its_own_processes(self):
        await self.running("job1", container(), container("side"))
        listed = (await self.exec(["ps", "-eo", "args"])).channel(1).decode().splitlines()
        self.assertEqual(listed[1:], ["sleep 3600", "ps -eo args"])
        seen = await self.act("processes")
        self.assertNotEqual(os.readlink(f"/proc/{seen[0]['pid']}/ns/pid"), own_pid_namespace())

    async def test_sees_nothing_of_the_outside(self):
        text = await self.output(f"ls -d {self.state} {BIN}; ls /root | wc -l; cut -d' ' -f2 /proc/mounts")
        self.assertEqual(text.count("No such file or directory"), 2, text)
        self.assertNotIn(str(self.state), text.split("directory\n")[-1])

    async def test_volumes_are_shared_at_their_real_paths(self):
        await self.running("job1", container(volumeMounts=MOUNT),
                           container("side", volumeMounts=[{"name": "ws", "mountPath": "/var/run/deep/er", "readOnly": True}]),
                           volumes=WORKSPACE, securityContext={"runAsUser": 1000, "fsGroup": 2000})
        await self.exec(["sh", "-c", "echo shared > /workspace/file"])
        found = await self.exec(["sh", "-c", "cat /var/run/deep/er/file; stat -c '%a %g' /run/deep/er; touch /run/deep/er/x"],
                                container="side")
        self.assertEqual(found.channel(1), b"shared\n2777 2000\n")
        self.assertIn(b"Read-only file system", found.channel(2))

    async def test_secret_volume(self):
        secret = {"kind": "Secret", "apiVersion": "v1", "metadata": {"name": "token", "namespace": NAMESPACE},
                  "data": {"token": base64.b64encode(b"abc\0").decode(), "other": ""}}
        spec = shell("cd /secret; stat -Lc '%a %U %g' token; od -c token | head -1; ls; cat token > /dev/null && echo read; echo > x",
                     volumeMounts=[{"name": "s", "mountPath": "/secret"}])
        volume = {"name": "s", "secret": {"secretName": "token", "defaultMode": 0o400, "items": [{"key": "token", "path": "token"}]}}
        self.create("job1", spec, volumes=[volume], securityContext={"runAsUser": 1000, "fsGroup": 1000})
        await self.until(lambda: "FailedMount" in self.reasons("job1"), "a pod whose Secret is missing to wait")
        self.store.create("secrets", secret)
        await self.phase("job1", "Failed")
        text = await self.log("job1")
        self.assertIn("440 root 1000\n0000000   a   b   c  \\0\ntoken\nread\n", text)
        self.assertIn("Read-only file system", text)

    async def test_environment(self):
        self.store.create("secrets", {"kind": "Secret", "apiVersion": "v1", "metadata": {"name": "s", "namespace": NAMESPACE},
                                      "data": {"k": base64.b64encode(b"hidden").decode()}})
        env = [{"name": "A", "value": "1"}, {"name": "B", "value": "$(A)$$(A)$(NO)"},
               {"name": "S", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
               {"name": "N", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]
        text = await self.output("echo $A $B $S $N $HOSTNAME; pwd", container_more={"env": env, "workingDir": "/made/for/it"})
        self.assertEqual(text, "1 1$(A)$(NO) hidden job1 job1\n/made/for/it\n")

    async def test_images_that_are_root_by_default(self):
        strict = {"securityContext": {"runAsNonRoot": True}}
        for name, image, message in (("root", "localhost/root:1", "image will run as root"),
                                     ("named", "localhost/named-user:1", "non-numeric user (nobody)")):
            self.create(name, container(image=image), **strict)
            self.assertIn(message, await self.waiting(name, "CreateContainerConfigError"))
            self.assertEqual(self.pod(name)["status"]["phase"], "Pending")
        self.assertEqual(await self.output("id -u", "user", "localhost/user:1", **strict), "1000\n")

    async def test_image_without_passwd(self):
        text = await self.output("ls /etc/passwd; id -un; echo $HOME", image="localhost/no-passwd:1", securityContext={"runAsUser": 1000})
        self.assertIn("No such file", text)
        self.assertTrue(text.endswith("\n/\n"), text)

    async def test_image_without_a_shell(self):
        self.create("job1", container(image="localhost/scratch:1", command=["sh", "-c", "true"]))
        state = await self.ended("job1")
        self.assertEqual((state["exitCode"], state["reason"]), (128, "StartError"))
        self.assertIn('exec: "sh": executable file not found in $PATH', state["message"])


class Life(NodeCase):
    async def test_two_containers_come_up(self):
        status = await self.running("job1", container(), container("side"))
        self.assertEqual({c["type"]: c["status"] for c in status["conditions"]},
                         dict.fromkeys(("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"), "True"))
        self.assertEqual([c["ready"] for c in status["containerStatuses"]], [True, True])
        self.assertEqual(self.pod("job1")["spec"]["nodeName"], "localhost")
        self.assertEqual(self.reasons("job1"), ["Scheduled", "Pulled", "Created", "Started", "Pulled", "Created", "Started"])

    async def test_exit_codes_decide_the_phase(self):
        for name, script, phase, code, reason in (("ok", "exit 0", "Succeeded", 0, "Completed"), ("bad", "exit 3", "Failed", 3, "Error"),
                                                  ("shot", "sh -c 'kill -9 $$$$'; exit $?", "Failed", 137, "Error")):
            self.create(name, shell(script))
            await self.phase(name, phase)
            state = self.state_of(name)["terminated"]
            self.assertEqual((state["exitCode"], state["reason"]), (code, reason))

    async def test_init_containers_come_first_and_in_order(self):
        mark = [container(f"i{n}", ["sh", "-c", f"echo {n} >> /workspace/order"], volumeMounts=MOUNT) for n in (1, 2)]
        self.create("job1", shell("cat /workspace/order", volumeMounts=MOUNT), initContainers=mark, volumes=WORKSPACE)
        await self.phase("job1", "Succeeded")
        self.assertEqual(await self.log("job1"), "1\n2\n")

    async def test_a_failed_init_container_fails_the_pod(self):
        self.create("job1", container(), initContainers=[container("i", ["false"])])
        await self.phase("job1", "Failed")
        self.assertEqual(self.state_of("job1")["waiting"]["reason"], "PodInitializing")

    async def test_deadline(self):
        self.create("job1", shell("trap 'exit 9' TERM; while :; do sleep 0.05; done"), activeDeadlineSeconds=1)
        status = await self.phase("job1", "Failed")
        self.assertEqual(status["reason"], "DeadlineExceeded")
        self.assertEqual((await self.ended("job1"))["exitCode"], 9, "TERM came first")

    async def test_deletion_leaves_nothing(self):
        await self.running("job1", shell("(setsid sleep 601 &); (setsid setsid sleep 602 &); exec sleep 600"))
        await self.runs("sleep 602")
        pids = [one["pid"] for one in await self.act("processes")]
        self.assertEqual(len(pids), 3)
        self.delete("job1")
        await self.until(lambda: self.pod("job1") is None, "the pod to be gone")
        self.assertEqual([pid for pid in pids if is_alive(pid)], [])
        self.assertEqual(list((self.state / "pods").iterdir()), [])

    async def test_forced_removal_stops_what_runs(self):
        await self.running("job1", container(command=["sh", "-c", "trap '' TERM; while :; do sleep 1; done"]))
        pid = (await self.act("processes"))[0]["pid"]
        self.store.remove("pods", NAMESPACE, "job1")
        await self.until(lambda: not is_alive(pid), "the container to be killed")

    async def test_deleted_while_its_image_is_pulled(self):
        self.create("job1", container(image="registry.example/none:1"))
        await self.waiting("job1", "ErrImagePull")
        self.delete("job1")
        await self.until(lambda: self.pod("job1") is None, "the pod to be gone")

    async def test_image_faults(self):
        self.create("pull", container(image="registry.example/none:1"))
        self.assertIn("not found", await self.waiting("pull", "ErrImagePull"))
        self.assertIn("Back-off pulling image", await self.waiting("pull", "ImagePullBackOff"))
        self.create("never", container(image="registry.example/none:1") | {"imagePullPolicy": "Never"})
        await self.waiting("never", "ErrImageNeverPull")
        self.faults.add({"fault": "image-pull", "message": "unauthorized", "count": 1})
        self.create("denied")
        self.assertEqual(await self.waiting("denied", "ErrImagePull"), "unauthorized")

    async def test_unschedulable(self):
        fault = self.faults.add({"fault": "unschedulable", "message": "0/1 nodes are available: 1 Insufficient cpu."})
        self.create("job1")
        await self.until(lambda: self.pod("job1")["status"].get("conditions"), "a condition")
        condition = self.pod("job1")["status"]["conditions"][0]
        self.assertEqual((condition["type"], condition["status"], condition["reason"]), ("PodScheduled", "False", "Unschedulable"))
        self.faults.remove(fault)
        await self.phase("job1", "Running")

    async def test_out_of_memory(self):
        await self.running()
        await self.act("oom")
        await self.phase("job1", "Failed")
        state = self.state_of("job1")["terminated"]
        self.assertEqual((state["exitCode"], state["reason"]), (137, "OOMKilled"))

    async def test_eviction(self):
        await self.running()
        await self.act("evict", message="The node was low on resource: memory.")
        status = await self.phase("job1", "Failed")
        self.assertEqual((status["reason"], status["message"]), ("Evicted", "The node was low on resource: memory."))
        self.assertEqual((await self.ended("job1"))["exitCode"], 137)

    async def test_a_volume_beyond_its_limit(self):
        volume = [{"name": "ws", "emptyDir": {"sizeLimit": "64Ki"}}]
        await self.running("job1", shell("head -c 200000 /dev/zero > /workspace/file; sleep 60", volumeMounts=MOUNT), volumes=volume)
        status = await self.phase("job1", "Failed")
        self.assertEqual(status["message"], 'Usage of EmptyDir volume "ws" exceeds the limit "64Ki". ')

    async def test_last_words(self):
        script = "echo to the log; [ $0 = quiet ] || printf words > /dev/termination-log; exit 4"
        for name, policy, expected in (("words", "File", "words"), ("quiet", "FallbackToLogsOnError", "to the log\n"),
                                       ("quiet", "File", None)):
            pod = f"{name}-{policy}".lower()
            self.create(pod, container(command=["sh", "-c", script, name]) | {"terminationMessagePolicy": policy})
            self.assertEqual((await self.ended(pod)).get("message"), expected)

    async def test_lost_node(self):
        await self.running()
        await self.act("node-lost")
        await self.act("kill")
        await asyncio.sleep(0.3)
        status = self.pod("job1")["status"]
        self.assertEqual((status["phase"], status["reason"]), ("Running", "NodeLost"))
        self.assertEqual([c["status"] for c in status["conditions"] if c["type"] == "Ready"], ["False"])
        node = self.store.get("nodes", "", "localhost")
        self.assertEqual(node.obj["status"]["conditions"][0]["status"], "Unknown")
        await self.act("node-back")
        await self.phase("job1", "Failed")

    async def test_a_lost_nodes_pods_are_marked_and_go_when_it_is_removed(self):
        await self.running()
        pid = (await self.act("processes"))[0]["pid"]
        await self.act("node-lost", taint=True)
        await asyncio.sleep(0.2)
        pod = self.pod("job1")
        self.assertIn("deletionTimestamp", pod["metadata"])
        self.assertEqual([c["reason"] for c in pod["status"]["conditions"] if c["type"] == "DisruptionTarget"], ["DeletionByTaintManager"])
        await self.act("node-gone")
        self.assertIsNone(self.pod("job1"))
        await self.until(lambda: not is_alive(pid), "its processes to die")

    async def test_preemption(self):
        await self.running()
        await self.act("disrupt")
        await self.until(lambda: self.pod("job1") is None, "the pod to be gone")
        last = self.store.since("pods", 0)[-1].record.obj
        self.assertIn("PreemptionByScheduler", [c.get("reason") for c in last["status"]["conditions"]])

    async def test_image_names_that_are_none(self):
        self.create("job1", container(image="Not A/Name"))
        self.assertIn("couldn't parse image name", await self.waiting("job1", "InvalidImageName"))

    async def test_ephemeral_container(self):
        await self.running("job1", container(volumeMounts=MOUNT), volumes=WORKSPACE)
        await self.exec(["sh", "-c", "echo shared > /workspace/file"])
        extra = container("e1", ["sh", "-c", "cat /workspace/file; exit 5"], volumeMounts=MOUNT)
        self.store.mutate("pods", NAMESPACE, "job1", lambda pod: pod["spec"].update(ephemeralContainers=[extra]))
        state = await self.ended("job1", "e1", "ephemeralContainerStatuses")
        self.assertEqual((state["exitCode"], await self.log("job1", "e1")), (5, "shared\n"))
        self.assertEqual(self.pod("job1")["status"]["phase"], "Running")

    async def test_restarts_back_off(self):
        self.create("job1", container(command=["false"]), restartPolicy="Always")
        await self.waiting("job1", "CrashLoopBackOff")
        self.assertEqual(self.pod("job1")["status"]["containerStatuses"][0]["restartCount"], 1)
        self.assertEqual(self.pod("job1")["status"]["phase"], "Running")

    async def test_stop_leaves_no_process(self):
        await self.running("job1", container(), container("side"))
        client = await self.open(["sh", "-c", "setsid sleep 603"])
        await self.runs("setsid sleep 603", False)
        pids = [one["pid"] for one in await self.act("processes")]
        await self.kubelet.stop()
        self.assertEqual([pid for pid in pids if is_alive(pid)], [])
        await client.finish()


class Agent(NodeCase):
    """The worker of a Danube pod: danube-agent as PID 1, put there by an init container, asked by exec."""
    IMAGES = {"danube/coordinator:1": {"rootfs": "empty", "files": {"/usr/bin/danube-agent": str(BIN / "danube-agent")}}}
    BIN = [{"name": "bin", "mountPath": "/danube/bin"}]
    WORKER = [{"name": "bin", "mountPath": "/danube/bin", "readOnly": True}, {"name": "run", "mountPath": "/danube/run"}]
    DAEMON = ["/danube/bin/danube-agent", "daemon", "--dir", "/danube/run/agent"]
    SECURITY = {"runAsUser": 1000, "runAsGroup": 1000, "fsGroup": 1000, "runAsNonRoot": True}

    def worker(self, name, image):
        return container(name, self.DAEMON, image, volumeMounts=self.WORKER, securityContext=RESTRICTED)

    async def test_answers_in_any_image(self):
        if b"libasan." in (BIN / "danube-agent").read_bytes():
            self.skipTest("a sanitized agent is not static, so an empty image cannot run it")
        install = container("install", ["/usr/bin/danube-agent", "install", "/danube/bin/danube-agent"], "danube/coordinator:1",
                            volumeMounts=self.BIN, securityContext=RESTRICTED)
        volumes = [{"name": "bin", "emptyDir": {}}, {"name": "run", "emptyDir": {}}]
        for number, image in enumerate(("localhost/busybox:1", "localhost/scratch:1", "localhost/no-passwd:1")):
            name = f"job{number}"
            await self.running(name, self.worker("main", image), initContainers=[install], volumes=volumes, securityContext=self.SECURITY)
            await self.runs(" ".join(self.DAEMON), name=name)
            for protocol in ("v5.channel.k8s.io", "v4.channel.k8s.io"):
                client = await self.until_link(protocol, name)
                self.assertEqual(client[:7], b"\x24\0\0\0\x01\x01\0", image)

    async def until_link(self, protocol, name):
        """HELLO's frame; the agent's socket comes a moment after its process."""
        while True:
            client = await self.open(["/danube/bin/danube-agent", "link", "--dir", "/danube/run/agent"], protocol, name)
            with contextlib.suppress(asyncio.IncompleteReadError):
                found = await client.read_some(3 + 3 + 40)
                client.leave("fin")
                return found[6:]
            await client.finish()


if __name__ == "__main__":
    unittest.main()
