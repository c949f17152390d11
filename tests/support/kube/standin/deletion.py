# SPDX-License-Identifier: GPL-3.0-or-later
"""DELETE: preconditions, a pod's grace, finalizers, what comes back."""
from . import wire
from .errors import conflict
from .store import PODS, split

_RETURNED = {PODS, "services", "serviceaccounts", "persistentvolumeclaims", "resourcequotas", "namespaces"}


def delete(store, record, options, query_grace=None):
    """Deletes or begins to. Returns the JSON bytes of the answer."""
    _check_preconditions(record, options.get("preconditions", {}))
    if options.get("propagationPolicy") == "Orphan" or options.get("orphanDependents"):
        record = _add_finalizer(store, record, "orphan")
    elif options.get("propagationPolicy") == "Foreground":
        record = _add_finalizer(store, record, "foregroundDeletion")
    grace = options.get("gracePeriodSeconds", query_grace)
    seconds = _grace(record.obj, grace) if record.resource == PODS else 0
    if record.resource == "namespaces" or record.obj["metadata"].get("finalizers"):
        record = _mark(store, record, seconds)
        return record.body()
    if seconds == 0:
        last = store.remove(record.resource, record.namespace, record.name)
        return last.body() if record.resource in _RETURNED else _success(record)
    return _mark(store, record, seconds).body()


def _check_preconditions(record, preconditions):
    metadata = record.obj["metadata"]
    for field, title in (("uid", "UID"), ("resourceVersion", "ResourceVersion")):
        wanted = preconditions.get(field)
        if wanted is not None and wanted != metadata[field]:
            raise conflict(*split(record.resource), record.name, f"the {title} in the precondition ({wanted}) does not match the {title} in "
                           f"record ({metadata[field]}). The object might have been deleted and then recreated")


def _grace(pod, asked):
    if not pod["spec"].get("nodeName") or pod.get("status", {}).get("phase") in ("Succeeded", "Failed"):
        return 0
    return max(0, pod["spec"].get("terminationGracePeriodSeconds", 30) if asked is None else asked)


def _mark(store, record, seconds):
    """Sets deletionTimestamp, once; a later DELETE may only shorten the grace."""
    def change(obj):
        metadata = obj["metadata"]
        if "deletionTimestamp" in metadata and metadata.get("deletionGracePeriodSeconds", 0) <= seconds:
            return False
        metadata["deletionTimestamp"] = wire.now(seconds)
        metadata["deletionGracePeriodSeconds"] = seconds
        if "generation" in metadata:
            metadata["generation"] += 1
        if record.resource == "namespaces":
            obj["status"] = dict(obj.get("status", {}), phase="Terminating")
        return True
    return store.mutate(record.resource, record.namespace, record.name, change)


def _add_finalizer(store, record, name):
    def change(obj):
        finalizers = obj["metadata"].setdefault("finalizers", [])
        if name in finalizers:
            return False
        finalizers.append(name)
        return True
    return store.mutate(record.resource, record.namespace, record.name, change)


def _success(record):
    group, plural = split(record.resource)
    details = {"name": record.name} | ({"group": group} if group else {}) | {"kind": plural, "uid": record.uid}
    return wire.encode({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details})
