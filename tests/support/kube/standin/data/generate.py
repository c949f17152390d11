#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes types.json, protobuf.json and ciliumnetworkpolicies.json, with every description left out.

generate.py types ROOT            ROOT/k8s.io/{api,apimachinery}: Debian's golang-k8s-api-dev and golang-k8s-apimachinery-dev
generate.py crd FILE              Cilium's ciliumnetworkpolicies.yaml
"""
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).parent
SOURCES = ["apimachinery/pkg/apis/meta/v1", *(f"api/{p}/v1" for p in ("core", "apps", "batch", "rbac", "networking", "coordination",
                                                                     "authorization", "authentication", "policy", "storage"))]
ROOTS = ["Namespace", "Node", "Pod", "Secret", "ConfigMap", "Event", "ResourceQuota", "LimitRange", "ServiceAccount", "Service",
         "PersistentVolumeClaim", "Deployment", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding", "NetworkPolicy",
         "PodDisruptionBudget", "Lease", "Eviction", "SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview",
         "SelfSubjectReview", "TokenRequest", "TokenReview", "DeleteOptions", "Binding"]
# Fields of a 1.36 server that the 1.32 types do not know yet.
NEWER = {"PodStatus": {"observedGeneration": ["int64"], "resources": ["ResourceRequirements"]},
         "PodCondition": {"observedGeneration": ["int64"]}}
SPECIAL = {"metav1.Time": "time", "Time": "time", "metav1.MicroTime": "time", "MicroTime": "time", "resource.Quantity": "quantity",
           "intstr.IntOrString": "intorstring", "runtime.RawExtension": "any", "metav1.FieldsV1": "any", "FieldsV1": "any",
           "runtime.Object": "any", "[]byte": "bytes", "types.UID": "string", "ResourceList": "map[]quantity",
           "v1.ResourceList": "map[]quantity", "Verbs": "[]string"}
FIELD = re.compile(r'^\t(?:(\w+)\s+)?([\w.\[\]*]+)\s+`([^`]*json:"[^`]*)`')


def read_structs(folder):
    structs, scalars = {}, {}
    text = "\n".join(p.read_text() for p in [folder / "types.go", *folder.glob("*_types.go")] if p.exists())
    for name, base in re.findall(r"^type (\w+) (string|int32|int64|bool|map\[string\]string|\[\]string|map\[\w+\][\w.]+)$", text, re.M):
        scalars[name] = base
    for match in re.finditer(r"^type (\w+) struct \{\n(.*?)^\}", text, re.M | re.S):
        fields, markers = [], []
        for line in match[2].split("\n"):
            marker = re.match(r"^\t//\s*\+(listType|listMapKey|mapType|structType)=(\w+)", line)
            if marker:
                markers.append(marker.groups())
            found = FIELD.match(line)
            if found:
                fields.append((found[2], found[3], markers))
                markers = []
            elif line.strip() == "":
                markers = []
        structs[match[1]] = fields
    return structs, scalars


class Types:
    def __init__(self, root):
        self.structs, self.scalars, self.out, self.numbers = {}, {}, {}, {}
        for source in SOURCES:
            structs, scalars = read_structs(root / "k8s.io" / source)
            self.structs = structs | self.structs
            self.scalars = scalars | self.scalars

    def spell(self, go):
        go = go.lstrip("*")
        if go in SPECIAL:
            return SPECIAL[go]
        if go.startswith("[]"):
            return "[]" + self.spell(go[2:])
        if go.startswith("map["):
            return "map[]" + self.spell(go[go.index("]") + 1:])
        name = go.rpartition(".")[2]
        if name in self.scalars:
            return self.spell(self.scalars[name])
        if name in self.structs:
            self.add(name)
        return name

    def add(self, name):
        if name in self.out:
            return
        self.out[name] = fields = {}
        self.numbers[name] = numbers = {}
        for go, tags, markers in self.structs[name]:
            json_name, *options = re.search(r'json:"([^"]*)"', tags)[1].split(",")
            number = re.search(r'protobuf:"\w+,(\d+)', tags)
            if json_name == "" and "inline" in options:
                inner = go.lstrip("*").rpartition(".")[2]
                self.add(inner)
                fields.update(self.out[inner])
                if number:
                    numbers[number[1]] = ["", inner]
                continue
            extra = {}
            merge = re.search(r'patchMergeKey:"(\w+)"', tags)
            strategy = re.search(r'patchStrategy:"([\w,]+)"', tags)
            if strategy and "merge" in strategy[1]:
                extra["merge"] = merge[1] if merge else ""
            if strategy and "retainKeys" in strategy[1]:
                extra["retainKeys"] = True
            keys = [value for kind, value in markers if kind == "listMapKey"]
            if ("listType", "map") in markers:
                extra["keys"] = keys
            if ("listType", "set") in markers:
                extra["set"] = True
            if ("mapType", "atomic") in markers or ("structType", "atomic") in markers:
                extra["atomic"] = True
            fields[json_name] = [self.spell(go), extra] if extra else [self.spell(go)]
            if number:
                numbers[number[1]] = [json_name, self.spell(go)]


def main():
    what, source = sys.argv[1], pathlib.Path(sys.argv[2])
    if what == "types":
        types = Types(source)
        for root in ROOTS:
            types.add(root)
        for name, fields in NEWER.items():
            types.out[name] |= fields
        for file, value in (("types.json", types.out), ("protobuf.json", types.numbers)):
            lines = [f"{json.dumps(name)}:{json.dumps(fields, separators=(',', ':'))}" for name, fields in sorted(value.items())]
            (HERE / file).write_text("{\n" + ",\n".join(lines) + "\n}\n")
        return
    import yaml
    crd = yaml.load(source.read_text(), yaml.CSafeLoader)

    def strip(value, names=False):
        if isinstance(value, dict):
            return {k: strip(v, k == "properties" and not names) for k, v in value.items() if names or k != "description"}
        return [strip(v) for v in value] if isinstance(value, list) else value
    (HERE / "ciliumnetworkpolicies.json").write_text(json.dumps(strip(crd), separators=(",", ":")) + "\n")


main()
