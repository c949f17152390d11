# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies to objects: JSON or YAML, then by the built-in types or a custom resource's schema, unknown fields found and dropped."""
import base64
import binascii
import json
import pathlib
import re

import yaml

from . import protobuf, wire
from .errors import ApiError, bad_request, unsupported_media_type

TYPES = json.loads(pathlib.Path(__file__).with_name("data").joinpath("types.json").read_text())
_ACCEPTED = ("application/json", "application/yaml", "application/vnd.kubernetes.protobuf")
_QUANTITY = re.compile(r"[+-]?[0-9.]+([eE][-+]?[0-9]+|[numkMGTPE]|[KMGTPE]i)?")


class _Loader(yaml.CSafeLoader):
    """Without timestamps: they stay strings, as in JSON."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()}


class WrongType(Exception):
    """A value that does not fit the field's Go type."""


def read_yaml(body):
    """JSON is YAML: used for apply patches."""
    try:
        return yaml.load(body, _Loader)
    except yaml.YAMLError as error:
        raise bad_request(f"error decoding YAML: {error}") from error


def read_body(request, kind):
    """The request's object, not checked against a type yet."""
    content = request.headers.get("content-type", "application/json").split(";")[0].strip().lower()
    if content in ("application/yaml", "application/x-yaml"):
        value = read_yaml(request.body)
    elif content == "application/json":
        try:
            value = json.loads(request.body)
        except ValueError as error:
            raise bad_request(f"the object provided is unrecognized (must be of type {kind}): couldn't get version/kind; json parse error: "
                              f"{error} ({request.body[:8].hex()} ...)") from error
    elif content == "application/vnd.kubernetes.protobuf":
        try:
            value = protobuf.decode(request.body)
        except (ValueError, KeyError, IndexError, AttributeError) as error:
            raise bad_request(f"the object provided is unrecognized (must be of type {kind}): {error}") from error
    else:
        raise unsupported_media_type(_ACCEPTED)
    if not isinstance(value, dict):
        raise bad_request(f"the object provided is unrecognized (must be of type {kind}): couldn't get version/kind; json parse error: "
                          f"json: cannot unmarshal {_json_kind(value)} into Go value of type struct")
    return value


def typed(obj, kind, api_version):
    """(object without unknown fields, [unknown field paths]); raises 400 for a value of a wrong type."""
    unknown = []
    if kind not in TYPES:
        return clean(obj), unknown
    try:
        return _struct(obj, kind, "", unknown), unknown
    except WrongType as wrong:
        version = api_version.rpartition("/")[2]
        raise bad_request(f'{kind} in version "{version}" cannot be handled as a {kind}: json: cannot unmarshal {wrong}') from wrong


def strict(unknown, kind, api_version):
    version = api_version.rpartition("/")[2]
    return bad_request(f'{kind} in version "{version}" cannot be handled as a {kind}: {strict_text(unknown)}')


def strict_text(unknown):
    return "strict decoding error: " + ", ".join(f'unknown field "{path}"' for path in unknown)


def check_unknown(request, unknown, refusal):
    """fieldValidation: Strict raises refusal(), Warn (default) adds headers, Ignore does nothing."""
    mode = request.get("fieldValidation") or "Warn"
    if mode not in ("Ignore", "Warn", "Strict"):
        raise ApiError(422, "Invalid", f'CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "{mode}": '
                       'supported values: "Ignore", "Warn", "Strict"')
    if not unknown or mode == "Ignore":
        return
    if mode == "Strict":
        raise refusal()
    request.warnings += [f'unknown field \\"{path}\\"' for path in unknown]


def _struct(value, name, path, unknown):
    fields = TYPES[name]
    if not isinstance(value, dict):
        raise WrongType(f"{_json_kind(value)} into Go value of type {name}")
    cleaned = {}
    for key in sorted(value.keys() - fields.keys()):
        unknown.append(f"{path}.{key}" if path else key)
    for key, spec in fields.items():
        if value.get(key) is not None:
            cleaned[key] = _value(value[key], spec[0], f"{path}.{key}" if path else key, unknown, name)
    return cleaned


def _value(value, kind, path, unknown, owner):
    if kind.startswith("[]"):
        if not isinstance(value, list):
            raise _wrong(value, path, owner, kind)
        return [_value(item, kind[2:], f"{path}[{i}]", unknown, owner) for i, item in enumerate(value)]
    if kind.startswith("map[]"):
        if not isinstance(value, dict):
            raise _wrong(value, path, owner, kind.replace("map[]", "map[string]"))
        return {key: _value(item, kind[5:], f"{path}.{key}", unknown, owner) for key, item in value.items()}
    if kind in TYPES:
        if not isinstance(value, dict):
            raise _wrong(value, path, owner, f"v1.{kind}")
        return _struct(value, kind, path, unknown)
    return _scalar(value, kind, path, owner)


def _scalar(value, kind, path, owner):
    if kind == "quantity":
        if isinstance(value, bool) or not _QUANTITY.fullmatch(str(value)):
            raise WrongType("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
        return str(value)
    if kind == "bytes" and isinstance(value, str):
        try:
            base64.b64decode(value, validate=True)
        except binascii.Error as error:
            raise WrongType(f"string into Go struct field {owner}.{path} of type []byte: illegal base64 data") from error
        return value
    fits = {"string": isinstance(value, str), "time": isinstance(value, str), "bytes": False, "bool": isinstance(value, bool), "any": True,
            "intorstring": isinstance(value, (int, str)), "float64": isinstance(value, (int, float))}
    integer = kind.startswith("int") and isinstance(value, int) and not isinstance(value, bool)
    if not fits.get(kind, integer):
        raise _wrong(value, path, owner, "string" if kind == "time" else kind)
    return value


def _wrong(value, path, owner, kind):
    plain = re.sub(r"\[\d+\]", "", path)
    return WrongType(f"{_json_kind(value)} into Go struct field {owner}.{plain} of type {kind}")


def _json_kind(value):
    if value is None:
        return "null"
    return {bool: "bool", int: "number", float: "number", str: "string", list: "array"}.get(type(value), "object")


def clean(obj):
    """A copy without nulls, for custom resources."""
    if isinstance(obj, dict):
        return {key: clean(value) for key, value in obj.items() if value is not None}
    return [clean(value) for value in obj] if isinstance(obj, list) else obj


def options(request, kind="DeleteOptions"):
    """A DELETE's body, {} when there is none."""
    if not request.body:
        return {}
    value, _ = typed(wire.clone(read_body(request, kind)), kind, "v1")
    return value
