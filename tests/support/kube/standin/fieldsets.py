# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets of field paths as managedFields writes them (FieldsV1), and the walk over objects by their types.

A path is a tuple of elements: "f:name", 'k:{"name":"main"}' (item of a keyed list), 'v:"x"' (item of a set).
"""
import json

from . import wire
from .decode import TYPES

_SKIPPED_METADATA = {"name", "namespace", "uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "selfLink",
                     "deletionTimestamp", "deletionGracePeriodSeconds", "generateName"}


class Node:
    """How a value is walked. shape: struct, map, keyed, set, leaf."""
    __slots__ = ("shape", "fields", "element", "keys")

    def __init__(self, shape, fields=None, element=None, keys=()):
        self.shape, self.fields, self.element, self.keys = shape, fields, element, keys

    def child(self, name):
        """(node, declared) of a struct's or map's member."""
        if self.shape == "struct" and name in self.fields:
            return self.fields[name](), True
        return (self.element() if self.element else GUESS), False


LEAF = Node("leaf")
GUESS = Node("map", element=lambda: None)  # untyped: objects are walked, lists are atomic
_cache = {}


def of_type(spelled, extra=()):
    """The node of a built-in type as types.json spells it."""
    extra = dict(extra)
    if spelled.startswith("[]"):
        if "keys" in extra:
            return Node("keyed", element=lambda: of_type(spelled[2:]), keys=extra["keys"])
        return Node("set") if extra.get("set") else LEAF
    if spelled.startswith("map[]"):
        return LEAF if extra.get("atomic") else Node("map", element=lambda: of_type(spelled[5:]))
    if spelled not in TYPES or extra.get("atomic"):
        return LEAF
    if spelled not in _cache:
        _cache[spelled] = Node("struct", {name: (lambda spec=spec: of_type(spec[0], spec[1] if len(spec) > 1 else ()))
                                          for name, spec in TYPES[spelled].items()})
    return _cache[spelled]


def of_schema(schema, root=False):
    """The node of a custom resource's schema."""
    if "properties" in schema or root:
        if schema.get("x-kubernetes-map-type") == "atomic":
            return LEAF
        fields = {name: (lambda item=item: of_schema(item)) for name, item in schema.get("properties", {}).items()}
        if root:
            fields |= {"metadata": lambda: of_type("ObjectMeta")}
        return Node("struct", fields)
    if isinstance(schema.get("additionalProperties"), dict):
        return LEAF if schema.get("x-kubernetes-map-type") == "atomic" else Node(
            "map", element=lambda: of_schema(schema["additionalProperties"]))
    if schema.get("type") == "array":
        kind = schema.get("x-kubernetes-list-type")
        if kind == "map":
            return Node("keyed", element=lambda: of_schema(schema["items"]), keys=schema["x-kubernetes-list-map-keys"])
        return Node("set") if kind == "set" else LEAF
    return GUESS if schema.get("x-kubernetes-preserve-unknown-fields") else LEAF


def of_resource(resource):
    if resource.custom:
        return of_schema(resource.schema, root=True)
    return of_type(resource.kind) if resource.kind in TYPES else GUESS


def members(value, node):
    """[(element, child value, child node, declared)] of a value that is walked, or None for a leaf."""
    node = node or GUESS
    if isinstance(value, dict) and node.shape in ("struct", "map"):
        return [("f:" + key, item, *node.child(key)) for key, item in value.items()]
    if isinstance(value, list) and node.shape == "keyed":
        return [(key_element(item, node.keys), item, node.element(), False) for item in value]
    if isinstance(value, list) and node.shape == "set":
        return [("v:" + wire.dumps(item), item, LEAF, False) for item in value]
    return None


def key_element(item, keys):
    defaults = {"protocol": "TCP"}
    found = {key: item.get(key, defaults.get(key)) for key in sorted(keys)}
    return "k:" + wire.dumps({key: value for key, value in found.items() if value is not None})


def trimmed(obj):
    """Without the fields nobody owns."""
    found = {key: value for key, value in obj.items() if key not in ("kind", "apiVersion")}
    found["metadata"] = {key: value for key, value in obj.get("metadata", {}).items() if key not in _SKIPPED_METADATA}
    return found


def applied(value, node, path=()):
    """What an apply configuration owns: leaves, and the existence of map and list items."""
    found = set()
    for element, item, child, declared in members(value, node) or ():
        inner = (*path, element)
        deeper = members(item, child)
        if not deeper:
            if not (element == "f:metadata" and not path):
                found.add(inner)
            continue
        if not declared and not element.startswith("v:"):
            found.add(inner)
        found |= applied(item, child, inner)
    return found


def everything(value, node, path=()):
    """All paths below `path`, containers too."""
    found = set()
    for element, item, child, _ in members(value, node) or ():
        found.add((*path, element))
        found |= everything(item, child, (*path, element))
    return found


def compare(old, new, node, path=()):
    """(paths that are new or changed, paths that are gone)"""
    before = {element: item for element, item, _, _ in members(old, node) or ()}
    changed, gone = set(), set()
    for element, item, child, _ in members(new, node) or ():
        inner = (*path, element)
        if element not in before:
            changed |= {inner} | everything(item, child, inner)
            continue
        was = before.pop(element)
        if members(item, child) is not None and members(was, child) is not None:
            more, less = compare(was, item, child, inner)
            changed |= more
            gone |= less
        elif was != item:
            changed.add(inner)
    after = {(*path, element) for element in before}
    for element, item, child, _ in members(old, node) or ():
        if (*path, element) in after:
            gone |= {(*path, element)} | everything(item, child, (*path, element))
    return changed, gone


def merged(live, config, node):
    """`config` laid over `live`."""
    if members(config, node) is None or members(live, node) is None:
        return config
    if isinstance(config, dict):
        result = dict(live)
        for element, item, child, _ in members(config, node):
            key = element[2:]
            result[key] = merged(live[key], item, child) if key in live else item
        return result
    known = {element: item for element, item, _, _ in members(live, node)}
    order = list(known)
    for element, item, child, _ in members(config, node):
        if element not in known:
            order.append(element)
        known[element] = merged(known[element], item, child) if element in known else item
    return [known[element] for element in order]


def without(value, paths, node):
    """`value` without the fields at `paths`."""
    heads = {}
    for path in paths:
        heads.setdefault(path[0], set()).add(path[1:])
    kept = []
    for element, item, child, _ in members(value, node) or ():
        tails = heads.get(element)
        if tails and () in tails:
            continue
        kept.append((element, without(item, tails, child) if tails else item))
    if isinstance(value, dict):
        return {element[2:]: item for element, item in kept}
    return [item for _, item in kept]


def to_json(paths):
    """FieldsV1 of a set of paths."""
    root = {}
    for path in sorted(paths):
        at = root
        for element in path:
            at = at.setdefault(element, {})
    for path in paths:
        at = root
        for element in path:
            at = at[element]
        if at:
            at["."] = {}
    return _sorted(root)


def _sorted(tree):
    return {key: _sorted(tree[key]) for key in sorted(tree)}


def from_json(tree, path=()):
    found = set()
    for element, inner in tree.items():
        if element == ".":
            found.add(path)
            continue
        if not inner:
            found.add((*path, element))
        found |= from_json(inner, (*path, element))
    return found


def shown(path):
    """As messages write it: .spec.containers[name="main"].image"""
    text = ""
    for element in path:
        kind, rest = element[:2], element[2:]
        if kind == "f:":
            text += "." + rest
        elif kind == "k:":
            text += "[" + ",".join(f"{key}={wire.dumps(value)}" for key, value in json.loads(rest).items()) + "]"
        else:
            text += f"[={rest}]"
    return text
