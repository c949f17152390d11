# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in's answers on the wire, as recorded from a real 1.36.2 API server."""
import base64
import http.client
import pathlib
import ssl
import sys
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support/kube"))

from apicase import APPLY, JOBS, MERGE, POLICIES, ApiCase, config_map, pod  # noqa: E402
from harness import wait_for  # noqa: E402

PODS, MAPS = f"{JOBS}/pods", f"{JOBS}/configmaps"
STATUS = '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",'
JSON_PATCH, STRATEGIC = "application/json-patch+json", "application/strategic-merge-patch+json"
NOBODY = ('"message":"pods \\"job1\\" is forbidden: User \\"nobody\\" cannot get resource \\"pods/exec\\" in API group \\"\\" in the namespace '
          '\\"danube-jobs\\"","reason":"Forbidden","details":{"name":"job1","kind":"pods"},"code":403}\n')


class Refusals(ApiCase):
    def refused(self, expected, *arguments, **more):
        """Asks and compares code and whole body."""
        code, body = expected
        answer = self.ask(*arguments, **more)
        self.assertEqual((answer.code, answer.body.decode()), (code, body))
        return answer

    def test_who_asks(self):
        self.refused((401, STATUS + '"message":"Unauthorized","reason":"Unauthorized","code":401}\n'), "GET", PODS, token="wrong")
        self.refused((403, STATUS + NOBODY), "GET", f"{PODS}/job1/exec?command=id&stdout=true", token="nobody-token")
        self.refused((403, STATUS + NOBODY.replace("nobody", "system:anonymous")), "GET", f"{PODS}/job1/exec", token=None)
        anonymous = self.ask("GET", "/apis", token=None)
        self.assertEqual((anonymous.code, anonymous.message), (403, 'forbidden: User "system:anonymous" cannot get path "/apis"'))
        self.assertEqual(self.ask("GET", "/version", token=None).json()["gitVersion"], "v1.36.2")

    def test_what_is_not_there(self):
        self.refused((404, STATUS + '"message":"pods \\"nopod\\" not found","reason":"NotFound","details":{"name":"nopod","kind":"pods"},'
                      '"code":404}\n'), "GET", f"{PODS}/nopod")
        self.refused((404, STATUS + '"message":"the server could not find the requested resource","reason":"NotFound","details":{},'
                      '"code":404}\n'), "GET", f"{JOBS}/bogus")
        group = self.refused((404, "404 page not found\n"), "GET", "/apis/bogus.example.org/v1/things")
        self.assertEqual(group.headers["Content-Type"], "text/plain; charset=utf-8")
        self.assertEqual(self.ask("POST", "/api/v1/namespaces/nons/pods", pod() | {"metadata": {"name": "a"}}).message,
                         'namespaces "nons" not found')
        self.refused((405, STATUS + '"message":"the server does not allow this method on the requested resource",'
                      '"reason":"MethodNotAllowed","details":{},"code":405}\n'), "POST", f"{PODS}/a", pod())

    def test_create(self):
        made = self.ask("POST", PODS, pod())
        self.assertEqual((made.code, made.json()["status"]), (201, {"phase": "Pending", "qosClass": "BestEffort"}))
        self.assertTrue(made.body.startswith(b'{"kind":"Pod","apiVersion":"v1","metadata":{"name":"api1","namespace":"danube-jobs","uid":"'))
        for header in ("Audit-Id", "X-Kubernetes-Pf-Flowschema-Uid", "X-Kubernetes-Pf-Prioritylevel-Uid"):
            self.assertIn(header, made.headers)
        self.refused((409, STATUS + '"message":"pods \\"api1\\" already exists","reason":"AlreadyExists","details":{"name":"api1",'
                      '"kind":"pods"},"code":409}\n'), "POST", PODS, pod())
        causes = self.ask("POST", PODS, pod("api2", containers=[])).json()["details"]
        self.assertEqual(causes, {"name": "api2", "kind": "Pod", "causes": [
            {"reason": "FieldValueRequired", "message": "Required value", "field": "spec.containers"}]})
        self.assertEqual(self.ask("POST", PODS, b"{broken").code, 400)
        self.assertEqual(self.ask("POST", PODS, b"x", kind="text/plain").code, 415)
        other = pod() | {"metadata": {"name": "a", "namespace": "default"}}
        self.assertEqual(self.ask("POST", PODS, other).message,
                         "the namespace of the provided object does not match the namespace sent on the request")

    def test_unknown_fields(self):
        odd = pod("odd")
        odd["spec"]["containers"][0]["bogus"] = 1
        made = self.ask("POST", PODS, odd)
        self.assertEqual((made.code, made.headers["Warning"]), (201, '299 - "unknown field \\"spec.containers[0].bogus\\""'))
        self.assertNotIn("bogus", made.json()["spec"]["containers"][0])
        self.assertEqual(self.ask("POST", f"{PODS}?fieldValidation=Strict", odd).message,
                         'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.containers[0].bogus"')
        odd["spec"]["containers"][0]["name"] = 7
        self.assertEqual(self.ask("POST", PODS, odd).message, 'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal number '
                         "into Go struct field Container.spec.containers.name of type string")

    def test_pod_specs_that_cannot_run(self):
        mount = {"name": "main", "image": "i", "volumeMounts": [{"name": "ws", "mountPath": "/w"}]}
        self.assertEqual(self.ask("POST", PODS, pod("m", containers=[mount])).message,
                         'Pod "m" is invalid: spec.containers[0].volumeMounts[0].name: Not found: "ws"')
        twice = [{"name": "a", "image": "i"}, {"name": "a", "image": "i"}]
        self.assertEqual(self.ask("POST", PODS, pod("m", containers=twice)).message,
                         'Pod "m" is invalid: spec.containers[1].name: Duplicate value: "a"')
        greedy = [{"name": "a", "image": "i", "resources": {"requests": {"memory": "2Gi", "cpu": "500m"}, "limits": {"memory": "1Gi", "cpu": "1"}}}]
        self.assertEqual(self.ask("POST", PODS, pod("m", containers=greedy)).message, 'Pod "m" is invalid: '
                         'spec.containers[0].resources.requests: Invalid value: "2Gi": must be less than or equal to memory limit of 1Gi')
        self.assertEqual(self.ask("POST", PODS, pod("Big")).code, 422)
        self.assertEqual(self.ask("POST", PODS, pod("m", serviceAccountName="none")).message,
                         'pods "m" is forbidden: error looking up service account danube-jobs/none: serviceaccount "none" not found')

    def test_secrets_have_a_size_and_keys(self):
        def post(data):
            secret = {"kind": "Secret", "apiVersion": "v1", "metadata": {"name": "s"}, "data": data}
            return self.ask("POST", f"{JOBS}/secrets", secret).message
        self.assertEqual(post({"k": base64.b64encode(bytes((1 << 20) + 1)).decode()}),
                         'Secret "s" is invalid: data: Too long: may not be more than 1048576 bytes')
        self.assertIn('Secret "s" is invalid: data[a b]: Invalid value: "a b": a valid config key', post({"a b": ""}))
        self.assertIn("illegal base64 data", post({"k": "?"}))

    def test_quota(self):
        quota = {"kind": "ResourceQuota", "apiVersion": "v1", "metadata": {"name": "q"}, "spec": {"hard": {"pods": "1"}}}
        self.make(f"{JOBS}/resourcequotas", quota)
        self.make(PODS, pod("q0"))
        self.refused((403, STATUS + '"message":"pods \\"q1\\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: '
                      'pods=1","reason":"Forbidden","details":{"name":"q1","kind":"pods"},"code":403}\n'), "POST", PODS, pod("q1"))
        wait_for(lambda: self.ask("GET", f"{JOBS}/resourcequotas/q").json()["status"].get("used") == {"pods": "1"}, "the quota's count")

    def test_pod_security(self):
        labels = {"pod-security.kubernetes.io/enforce": "baseline", "pod-security.kubernetes.io/warn": "restricted"}
        self.ask("PATCH", JOBS, {"metadata": {"labels": labels}}, kind=MERGE)
        self.addCleanup(self.ask, "PATCH", JOBS, {"metadata": {"labels": dict.fromkeys(labels)}}, kind=MERGE)
        refused = self.ask("POST", PODS, pod("p", hostPID=True))
        self.assertEqual((refused.code, refused.message),
                         (403, 'pods "p" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostPID=true)'))
        warned = self.ask("POST", PODS, pod("p"))
        self.assertEqual(warned.code, 201)
        self.assertIn('would violate PodSecurity \\"restricted:latest\\": allowPrivilegeEscalation != false', warned.headers["Warning"])

    def test_delete(self):
        self.make(PODS, pod())
        wrong = {"kind": "DeleteOptions", "apiVersion": "v1", "preconditions": {"uid": "other"}}
        self.assertRegex(self.ask("DELETE", f"{PODS}/api1", wrong).message,
                         r"the UID in the precondition \(other\) does not match the UID in record \(.*\)\. The object might have been")
        self.assertEqual(self.ask("DELETE", f"{PODS}/api1").json()["kind"], "Pod")
        self.assertEqual(self.ask("DELETE", f"{PODS}/api1").code, 404)
        made = self.make(MAPS, config_map("unk"))[0]
        self.assertEqual(self.ask("DELETE", f"{MAPS}/unk").json(), {
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success",
            "details": {"name": "unk", "kind": "configmaps", "uid": made["metadata"]["uid"]}})

    def test_bound_pods_end_with_grace(self):
        self.make(PODS, pod())
        self.ask("POST", f"{PODS}/api1/binding", {"kind": "Binding", "apiVersion": "v1", "target": {"kind": "Node", "name": "n"}})
        first = self.ask("DELETE", f"{PODS}/api1", {"gracePeriodSeconds": 7}).json()["metadata"]
        self.assertEqual(first["deletionGracePeriodSeconds"], 7)
        again = self.ask("DELETE", f"{PODS}/api1")
        self.assertEqual((again.code, again.json()["metadata"]["deletionTimestamp"]), (200, first["deletionTimestamp"]))
        self.assertEqual(self.ask("DELETE", f"{PODS}/api1?gracePeriodSeconds=0").code, 200)
        self.assertEqual(self.ask("GET", f"{PODS}/api1").code, 404)

    def test_owned_objects_vanish_with_their_owner(self):
        owner = self.make(PODS, pod())[0]["metadata"]
        reference = {"apiVersion": "v1", "kind": "Pod", "name": "api1", "uid": owner["uid"]}
        secret = {"kind": "Secret", "apiVersion": "v1", "metadata": {"name": "s", "ownerReferences": [reference]}, "stringData": {"a": "b"}}
        made = self.make(f"{JOBS}/secrets", secret)[0]
        self.assertEqual((made["type"], made["data"]), ("Opaque", {"a": base64.b64encode(b"b").decode()}))
        self.ask("DELETE", f"{PODS}/api1")
        wait_for(lambda: self.ask("GET", f"{JOBS}/secrets/s").code == 404, "the secret to go")
        orphan = {"kind": "Secret", "apiVersion": "v1", "metadata": {"name": "o", "ownerReferences": [reference]}}
        self.make(f"{JOBS}/secrets", orphan)
        wait_for(lambda: self.ask("GET", f"{JOBS}/secrets/o").code == 404, "the secret of a missing owner to go")

    def test_collection(self):
        self.make(PODS, *(pod(name) for name in ("a", "b")))
        self.ask("PATCH", f"{PODS}/a", {"metadata": {"labels": {"w": "1"}}}, kind=MERGE)
        gone = self.ask("DELETE", f"{PODS}?labelSelector=w%3D1").json()
        self.assertEqual((gone["kind"], [i["metadata"]["name"] for i in gone["items"]]), ("PodList", ["a"]))
        self.assertEqual(self.ask("GET", f"{PODS}/b").code, 200)

    def test_injected_refusals(self):
        self.fault("too-many-requests", count=1, match={"resource": "pods"})
        busy = self.refused((429, "Too many requests, please try again later.\n"), "GET", PODS)
        self.assertEqual((busy.headers["Retry-After"], busy.headers["Content-Type"]), ("1", "text/plain; charset=utf-8"))
        self.fault("error", code=503, reason="ServiceUnavailable", message="no", retry_after=2, count=1)
        self.assertEqual(self.ask("GET", PODS).headers["Retry-After"], "2")
        self.fault("unauthorized", count=1, match={"user": "kubernetes-admin"})
        self.assertEqual(self.ask("GET", PODS).code, 401)
        self.fault("reset", after=True, count=1, match={"verb": "create"})
        with self.assertRaises(OSError):
            self.ask("POST", MAPS, config_map("made"))
        self.connection.close()
        self.assertEqual(self.ask("GET", f"{MAPS}/made").code, 200)
        self.fault("missing", match={"resource": "ciliumnetworkpolicies.cilium.io"})
        self.refused((404, "404 page not found\n"), "GET", POLICIES)

    def test_counts(self):
        self.ask("POST", "/standin/counts/reset")
        self.fault("too-many-requests", count=1)
        for _ in range(3):
            self.ask("GET", PODS)
        counts = self.ask("GET", "/standin/counts").json()
        self.assertEqual((counts["total"], counts["requests"], counts["refused"]), (3, {"list pods": 3}, {"429": 1}))
        self.assertEqual(sum(counts["perSecond"].values()), 3)
        self.assertEqual(self.ask("GET", "/standin/counts", token="nobody-token").code, 403)


class Patches(ApiCase):
    def setUp(self):
        super().setUp()
        self.make(MAPS, config_map("m", k="1"))

    def patch(self, kind, body, path=f"{MAPS}/m"):
        return self.ask("PATCH", path, body, kind=kind)

    def test_kinds(self):
        self.assertEqual(self.patch(MERGE, {"data": {"k": None, "l": "2"}}).json()["data"], {"l": "2"})
        labelled = self.patch(JSON_PATCH, [{"op": "add", "path": "/metadata/labels", "value": {"a/b": "1"}},
                                           {"op": "replace", "path": "/metadata/labels/a~1b", "value": "3"}])
        self.assertEqual(labelled.json()["metadata"]["labels"], {"a/b": "3"})
        failing = self.patch(JSON_PATCH, [{"op": "test", "path": "/data/l", "value": "x"}])
        self.assertEqual((failing.code, failing.message), (422, "the server rejected our request due to an error in our request"))
        self.assertEqual(self.patch(STRATEGIC, {"data": {"l": "4"}}).json()["data"]["l"], "4")
        self.assertEqual(self.patch("application/json", {}).code, 415)

    def test_stale_version(self):
        stale = self.patch(MERGE, {"metadata": {"resourceVersion": "1"}})
        self.assertEqual((stale.code, stale.json()["reason"], stale.message), (
            409, "Conflict", 'Operation cannot be fulfilled on configmaps "m": the object has been modified; please apply your changes to the '
            "latest version and try again"))

    def test_no_change_is_no_new_version(self):
        before = self.ask("GET", f"{MAPS}/m").json()["metadata"]["resourceVersion"]
        self.assertEqual(self.patch(MERGE, {"data": {"k": "1"}}).json()["metadata"]["resourceVersion"], before)

    def apply(self, manager, value, name="ssa", more="", path=None):
        body = config_map(name, k=value) if isinstance(value, str) else value
        return self.ask("PATCH", f"{path or MAPS}/{name}?fieldManager={manager}{more}", body, kind=APPLY)

    def test_apply(self):
        self.assertEqual(self.apply("danube", "1").code, 201)
        self.assertEqual(self.apply("danube", "2").code, 200)
        self.assertEqual(self.apply("other", "2").code, 200)
        conflict = self.apply("third", "3")
        self.assertEqual(conflict.code, 409)
        self.assertEqual(conflict.json()["details"]["causes"], [
            {"reason": "FieldManagerConflict", "message": 'conflict with "danube"', "field": ".data.k"},
            {"reason": "FieldManagerConflict", "message": 'conflict with "other"', "field": ".data.k"}])
        self.assertEqual(self.apply("third", "3", more="&force=true").json()["data"], {"k": "3"})
        self.assertEqual(self.apply("danube", config_map("ssa", l="4")).json()["data"], {"k": "3", "l": "4"})
        self.assertEqual(self.apply("danube", config_map("ssa")).json()["data"], {"k": "3"})
        version = self.ask("GET", f"{MAPS}/ssa").json()["metadata"]["resourceVersion"]
        self.assertEqual(self.apply("danube", config_map("ssa")).json()["metadata"]["resourceVersion"], version)

    def test_one_conflict_in_words(self):
        self.apply("danube", "1")
        self.assertEqual(self.apply("other", "2").message, 'Apply failed with 1 conflict: conflict with "danube": .data.k')

    def test_apply_refusals(self):
        self.assertEqual(self.apply("", "1").message, 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for '
                         "apply patch")
        odd = self.apply("danube", config_map("ssa") | {"bogus": 1})
        self.assertEqual((odd.code, odd.message), (500, "failed to create typed patch object (danube-jobs/ssa; /v1, Kind=ConfigMap): .bogus: "
                                                   "field not declared in schema"))

    def test_pod_lists_merge_by_name(self):
        self.make(PODS, pod("p", volumes=[{"name": "ws", "emptyDir": {}}]))
        eph = {"name": "e1", "image": "i", "volumeMounts": [{"name": "ws", "mountPath": "/w"}]}
        path = f"{PODS}/p/ephemeralcontainers"
        for name in ("e1", "e2"):
            made = self.patch(STRATEGIC, {"spec": {"ephemeralContainers": [eph | {"name": name}]}}, path)
            self.assertEqual(made.code, 200, made.body)
        self.assertEqual([c["name"] for c in made.json()["spec"]["ephemeralContainers"]], ["e1", "e2"])
        bad = {"name": "e3", "image": "i", "volumeMounts": [{"name": "ws", "mountPath": "/w", "subPath": "x"}]}
        self.assertEqual(self.patch(STRATEGIC, {"spec": {"ephemeralContainers": [bad]}}, path).message,
                         'Pod "p" is invalid: spec.ephemeralContainers[2].volumeMounts[0].subPath: Forbidden: cannot be set for an Ephemeral '
                         "Container")
        self.assertIn("may not change fields other than", self.patch(MERGE, {"spec": {"nodeName": "x"}}, f"{PODS}/p").message)


class Policies(ApiCase):
    GOOD = {"endpointSelector": {}, "egress": [{"toFQDNs": [{"matchName": "packages.example.org"}],
                                                "toPorts": [{"ports": [{"port": "443", "protocol": "TCP"}]}]}]}

    def post(self, spec, query=""):
        name = {"name": "p"}
        body = {"apiVersion": "cilium.io/v2", "kind": "CiliumNetworkPolicy", "metadata": name} | ({} if spec is None else {"spec": spec})
        return self.ask("POST", POLICIES + query, body)

    def test_valid_ones(self):
        both = {"endpointSelector": {}, "ingress": [{}], "egress": [
            {"toEntities": ["kube-apiserver"]}, {"toCIDRSet": [{"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}]},
            {"toFQDNs": [{"matchPattern": "*.cdn.example.com"}], "toEndpoints": [{}]}]}
        self.assertEqual(self.post(both).code, 201)
        found = wait_for(lambda: self.ask("GET", f"{POLICIES}/p").json().get("status"), "the verdict")
        self.assertEqual([(c["type"], c["status"]) for c in found["conditions"]], [("Valid", "True")])

    def test_refused_ones(self):
        def egress(**rule):
            return {"endpointSelector": {}, "egress": [rule]}

        def port(**fields):
            return egress(toPorts=[{"ports": [fields]}])
        rows = [
            (port(port=443), 'spec.egress[0].toPorts[0].ports[0].port: Invalid value: "integer": '
             'spec.egress[0].toPorts[0].ports[0].port in body must be of type string: "integer"'),
            (port(port="http!"), "should match '^(6553[0-5]|"),
            (port(port="1", protocol="TCQ"), 'Unsupported value: "TCQ": supported values: "TCP", "UDP", "SCTP", "VRRP", "IGMP", "GRE", "IPIP", '
             '"IPV6", "ESP", "AH", "ANY"'),
            ({"egress": [{}]}, '"spec" must validate one and only one schema (oneOf). Found none valid'),
            ({"egress": [{}]}, "spec.endpointSelector: Required value"),
            ({"endpointSelector": {}}, '"spec" must validate at least one schema (anyOf)'),
            ({"endpointSelector": {}}, "spec.ingress: Required value"),
            (egress(toEntities=["internet"]), 'Unsupported value: "internet": supported values: "all", "world", "cluster", "host", "init", '
             '"ingress", "unmanaged", "remote-node", "health", "none", "kube-apiserver"'),
            (egress(toFQDNs=[{"matchName": "bad name!"}]), "should match '^([-a-zA-Z0-9_]+[.]?)+$'"),
            (egress(toFQDNs=[{"matchName": "a" * 200 + "!"}]), "should match '^([-a-zA-Z0-9_]+[.]?)+$'"),
            (egress(toCIDR=["10.0.0.0/99"]), 'must be of type cidr: "10.0.0.0/99"'),
            (None, "<nil>: Invalid value: null: spec or specs must be provided"),
        ]
        for spec, message in rows:
            with self.subTest(message):
                answer = self.post(spec)
                self.assertEqual(answer.code, 422, answer.body)
                self.assertIn(message, answer.message)

    def test_typos(self):
        typo = {"endpointSelector": {}, "egress": [{"toFQDN": [{"matchName": "a"}]}]}
        strict = self.post(typo, "?fieldValidation=Strict")
        self.assertEqual((strict.code, strict.message), (
            400, 'CiliumNetworkPolicy in version "v2" cannot be handled as a CiliumNetworkPolicy: strict decoding error: unknown field '
            '"spec.egress[0].toFQDN"'))
        lax = self.post(typo)
        self.assertEqual((lax.code, lax.json()["spec"]["egress"]), (201, [{}]))
        self.assertIn("spec.egress[0].toFQDN", lax.headers["Warning"])

    def test_no_strategic_merge(self):
        self.post(self.GOOD)
        answer = self.ask("PATCH", f"{POLICIES}/p", {}, kind=STRATEGIC)
        self.assertEqual((answer.code, answer.message.rpartition(": ")[2]), (
            415, "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml"))

    def test_status_is_not_the_spec_writers(self):
        self.post(self.GOOD)
        self.ask("PATCH", f"{POLICIES}/p", {"status": {"conditions": []}}, kind=MERGE)
        wait_for(lambda: self.ask("GET", f"{POLICIES}/p").json().get("status", {}).get("conditions"), "the verdict")


class Rights(ApiCase):
    def setUp(self):
        super().setUp()
        rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/danube-jobs"
        rules = [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "create"]},
                 {"apiGroups": [""], "resources": ["pods/exec"], "verbs": ["get"]},
                 {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"], "resourceNames": ["mine"]}]
        subject = {"kind": "ServiceAccount", "name": "danube-master", "namespace": "danube-system"}
        self.ask("POST", f"{rbac}/roles", {"kind": "Role", "apiVersion": "rbac.authorization.k8s.io/v1", "metadata": {"name": "r"}, "rules": rules})
        self.ask("POST", f"{rbac}/rolebindings", {
            "kind": "RoleBinding", "apiVersion": "rbac.authorization.k8s.io/v1", "metadata": {"name": "r"}, "subjects": [subject],
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "r"}})

    def code(self, method, path, body=None):
        return self.ask(method, path, body, token="master-token").code

    def test_service_account(self):
        self.assertEqual(self.code("GET", PODS), 200)
        self.assertEqual(self.code("POST", PODS, pod()), 201)
        self.assertEqual(self.code("DELETE", f"{PODS}/api1"), 403)
        self.assertEqual(self.code("GET", "/api/v1/namespaces/default/pods"), 403)
        self.assertEqual(self.code("GET", f"{JOBS}/secrets/mine"), 404)
        self.assertEqual(self.code("GET", f"{JOBS}/secrets/other"), 403)

    def test_exec_needs_create_too(self):
        refused = self.ask("GET", f"{PODS}/api1/exec", token="master-token")
        self.assertEqual((refused.code, refused.message), (403, 'pods "api1" is forbidden: '))

    def test_reviews(self):
        def may(**attributes):
            review = {"kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1",
                      "spec": {"resourceAttributes": {"namespace": "danube-jobs"} | attributes}}
            answer = self.ask("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review, token="master-token")
            return answer.json()["status"]["allowed"]
        self.assertTrue(may(verb="create", resource="pods"))
        self.assertTrue(may(verb="get", resource="pods", subresource="exec"))
        self.assertFalse(may(verb="create", resource="pods", subresource="exec"))
        review = {"kind": "SelfSubjectRulesReview", "apiVersion": "authorization.k8s.io/v1", "spec": {"namespace": "danube-jobs"}}
        answer = self.ask("POST", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", review, token="master-token").json()
        self.assertIn({"verbs": ["get"], "apiGroups": [""], "resources": ["pods/exec"]}, answer["status"]["resourceRules"])

    def test_minted_tokens(self):
        token = self.ask("POST", "/api/v1/namespaces/danube-jobs/serviceaccounts/default/token", {
            "kind": "TokenRequest", "apiVersion": "authentication.k8s.io/v1", "spec": {}}).json()["status"]["token"]
        self.assertIn("system:serviceaccount:danube-jobs:default", self.ask("GET", PODS, token=token).message)
        self.ask("DELETE", "/standin/token", {"token": token})
        self.assertEqual(self.ask("GET", PODS, token=token).code, 401)


class Certificates(ApiCase):
    def fresh(self):
        connection = self.connect()
        self.addCleanup(connection.close)
        return self.ask("GET", "/version", connection=connection).code

    def test_wrong_ones_are_refused_and_a_good_one_is_taken_again(self):
        reasons = {"expired": "certificate has expired", "not-yet-valid": "not yet valid", "wrong-name": "IP address mismatch"}
        for state, reason in reasons.items():
            with self.subTest(state):
                self.ask("POST", "/standin/tls", {"certificate": state})
                with self.assertRaisesRegex(ssl.SSLCertVerificationError, reason):
                    self.fresh()
        self.assertEqual(self.ask("POST", "/standin/tls", {"certificate": "valid"}).code, 200)
        self.assertEqual(self.fresh(), 200)

    def test_client_certificate(self):
        trust = ssl.create_default_context(cafile=self.endpoint["ca"])
        folder = pathlib.Path(self.endpoint["ca"]).parent
        trust.load_cert_chain(folder / "admin.crt", folder / "admin.key")
        url = urllib.parse.urlsplit(self.endpoint["url"])
        connection = http.client.HTTPSConnection(url.hostname, url.port, timeout=15, context=trust)
        self.addCleanup(connection.close)
        self.assertEqual(self.ask("GET", f"{JOBS}/secrets", token=None, connection=connection).code, 200)

    def test_silence(self):
        self.fault("stall", count=1)
        connection = self.connect(timeout=0.3)
        self.addCleanup(connection.close)
        with self.assertRaises(TimeoutError):
            self.ask("GET", "/version", connection=connection)
        self.fault("stall-accept", count=1)
        with self.assertRaises(TimeoutError):
            self.connect(timeout=0.3).connect()
        self.assertEqual(self.fresh(), 200)


if __name__ == "__main__":
    unittest.main()
