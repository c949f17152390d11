# SPDX-License-Identifier: GPL-3.0-or-later
"""Subresources, and the reviews that are answered without being stored."""
from . import decode, deletion, pods, podsecurity, rbac, wire
from .errors import ApiError, bad_request, conflict, no_such_resource
from .http1 import Response


class Subresources:
    def __init__(self, store, faults, users, rbac_, kubelet):
        self._store, self._faults, self._users, self._rbac, self._kubelet = store, faults, users, rbac_, kubelet
        self.verbs = None  # set by Verbs

    async def perform(self, request):
        name = request.subresource
        if name == "exec":
            if self._kubelet is None:
                raise no_such_resource()
            return Response(101, upgrade=self._kubelet.exec)
        if name == "log":
            return await self._log(request)
        if name in ("eviction", "binding", "token"):
            return getattr(self, "_" + name)(request)
        if name == "finalize":
            return self.verbs.shown(request, self._store.must_get(request.resource.id, request.namespace, request.name))
        return await getattr(self.verbs, "_" + request.verb)(request)

    async def _log(self, request):
        pod = self._store.must_get("pods", request.namespace, request.name).obj
        if self._kubelet is None:
            raise no_such_resource()
        pieces = self._kubelet.logs(pod, request.query)
        first = await anext(pieces, None)

        async def all_pieces():
            try:
                if first is not None:
                    yield first
                    async for piece in pieces:
                        yield piece
            finally:
                await pieces.aclose()
        return Response(200, content_type="text/plain", stream=all_pieces())

    def _eviction(self, request):
        record = self._store.must_get("pods", request.namespace, request.name)
        body = decode.read_body(request, "Eviction")
        refused = self._faults.take("eviction-refused", **request.facts())
        if refused:
            raise ApiError(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", {
                "causes": [{"reason": "DisruptionBudget",
                            "message": "The disruption budget pdb needs 1 healthy pods and has 1 currently"}]})
        deletion.delete(self._store, record, body.get("deleteOptions") or {})
        return Response(201, wire.encode({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}) + b"\n")

    def _binding(self, request):
        node = decode.read_body(request, "Binding").get("target", {}).get("name", "")
        record = self._store.must_get("pods", request.namespace, request.name)
        if record.obj["spec"].get("nodeName"):
            raise conflict("", "pods/binding", request.name, f"pod {request.name} is already assigned to node "
                           f"\"{record.obj['spec']['nodeName']}\"")
        self._store.mutate("pods", request.namespace, request.name, lambda pod: pod["spec"].update(nodeName=node))
        return Response(201, wire.encode({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}) + b"\n")

    def _token(self, request):
        self._store.must_get("serviceaccounts", request.namespace, request.name)
        value, _ = decode.typed(decode.read_body(request, "TokenRequest"), "TokenRequest", "authentication.k8s.io/v1")
        seconds = value.get("spec", {}).get("expirationSeconds", 3600)
        value["status"] = {"token": self._users.mint(request.namespace, request.name), "expirationTimestamp": wire.now(seconds)}
        value["metadata"] = {"name": request.name, "namespace": request.namespace, "creationTimestamp": wire.now()}
        return Response(201, wire.encode(value) + b"\n")

    def ephemeral(self, request, old, new):
        """The pod after a write to ephemeralcontainers."""
        result = pods.check_ephemeral_update(old, new)
        podsecurity.admit(result, self._store.must_get("namespaces", "", request.namespace).obj, request)
        if result["spec"] != old["spec"]:
            result["metadata"]["generation"] = old["metadata"].get("generation", 1) + 1
        return result

    def review(self, request):
        """SelfSubjectAccessReview and its kin."""
        resource = request.resource
        value = decode.read_body(request, resource.kind)
        if value.get("kind") not in (None, resource.kind):
            raise bad_request(f"no kind \"{value['kind']}\" is registered for version \"{resource.api_version}\"")
        spec, user = value.get("spec") or {}, request.user
        if resource.plural == "selfsubjectaccessreviews":
            status = rbac.access_review(self._rbac, user, spec)
        elif resource.plural == "selfsubjectrulesreviews":
            status = rbac.rules_review(self._rbac, user, spec.get("namespace", "default"))
        elif resource.plural == "subjectaccessreviews":
            other = type(user)(spec.get("user", ""), tuple(spec.get("groups") or ()))
            status = rbac.access_review(self._rbac, other, spec)
        else:
            status = {"userInfo": {"username": user.name, "groups": list(user.groups)}}
        answer = {"kind": resource.kind, "apiVersion": resource.api_version, "metadata": {}, "spec": spec, "status": status}
        return Response(201, wire.encode(answer) + b"\n")
