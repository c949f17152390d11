# SPDX-License-Identifier: GPL-3.0-or-later
"""Refusals, with the bodies a real API server gives them."""


class ApiError(Exception):
    """Answered as a JSON Status."""

    def __init__(self, code, reason, message, details=None, retry_after=None, metadata=None):
        super().__init__(message)
        self.code, self.reason, self.message, self.details = code, reason, message, details
        self.retry_after, self.metadata = retry_after, metadata or {}

    def status(self):
        """The Status object, its keys in the server's order."""
        status = {"kind": "Status", "apiVersion": "v1", "metadata": self.metadata, "status": "Failure", "message": self.message}
        if self.reason:
            status["reason"] = self.reason
        if self.details is not None:
            status["details"] = self.details
        status["code"] = self.code
        return status


class PlainError(Exception):
    """Answered as text/plain (or without any body), as some layers of the real server do."""

    def __init__(self, code, text="", close=False, headers=(), content_type="text/plain; charset=utf-8"):
        super().__init__(text)
        self.code, self.text, self.close, self.headers, self.content_type = code, text, close, tuple(headers), content_type


def _qualified(group, resource):
    return f"{resource}.{group}" if group else resource


def _details(group, kind, name="", **more):
    details = {"name": name} if name else {}
    if group:
        details["group"] = group
    return details | {"kind": kind} | more


def bad_request(message):
    return ApiError(400, "BadRequest", message)


def unauthorized():
    return ApiError(401, "Unauthorized", "Unauthorized")


def forbidden(group, resource, name, why):
    subject = f'{_qualified(group, resource)} "{name}"' if name else _qualified(group, resource)
    return ApiError(403, "Forbidden", f"{subject} is forbidden: {why}", _details(group, resource, name))


def not_found(group, resource, name):
    return ApiError(404, "NotFound", f'{_qualified(group, resource)} "{name}" not found', _details(group, resource, name))


def no_such_resource():
    return ApiError(404, "NotFound", "the server could not find the requested resource", {})


def method_not_allowed():
    return ApiError(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {})


def already_exists(group, resource, name):
    return ApiError(409, "AlreadyExists", f'{_qualified(group, resource)} "{name}" already exists', _details(group, resource, name))


def conflict(group, resource, name, why="the object has been modified; please apply your changes to the latest version and try again"):
    return ApiError(409, "Conflict", f'Operation cannot be fulfilled on {_qualified(group, resource)} "{name}": {why}',
                    _details(group, resource, name))


def expired(message, metadata=None):
    return ApiError(410, "Expired", message, metadata=metadata)


def unsupported_media_type(accepted):
    return ApiError(415, "UnsupportedMediaType",
                    "the body of the request was in an unknown format - accepted media types include: " + ", ".join(accepted))


def not_acceptable(offered):
    return ApiError(406, "NotAcceptable", "only the following media types are accepted: " + ", ".join(offered))


def invalid(group, kind, name, causes):
    """`causes`: [(field, reason, message)], as field errors of the server's validation."""
    texts = [f"{field}: {message}" for field, _, message in causes]
    unique = list(dict.fromkeys(texts))
    text = unique[0] if len(unique) == 1 else "[" + ", ".join(unique) + "]"
    listed = [{"reason": reason, "message": message, "field": field} for field, reason, message in causes]
    subject = f'{_qualified(group, kind)} "{name}"'
    return ApiError(422, "Invalid", f"{subject} is invalid: {text}", _details(group, kind, name, causes=listed))


def internal(message):
    return ApiError(500, "InternalError", f"Internal error occurred: {message}", {"causes": [{"message": message}]})
