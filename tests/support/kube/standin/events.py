# SPDX-License-Identifier: GPL-3.0-or-later
"""Event objects about pods, as kubelet and scheduler write them."""
import itertools

from . import wire

KEPT = 4000  # events in all; a real server forgets them after an hour
_serial = itertools.count(0x18a0000000000000)


def record(store, obj, reason, message, *, kind="Normal", component="kubelet", host="", container=""):
    """Stores one event about `obj`, or counts up the newest equal one."""
    metadata = obj["metadata"]
    about = {"kind": obj["kind"], "namespace": metadata["namespace"], "name": metadata["name"], "uid": metadata["uid"],
             "apiVersion": obj["apiVersion"], "resourceVersion": metadata.get("resourceVersion", "")}
    if container:
        about["fieldPath"] = f"spec.containers{{{container}}}"
    key = (metadata["uid"], about.get("fieldPath", ""), reason, message)
    if key in store.events:
        def again(event):
            event["count"] += 1
            event["lastTimestamp"] = wire.now()
        counted = store.mutate("events", *store.events[key], again)
        if counted:
            return counted
    while len(store.events) >= KEPT:
        oldest = next(iter(store.events))
        store.remove("events", *store.events.pop(oldest))
    name = f"{metadata['name']}.{next(_serial):x}"
    store.events[key] = metadata["namespace"], name
    now = wire.now()
    source = {"component": component} | ({"host": host} if host else {})
    return store.create("events", {
        "kind": "Event", "apiVersion": "v1",
        "metadata": {"name": name, "namespace": metadata["namespace"]},
        "involvedObject": about, "reason": reason, "message": message, "source": source, "firstTimestamp": now, "lastTimestamp": now,
        "count": 1, "type": kind, "eventTime": None, "reportingComponent": component, "reportingInstance": host})
