# SPDX-License-Identifier: GPL-3.0-or-later
"""From request to answer: who, what, may they, and then the verb."""
import asyncio
import re
import uuid

from . import discovery, rbac, users, wire
from .errors import ApiError, PlainError, forbidden, no_such_resource, unauthorized
from .http1 import Response
from .request import Request

_PATH = re.compile(r"/(?:api/(?P<core>[^/]+)|apis/(?P<group>[^/]+)/(?P<version>[^/]+))(?P<rest>/.*)?")
_VERBS = {"GET": "get", "HEAD": "get", "POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}
_HEALTH = ("/healthz", "/livez", "/readyz")


class App:
    REFUSALS = (ApiError, PlainError)

    def __init__(self, registry, users_, rbac_, faults, counts, verbs, admin):
        self._registry, self._users, self._rbac = registry, users_, rbac_
        self._faults, self._counts, self._verbs, self._admin = faults, counts, verbs, admin
        self.port = 0

    async def answer(self, request):
        """Never raises but for cancellation and abort()."""
        request.audit_id = str(uuid.uuid4())
        try:
            return await self._answer(request)
        except self.REFUSALS as refusal:
            return self.refuse(request, refusal)

    @staticmethod
    def refuse(request, refusal, flow=True):
        headers = []
        if refusal.__class__ is PlainError:
            return Response(refusal.code, refusal.text.encode(), refusal.content_type if refusal.text else "", [*refusal.headers],
                            close=refusal.close, flow=False)
        if refusal.retry_after is not None:
            headers.append(("Retry-After", str(refusal.retry_after)))
        return Response(refusal.code, wire.encode(refusal.status()) + b"\n", headers=headers, flow=flow and refusal.code != 401)

    async def _answer(self, request):
        if request.path.startswith("/standin/"):
            return await self._admin.answer(request, self._users.authenticate(request))
        self.locate(request)
        await self._before(request)
        request.user = self._users.authenticate(request)
        self._misbehave(request)
        request.user = users.impersonated(request, request.user, lambda resource, name: self._rbac.allowed(
            request.user, rbac.Ask("impersonate", "", resource, name=name)))
        if request.resource is None:
            return self._plain_path(request)
        self._authorize(request)
        reset = self._faults.take("reset", **request.facts())
        if reset and not reset.get("after"):
            raise ConnectionResetError
        response = await self._verbs.perform(request)
        late = self._faults.take("answer-late", **request.facts())
        if late:  # the watch tells first
            await asyncio.sleep(late.get("ms", 1000) / 1000)
        if reset:
            raise ConnectionResetError
        return response

    def locate(self, request: Request):
        """Reads group, resource, namespace, name, subresource and verb from the path."""
        request.verb = _VERBS.get(request.method, request.method.lower())
        found = _PATH.fullmatch(request.path)
        if not found or not (found["rest"] or "").strip("/"):
            return
        request.group, request.version = found["group"] or "", found["core"] or found["version"]
        if request.group not in self._registry.groups():
            raise PlainError(404, "404 page not found\n", headers=[("X-Content-Type-Options", "nosniff")])
        parts = found["rest"].strip("/").split("/")
        if parts[0] == "namespaces" and len(parts) > 2 and parts[2] not in ("status", "finalize"):
            request.namespace, parts = parts[1], parts[2:]
        request.resource = self._registry.find(request.group, request.version, parts[0])
        if request.resource is None or len(parts) > 3:
            raise no_such_resource()
        request.name, request.subresource = (parts + ["", ""])[1:3]
        if request.subresource and request.subresource not in request.resource.subresources:
            raise no_such_resource()
        if request.resource.namespaced and request.name and not request.namespace:
            raise no_such_resource()
        watching = request.flag("watch")
        if not request.name:
            request.verb = {"get": "watch" if watching else "list", "delete": "deletecollection"}.get(request.verb, request.verb)
        elif watching and request.verb == "get" and not request.subresource:
            request.verb = "watch"
            request.query.append(("fieldSelector", f"metadata.name={request.name}"))

    async def _before(self, request):
        """Counting, and the faults that come before anybody asks who is there."""
        what = request.resource.id if request.resource else request.path
        self._counts.request(request.verb, f"{what}/{request.subresource}" if request.subresource else what)
        facts = request.facts()
        if self._faults.take("stall", **facts):
            await asyncio.get_running_loop().create_future()
        delay = self._faults.take("delay", **facts)
        if delay:
            await asyncio.sleep(delay.get("ms", 1000) / 1000)

    def _misbehave(self, request):
        facts = request.facts()
        if self._faults.take("unauthorized", **facts):
            raise unauthorized()
        if request.subresource != "exec":
            self._limit(facts)
        error = self._faults.take("error", **facts)
        if not error:
            return
        if "text" in error:
            raise PlainError(error.get("code", 500), error["text"])
        message = error.get("message", "Internal error occurred: injected")
        raise ApiError(error.get("code", 500), error.get("reason", "InternalError" if error.get("code", 500) == 500 else ""), message,
                       error.get("details"), error.get("retry_after"))

    def _limit(self, facts):
        limit = self._faults.active("too-many-requests", **facts)
        if not limit or ("rate" in limit and self._counts.this_second() <= limit["rate"]):
            return
        limit = self._faults.take("too-many-requests", **facts)
        if limit:
            raise PlainError(429, "Too many requests, please try again later.\n", headers=[
                ("Retry-After", str(limit.get("retry_after", 1))), ("X-Content-Type-Options", "nosniff")])

    def _authorize(self, request):
        resource, name = request.resource, request.name
        if not name and request.verb in ("list", "watch", "deletecollection"):
            found = re.search(r"(?:^|,)metadata\.name==?([^,]+)", request.get("fieldSelector"))
            name = found[1] if found else ""
        ask = rbac.Ask(request.verb, resource.group, resource.plural, request.subresource, request.namespace, name)
        forced = self._faults.take("forbidden", **request.facts())
        if forced or not self._rbac.allowed(request.user, ask):
            raise forbidden(resource.group, resource.plural, request.name, rbac.denial(request.user, ask))
        if request.subresource == "exec" and request.verb == "get":
            ask.verb = "create"
            if not self._rbac.allowed(request.user, ask):
                raise forbidden(resource.group, resource.plural, request.name, "")

    def _plain_path(self, request):
        """Discovery, health, version."""
        ask = rbac.Ask(request.verb, path=request.path)
        if not self._rbac.allowed(request.user, ask):
            raise ApiError(403, "Forbidden", f'forbidden: User "{request.user.name}" cannot {request.verb} path "{request.path}"', {})
        if request.path.startswith(_HEALTH):
            return Response(200, b"ok", "text/plain; charset=utf-8")
        if request.method not in ("GET", "HEAD"):
            raise PlainError(405, "", content_type="")
        found = discovery.answer(self._registry, request.path, request.headers.get("accept", ""), self.port)
        if found is None:
            raise PlainError(404, "404 page not found\n", headers=[("X-Content-Type-Options", "nosniff")])
        value, kind = found
        return Response(200, wire.encode(value) + b"\n", kind)
