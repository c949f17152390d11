# SPDX-License-Identifier: GPL-3.0-or-later
"""deploy/base and deploy/overlays: complete, least in rights, fit for a restricted namespace."""
import pathlib
import re
import subprocess
import tempfile
import tomllib
import unittest

from manifests import BIN, CLUSTER_SCOPED, VERSION, only, render


def settings_of(objects):
    maps = [o for o in objects if o["kind"] == "ConfigMap" and "danube.toml" in o.get("data", {})]
    assert len(maps) == 1, maps
    return maps[0]["data"]["danube.toml"]


class Base(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.objects = render("deploy/base")
        cls.deployment = only(cls.objects, "Deployment")
        cls.pod = cls.deployment["spec"]["template"]["spec"]
        cls.container = cls.pod["containers"][0]

    def test_every_object_has_its_namespace(self):
        for item in self.objects:
            expected = None if item["kind"] in CLUSTER_SCOPED else ("danube-system", "danube-jobs")
            namespace = item["metadata"].get("namespace")
            self.assertTrue(namespace in expected if expected else namespace is None, (item["kind"], item["metadata"]["name"]))

    def test_pod_security_of_the_namespaces(self):
        level = {o["metadata"]["name"]: {k.rsplit("/", 1)[1]: v for k, v in o["metadata"]["labels"].items() if "pod-security" in k}
                 for o in self.objects if o["kind"] == "Namespace"}
        self.assertEqual(level, {"danube-system": {"enforce": "restricted", "audit": "restricted", "warn": "restricted"},
                                 "danube-jobs": {"enforce": "baseline", "audit": "restricted", "warn": "restricted"}})

    def test_no_rights_but_in_the_namespace_of_jobs(self):
        self.assertEqual([o for o in self.objects if o["kind"].startswith("ClusterRole")], [])
        role, binding = only(self.objects, "Role"), only(self.objects, "RoleBinding")
        self.assertEqual({role["metadata"]["namespace"], binding["metadata"]["namespace"]}, {"danube-jobs"})
        self.assertEqual(binding["subjects"], [{"kind": "ServiceAccount", "name": "danube-master", "namespace": "danube-system"}])
        self.assertEqual(binding["roleRef"]["name"], role["metadata"]["name"])
        for rule in role["rules"]:
            self.assertNotIn("*", rule["verbs"] + rule["resources"] + rule["apiGroups"])

    def test_one_master_at_a_time(self):
        self.assertEqual(self.deployment["spec"]["replicas"], 1)
        self.assertEqual(self.deployment["spec"]["strategy"], {"type": "Recreate"})

    def test_master_fits_a_restricted_namespace(self):
        pod, own = self.pod["securityContext"], self.container["securityContext"]
        self.assertTrue(pod["runAsNonRoot"])
        self.assertGreaterEqual(pod["runAsUser"], 10000)
        self.assertEqual(pod["seccompProfile"], {"type": "RuntimeDefault"})
        self.assertEqual(own, {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}})
        self.assertFalse({"hostNetwork", "hostPID", "hostIPC"} & self.pod.keys())
        kinds = {kind for volume in self.pod["volumes"] for kind in volume if kind != "name"}
        self.assertLessEqual(kinds, {"configMap", "emptyDir", "persistentVolumeClaim", "secret"})

    def test_files_with_secrets_are_not_for_all(self):
        modes = [volume["secret"]["defaultMode"] for volume in self.pod["volumes"] if "secret" in volume]
        self.assertEqual(modes, [0o440, 0o440])

    def test_everything_written_is_a_volume(self):
        writable = {m["mountPath"] for m in self.container["volumeMounts"] if not m.get("readOnly")}
        self.assertEqual(writable, {"/var/lib/danube", "/tmp"})

    def test_probes(self):
        names = ("initialDelaySeconds", "periodSeconds", "timeoutSeconds", "failureThreshold")
        for probe, path, figures in (("livenessProbe", "/health", [10, 30, 5, 3]), ("readinessProbe", "/health/ready", [5, 10, 3, 3])):
            self.assertEqual([self.container[probe][name] for name in names], figures)
            self.assertEqual(self.container[probe]["httpGet"], {"path": path, "port": "http"})

    def test_ports_by_name(self):
        ports = {port["name"]: port["containerPort"] for port in self.container["ports"]}
        self.assertEqual(ports, {"http": 8080, "websocket": 3001, "rpc": 9000})
        service = only(self.objects, "Service", "danube-master")
        self.assertEqual({p["name"]: (p["port"], p["targetPort"]) for p in service["spec"]["ports"]},
                         {name: (number, name) for name, number in ports.items()})
        labels = self.deployment["spec"]["template"]["metadata"]["labels"]
        for service in (o for o in self.objects if o["kind"] == "Service"):
            self.assertLessEqual(service["spec"]["selector"].items(), labels.items())

    def test_images_carry_this_version(self):
        settings = tomllib.loads(settings_of(self.objects))
        self.assertEqual(self.container["image"], f"danube-master:{VERSION}")
        self.assertEqual(settings["kubernetes"]["coordinator_image"], f"danube-coordinator:{VERSION}")

    def test_settings_agree_with_the_objects(self):
        settings = tomllib.loads(settings_of(self.objects))
        for key, port in (("bind_address", 8080), ("websocket_address", 3001), ("rpc_address", 9000)):
            self.assertEqual(settings["server"][key], f"0.0.0.0:{port}")
        host = re.fullmatch(r"http://([a-z-]+)\.([a-z-]+)\.svc\.cluster\.local:9000", settings["kubernetes"]["rpc_url"])
        only(self.objects, "Service", host[1])
        self.assertEqual(host[2], settings["kubernetes"]["namespace_system"])
        mounts = [m["mountPath"] for m in self.container["volumeMounts"]]
        for path in (settings["server"]["data_dir"], settings["auth"]["token_file"], settings["secrets"]["file"],
                     settings["config_repo"]["directory"] + "/pipelines/x.json", self.container["args"][1]):
            self.assertTrue(any(path == mount or path.startswith(mount + "/") for mount in mounts), path)
        self.assertNotIn(settings["server"]["data_dir"], mounts, "the kubelet gives a volume's root to the pod's group")

    def test_the_master_accepts_the_settings(self):
        """It gets as far as the cluster, which is not there."""
        with tempfile.TemporaryDirectory() as folder:
            state = pathlib.Path(folder)
            config, token = state / "danube.toml", state / "token"
            config.write_text(settings_of(self.objects))
            token.write_text("x" * 40)
            token.chmod(0o440)
            environment = {"DANUBE_SERVER_DATA_DIR": str(state / "data"), "DANUBE_AUTH_TOKEN_FILE": str(token)}
            done = subprocess.run([BIN / "danube-master", "--config", config], env=environment, capture_output=True, text=True,
                                  timeout=30, stdin=subprocess.DEVNULL, check=False)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertRegex(done.stderr, r"danube-master: .*kubernetes")

    def test_jobs_reach_names_and_the_master_only(self):
        spec = only(self.objects, "NetworkPolicy")["spec"]
        self.assertEqual((spec["podSelector"], spec["policyTypes"], spec.get("ingress") or []), ({}, ["Ingress", "Egress"], []))
        ports = sorted((p["protocol"], p["port"]) for rule in spec["egress"] for p in rule["ports"])
        self.assertEqual(ports, [("TCP", 53), ("TCP", 9000), ("UDP", 53)])
        for rule in spec["egress"]:
            for peer in rule["to"]:
                self.assertEqual(set(peer), {"namespaceSelector", "podSelector"}, "both, or a rule opens a whole namespace")


class Cilium(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.objects = render("deploy/overlays/cilium")

    def test_the_master_waits_for_the_policy(self):
        policy = only(self.objects, "CiliumNetworkPolicy")
        environment = only(self.objects, "Deployment")["spec"]["template"]["spec"]["containers"][0]["env"]
        self.assertEqual({e["name"]: e["value"] for e in environment},
                         {"DANUBE_KUBERNETES_CILIUM": "required",
                          "DANUBE_KUBERNETES_GUARDING_POLICIES": policy["metadata"]["name"]})

    def test_policy_says_the_same_as_the_plain_one(self):
        spec = only(self.objects, "CiliumNetworkPolicy")["spec"]
        self.assertEqual((spec["endpointSelector"], spec["ingress"]), ({}, [{}]))
        ports = sorted((p["protocol"], p["port"]) for rule in spec["egress"] for part in rule["toPorts"] for p in part["ports"])
        self.assertEqual(ports, [("TCP", "53"), ("TCP", "9000"), ("UDP", "53")])

    def test_only_names_of_the_cluster_are_answered(self):
        rules = [part["rules"]["dns"] for rule in only(self.objects, "CiliumNetworkPolicy")["spec"]["egress"]
                 for part in rule["toPorts"] if "rules" in part]
        self.assertEqual(rules, [[{"matchPattern": "*." * labels + "cluster.local"} for labels in range(1, 9)]])


if __name__ == "__main__":
    unittest.main()
