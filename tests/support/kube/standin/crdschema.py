# SPDX-License-Identifier: GPL-3.0-or-later
"""Custom resources against their structural schema: pruning, defaults, and validation with the server's messages."""
import ipaddress
import json
import re

from . import wire

_UNCHECKED = (None, "FieldValueInvalid", "null",
              "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation")
_BLOCKING = {"FieldValueNotSupported", "FieldValueRequired", "FieldValueTooLong", "FieldValueTooMany", "FieldValueTypeInvalid"}
_ROOT = {"kind": {"type": "string"}, "apiVersion": {"type": "string"}, "metadata": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
_PATTERNS = {}


def prune(value, schema, path="", unknown=None, root=True):
    """(copy without unknown fields and nulls, with defaults; [unknown paths])"""
    unknown = [] if unknown is None else unknown
    if isinstance(value, list):
        items = schema.get("items", {})
        return [prune(item, items, f"{path}[{i}]", unknown, False)[0] for i, item in enumerate(value)], unknown
    if not isinstance(value, dict) or schema.get("x-kubernetes-preserve-unknown-fields"):
        return value, unknown
    properties, additional = schema.get("properties", {}), schema.get("additionalProperties")
    if root:
        properties = properties | _ROOT
    found = {}
    for key, item in value.items():
        inner = f"{path}.{key}" if path else key
        if key in properties:
            if item is not None or properties[key].get("nullable"):
                found[key] = prune(item, properties[key], inner, unknown, False)[0]
        elif isinstance(additional, dict):
            found[key] = prune(item, additional, inner, unknown, False)[0]
        elif additional is True:
            found[key] = item
        else:
            unknown.append(inner)
    for key, item in properties.items():
        if key not in found and "default" in item:
            found[key] = item["default"]
    return found, unknown


def validate(obj, schema):
    """Causes [(field, reason, message)], empty when valid."""
    found = []
    for key, item in schema.get("properties", {}).items():
        if key in obj and key not in _ROOT:
            _check(obj[key], item, key, found)
    rules = schema.get("x-kubernetes-validations", ())
    causes = [(field or "<nil>", reason, message) for field, reason, message in found]
    if rules and any(reason in _BLOCKING for _, reason, _ in found):
        causes.append(("<nil>", _UNCHECKED[1], f"Invalid value: null: {_UNCHECKED[3]}"))
    elif rules:
        causes += [("<nil>", "FieldValueInvalid", f"Invalid value: null: {rule['message']}") for rule in rules if not _rule(rule["rule"], obj)]
    return causes


def _rule(rule, obj):
    """has(self.x), joined by || : the one form that occurs."""
    names = re.findall(r"has\(self\.(\w+)\)", rule)
    return not names or any(name in obj for name in names)


def _check(value, schema, path, found):
    if not _check_type(value, schema, path, found):
        return
    _alternatives(value, schema, path, found)
    if isinstance(value, str):
        _check_string(value, schema, path, found)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        _check_number(value, schema, path, found)
    elif isinstance(value, list):
        _check_list(value, schema, path, found)
    if "enum" in schema and value not in schema["enum"]:
        listed = ", ".join(wire.quoted(str(v)) for v in schema["enum"])
        found.append((path, "FieldValueNotSupported", f"Unsupported value: {wire.dumps(value)}: supported values: {listed}"))
    if isinstance(value, dict):
        _check_object(value, schema, path, found)


def _kind(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    return {int: "integer", float: "number", str: "string", list: "array"}.get(type(value), "object")


def _check_type(value, schema, path, found):
    want, kind = schema.get("type"), _kind(value)
    if schema.get("x-kubernetes-int-or-string"):
        fits = kind in ("integer", "string")
        want = "integer,string"
    else:
        fits = want is None or kind == want or (want == "number" and kind == "integer") or (kind == "null" and schema.get("nullable"))
    if not fits:
        found.append((path, "FieldValueTypeInvalid", f'Invalid value: "{kind}": {path} in body must be of type {want}: "{kind}"'))
        return False
    form = schema.get("format")
    if form == "cidr" and kind == "string" and not _is_cidr(value):
        text = wire.quoted(value)
        found.append((path, "FieldValueTypeInvalid", f"Invalid value: {text}: {path} in body must be of type cidr: {text}"))
        return False
    return True


def _is_cidr(text):
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return "/" in text


def _alternatives(value, schema, path, found):
    for word, most in (("anyOf", None), ("oneOf", 1)):
        if word not in schema:
            continue
        trials = []
        for option in schema[word]:
            trials.append(errors := [])
            _check(value, option, path, errors)
        good = sum(not errors for errors in trials)
        if word == "anyOf" and not good:
            found.append((None, "FieldValueInvalid", f'Invalid value: "": "{path}" must validate at least one schema (anyOf)'))
        elif word == "oneOf" and good != most:
            what = "Found none valid" if good == 0 else f"Found {good} valid alternatives"
            found.append((None, "FieldValueInvalid", f'Invalid value: "": "{path}" must validate one and only one schema (oneOf). {what}'))
        if not good:
            found += trials[0]


def _check_string(value, schema, path, found):
    if len(value) > schema.get("maxLength", len(value)):
        found.append((path, "FieldValueTooLong", f"Too long: may not be more than {schema['maxLength']} bytes"))
    if len(value) < schema.get("minLength", 0):
        found.append((path, "FieldValueInvalid", f"Invalid value: {wire.quoted(value)}: {path} in body should be at least "
                      f"{schema['minLength']} chars long"))
    if "pattern" in schema and not _pattern(schema["pattern"]).search(value):
        found.append((path, "FieldValueInvalid", f"Invalid value: {wire.quoted(value)}: {path} in body should match '{schema['pattern']}'"))


def _pattern(text):
    """Go's expressions never backtrack; Python's must be kept from it."""
    if text not in _PATTERNS:
        linear = text.replace("]+[.]?)+$", "]++[.]?+)++$").replace(r"\PC", r"[^\x00-\x1f\x7f-\x9f]")
        if linear.endswith("$"):
            linear = linear[:-1] + r"\Z"
        _PATTERNS[text] = re.compile(linear)
    return _PATTERNS[text]


def _check_number(value, schema, path, found):
    if value > schema.get("maximum", value):
        found.append((path, "FieldValueInvalid", f"Invalid value: {value}: {path} in body should be less than or equal to {schema['maximum']}"))
    if value < schema.get("minimum", value):
        found.append((path, "FieldValueInvalid",
                      f"Invalid value: {value}: {path} in body should be greater than or equal to {schema['minimum']}"))


def _check_list(value, schema, path, found):
    if len(value) > schema.get("maxItems", len(value)):
        found.append((path, "FieldValueTooMany", f"Too many: {len(value)}: must have at most {schema['maxItems']} items"))
    if len(value) < schema.get("minItems", 0):
        found.append((path, "FieldValueInvalid",
                      f"Invalid value: {len(value)}: {path} in body should have at least {schema['minItems']} items"))
    if schema.get("x-kubernetes-list-type") == "set":
        seen = set()
        for i, item in enumerate(value):
            mark = json.dumps(item, sort_keys=True)
            if mark in seen:
                found.append((f"{path}[{i}]", "FieldValueDuplicate", f"Duplicate value: {wire.dumps(item)}"))
            seen.add(mark)
    for i, item in enumerate(value):
        _check(item, schema.get("items", {}), f"{path}[{i}]", found)


def _check_object(value, schema, path, found):
    for name in schema.get("required", ()):
        if name not in value:
            found.append((f"{path}.{name}", "FieldValueRequired", "Required value"))
    properties, additional = schema.get("properties", {}), schema.get("additionalProperties")
    for key, item in value.items():
        if key in properties:
            _check(item, properties[key], f"{path}.{key}", found)
        elif isinstance(additional, dict):
            _check(item, additional, f"{path}.{key}", found)
