# SPDX-License-Identifier: GPL-3.0-or-later
"""/standin/...: the tests' own door, for the admin token only.

POST faults {fault...} or [{...}] -> {"ids": [...]}    GET faults    DELETE faults[/ID or /KIND]    switches, see faults.py
GET counts    POST counts/reset                          what was seen, see counts.py
POST restart {"down_ms"}                                 every connection aborted, listener closed, opened again; pods live on
POST connections/abort                                   every connection aborted, listener stays
POST tls {"certificate"}                                 valid, expired, not-yet-valid, wrong-name, untrusted: for new connections
POST compact {"resource"}                                older resourceVersions are expired now
POST token {"namespace", "serviceAccount"}  -> {"token"}    DELETE token {"token"}
POST act {"action", ...}                                 the kubelet half's deeds on pods, see kubelet.py
"""
import asyncio
import json

from . import wire
from .errors import ApiError, bad_request, no_such_resource
from .http1 import Response
from .users import MASTERS


class Admin:
    def __init__(self, *, store, faults, counts, users, tls, hub):
        self._store, self._faults, self._counts, self._users = store, faults, counts, users
        self._tls, self._hub = tls, hub
        self.server = self.kubelet = None
        self._restarting = None

    async def answer(self, request, user):
        if MASTERS not in user.groups:
            raise ApiError(403, "Forbidden", "the stand-in's switches are the administrator's", {})
        first, _, rest = request.path.removeprefix("/standin/").partition("/")
        act = getattr(self, f"_{request.method.lower()}_{first}", None)
        if act is None:
            raise no_such_resource()
        try:
            body = json.loads(request.body) if request.body else {}
            value = await act(body, rest)
        except (ValueError, KeyError, TypeError) as error:
            raise bad_request(f"{request.method} {request.path}: {error!r}") from error
        return Response(200, wire.encode(value) + b"\n", flow=False)

    async def _post_faults(self, body, _):
        return {"ids": [self._faults.add(fault) for fault in (body if isinstance(body, list) else [body])]}

    async def _get_faults(self, _body, _):
        return {"faults": self._faults.listed()}

    async def _delete_faults(self, _body, which):
        if which.isdigit():
            return {"removed": self._faults.remove(number=int(which))}
        return {"removed": self._faults.remove(kind=which or None)}

    async def _get_counts(self, _body, _):
        return self._counts.as_json()

    async def _post_counts(self, _body, what):
        if what != "reset":
            raise ValueError("only counts/reset can be posted")
        self._counts.reset()
        return {}

    async def _post_restart(self, body, _):
        seconds = body.get("down_ms", 0) / 1000
        # Answered first, so that the one who asked knows.
        loop = asyncio.get_running_loop()
        loop.call_later(0.05, lambda: setattr(self, "_restarting", loop.create_task(self.server.restart(seconds))))
        return {"down_ms": body.get("down_ms", 0)}

    async def _post_connections(self, _body, what):
        if what != "abort":
            raise ValueError("only connections/abort can be posted")
        asyncio.get_running_loop().call_later(0.05, self.server.abort_all)
        return {}

    async def _post_tls(self, body, _):
        await asyncio.to_thread(self._tls.rotate, body.get("certificate", "valid"))
        return {"ca": str(self._tls.authority)}

    async def _post_compact(self, body, _):
        self._store.compact(body.get("resource"))
        return {"resourceVersion": str(self._store.version)}

    async def _post_token(self, body, _):
        return {"token": self._users.mint(body["namespace"], body["serviceAccount"])}

    async def _delete_token(self, body, _):
        return {"revoked": self._users.revoke(body["token"])}

    async def _post_act(self, body, _):
        if self.kubelet is None:
            raise ValueError("no kubelet runs")
        return await self.kubelet.act(body["action"], body)
