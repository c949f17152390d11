# SPDX-License-Identifier: GPL-3.0-or-later
"""All objects, one version counter, and the history that watches resume from.

A resource is named as kubectl does: "pods", "ciliumnetworkpolicies.cilium.io". Objects inside are frozen: whoever changes one
takes a copy (mutate does). Each version is encoded once, for all lists and watches. No validation here.
"""
import bisect
import uuid

from . import wire
from .errors import already_exists, conflict, not_found

PODS = "pods"
POLICIES = "ciliumnetworkpolicies.cilium.io"
WINDOW = 5000  # changes kept per resource; older watches get 410
_METADATA_ORDER = ("name", "generateName", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
                   "deletionGracePeriodSeconds", "labels", "annotations", "ownerReferences", "finalizers", "managedFields")


def split(resource):
    """(group, plural)"""
    plural, _, group = resource.partition(".")
    return group, plural


class Record:
    """One version of one object."""
    __slots__ = ("resource", "namespace", "name", "version", "obj", "_item", "_event")

    def __init__(self, resource, obj, version):
        metadata = obj["metadata"]
        metadata["resourceVersion"] = str(version)
        obj["metadata"] = {key: metadata[key] for key in _METADATA_ORDER if metadata.get(key) not in (None, {}, [], "")}
        self.resource, self.obj, self.version = resource, obj, version
        self.namespace, self.name = metadata.get("namespace", ""), metadata["name"]
        self._item = self._event = None

    @property
    def uid(self):
        return self.obj["metadata"]["uid"]

    def item(self):
        """JSON without kind and apiVersion, as lists of built-in types carry it."""
        if self._item is None:
            self._item = wire.encode({k: v for k, v in self.obj.items() if k not in ("kind", "apiVersion")})
        return self._item

    def body(self):
        """JSON of the whole object."""
        head = f'{{"kind":"{self.obj["kind"]}","apiVersion":"{self.obj["apiVersion"]}",'.encode()
        return head + self.item()[1:]

    def copy(self):
        return wire.clone(self.obj)


class Change:
    """kind: ADDED, MODIFIED or DELETED; record: the new version (of a deleted object: its last state); previous: or None."""
    __slots__ = ("kind", "record", "previous", "_lines")

    def __init__(self, kind, record, previous):
        self.kind, self.record, self.previous = kind, record, previous
        self._lines = {}

    @property
    def version(self):
        return self.record.version

    def line(self, kind):
        """The watch line of this change, seen as `kind` (a selector may turn MODIFIED into ADDED or DELETED)."""
        if kind not in self._lines:
            self._lines[kind] = b'{"type":"' + kind.encode() + b'","object":' + self.record.body() + b"}\n"
        return self._lines[kind]


class History:
    """The last changes of one resource, in order."""

    def __init__(self):
        self.changes, self.compacted = [], 0

    def add(self, change):
        self.changes.append(change)
        if len(self.changes) >= 2 * WINDOW:
            self.compact(self.changes[WINDOW - 1].version)

    def since(self, version):
        """Changes after `version`, or None when some are forgotten."""
        if version < self.compacted:
            return None
        return self.changes[bisect.bisect_right(self.changes, version, key=lambda change: change.version):]

    def compact(self, version):
        self.compacted = max(self.compacted, version)
        del self.changes[:bisect.bisect_right(self.changes, version, key=lambda change: change.version)]


class Store:
    def __init__(self):
        self.version = 1
        self._objects = {}  # resource -> {namespace -> {name -> Record}}
        self._history = {}
        self._uids = {}  # uid -> Record
        self.events = {}  # what events.record counts up
        self._listeners = {}  # resource or None -> [callback]

    def get(self, resource, namespace, name):
        """Record or None."""
        return self._objects.get(resource, {}).get(namespace or "", {}).get(name)

    def must_get(self, resource, namespace, name):
        record = self.get(resource, namespace, name)
        if record is None:
            raise not_found(*split(resource), name)
        return record

    def list(self, resource, namespace=None):
        """Records in key order, of one namespace or all."""
        spaces = self._objects.get(resource, {})
        if namespace is not None:
            return [record for _, record in sorted(spaces.get(namespace, {}).items())]
        return [record for space in sorted(spaces) for _, record in sorted(spaces[space].items())]

    def resources(self):
        return list(self._objects)

    def by_uid(self, uid):
        return self._uids.get(uid)

    def create(self, resource, obj):
        """Takes `obj` over; fills uid, creationTimestamp, resourceVersion."""
        metadata = obj["metadata"]
        if self.get(resource, metadata.get("namespace"), metadata["name"]):
            raise already_exists(*split(resource), metadata["name"])
        metadata["uid"] = str(uuid.uuid4())
        metadata["creationTimestamp"] = wire.now()
        return self._commit("ADDED", resource, obj, None)

    def replace(self, resource, obj, expected=None):
        """Stores a new version of an existing object (taken over). `expected`: resourceVersion or uid it must have, else Conflict.
        An object equal to the stored one makes no new version, as on the real server."""
        metadata = obj["metadata"]
        old = self.must_get(resource, metadata.get("namespace"), metadata["name"])
        if expected not in (None, "", str(old.version), old.uid):
            raise conflict(*split(resource), metadata["name"])
        if Record(resource, obj, old.version).obj == old.obj:
            return old
        if metadata.get("deletionTimestamp") and not metadata.get("finalizers") and old.obj["metadata"].get("finalizers"):
            return self._forget(old, obj)
        return self._commit("MODIFIED", resource, obj, old)

    def mutate(self, resource, namespace, name, change, uid=None):
        """change(copy) edits in place; returning False leaves all as it was. None: gone (or another uid)."""
        old = self.get(resource, namespace, name)
        if old is None or (uid is not None and uid != old.uid):
            return None
        obj = old.copy()
        return old if change(obj) is False else self.replace(resource, obj)

    def set_status(self, resource, namespace, name, change, uid=None):
        """mutate for the kubelet half: change(status) edits obj["status"]."""
        return self.mutate(resource, namespace, name, lambda obj: change(obj.setdefault("status", {})), uid)

    def remove(self, resource, namespace, name, uid=None):
        """Final removal: DELETED for all watches. None: gone already."""
        old = self.get(resource, namespace, name)
        if old is None or (uid is not None and uid != old.uid):
            return None
        return self._forget(old, old.copy())

    def subscribe(self, callback, resource=None):
        """callback(Change) after each change, of one resource or of all. Returns the function that ends it."""
        listeners = self._listeners.setdefault(resource, [])
        listeners.append(callback)
        return lambda: listeners.remove(callback)

    def since(self, resource, version):
        """Changes after `version`; None when compacted away."""
        return self._history.setdefault(resource, History()).since(version)

    def oldest(self, resource):
        return self._history.setdefault(resource, History()).compacted

    def compact(self, resource=None):
        """Forgets all history: every older resourceVersion is expired."""
        for name in [resource] if resource else set(self._history) | set(self._objects):
            self._history.setdefault(name, History()).compact(self.version)

    def list_at(self, resource, namespace, version):
        """The list as it was; None when compacted away."""
        later = self.since(resource, version)
        if later is None:
            return None
        found = {(record.namespace, record.name): record for record in self.list(resource, namespace)}
        for change in reversed(later):
            key = (change.record.namespace, change.record.name)
            if namespace is not None and key[0] != namespace:
                continue
            found.pop(key, None)
            if change.previous is not None:
                found[key] = change.previous
        return [found[key] for key in sorted(found)]

    def _commit(self, kind, resource, obj, old):
        self.version += 1
        record = Record(resource, obj, self.version)
        self._objects.setdefault(resource, {}).setdefault(record.namespace, {})[record.name] = record
        self._uids[record.uid] = record
        self._tell(Change(kind, record, old))
        return record

    def _forget(self, old, last):
        self.version += 1
        record = Record(old.resource, last, self.version)
        del self._objects[old.resource][old.namespace][old.name]
        self._uids.pop(old.uid, None)
        self._tell(Change("DELETED", record, old))
        return record

    def _tell(self, change):
        resource = change.record.resource
        self._history.setdefault(resource, History()).add(change)
        for listener in [*self._listeners.get(resource, ()), *self._listeners.get(None, ())]:
            listener(change)
