# SPDX-License-Identifier: GPL-3.0-or-later
"""PATCH: four kinds of body, one way to the store."""
import json

from . import decode, managers, patch, wire
from .errors import ApiError, PlainError, bad_request, unsupported_media_type
from .store import PODS

JSON, MERGE = "application/json-patch+json", "application/merge-patch+json"
STRATEGIC, APPLY = "application/strategic-merge-patch+json", "application/apply-patch+yaml"


class Patching:
    def __init__(self, store):
        self._store = store
        self.verbs = None  # set by Verbs

    def perform(self, request):
        resource = request.resource
        content = request.headers.get("content-type", "").split(";")[0].strip().lower()
        self._check_content(content, resource)
        if content == APPLY:
            return self._apply(request)
        record = self._store.must_get(resource.id, request.namespace, request.name)
        # A custom resource's own key order is by name, as the server re-marshals it.
        patched = self._patched(request, content, record.copy())
        return self._store_patched(request, patched)

    @staticmethod
    def _check_content(content, resource):
        known = (JSON, MERGE, APPLY) if resource.custom else (JSON, MERGE, STRATEGIC, APPLY)
        if content in known:
            return
        if not resource.custom or content not in (STRATEGIC, "application/apply-patch+json"):
            raise PlainError(415, "415: Unsupported Media Type", content_type="")
        raise unsupported_media_type(known)

    @staticmethod
    def _patched(request, content, obj):
        try:
            body = json.loads(request.body)
        except ValueError as error:
            raise bad_request(f"error decoding patch: {error}") from error
        if content == JSON:
            return patch.json_patch(obj, body)
        if not isinstance(body, dict):
            raise bad_request(f"error decoding patch: json: cannot unmarshal {type(body).__name__} into Go value of type map[string]interface {{}}")
        if content == MERGE:
            return patch.merge_patch(obj, body)
        return patch.strategic_merge(obj, body, request.resource.kind)

    def _store_patched(self, request, patched):
        from .verbs import decoded
        shown = wire.clone(patched)
        obj, unknown = decoded(request, request.resource, patched)

        def refusal():
            text = wire.quoted(wire.dumps(shown, sort=True))
            cause = f"Invalid value: {text}: {decode.strict_text(unknown)}"
            return ApiError(422, "Invalid", f' "" is invalid: patch: {cause}', {
                "causes": [{"reason": "FieldValueInvalid", "message": cause, "field": "patch"}]})
        decode.check_unknown(request, unknown, refusal)
        return self.verbs.shown(request, self.verbs.replace(request, obj))

    def _apply(self, request):
        from .verbs import decoded
        resource = request.resource
        manager = request.get("fieldManager")
        if not manager:
            raise ApiError(422, "Invalid", 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch', {
                "group": "meta.k8s.io", "kind": "PatchOptions", "causes": [
                    {"reason": "FieldValueRequired", "message": "Required value: is required for apply patch", "field": "fieldManager"}]})
        config = decode.read_yaml(request.body)
        if not isinstance(config, dict):
            raise bad_request("error decoding YAML: the patch is no object")
        given = set(config.get("metadata", {}))
        config, unknown = decoded(request, resource, config)
        if unknown:
            paths = [f".{path}: field not declared in schema" for path in unknown]
            text = paths[0] if len(paths) == 1 else "errors:\n" + "\n".join(f"  {path}" for path in paths)
            raise ApiError(500, "", f"failed to create typed patch object ({request.namespace}/{request.name}; {resource.group}/{resource.version}, "
                           f"Kind={resource.kind}): {text}")
        config["metadata"] = {key: value for key, value in config["metadata"].items() if key in given}
        config["metadata"].setdefault("name", request.name)
        if resource.namespaced:
            config["metadata"].setdefault("namespace", request.namespace)
        return self._store_applied(request, config, manager)

    def _store_applied(self, request, config, manager):
        resource = request.resource
        record = self._store.get(resource.id, request.namespace, request.name)
        wanted = config["metadata"].pop("resourceVersion", None)
        live = record.copy() if record else None
        result = managers.apply(resource, live, config, manager, request.flag("force"))
        if record is None:
            if resource.id != PODS or not request.subresource:
                return self.verbs.shown(request, self.verbs.create(request, result, note=False), 201)
        if wanted:
            result["metadata"]["resourceVersion"] = wanted
        return self.verbs.shown(request, self.verbs.replace(request, result, note=False))
