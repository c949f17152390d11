# SPDX-License-Identifier: GPL-3.0-or-later
"""Switches that make the stand-in misbehave, set by POST /standin/faults and asked by both halves.

A fault is {"fault": KIND, "count": N, "skip": N, "match": {FACT: PATTERN}, ...parameters}. `count`: how often it happens (absent:
until it is removed). `skip`: matching occasions that pass unharmed first. `match`: shell patterns on the facts of the occasion.

Kinds of the API half; facts verb, resource ("pods", "ciliumnetworkpolicies.cilium.io"), subresource, namespace, name, path, user:
  too-many-requests {retry_after, rate}    429 in priority-and-fairness text; with `rate` only above that many requests a second
  error {code, message, reason, retry_after, text}   any refusal: a JSON Status, or `text` as plain text
  unauthorized, forbidden, quota            401; 403 by RBAC; 403 "exceeded quota" (POST)
  stall                                     the request is read and never answered
  stall-accept                              the connection is accepted, TLS is never answered (facts: none)
  delay {ms}                                take up late
  answer-late {ms}                          take effect at once, answer late
  reset {after}                             connection aborted, before or (after: true) after the request took effect
  truncate {bytes}                          answer cut at byte N of the whole answer, connection aborted
  gone                                      watch: ERROR event 410 at once; list with continue: 410
  watch-slow {ms}                           so long between two events of a watch
  watch-cut {bytes}                         watch aborted at byte N of its answer
  watch-stall {bytes}                       watch silent for ever after byte N (half-open)
  watch-no-bookmarks                        bookmarks are not sent
  missing                                   the resource does not exist (a CRD not installed); fact resource
  policy-invalid {message}                  CiliumNetworkPolicy condition Valid=False; facts namespace, name
  policy-unjudged                           no condition Valid at all, as without a network plugin; facts namespace, name
  eviction-refused                          429 with a Status, as by a disruption budget
Kinds of the kubelet half are listed in kubelet.py.
"""
import fnmatch
import itertools


class Faults:
    def __init__(self):
        self._active = {}  # id -> fault
        self._kinds = {}  # kind -> [id], so that the common case costs one look-up
        self._ids = itertools.count(1)

    def add(self, fault):
        """Checks and activates one fault; returns its id."""
        kind = fault.get("fault")
        if not isinstance(kind, str) or not kind:
            raise ValueError('"fault" must name a kind')
        for name in ("count", "skip"):
            if name in fault and (not isinstance(fault[name], int) or fault[name] < 0):
                raise ValueError(f'"{name}" must be a whole number')
        if not isinstance(fault.get("match", {}), dict):
            raise ValueError('"match" must be an object of patterns')
        number = next(self._ids)
        self._active[number] = dict(fault, id=number, hits=0)
        self._kinds.setdefault(kind, []).append(number)
        return number

    def remove(self, number=None, kind=None):
        """Removes one fault, one kind, or all. What is already stalled stays stalled."""
        doomed = [i for i, fault in self._active.items() if (number in (None, i)) and (kind in (None, fault["fault"]))]
        for i in doomed:
            self._drop(i)
        return len(doomed)

    def _drop(self, number):
        kind = self._active.pop(number)["fault"]
        self._kinds[kind].remove(number)
        if not self._kinds[kind]:
            del self._kinds[kind]

    def take(self, kind, **facts):
        """The fault of this kind that hits this occasion (its parameters), or None. Counts the hit."""
        for number in self._kinds.get(kind, ()):
            fault = self._active[number]
            if not _fits(fault, facts):
                continue
            if fault.get("skip", 0) > 0:
                fault["skip"] -= 1
                continue
            fault["hits"] += 1
            if "count" in fault:
                fault["count"] -= 1
                if fault["count"] <= 0:
                    self._drop(number)
            return fault
        return None

    def active(self, kind, **facts):
        """Like take, without counting: for switches that are on or off."""
        return next((self._active[i] for i in self._kinds.get(kind, ()) if _fits(self._active[i], facts)), None)

    def listed(self):
        return list(self._active.values())


def _fits(fault, facts):
    return all(fnmatch.fnmatchcase(str(facts.get(name) or ""), str(pattern)) for name, pattern in fault.get("match", {}).items())
