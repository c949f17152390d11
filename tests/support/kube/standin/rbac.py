# SPDX-License-Identifier: GPL-3.0-or-later
"""Evaluates the stored roles and bindings, and answers the access reviews."""
import dataclasses

from .users import MASTERS

KEPT_ANSWERS = 20000
GROUP = "rbac.authorization.k8s.io"
ROLES, BINDINGS = f"roles.{GROUP}", f"rolebindings.{GROUP}"
CLUSTER_ROLES, CLUSTER_BINDINGS = f"clusterroles.{GROUP}", f"clusterrolebindings.{GROUP}"
_PUBLIC = ["/healthz", "/livez", "/livez/*", "/readyz", "/readyz/*", "/version", "/version/"]
_DISCOVERY = ["/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*", "/readyz", "/version", "/version/"]
_DEFAULTS = {
    "cluster-admin": ([{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}, {"verbs": ["*"], "nonResourceURLs": ["*"]}],
                      [MASTERS]),
    "system:basic-user": ([{"verbs": ["create"], "apiGroups": ["authorization.k8s.io"],
                            "resources": ["selfsubjectaccessreviews", "selfsubjectrulesreviews"]},
                           {"verbs": ["create"], "apiGroups": ["authentication.k8s.io"], "resources": ["selfsubjectreviews"]}],
                          ["system:authenticated"]),
    "system:discovery": ([{"verbs": ["get"], "nonResourceURLs": _DISCOVERY}], ["system:authenticated"]),
    "system:public-info-viewer": ([{"verbs": ["get"], "nonResourceURLs": _PUBLIC}], ["system:authenticated", "system:unauthenticated"]),
}


@dataclasses.dataclass
class Ask:
    """What somebody wants to do. `path` set: a non-resource URL."""
    verb: str
    group: str = ""
    resource: str = ""  # plural
    subresource: str = ""
    namespace: str = ""
    name: str = ""
    path: str = ""


def seed(store):
    """The default roles that matter here."""
    api = f"{GROUP}/v1"
    for name, (rules, groups) in _DEFAULTS.items():
        store.create(CLUSTER_ROLES, {"kind": "ClusterRole", "apiVersion": api, "metadata": {"name": name}, "rules": rules})
        store.create(CLUSTER_BINDINGS, {
            "kind": "ClusterRoleBinding", "apiVersion": api, "metadata": {"name": name},
            "subjects": [{"kind": "Group", "apiGroup": GROUP, "name": group} for group in groups],
            "roleRef": {"apiGroup": GROUP, "kind": "ClusterRole", "name": name}})


class Rbac:
    def __init__(self, store):
        self._store = store
        self._answers = {}  # (user, groups, ask) -> bool, until any of the four kinds changes
        for resource in (ROLES, BINDINGS, CLUSTER_ROLES, CLUSTER_BINDINGS):
            store.subscribe(lambda _: self._answers.clear(), resource)

    def allowed(self, user, ask):
        if MASTERS in user.groups:
            return True
        key = (user.name, user.groups, dataclasses.astuple(ask))
        if key not in self._answers:
            if len(self._answers) >= KEPT_ANSWERS:
                self._answers.clear()
            self._answers[key] = any(_rule_allows(rule, ask) for rule in self.rules(user, ask.namespace))
        return self._answers[key]

    def rules(self, user, namespace):
        """Every policy rule of `user`: cluster-wide ones, then the namespace's."""
        for binding in self._store.list(CLUSTER_BINDINGS):
            if _names(binding.obj, user, ""):
                yield from self._role(binding.obj["roleRef"], "")
        for binding in self._store.list(BINDINGS, namespace) if namespace else ():
            if _names(binding.obj, user, namespace):
                yield from self._role(binding.obj["roleRef"], namespace)

    def _role(self, reference, namespace):
        if reference["kind"] == "ClusterRole":
            role = self._store.get(CLUSTER_ROLES, "", reference["name"])
        else:
            role = self._store.get(ROLES, namespace, reference["name"])
        return (role.obj.get("rules") or ()) if role else ()


def _names(binding, user, namespace):
    for subject in binding.get("subjects") or ():
        if subject["kind"] == "User" and subject["name"] in (user.name, "*"):
            return True
        if subject["kind"] == "Group" and subject["name"] in user.groups:
            return True
        if subject["kind"] == "ServiceAccount" \
                and user.name == f"system:serviceaccount:{subject.get('namespace') or namespace}:{subject['name']}":
            return True
    return False


def _rule_allows(rule, ask):
    if not _in(ask.verb, rule.get("verbs")):
        return False
    if ask.path:
        return any(url == "*" or url == ask.path or (url.endswith("*") and ask.path.startswith(url[:-1]))
                   for url in rule.get("nonResourceURLs") or ())
    what = f"{ask.resource}/{ask.subresource}" if ask.subresource else ask.resource
    resources = rule.get("resources") or ()
    fits = "*" in resources or what in resources or (ask.subresource and f"*/{ask.subresource}" in resources)
    names = rule.get("resourceNames")
    return _in(ask.group, rule.get("apiGroups")) and fits and (not names or ask.name in names)


def _in(value, listed):
    return "*" in (listed or ()) or value in (listed or ())


def denial(user, ask):
    """The text after "is forbidden: "."""
    what = f"{ask.resource}/{ask.subresource}" if ask.subresource else ask.resource
    where = f'in the namespace "{ask.namespace}"' if ask.namespace else "at the cluster scope"
    return f'User "{user.name}" cannot {ask.verb} resource "{what}" in API group "{ask.group}" {where}'


def access_review(rbac, user, spec):
    """Status of a SelfSubjectAccessReview's spec."""
    attributes, path = spec.get("resourceAttributes"), spec.get("nonResourceAttributes")
    if path is not None:
        ask = Ask(path.get("verb", ""), path=path.get("path", ""))
    else:
        attributes = attributes or {}
        ask = Ask(attributes.get("verb", ""), attributes.get("group", ""), attributes.get("resource", ""),
                  attributes.get("subresource", ""), attributes.get("namespace", ""), attributes.get("name", ""))
    return {"allowed": True} if rbac.allowed(user, ask) else {"allowed": False}


def rules_review(rbac, user, namespace):
    """Status of a SelfSubjectRulesReview."""
    resource_rules, path_rules = [], []
    for rule in rbac.rules(user, namespace):
        if rule.get("nonResourceURLs"):
            path_rules.append({"verbs": rule["verbs"], "nonResourceURLs": rule["nonResourceURLs"]})
        else:
            resource_rules.append({k: rule[k] for k in ("verbs", "apiGroups", "resources", "resourceNames") if rule.get(k)})
    return {"resourceRules": resource_rules, "nonResourceRules": path_rules, "incomplete": False}
