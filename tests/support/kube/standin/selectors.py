# SPDX-License-Identifier: GPL-3.0-or-later
"""Label and field selectors."""
import re

from .errors import bad_request

_TERM = re.compile(r"\s*(?:(?P<not>!)\s*(?P<absent>[\w./-]+)|(?P<key>[\w./-]+)\s*(?:(?P<op>==|=|!=)\s*(?P<value>[\w.-]*)"
                   r"|\s(?P<set>in|notin)\s*\((?P<values>[^)]*)\))?)\s*(?:,|$)")


def labels(text):
    """A function labels -> bool; None for an empty selector."""
    terms, at = [], 0
    while at < len(text):
        term = _TERM.match(text, at)
        if not term:
            raise bad_request(f"unable to parse requirement: found '{text[at:]}', expected: identifier")
        terms.append(_term(term))
        at = term.end()
    return (lambda found: all(term(found) for term in terms)) if terms else None


def _term(match):
    key, operator, value = match["key"], match["op"], match["value"]
    if match["absent"]:
        return lambda found, key=match["absent"]: key not in found
    if match["set"]:
        values = {v.strip() for v in match["values"].split(",")}
        if match["set"] == "in":
            return lambda found: found.get(key) in values
        return lambda found: found.get(key) not in values
    if operator in ("=", "=="):
        return lambda found: found.get(key) == value
    if operator == "!=":
        return lambda found: found.get(key) != value
    return lambda found: key in found


_PODS = {"spec.nodeName": "", "spec.restartPolicy": "", "spec.schedulerName": "", "spec.serviceAccountName": "", "status.phase": "",
         "status.podIP": "", "status.nominatedNodeName": "", "spec.hostNetwork": "false"}
_EVENTS = {f"involvedObject.{field}": "" for field in
           ("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")} | {"reason": "", "type": "", "source": "",
                                                                                                "reportingComponent": ""}
_FIELDS = {"pods": _PODS, "events": _EVENTS, "secrets": {"type": ""}, "namespaces": {"status.phase": ""}}


def fields(text, resource):
    """A function object -> bool and the exact metadata.name it asks for (or ""); (None, "") for an empty selector."""
    known = _FIELDS.get(resource.id, {})
    terms, name = [], ""
    for part in filter(None, text.split(",")):
        found = re.fullmatch(r"([\w.]+)(==|!=|=)(.*)", part)
        if not found:
            raise bad_request(f"invalid selector: '{text}'; can't understand '{part}'")
        key, operator, value = found.groups()
        if key not in ("metadata.name", "metadata.namespace") and key not in known:
            raise bad_request(f'Unable to find "{resource.api_version}, Resource={resource.plural}" that match label selector "", '
                              f'field selector "{text}": field label not supported: {key}')
        if key == "metadata.name" and operator != "!=":
            name = value
        path, default = key.split("."), known.get(key, "")
        terms.append(lambda obj, path=path, default=default, want=value, equal=operator != "!=": (_read(obj, path, default) == want) == equal)
    return ((lambda obj: all(term(obj) for term in terms)) if terms else None), name


def _read(obj, path, default):
    for part in path:
        obj = obj.get(part) if isinstance(obj, dict) else None
    if obj is None:
        return default
    return str(obj).lower() if isinstance(obj, bool) else str(obj)
