# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON patch (RFC 6902), merge patch (RFC 7386), strategic merge patch."""
from . import wire
from .decode import TYPES
from .errors import ApiError, bad_request


class _Failed(Exception):
    pass


def json_patch(obj, operations):
    """A patched copy; 422 in the server's words when an operation fails."""
    if not isinstance(operations, list):
        raise bad_request("error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch")
    result = wire.clone(obj)
    try:
        for operation in operations:
            result = _operate(result, operation)
    except (_Failed, KeyError, IndexError, ValueError, TypeError) as error:
        raise ApiError(422, "Invalid", "the server rejected our request due to an error in our request", {}) from error
    return result


def _operate(document, operation):
    kind, path = operation["op"], _pointer(operation["path"])
    if kind == "test":
        if _at(document, path) != operation.get("value"):
            raise _Failed
        return document
    if kind in ("move", "copy"):
        source = _pointer(operation["from"])
        value = wire.clone(_at(document, source))
        document = _remove(document, source) if kind == "move" else document
        return _add(document, path, value)
    if kind == "add":
        return _add(document, path, operation["value"])
    if kind == "replace":
        _at(document, path)
        return _add(_remove(document, path), path, operation["value"]) if path else operation["value"]
    if kind == "remove":
        return _remove(document, path)
    raise _Failed


def _pointer(text):
    if text and not text.startswith("/"):
        raise _Failed
    return [part.replace("~1", "/").replace("~0", "~") for part in text.split("/")[1:]]


def _at(document, path):
    for part in path:
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document


def _add(document, path, value):
    if not path:
        return value
    parent, last = _at(document, path[:-1]), path[-1]
    if isinstance(parent, list):
        at = len(parent) if last == "-" else int(last)
        if not 0 <= at <= len(parent):
            raise _Failed
        parent.insert(at, value)
    else:
        parent[last] = value
    return document


def _remove(document, path):
    parent = _at(document, path[:-1])
    del parent[int(path[-1]) if isinstance(parent, list) else path[-1]]
    return document


def merge_patch(target, patch):
    if not isinstance(patch, dict):
        return wire.clone(patch)
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge_patch(result.get(key), value)
    return result


def strategic_merge(target, patch, kind):
    """Merges by the Go type `kind`: lists with a patch merge key element by element; $patch, $deleteFromPrimitiveList,
    $setElementOrder and $retainKeys understood."""
    if patch.get("$patch") == "replace":
        return {key: value for key, value in patch.items() if key != "$patch"}
    if patch.get("$patch") == "delete":
        return {}
    result = dict(target)
    if "$retainKeys" in patch:
        result = {key: value for key, value in result.items() if key in patch["$retainKeys"]}
    fields = TYPES.get(kind, {})
    for key, value in patch.items():
        if key.startswith("$deleteFromPrimitiveList/"):
            name = key.partition("/")[2]
            result[name] = [item for item in result.get(name, []) if item not in value]
        if key.startswith("$"):
            continue
        spec = fields.get(key, ["any"])
        extra = spec[1] if len(spec) > 1 else {}
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict):
            old = result.get(key)
            result[key] = strategic_merge(old if isinstance(old, dict) else {}, value, spec[0].removeprefix("map[]"))
        elif isinstance(value, list) and "merge" in extra:
            result[key] = _merge_list(result.get(key) or [], value, extra["merge"], spec[0][2:])
        else:
            result[key] = wire.clone(value)
    for key, order in patch.items():
        name = key.partition("/")[2]
        if key.startswith("$setElementOrder/") and isinstance(result.get(name), list):
            merge = (fields.get(name, ["any", {}]) + [{}])[1].get("merge", "")
            result[name] = _ordered(result[name], order, merge)
    return result


def _merge_list(target, patch, key, kind):
    if not key:
        return target + [item for item in patch if item not in target]
    if any(isinstance(item, dict) and item.get("$patch") == "replace" for item in patch):
        return [item for item in patch if "$patch" not in item]
    result = list(target)
    for item in patch:
        if key not in item:
            raise bad_request(f"map: {item} does not contain declared merge key: {key}")
        at = next((i for i, old in enumerate(result) if old.get(key) == item[key]), None)
        if item.get("$patch") == "delete":
            if at is not None:
                del result[at]
        elif at is None:
            result.append(strategic_merge({}, item, kind))
        else:
            result[at] = strategic_merge(result[at], item, kind)
    return result


def _ordered(items, order, key):
    wanted = [entry.get(key) for entry in order] if key else order

    def place(item):
        value = item.get(key) if key else item
        return wanted.index(value) if value in wanted else len(wanted)
    return sorted(items, key=place)
