# SPDX-License-Identifier: GPL-3.0-or-later
"""Who asks: bearer tokens, client certificates, impersonation."""
import base64
import dataclasses
import secrets

from .errors import ApiError, unauthorized
from .request import User

MASTERS = "system:masters"
ANONYMOUS = User("system:anonymous", ("system:unauthenticated",))


def service_account(namespace, name):
    return User(f"system:serviceaccount:{namespace}:{name}",
                ("system:serviceaccounts", f"system:serviceaccounts:{namespace}", "system:authenticated"))


class Users:
    def __init__(self):
        self._tokens = {}  # token -> User

    def add(self, token, name, groups=()):
        self._tokens[token] = User(name, (*groups, "system:authenticated"))

    def add_service_account(self, token, namespace, name):
        self._tokens[token] = service_account(namespace, name)

    def mint(self, namespace, name):
        """A fresh token of a service account."""
        token = secrets.token_urlsafe(32)
        self.add_service_account(token, namespace, name)
        return token

    def revoke(self, token):
        return self._tokens.pop(token, None) is not None

    def authenticate(self, request):
        """The user; raises 401 for a token nobody has."""
        token = _bearer(request.headers)
        if token is not None:
            user = self._tokens.get(token)
            if user is None:
                raise unauthorized()
            return user
        if request.certificate:
            names = [pair for part in request.certificate.get("subject", ()) for pair in part]
            groups = tuple(value for key, value in names if key == "organizationName")
            common = next((value for key, value in names if key == "commonName"), "")
            return User(common, (*groups, "system:authenticated"))
        return ANONYMOUS


def _bearer(headers):
    kind, _, token = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return token.strip()
    for protocol in headers.get("sec-websocket-protocol", "").split(","):
        start, _, encoded = protocol.strip().rpartition(".")
        if start == "base64url.bearer.authorization.k8s.io":
            try:
                return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
            except ValueError:
                return ""
    return None


def impersonated(request, user, allowed):
    """The user that the Impersonate- headers name; allowed(resource, name) tells whether `user` may."""
    name = request.headers.get("impersonate-user")
    groups = [g.strip() for g in request.headers.get("impersonate-group", "").split(",") if g.strip()]
    if not name and not groups:
        return user
    for resource, value in [("users", name or ""), *(("groups", group) for group in groups)]:
        if not allowed(resource, value):
            raise ApiError(403, "Forbidden", f'{resource} "{value}" is forbidden: User "{user.name}" cannot impersonate resource '
                           f'"{resource}" in API group "" at the cluster scope', {"name": value, "kind": resource})
    prefix = "system:serviceaccount:"
    if name.startswith(prefix) and not groups:
        return service_account(*name[len(prefix):].split(":", 1))
    return dataclasses.replace(user, name=name, groups=(*groups, "system:authenticated"), uid=request.headers.get("impersonate-uid", ""))
