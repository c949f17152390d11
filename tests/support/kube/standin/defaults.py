# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server adds to objects: defaults at every write (fill), beginnings at the first (begin), what a write cannot take away (keep)."""
import base64
import itertools

from . import pods, wire
from .errors import invalid

_addresses = itertools.count(1)
_RBAC = "rbac.authorization.k8s.io"


def fill(resource, obj):
    _FILL.get(resource.plural, lambda _: None)(obj)


def begin(resource, obj):
    """Status and allotted values of a new object."""
    _BEGIN.get(resource.plural, lambda _: None)(obj)


def keep(resource, old, new):
    """Values that were allotted and are not the writer's."""
    if resource.id == "namespaces":
        new["spec"] = old["spec"]
        new["metadata"].setdefault("labels", {})["kubernetes.io/metadata.name"] = old["metadata"]["name"]
    names = {"services": ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"), "persistentvolumeclaims": ("volumeName", "storageClassName")}
    for name in names.get(resource.id, ()):
        if name in old["spec"]:
            new["spec"].setdefault(name, old["spec"][name])


def _set(target, **values):
    for name, value in values.items():
        target.setdefault(name, value)


def _secret(secret):
    _set(secret, type="Opaque")
    for key, text in secret.pop("stringData", {}).items():
        secret.setdefault("data", {})[key] = base64.b64encode(text.encode()).decode()


def _service(service):
    spec = service["spec"]
    _set(spec, type="ClusterIP", sessionAffinity="None", internalTrafficPolicy="Cluster")
    for port in spec.get("ports", ()):
        _set(port, protocol="TCP", targetPort=port.get("port"))


def _begin_service(service):
    number, spec = next(_addresses), service["spec"]
    _set(spec, clusterIP=f"10.96.{number // 250}.{number % 250 + 1}", ipFamilies=["IPv4"], ipFamilyPolicy="SingleStack")
    _set(spec, clusterIPs=[spec["clusterIP"]])
    service["status"] = {"loadBalancer": {}}


def _deployment(deployment):
    spec = deployment["spec"]
    if not spec.get("selector", {}).get("matchLabels"):
        raise invalid("apps", "Deployment", deployment["metadata"]["name"], [("spec.selector", "FieldValueRequired", "Required value")])
    _set(spec, replicas=1, revisionHistoryLimit=10, progressDeadlineSeconds=600, strategy={})
    _set(spec["strategy"], type="RollingUpdate")
    if spec["strategy"]["type"] == "RollingUpdate":
        _set(spec["strategy"], rollingUpdate={"maxUnavailable": "25%", "maxSurge": "25%"})
    pods.default_template(spec.setdefault("template", {}).setdefault("spec", {}))


def _crd(crd):
    names = crd["spec"]["names"]
    _set(names, singular=names["kind"].lower(), listKind=names["kind"] + "List")
    _set(crd["spec"], conversion={"strategy": "None"})


def _begin_crd(crd):
    now, names = wire.now(), crd["spec"]["names"]
    crd["status"] = {"conditions": [
        {"type": "NamesAccepted", "status": "True", "lastTransitionTime": now, "reason": "NoConflicts", "message": "no conflicts found"},
        {"type": "Established", "status": "True", "lastTransitionTime": now, "reason": "InitialNamesAccepted",
         "message": "the initial names have been accepted"}],
        "acceptedNames": dict(names), "storedVersions": [v["name"] for v in crd["spec"]["versions"] if v.get("storage")]}


def _binding(binding):
    for subject in binding.get("subjects", ()):
        if subject.get("kind") in ("User", "Group"):
            _set(subject, apiGroup=_RBAC)
    _set(binding.setdefault("roleRef", {}), apiGroup=_RBAC)


def _network_policy(policy):
    spec = policy.get("spec", {})
    _set(spec, policyTypes=["Ingress"] + (["Egress"] if spec.get("egress") else []))
    for rule in [*spec.get("ingress", ()), *spec.get("egress", ())]:
        for port in rule.get("ports", ()):
            _set(port, protocol="TCP")


def _begin_namespace(space):
    space["metadata"].setdefault("labels", {})["kubernetes.io/metadata.name"] = space["metadata"]["name"]
    space["spec"], space["status"] = {"finalizers": ["kubernetes"]}, {"phase": "Active"}


def _begin_pod(pod):
    pod["status"] = {"phase": "Pending", "qosClass": pods.qos(pod["spec"])}


_FILL = {"pods": pods.default, "secrets": _secret, "services": _service, "deployments": _deployment, "customresourcedefinitions": _crd,
         "rolebindings": _binding, "clusterrolebindings": _binding, "networkpolicies": _network_policy,
         "persistentvolumeclaims": lambda claim: _set(claim["spec"], volumeMode="Filesystem")}
_BEGIN = {"pods": _begin_pod, "services": _begin_service, "customresourcedefinitions": _begin_crd, "namespaces": _begin_namespace,
          "persistentvolumeclaims": lambda claim: claim.update(status={"phase": "Pending"}),
          "resourcequotas": lambda quota: quota.update(status={}), "deployments": lambda deployment: deployment.update(status={})}
