# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON and time as Go writes them."""
import datetime
import json
import re

_SUFFIXES = {"": 1, "n": 1e-9, "u": 1e-6, "m": 1e-3, "k": 1e3} | {
    letter + i: base ** power for i, base in (("", 1000), ("i", 1024)) for power, letter in enumerate("KMGTPE", 1)}
_ESCAPES = str.maketrans({"&": "\\u0026", "<": "\\u003c", ">": "\\u003e", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def dumps(value, sort=False):
    """Compact JSON text, escaped as encoding/json does (these characters occur inside strings only)."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=sort).translate(_ESCAPES)


def encode(value):
    return dumps(value).encode("utf-8", "surrogatepass")


def clone(value):
    """A deep copy of a JSON value."""
    return json.loads(json.dumps(value))


def quoted(text):
    """Go's %q, for the characters that occur."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r") + '"'


def quantity(text):
    """A resource.Quantity as a number."""
    number, suffix = re.fullmatch(r"([+-]?[0-9.]+)((?:[eE][-+]?[0-9]+)?|[A-Za-z]+)", text).groups()
    if suffix[:1] in ("e", "E") and suffix[1:]:
        return float(number + suffix)
    return float(number) * _SUFFIXES[suffix]


def now(ahead=0):
    """RFC 3339 with seconds, `ahead` seconds from now."""
    return (datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=ahead)).strftime("%Y-%m-%dT%H:%M:%SZ")


def now_micro():
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
