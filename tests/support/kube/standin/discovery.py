# SPDX-License-Identifier: GPL-3.0-or-later
"""/version, /api, /apis and /openapi/v3: what a client asks before it asks for objects."""
import hashlib

from . import wire

VERSION = {"major": "1", "minor": "36", "emulationMajor": "1", "emulationMinor": "36", "minCompatibilityMajor": "1",
           "minCompatibilityMinor": "35", "gitVersion": "v1.36.2", "gitCommit": "0" * 40, "gitTreeState": "clean",
           "buildDate": "2026-06-10T00:00:00Z", "goVersion": "go1.26.3", "compiler": "gc", "platform": "linux/amd64"}


def _versions(group, version):
    pair = {"groupVersion": f"{group}/{version}", "version": version}
    return {"name": group, "versions": [pair], "preferredVersion": pair}


def _resource(resource):
    listed = {"name": resource.plural, "singularName": resource.singular, "namespaced": resource.namespaced, "kind": resource.kind,
              "verbs": list(resource.verbs)}
    if resource.short:
        listed["shortNames"] = list(resource.short)
    if resource.categories:
        listed["categories"] = list(resource.categories)
    yield listed
    for name, (kind, verbs) in resource.subresources.items():
        yield {"name": f"{resource.plural}/{name}", "singularName": "", "namespaced": resource.namespaced, "kind": kind,
               "verbs": list(verbs)}


def _aggregated_resource(resource):
    scope = "Namespaced" if resource.namespaced else "Cluster"
    kind = {"group": resource.group, "version": resource.version, "kind": resource.kind}
    listed = {"resource": resource.plural, "responseKind": kind, "scope": scope, "singularResource": resource.singular,
              "verbs": list(resource.verbs)}
    if resource.short:
        listed["shortNames"] = list(resource.short)
    if resource.categories:
        listed["categories"] = list(resource.categories)
    if resource.subresources:
        listed["subresources"] = [{"subresource": name, "responseKind": kind | {"kind": sub, "group": "", "version": ""},
                                   "verbs": list(verbs)} for name, (sub, verbs) in resource.subresources.items()]
    return listed


def _aggregated(registry, groups):
    items = []
    for group in groups:
        resources = [r for r in registry.all() if r.group == group]
        items.append({"metadata": {"name": group} if group else {}, "versions": [
            {"version": registry.groups()[group], "resources": [_aggregated_resource(r) for r in resources], "freshness": "Current"}]})
    return {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items}


def answer(registry, path, accept, port):
    """(JSON value, content type) for a discovery path; None when the path is none."""
    parts = [part for part in path.split("/") if part]
    groups = registry.groups()
    named = [group for group in groups if group]
    aggregated = "as=APIGroupDiscoveryList" in accept and "v=v2;" in accept.replace(" ", "") + ";"
    kind = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList" if aggregated else "application/json"
    if parts == ["version"]:
        return VERSION, "application/json"
    if parts == ["api"]:
        value = _aggregated(registry, [""]) if aggregated else {
            "kind": "APIVersions", "versions": ["v1"],
            "serverAddressByClientCIDRs": [{"clientCIDR": "0.0.0.0/0", "serverAddress": f"127.0.0.1:{port}"}]}
        return value, kind
    if parts == ["apis"]:
        value = _aggregated(registry, named) if aggregated else {
            "kind": "APIGroupList", "apiVersion": "v1", "groups": [_versions(group, groups[group]) for group in named]}
        return value, kind
    if len(parts) == 2 and parts[0] == "apis" and parts[1] in named:
        return {"kind": "APIGroup", "apiVersion": "v1"} | _versions(parts[1], groups[parts[1]]), "application/json"
    if parts == ["api", "v1"] or (len(parts) == 3 and parts[0] == "apis" and groups.get(parts[1]) == parts[2]):
        group = "" if parts[0] == "api" else parts[1]
        listed = [entry for r in registry.all() if r.group == group for entry in _resource(r)]
        return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "/".join(parts[1:]), "resources": listed}, "application/json"
    if parts[:2] == ["openapi", "v3"]:
        document = _openapi(registry, parts[2:])
        return (document, "application/json") if document else None
    return None


def _openapi(registry, rest):
    groups = registry.groups()
    if not rest:
        paths = {}
        for group, version in groups.items():
            name = f"apis/{group}/{version}" if group else f"api/{version}"
            mark = hashlib.sha256(wire.encode([r.id for r in registry.all() if r.group == group])).hexdigest().upper()
            paths[name] = {"serverRelativeURL": f"/openapi/v3/{name}?hash={mark}"}
        return {"paths": paths}
    group = "" if rest[0] == "api" else rest[1] if len(rest) > 1 else None
    if group not in groups or rest[-1] != groups[group]:
        return None
    resources = [r for r in registry.all() if r.group == group and "patch" in r.verbs]
    return {"openapi": "3.0.0", "info": {"title": "Kubernetes", "version": "v1.36.2"},
            "paths": {path: item for r in resources for path, item in _path(r)}, "components": {"schemas": {}}}


def _path(resource):
    """What a client needs to know before it writes: which parameters a patch takes."""
    root = f"/apis/{resource.group}/{resource.version}" if resource.group else f"/api/{resource.version}"
    where = f"{root}/namespaces/{{namespace}}" if resource.namespaced else root
    kind = {"group": resource.group, "version": resource.version, "kind": resource.kind}
    names = ("dryRun", "fieldManager", "fieldValidation", "force")
    parameters = [{"name": name, "in": "query", "schema": {"type": "boolean" if name == "force" else "string", "uniqueItems": True}}
                  for name in names]
    bodies = ["application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json"]
    patch = {"x-kubernetes-action": "patch", "x-kubernetes-group-version-kind": kind, "parameters": parameters,
             "requestBody": {"content": {body: {"schema": {"type": "object"}} for body in bodies}, "required": True},
             "responses": {"200": {"description": "OK"}}}
    yield f"{where}/{resource.plural}/{{name}}", {"patch": patch}
    post = patch | {"x-kubernetes-action": "post", "parameters": parameters[:3],
                    "requestBody": {"content": {"*/*": {"schema": {"type": "object"}}}, "required": True}}
    yield f"{where}/{resource.plural}", {"post": post}
