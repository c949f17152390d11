# SPDX-License-Identifier: GPL-3.0-or-later
"""Server-side printing: objects as rows of a meta.k8s.io/v1 Table."""
import datetime

from . import wire
from .tablepods import POD_COLUMNS, pod_cells

_NAME = {"name": "Name", "type": "string", "format": "name", "description": "", "priority": 0}


def _column(name, kind="string", priority=0):
    return {"name": name, "type": kind, "format": "", "description": "", "priority": priority}


def age(timestamp):
    """As kubectl writes durations."""
    if not timestamp:
        return "<unknown>"
    then = datetime.datetime.fromisoformat(timestamp.replace("Z", "+00:00"))
    seconds = int((datetime.datetime.now(datetime.UTC) - then).total_seconds())
    if seconds < 0:
        return "0s"
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if seconds < 120:
        return f"{seconds}s"
    if minutes < 10:
        return f"{minutes}m{seconds % 60}s" if seconds % 60 else f"{minutes}m"
    if minutes < 180:
        return f"{minutes}m"
    if hours < 8:
        return f"{hours}h{minutes % 60}m" if minutes % 60 else f"{hours}h"
    if hours < 48:
        return f"{hours}h"
    if days < 8:
        return f"{days}d{hours % 24}h" if hours % 24 else f"{days}d"
    return f"{days}d"


def _age(obj):
    return age(obj["metadata"].get("creationTimestamp"))


def _ports(service):
    return ",".join(f"{p['port']}/{p.get('protocol', 'TCP')}" for p in service["spec"].get("ports", ())) or "<none>"


def _quota(obj):
    status = obj.get("status", {})
    hard, used = status.get("hard", {}), status.get("used", {})
    return ", ".join(f"{name}: {used.get(name, '0')}/{limit}" for name, limit in sorted(hard.items()))


def _event_object(event):
    return f"{event['involvedObject']['kind'].lower()}/{event['involvedObject']['name']}"


_ROLE = ([_column("Created At", "date")], lambda o: [o["metadata"]["creationTimestamp"]])
_BINDING = ([_column("Role"), _column("Age")], lambda o: [f"{o['roleRef']['kind']}/{o['roleRef']['name']}", _age(o)])
_KINDS = {
    "namespaces": ([_column("Status"), _column("Age")], lambda o: [o["status"]["phase"], _age(o)]),
    "nodes": ([_column("Status"), _column("Roles"), _column("Age"), _column("Version")],
              lambda o: [_node_status(o), "<none>", _age(o), o.get("status", {}).get("nodeInfo", {}).get("kubeletVersion", "")]),
    "secrets": ([_column("Type"), _column("Data"), _column("Age")], lambda o: [o["type"], len(o.get("data", {})), _age(o)]),
    "configmaps": ([_column("Data"), _column("Age")], lambda o: [len(o.get("data", {})) + len(o.get("binaryData", {})), _age(o)]),
    "serviceaccounts": ([_column("Secrets"), _column("Age")], lambda o: [len(o.get("secrets", ())), _age(o)]),
    "services": ([_column("Type"), _column("Cluster-IP"), _column("External-IP"), _column("Port(s)"), _column("Age")],
                 lambda o: [o["spec"].get("type"), o["spec"].get("clusterIP", "<none>"), "<none>", _ports(o), _age(o)]),
    "resourcequotas": ([_column("Request"), _column("Limit"), _column("Age")], lambda o: [_quota(o), "", _age(o)]),
    "persistentvolumeclaims": (
        [_column(n) for n in ("Status", "Volume", "Capacity", "Access Modes", "StorageClass", "VolumeAttributesClass", "Age")],
        lambda o: [o.get("status", {}).get("phase", "Pending"), o["spec"].get("volumeName", ""), "", "",
                   o["spec"].get("storageClassName", ""), "<unset>", _age(o)]),
    "deployments.apps": ([_column("Ready"), _column("Up-to-date"), _column("Available"), _column("Age")],
                         lambda o: [f"{o.get('status', {}).get('readyReplicas', 0)}/{o['spec'].get('replicas', 1)}",
                                    o.get("status", {}).get("updatedReplicas", 0), o.get("status", {}).get("availableReplicas", 0), _age(o)]),
    "networkpolicies.networking.k8s.io": (
        [_column("Pod-Selector"), _column("Age")],
        lambda o: [",".join(f"{k}={v}" for k, v in o["spec"].get("podSelector", {}).get("matchLabels", {}).items()) or "<none>", _age(o)]),
    "leases.coordination.k8s.io": ([_column("Holder"), _column("Age")], lambda o: [o.get("spec", {}).get("holderIdentity", ""), _age(o)]),
    "roles.rbac.authorization.k8s.io": _ROLE, "clusterroles.rbac.authorization.k8s.io": _ROLE,
    "rolebindings.rbac.authorization.k8s.io": _BINDING, "clusterrolebindings.rbac.authorization.k8s.io": _BINDING,
    "customresourcedefinitions.apiextensions.k8s.io": _ROLE,
}
_DEFAULT = ([_column("Age")], lambda o: [_age(o)])


def _node_status(obj):
    conditions = obj.get("status", {}).get("conditions", [])
    return "Ready" if any(c["type"] == "Ready" and c["status"] == "True" for c in conditions) else "NotReady"


def _events(obj):
    return [age(obj.get("lastTimestamp")), obj["type"], obj["reason"], _event_object(obj), obj["message"]]


def _custom(resource):
    columns = [_NAME]
    for column in resource.columns or [{"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}]:
        columns.append(_column(column["name"], column["type"], column.get("priority", 0)))

    def cells(obj):
        found = [obj["metadata"]["name"]]
        for column in resource.columns or [{"jsonPath": ".metadata.creationTimestamp", "type": "date"}]:
            value = _json_path(obj, column["jsonPath"])
            found.append(age(value) if column["type"] == "date" else value)
        return found
    return columns, cells


def _json_path(obj, path):
    """The few forms that printer columns use: .a.b and .a[?(@.k=='v')].c"""
    head, _, rest = path.partition("[?(@.")
    for part in filter(None, head.split(".")):
        obj = obj.get(part) if isinstance(obj, dict) else None
    if not rest or obj is None:
        return obj
    condition, _, tail = rest.partition(")]")
    key, _, value = condition.partition("==")
    found = next((entry for entry in obj if str(entry.get(key)) == value.strip("'\"")), None)
    return _json_path(found, tail) if found else None


def printer(resource):
    """(column definitions, function object -> cells) of one resource."""
    if resource.id == "pods":
        return POD_COLUMNS, lambda obj: pod_cells(obj, _age(obj))
    if resource.id == "events":
        return [_column(name) for name in ("Last Seen", "Type", "Reason", "Object", "Message")], _events
    if resource.custom:
        return _custom(resource)
    columns, cells = _KINDS.get(resource.id, _DEFAULT)
    return [_NAME, *columns], lambda obj: [obj["metadata"]["name"], *cells(obj)]


def row(record, cells, include):
    """One row as JSON bytes. `include`: Metadata (default), Object or None."""
    row_object = b"null"
    if include == "Object":
        row_object = record.body()
    elif include != "None":
        row_object = wire.encode({"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": record.obj["metadata"]})
    return b'{"cells":' + wire.encode(cells(record.obj)) + b',"object":' + row_object + b"}"


def table(metadata, columns, rows):
    """`columns` None: a later event of a watch, which does not repeat them."""
    head = {"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata, "columnDefinitions": columns or []}
    return wire.encode(head)[:-1] + b',"rows":[' + b",".join(rows) + b"]}"
