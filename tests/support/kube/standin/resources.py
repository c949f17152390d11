# SPDX-License-Identifier: GPL-3.0-or-later
"""Which resources there are: the built-in ones, and those that stored CustomResourceDefinitions add."""
import dataclasses

ALL = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
CRDS = "customresourcedefinitions.apiextensions.k8s.io"


@dataclasses.dataclass(eq=False)
class Resource:
    group: str
    version: str
    plural: str
    kind: str
    namespaced: bool = True
    short: tuple = ()
    categories: tuple = ()
    subresources: dict = dataclasses.field(default_factory=dict)  # name -> (kind, verbs)
    verbs: tuple = ALL
    schema: dict = None  # openAPIV3Schema of a custom resource; None: built-in, decoded by types.json
    columns: list = None  # additionalPrinterColumns of a custom resource
    singular: str = ""

    def __post_init__(self):
        self.id = f"{self.plural}.{self.group}" if self.group else self.plural
        self.api_version = f"{self.group}/{self.version}" if self.group else self.version
        self.singular = self.singular or self.kind.lower()

    @property
    def custom(self):
        return self.schema is not None

    def has_status(self):
        return "status" in self.subresources


_GET = ("get", "patch", "update")
_MAKE = ("create",)


def _status(kind):
    return {"status": (kind, _GET)}


def _core(plural, kind, *short, **more):
    return Resource("", "v1", plural, kind, short=short, **more)


def _rbac(plural, kind, namespaced):
    return Resource("rbac.authorization.k8s.io", "v1", plural, kind, namespaced)


def _review(group, plural, kind, namespaced=False):
    return Resource(group, "v1", plural, kind, namespaced, verbs=_MAKE)


_EPHEMERAL = {"ephemeralcontainers": ("Pod", _GET)}
_POD = _status("Pod") | _EPHEMERAL | {
    "exec": ("PodExecOptions", ("create", "get")), "log": ("Pod", ("get",)), "eviction": ("Eviction", _MAKE), "binding": ("Binding", _MAKE)}
BUILT_IN = (
    _core("namespaces", "Namespace", "ns", namespaced=False, subresources=_status("Namespace") | {"finalize": ("Namespace", ("update",))},
          verbs=tuple(v for v in ALL if v != "deletecollection")),
    _core("nodes", "Node", "no", namespaced=False, subresources=_status("Node")),
    _core("pods", "Pod", "po", categories=("all",), subresources=_POD),
    _core("secrets", "Secret"),
    _core("configmaps", "ConfigMap", "cm"),
    _core("events", "Event", "ev"),
    _core("resourcequotas", "ResourceQuota", "quota", subresources=_status("ResourceQuota")),
    _core("limitranges", "LimitRange", "limits"),
    _core("serviceaccounts", "ServiceAccount", "sa", subresources={"token": ("TokenRequest", _MAKE)}),
    _core("services", "Service", "svc", categories=("all",), subresources=_status("Service")),
    _core("persistentvolumeclaims", "PersistentVolumeClaim", "pvc", subresources=_status("PersistentVolumeClaim")),
    Resource("apps", "v1", "deployments", "Deployment", short=("deploy",), categories=("all",), subresources=_status("Deployment")),
    Resource("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", short=("netpol",)),
    Resource("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", short=("pdb",), subresources=_status("PodDisruptionBudget")),
    Resource("coordination.k8s.io", "v1", "leases", "Lease"),
    _rbac("roles", "Role", True), _rbac("rolebindings", "RoleBinding", True),
    _rbac("clusterroles", "ClusterRole", False), _rbac("clusterrolebindings", "ClusterRoleBinding", False),
    Resource("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", False, ("crd", "crds"),
             ("api-extensions",), _status("CustomResourceDefinition")),
    _review("authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview"),
    _review("authorization.k8s.io", "selfsubjectrulesreviews", "SelfSubjectRulesReview"),
    _review("authorization.k8s.io", "subjectaccessreviews", "SubjectAccessReview"),
    _review("authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview"),
)


class Registry:
    """Resources by API path and by id. Follows the CustomResourceDefinitions in the store."""

    def __init__(self, store, faults):
        self._store, self._faults = store, faults
        self._by_id = {resource.id: resource for resource in BUILT_IN}
        store.subscribe(self._crd_changed, CRDS)

    def all(self):
        return [r for r in self._by_id.values() if not self._faults.active("missing", resource=r.id)]

    def groups(self):
        """{group: version}, the core group first."""
        found = {"": "v1"}
        for resource in self.all():
            found.setdefault(resource.group, resource.version)
        return found

    def find(self, group, version, plural):
        resource = self._by_id.get(f"{plural}.{group}" if group else plural)
        if resource is None or resource.version != version or self._faults.active("missing", resource=resource.id):
            return None
        return resource

    def by_id(self, name):
        return self._by_id.get(name)

    def _crd_changed(self, change):
        spec = change.record.obj["spec"]
        names, group = spec["names"], spec["group"]
        if change.kind == "DELETED":
            self._by_id.pop(f"{names['plural']}.{group}", None)
            return
        version = next((v for v in spec["versions"] if v.get("storage")), spec["versions"][0])
        resource = Resource(
            group, version["name"], names["plural"], names["kind"], spec.get("scope") == "Namespaced", tuple(names.get("shortNames", ())),
            tuple(names.get("categories", ())), _status(names["kind"]) if "status" in version.get("subresources", {}) else {},
            schema=version.get("schema", {}).get("openAPIV3Schema", {}), columns=version.get("additionalPrinterColumns", []),
            singular=names.get("singular", ""))
        self._by_id[resource.id] = resource
