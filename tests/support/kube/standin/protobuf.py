# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads application/vnd.kubernetes.protobuf bodies, which typed Go clients send: wire format to the JSON form."""
import base64
import datetime
import json
import pathlib

NUMBERS = json.loads(pathlib.Path(__file__).with_name("data").joinpath("protobuf.json").read_text())
MAGIC = b"k8s\x00"


def decode(body):
    """The JSON object of an enveloped message; ValueError when it is none."""
    if not body.startswith(MAGIC):
        raise ValueError("no protobuf envelope")
    envelope = dict(_fields(body[len(MAGIC):]))
    meta = dict(_fields(envelope[1]))
    kind = meta[2].decode()
    return {"kind": kind, "apiVersion": meta[1].decode()} | _message(envelope.get(2, b""), kind)


def _varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError("varint too long")


def _fields(data):
    """(number, int or bytes) in order."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        kind = tag & 7
        if kind == 0:
            value, at = _varint(data, at)
        elif kind in (1, 5):
            size = 8 if kind == 1 else 4
            value, at = data[at:at + size], at + size
        elif kind == 2:
            size, at = _varint(data, at)
            value, at = data[at:at + size], at + size
            if len(value) != size:
                raise ValueError("message cut short")
        else:
            raise ValueError(f"wire type {kind}")
        yield tag >> 3, value


def _message(data, kind):
    if kind not in NUMBERS:
        raise ValueError(f"no protobuf type {kind}")
    found = {}
    for number, value in _fields(data):
        name, spelled = NUMBERS[kind].get(str(number), (None, None))
        if name is None:
            continue
        if name == "":
            found |= _message(value, spelled)
        elif spelled.startswith("[]"):
            found.setdefault(name, []).append(_value(value, spelled[2:]))
        elif spelled.startswith("map[]"):
            entry = dict(_fields(value))
            found.setdefault(name, {})[entry.get(1, b"").decode()] = _value(entry.get(2, b""), spelled[5:])
        else:
            found[name] = _value(value, spelled)
    # Go writes empty strings and zeros of plain fields; in JSON they are left out.
    return {key: value for key, value in found.items() if value not in ("", 0, None) or value is False}


def _value(value, spelled):
    if spelled == "string":
        return value.decode()
    if spelled == "bytes":
        return base64.b64encode(value).decode()
    if spelled == "bool":
        return bool(value)
    if spelled.startswith("int") and spelled != "intorstring":
        return value - (1 << 64) if value >> 63 else value
    if spelled == "time":
        seconds = dict(_fields(value)).get(1, 0)
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value else None
    if spelled == "quantity":
        return dict(_fields(value)).get(1, b"").decode()
    if spelled == "intorstring":
        parts = dict(_fields(value))
        return parts.get(3, b"").decode() if parts.get(1) else parts.get(2, 0)
    if spelled == "any":
        return json.loads(dict(_fields(value)).get(1, b"") or b"null")
    if spelled.startswith("[]"):
        return [_value(item, spelled[2:]) for number, item in _fields(value) if number == 1]
    return _message(value, spelled)
