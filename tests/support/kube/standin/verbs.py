# SPDX-License-Identifier: GPL-3.0-or-later
"""The verbs on resources: get, list, watch, create, update, delete. Patches are in patching.py, subresources in subresources.py."""
import asyncio
import base64
import json

from . import decode, deletion, managers, selectors, tables, wire
from .crdschema import prune
from .errors import ApiError, bad_request, conflict, expired, method_not_allowed, not_acceptable
from .http1 import Response
from .store import Record
from .watch import Selection, Watcher

TOO_LARGE_VERSION_SECONDS = 3
_EXPIRED_CONTINUE = (
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue "
    "parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token "
    "results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and "
    "now may show up in the list.")


def wants_table(request):
    """True: as a Table; False: as JSON. 406 for anything else."""
    accepts = [part.strip().replace(" ", "") for part in request.headers.get("accept", "").split(",") if part.strip()]
    for part in accepts:
        if part.startswith("application/json") and "as=Table" in part and "g=meta.k8s.io" in part:
            return True
        if part.split(";")[0] in ("application/json", "*/*", "application/*") and "as=" not in part:
            return False
    if not accepts:
        return False
    raise not_acceptable(["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"])


def decoded(request, resource, value):
    """(object of the resource's type without unknown fields, their paths)"""
    value.setdefault("kind", resource.kind)
    value.setdefault("apiVersion", resource.api_version)
    if value["kind"] != resource.kind or value["apiVersion"] != resource.api_version:
        if value["apiVersion"] != resource.api_version:
            raise bad_request(f"the API version in the data ({value['apiVersion']}) does not match the expected API version "
                              f"({resource.api_version})")
        raise bad_request(f"{value['kind']} in version \"{resource.version}\" cannot be handled as a {resource.kind}: no kind "
                          f'"{value["kind"]}" is registered')
    if resource.custom:
        obj, unknown = prune(decode.clean(value), resource.schema)
        metadata, _ = decode.typed(obj.get("metadata") or {}, "ObjectMeta", "v1")
        return dict(obj, metadata=metadata), unknown
    return decode.typed(value, resource.kind, resource.api_version)


class Verbs:
    def __init__(self, store, hub, admission, patching, subresources):
        self._store, self._hub, self._admission = store, hub, admission
        self._patching, self._subresources = patching, subresources
        patching.verbs = subresources.verbs = self

    async def perform(self, request):
        resource = request.resource
        if request.subresource:
            if request.verb not in resource.subresources[request.subresource][1]:
                raise method_not_allowed()
            return await self._subresources.perform(request)
        named = request.verb in ("get", "update", "patch", "delete")
        if request.verb not in resource.verbs or (named != bool(request.name) and request.verb != "watch"):
            raise method_not_allowed()
        if resource.verbs == ("create",):
            return self._subresources.review(request)
        if request.verb in ("create", "update", "patch") and resource.namespaced and not request.namespace:
            raise method_not_allowed()
        return await getattr(self, "_" + request.verb)(request)

    def shown(self, request, record, code=200):
        """One object as the client wants it."""
        if wants_table(request):
            columns, cells = tables.printer(request.resource)
            row = tables.row(record, cells, request.get("includeObject") or "Metadata")
            return Response(code, tables.table({"resourceVersion": str(record.version)}, columns, [row]) + b"\n")
        return Response(code, record.body() + b"\n")

    async def _get(self, request):
        return self.shown(request, self._store.must_get(request.resource.id, request.namespace, request.name))

    async def _create(self, request):
        resource = request.resource
        value = decode.read_body(request, resource.kind)
        if "kind" not in value:
            raise bad_request(f"Object 'Kind' is missing in '{request.body.decode(errors='replace')}'")
        obj, unknown = decoded(request, resource, value)
        decode.check_unknown(request, unknown, lambda: decode.strict(unknown, resource.kind, resource.api_version))
        return self.shown(request, self.create(request, obj), 201)

    def create(self, request, obj, note=True):
        """Admits and stores a decoded object; dryRun makes a record that is not stored."""
        resource = request.resource
        self._admission.create(request, resource, obj)
        if note:
            managers.note_update(resource, None, obj, managers.manager_of(request))
        if request.get("dryRun"):
            return self._dry(resource, obj)
        return self._store.create(resource.id, obj)

    def _dry(self, resource, obj):
        """What would have been stored."""
        obj["metadata"].setdefault("uid", "00000000-0000-0000-0000-000000000000")
        obj["metadata"].setdefault("creationTimestamp", wire.now())
        return Record(resource.id, obj, self._store.version)

    async def _update(self, request):
        resource = request.resource
        value = decode.read_body(request, resource.kind)
        obj, unknown = decoded(request, resource, value)
        decode.check_unknown(request, unknown, lambda: decode.strict(unknown, resource.kind, resource.api_version))
        return self.shown(request, self.replace(request, obj))

    def replace(self, request, obj, note=True):
        """Stores a decoded object over the present one: of PUT and of every patch."""
        resource, metadata = request.resource, obj.setdefault("metadata", {})
        if metadata.get("name", request.name) != request.name:
            raise bad_request(f"the name of the object ({metadata['name']}) does not match the name on the URL ({request.name})")
        if metadata.get("namespace", request.namespace) != request.namespace:
            raise bad_request("the namespace of the object does not match the namespace on the URL")
        record = self._store.must_get(resource.id, request.namespace, request.name)
        if metadata.get("resourceVersion") not in (None, "", str(record.version)):
            raise conflict(resource.group, resource.plural, request.name)
        if metadata.get("uid") not in (None, "", record.uid):
            raise conflict(resource.group, resource.plural, request.name, f"Precondition failed: UID in precondition: {metadata['uid']}, "
                           f"UID in object meta: {record.uid}")
        obj = self._admitted(request, record, obj)
        if note:
            managers.note_update(resource, record.obj, obj, managers.manager_of(request), request.subresource)
        if request.get("dryRun"):
            return self._dry(resource, obj)
        return self._store.replace(resource.id, obj)

    def _admitted(self, request, record, obj):
        old = record.copy()
        if request.subresource == "status":
            merged = dict(old, status=obj.get("status", {}))
            merged["metadata"] = dict(old["metadata"], managedFields=obj["metadata"].get("managedFields"))
            return merged
        if request.subresource == "ephemeralcontainers":
            return self._subresources.ephemeral(request, old, obj)
        self._admission.update(request.resource, old, obj)
        return obj

    async def _patch(self, request):
        return self._patching.perform(request)

    async def _delete(self, request):
        record = self._store.must_get(request.resource.id, request.namespace, request.name)
        options = decode.options(request)
        if request.get("propagationPolicy"):
            options.setdefault("propagationPolicy", request.get("propagationPolicy"))
        if request.get("dryRun") or options.get("dryRun"):
            return Response(200, record.body() + b"\n")
        return Response(200, deletion.delete(self._store, record, options, request.number("gracePeriodSeconds")) + b"\n")

    async def _deletecollection(self, request):
        options, resource = decode.options(request), request.resource
        _, records = self._selected(request, self._store.list(resource.id, request.namespace or None))
        bodies = []
        for record in records:
            deletion.delete(self._store, record, options, request.number("gracePeriodSeconds"))
            last = self._store.get(resource.id, record.namespace, record.name) or record
            bodies.append(last.body() if resource.custom else last.item())
        return Response(200, _list_json(resource, {"resourceVersion": str(self._store.version)}, bodies))

    def _selected(self, request, records):
        selection, name = self.selection(request)
        return name, [record for record in records if (not name or record.name == name) and selection.fits(record.obj)]

    @staticmethod
    def selection(request):
        fields, name = selectors.fields(request.get("fieldSelector"), request.resource)
        return Selection(selectors.labels(request.get("labelSelector")), fields), name

    async def _watch(self, request):
        _version(request)
        selection, name = self.selection(request)
        watcher = Watcher(self._hub, request, selection, name, wants_table(request))
        return Response(200, stream=watcher.lines())

    async def _list(self, request):
        resource, table = request.resource, wants_table(request)
        version, start, records = await self._snapshot(request)
        _, records = self._selected(request, records)
        if start:
            records = [record for record in records if [record.namespace, record.name] > start]
        limit = request.number("limit") or 0
        metadata = {"resourceVersion": str(version)}
        if limit and len(records) > limit:
            last = records[limit - 1]
            metadata["continue"] = _token(version, last)
            if not request.get("labelSelector") and not request.get("fieldSelector"):
                metadata["remainingItemCount"] = len(records) - limit
            records = records[:limit]
        if table:
            columns, cells = tables.printer(resource)
            include = request.get("includeObject") or "Metadata"
            return Response(200, tables.table(metadata, columns, [tables.row(record, cells, include) for record in records]) + b"\n")
        return Response(200, _list_json(resource, metadata, [r.body() if resource.custom else r.item() for r in records]))

    async def _snapshot(self, request):
        """(resourceVersion, [namespace, name] to go on after or None, records)"""
        resource, namespace = request.resource.id, request.namespace or None
        if request.get("continue"):
            return self._continued(request, resource, namespace)
        version = _version(request)
        if version > self._store.version:
            await asyncio.sleep(TOO_LARGE_VERSION_SECONDS)
            if version > self._store.version:
                raise _too_large(version, self._store.version)
        if request.get("resourceVersionMatch") == "Exact" and version:
            records = self._store.list_at(resource, namespace, version)
            if records is None:
                raise expired("The resourceVersion for the provided list is too old.")
            return version, None, records
        return self._store.version, None, self._store.list(resource, namespace)

    def _continued(self, request, resource, namespace):
        try:
            token = json.loads(base64.urlsafe_b64decode(request.get("continue") + "=="))
            version, start = int(token["rv"]), token["start"].split("/", 1)
        except (ValueError, KeyError, TypeError) as error:
            raise bad_request("continue key is not valid") from error
        if version < 0:
            return self._store.version, start, self._store.list(resource, namespace)
        records = self._store.list_at(resource, namespace, version)
        if records is None or self._hub.faults.take("gone", **request.facts()):
            fresh = base64.urlsafe_b64encode(wire.encode({"v": "meta.k8s.io/v1", "rv": -1, "start": "/".join(start)})).decode()
            raise expired(_EXPIRED_CONTINUE, {"continue": fresh.rstrip("=")})
        return version, start, records


def _token(version, record):
    text = wire.encode({"v": "meta.k8s.io/v1", "rv": version, "start": f"{record.namespace}/{record.name}"})
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def _version(request):
    """?resourceVersion as a number, 0 when absent; garbage is a 500, as on the real server."""
    text = request.get("resourceVersion")
    if text and not text.isdigit():
        raise ApiError(500, "", f'resourceVersion: Invalid value: {wire.quoted(text)}: strconv.ParseUint: parsing {wire.quoted(text)}: '
                       "invalid syntax")
    return int(text or 0)


def _too_large(version, current):
    return ApiError(504, "Timeout", f"Timeout: Too large resource version: {version}, current: {current}", {
        "causes": [{"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}], "retryAfterSeconds": 1}, retry_after=1)


def _list_json(resource, metadata, items):
    joined = b",".join(items)
    if resource.custom:
        metadata = {"continue": metadata.get("continue", "")} | metadata
        head = wire.encode({"apiVersion": resource.api_version})[:-1]
        tail = wire.encode({"kind": resource.kind + "List", "metadata": metadata})[1:]
        return head + b',"items":[' + joined + b"]," + tail + b"\n"
    head = wire.encode({"kind": resource.kind + "List", "apiVersion": resource.api_version, "metadata": metadata})[:-1]
    return head + b',"items":[' + joined + b"]}\n"
