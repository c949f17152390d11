# SPDX-License-Identifier: GPL-3.0-or-later
"""What a cluster's controllers do behind the API: garbage collection, namespaces, quotas' status, policy judgement."""
import asyncio

from . import deletion, wire
from .resources import CRDS
from .store import PODS, POLICIES

COLLECT_SECONDS = 0.05
ABSENT_OWNER_SECONDS = 1.0
JUDGE_SECONDS = 0.2
QUOTA_SECONDS = 0.1


class Controllers:
    def __init__(self, store, registry, faults, ca_text):
        self._store, self._registry, self._faults, self._ca_text = store, registry, faults, ca_text
        self._owned = {}  # uid of an owner -> {(resource, namespace, name)}
        self._counting = set()  # namespaces whose quotas are about to be counted
        store.subscribe(self._owners)
        store.subscribe(self._namespace, "namespaces")
        store.subscribe(self._count_pods, PODS)
        store.subscribe(lambda change: self._count_soon(change.record.namespace), "resourcequotas")
        store.subscribe(self._judge_soon, POLICIES)
        store.subscribe(self._crd, CRDS)

    def _later(self, seconds, function, *arguments):
        asyncio.get_running_loop().call_later(seconds, function, *arguments)

    def _owners(self, change):
        record = change.record
        key = (record.resource, record.namespace, record.name)
        owners = [owner["uid"] for owner in record.obj["metadata"].get("ownerReferences", ())]
        if change.kind == "DELETED":
            for uid in owners:
                self._disown(uid, key)
            if record.uid in self._owned:
                self._later(COLLECT_SECONDS, self._collect_dependents, record.uid)
            return
        for uid in owners:
            self._owned.setdefault(uid, set()).add(key)
        if owners and not any(self._store.by_uid(uid) for uid in owners):
            self._later(ABSENT_OWNER_SECONDS, self._collect, key)
        metadata = record.obj["metadata"]
        if "deletionTimestamp" in metadata and {"orphan", "foregroundDeletion"} & set(metadata.get("finalizers", ())):
            self._later(COLLECT_SECONDS, self._finalize, key)

    def _disown(self, uid, key):
        if uid in self._owned:
            self._owned[uid].discard(key)
            if not self._owned[uid]:
                del self._owned[uid]

    def _collect_dependents(self, uid):
        for key in list(self._owned.get(uid, ())):
            self._collect(key)

    def _collect(self, key):
        """Deletes an object none of whose owners exists."""
        record = self._store.get(*key)
        owners = record.obj["metadata"].get("ownerReferences", ()) if record else ()
        if owners and not any(self._store.by_uid(owner["uid"]) for owner in owners):
            deletion.delete(self._store, record, {})

    def _finalize(self, key):
        """Foreground deletion and orphaning."""
        record = self._store.get(*key)
        if record is None:
            return
        orphan = "orphan" in record.obj["metadata"].get("finalizers", ())
        for dependent in list(self._owned.get(record.uid, ())):
            if orphan:
                self._store.mutate(*dependent, lambda obj: _drop_owner(obj, record.uid))
                self._disown(record.uid, dependent)
            elif self._store.get(*dependent):
                deletion.delete(self._store, self._store.get(*dependent), {})
        if not orphan and any(self._store.get(*dependent) for dependent in self._owned.get(record.uid, ())):
            self._later(COLLECT_SECONDS, self._finalize, key)
            return
        self._store.mutate(*key, _drop_finalizers)
        # A pod keeps its own grace; everything else is gone with its last finalizer (Store.replace sees to it).

    def _namespace(self, change):
        name = change.record.name
        if change.kind == "DELETED":
            return
        if change.record.obj["metadata"].get("deletionTimestamp"):
            self._later(COLLECT_SECONDS, self._empty_namespace, name)
        elif change.kind == "ADDED":
            meta = {"namespace": name}
            self._store.create("serviceaccounts", {"kind": "ServiceAccount", "apiVersion": "v1", "metadata": meta | {"name": "default"}})
            self._store.create("configmaps", {"kind": "ConfigMap", "apiVersion": "v1", "metadata": meta | {"name": "kube-root-ca.crt"},
                                              "data": {"ca.crt": self._ca_text()}})

    def _empty_namespace(self, name):
        """Deletes a terminating namespace's content, and the namespace when nothing is left."""
        left = [record for resource in self._store.resources() for record in self._store.list(resource, name)] if name else []
        for record in left:
            if not record.obj["metadata"].get("deletionTimestamp"):
                deletion.delete(self._store, record, {})
        if any(self._store.list(resource, name) for resource in self._store.resources()):
            self._later(COLLECT_SECONDS, self._empty_namespace, name)
        else:
            self._store.remove("namespaces", "", name)

    def _crd(self, change):
        if change.kind == "DELETED":
            spec = change.record.obj["spec"]
            for record in self._store.list(f"{spec['names']['plural']}.{spec['group']}"):
                self._store.remove(record.resource, record.namespace, record.name)

    def _count_pods(self, change):
        before = change.previous.obj.get("status", {}).get("phase") if change.previous else None
        if change.kind != "MODIFIED" or before != change.record.obj.get("status", {}).get("phase"):
            self._count_soon(change.record.namespace)

    def _count_soon(self, namespace):
        if namespace not in self._counting and self._store.list("resourcequotas", namespace):
            self._counting.add(namespace)
            self._later(QUOTA_SECONDS, self._count, namespace)

    def _count(self, namespace):
        self._counting.discard(namespace)
        used = str(sum(p.obj["status"].get("phase") not in ("Succeeded", "Failed") for p in self._store.list(PODS, namespace)))
        for quota in self._store.list("resourcequotas", namespace):
            hard = quota.obj.get("spec", {}).get("hard", {})
            status = {"hard": hard, "used": {name: used if name in ("pods", "count/pods") else "0" for name in hard}}
            self._store.mutate("resourcequotas", namespace, quota.name, lambda obj, status=status: obj.update(status=status))

    def _judge_soon(self, change):
        if change.kind != "DELETED" and (change.previous is None or change.previous.obj.get("spec") != change.record.obj.get("spec")):
            self._later(JUDGE_SECONDS, self._judge, change.record.namespace, change.record.name)

    def _judge(self, namespace, name):
        """The network plugin's verdict on a policy; the switch policy-unjudged: no plugin runs."""
        if self._faults.active("policy-unjudged", namespace=namespace, name=name):
            return
        bad = self._faults.take("policy-invalid", namespace=namespace, name=name)
        condition = {"lastTransitionTime": wire.now(), "message": "Policy validation succeeded", "status": "True", "type": "Valid"}
        if bad:
            condition |= {"message": bad.get("message", "Policy validation failed"), "status": "False"}
        self._store.mutate(POLICIES, namespace, name, lambda obj: obj.update(status={"conditions": [condition]}))


def _drop_owner(obj, uid):
    obj["metadata"]["ownerReferences"] = [o for o in obj["metadata"].get("ownerReferences", ()) if o["uid"] != uid]


def _drop_finalizers(obj):
    obj["metadata"]["finalizers"] = [f for f in obj["metadata"].get("finalizers", ()) if f not in ("orphan", "foregroundDeletion")]
