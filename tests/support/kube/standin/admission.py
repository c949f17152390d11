# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to a new or changed object before it is stored: names, defaults, quotas, pod security."""
import base64
import re
import secrets

from . import defaults, pods, podsecurity
from .crdschema import validate as validate_custom
from .errors import bad_request, forbidden, invalid, not_found
from .store import PODS

_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_SUBDOMAIN_RULE = ("a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end "
                   "with an alphanumeric character (e.g. 'example.com', regex used for validation is "
                   "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')")
_LABEL_VALUE = re.compile(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?")
NEED_SPEC = (PODS, "services", "persistentvolumeclaims", "deployments.apps", "resourcequotas")
MAX_DATA = 1 << 20
_DATA_KEY = re.compile(r"[-._a-zA-Z0-9]{1,253}")
_DATA_KEY_RULE = ("a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or "
                  "'key-name', regex used for validation is '[-._a-zA-Z0-9]+')")
_FREE_NAMES = ("rbac.authorization.k8s.io",)


class Admission:
    def __init__(self, store, faults):
        self._store, self._faults = store, faults

    def create(self, request, resource, obj):
        """Fills and checks a new object in place."""
        metadata = obj.setdefault("metadata", {})
        for field in ("uid", "resourceVersion", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"):
            if field == "resourceVersion" and metadata.get(field):
                raise bad_request("resourceVersion should not be set on objects to be created")
            metadata.pop(field, None)
        if not metadata.get("name") and metadata.get("generateName"):
            metadata["name"] = metadata["generateName"] + secrets.token_hex(4)[:5]
        self._check_metadata(resource, metadata)
        namespace = self._namespace(request, resource, metadata)
        metadata["generation"] = 1
        if resource.has_status():
            obj.pop("status", None)
        if "spec" not in obj and resource.id in NEED_SPEC:
            obj["spec"] = {}
        defaults.fill(resource, obj)
        defaults.begin(resource, obj)
        if "spec" not in obj:
            del metadata["generation"]
        self.validate(resource, obj)
        if resource.id == PODS:
            podsecurity.admit(obj, namespace, request)
            self._service_account(obj)
            self._quota(request, obj)

    def update(self, resource, old, new):
        """Checks a changed object in place; keeps what may not change."""
        for field in ("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "name", "namespace"):
            if field in old["metadata"]:
                new["metadata"][field] = old["metadata"][field]
            else:
                new["metadata"].pop(field, None)
        self._check_metadata(resource, new["metadata"])
        if "spec" not in new and resource.id in NEED_SPEC:
            new["spec"] = {}
        defaults.keep(resource, old, new)
        defaults.fill(resource, new)
        if resource.has_status():
            new.pop("status", None)
            if "status" in old:
                new["status"] = old["status"]
        if resource.id == PODS:
            pods.check_update(old, new)
        elif resource.id == "secrets":
            _check_secret_type(old, new)
        self.validate(resource, new)
        if "generation" in old["metadata"] and old.get("spec") != new.get("spec"):
            new["metadata"]["generation"] += 1

    def validate(self, resource, obj):
        if resource.custom:
            causes = validate_custom(obj, resource.schema)
            if causes:
                raise invalid(resource.group, resource.kind, obj["metadata"]["name"], causes)
        elif resource.id == PODS:
            pods.validate(obj)
        elif resource.id in ("secrets", "configmaps"):
            _check_data(resource, obj)
        elif resource.plural in ("rolebindings", "clusterrolebindings") and not obj.get("roleRef", {}).get("name"):
            raise invalid(resource.group, resource.kind, obj["metadata"]["name"], [("roleRef.name", "FieldValueRequired", "Required value")])

    def _check_metadata(self, resource, metadata):
        name, causes = metadata.get("name", ""), []
        if not name:
            causes.append(("metadata.name", "FieldValueRequired", "Required value: name or generateName is required"))
        elif resource.group not in _FREE_NAMES and (not _SUBDOMAIN.fullmatch(name) or len(name) > 253):
            causes.append(("metadata.name", "FieldValueInvalid", f'Invalid value: "{name}": {_SUBDOMAIN_RULE}'))
        for key, value in metadata.get("labels", {}).items():
            if len(value) > 63 or not _LABEL_VALUE.fullmatch(value):
                rule = "must be no more than 63 bytes" if len(value) > 63 else (
                    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end "
                    "with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
                    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')")
                causes.append(("metadata.labels", "FieldValueInvalid", f'Invalid value: "{value}": {rule}'))
            del key
        for i, owner in enumerate(metadata.get("ownerReferences", ())):
            for field in ("apiVersion", "kind", "name", "uid"):
                if not owner.get(field):
                    causes.append((f"metadata.ownerReferences[{i}].{field}", "FieldValueRequired", "Required value"))
        if causes:
            raise invalid(resource.group, resource.kind, name, causes)

    def _namespace(self, request, resource, metadata):
        if not resource.namespaced:
            metadata.pop("namespace", None)
            return None
        if metadata.setdefault("namespace", request.namespace) != request.namespace:
            raise bad_request("the namespace of the provided object does not match the namespace sent on the request")
        space = self._store.get("namespaces", "", request.namespace)
        if space is None:
            raise not_found("", "namespaces", request.namespace)
        if space.obj["metadata"].get("deletionTimestamp"):
            raise forbidden(resource.group, resource.plural, metadata["name"],
                            f"unable to create new content in namespace {request.namespace} because it is being terminated")
        return space.obj

    def _service_account(self, pod):
        name, space = pod["spec"]["serviceAccountName"], pod["metadata"]["namespace"]
        if self._store.get("serviceaccounts", space, name) is None:
            raise forbidden("", "pods", pod["metadata"]["name"],
                            f'error looking up service account {space}/{name}: serviceaccount "{name}" not found')

    def _quota(self, request, pod):
        space, name = pod["metadata"]["namespace"], pod["metadata"]["name"]
        forced = self._faults.take("quota", **request.facts())
        if forced:
            raise forbidden("", "pods", name, "exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=1")
        for quota in self._store.list("resourcequotas", space):
            hard = quota.obj.get("spec", {}).get("hard", {})
            limit = hard.get("pods") or hard.get("count/pods")
            if limit is None:
                continue
            used = sum(record.obj["status"].get("phase") not in ("Succeeded", "Failed") for record in self._store.list(PODS, space))
            if used + 1 > int(limit):
                raise forbidden("", "pods", name,
                                f"exceeded quota: {quota.name}, requested: pods=1, used: pods={used}, limited: pods={limit}")


def _check_data(resource, obj):
    causes, size = [], 0
    for field in ("data", "binaryData"):
        for key, value in obj.get(field, {}).items():
            size += len(base64.b64decode(value)) if resource.id == "secrets" or field == "binaryData" else len(value.encode())
            if not _DATA_KEY.fullmatch(key) or key in (".", ".."):
                causes.append((f"{field}[{key}]", "FieldValueInvalid", f'Invalid value: "{key}": {_DATA_KEY_RULE}'))
    if size > MAX_DATA:
        causes.append(("data" if resource.id == "secrets" else "", "FieldValueTooLong", f"Too long: may not be more than {MAX_DATA} bytes"))
    if causes:
        raise invalid("", resource.kind, obj["metadata"]["name"], causes)


def _check_secret_type(old, new):
    if old.get("type") != new.get("type"):
        raise invalid("", "Secret", new["metadata"]["name"],
                      [("type", "FieldValueInvalid", f'Invalid value: "{new.get("type")}": field is immutable')])
    if old.get("immutable") and (old.get("data") != new.get("data") or not new.get("immutable")):
        raise invalid("", "Secret", new["metadata"]["name"],
                      [("data", "FieldValueForbidden", "Forbidden: field is immutable when `immutable` is set")])
