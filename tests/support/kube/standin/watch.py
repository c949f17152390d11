# SPDX-License-Identifier: GPL-3.0-or-later
"""Watches: one subscription to the store, an index of the watchers, bookmarks."""
import asyncio
import collections
import random

from . import tables, wire
from .errors import ApiError

MAX_PENDING = 20000  # a watcher that does not read this many changes is ended, as the server's cache does


class Hub:
    """Tells each change to the watchers it may concern: those of the resource, its namespace, its name."""

    def __init__(self, store, faults, counts, bookmark_seconds=60):
        self.store, self.faults, self.counts, self.bookmark_seconds = store, faults, counts, bookmark_seconds
        self._watchers = {}  # (resource, namespace or None, name or "") -> {Watcher}
        store.subscribe(self._changed)

    def add(self, watcher):
        self._watchers.setdefault(watcher.key, set()).add(watcher)

    def remove(self, watcher):
        found = self._watchers.get(watcher.key, set())
        found.discard(watcher)
        if not found:
            self._watchers.pop(watcher.key, None)

    def end_all(self):
        for found in self._watchers.values():
            for watcher in found:
                watcher.end()

    def _changed(self, change):
        record = change.record
        for key in ((record.resource, None, ""), (record.resource, record.namespace, ""), (record.resource, None, record.name),
                    (record.resource, record.namespace, record.name)):
            for watcher in self._watchers.get(key, ()):
                watcher.offer(change)


class Selection:
    """Label and field selector of a request together."""

    def __init__(self, labels, fields):
        self._labels, self._fields = labels, fields

    def fits(self, obj):
        return (self._labels is None or self._labels(obj["metadata"].get("labels", {}))) and (self._fields is None or self._fields(obj))

    def seen(self, change):
        """ADDED, MODIFIED, DELETED or None: what the change is to somebody who sees only the selection."""
        if self._labels is None and self._fields is None:
            return change.kind
        now = change.kind != "DELETED" and self.fits(change.record.obj)
        before = change.previous is not None and self.fits(change.previous.obj)
        if now:
            return "MODIFIED" if before else "ADDED"
        return "DELETED" if before else None


class Watcher:
    def __init__(self, hub, request, selection, name, table):
        self._hub, self._request, self._selection = hub, request, selection
        self._table = tables.printer(request.resource) if table else None
        self._include = request.get("includeObject") or "Metadata"
        self._columns_sent = False
        self.key = (request.resource.id, request.namespace or None, name)
        self._pending, self._wake, self._ended = collections.deque(), asyncio.Event(), False

    def offer(self, change):
        if len(self._pending) >= MAX_PENDING:
            self._ended = True
        else:
            self._pending.append(change)
        self._wake.set()

    def end(self):
        self._ended = True
        self._wake.set()

    async def lines(self):
        """The whole watch as pieces of its body."""
        request, store = self._request, self._hub.store
        deadline = asyncio.get_running_loop().time() + (request.number("timeoutSeconds") or random.randint(1800, 3600))
        self._hub.counts.begin(f"watch {request.resource.id}")
        self._hub.add(self)
        try:
            start = self._start()
            if start is None or self._hub.faults.take("gone", **request.facts()):
                oldest = store.oldest(request.resource.id) or store.version
                yield _error_line(ApiError(410, "Expired", f"too old resource version: {request.get('resourceVersion')} ({oldest})"))
                return
            for piece in self._initial(start):
                yield piece
            async for piece in self._live(deadline):
                yield piece
        finally:
            self._hub.remove(self)
            self._hub.counts.end(f"watch {request.resource.id}")

    def _start(self):
        """("all", records) to begin with the present state, ("since", changes), or None when that is forgotten."""
        request, store = self._request, self._hub.store
        version, resource = request.get("resourceVersion"), request.resource.id
        if request.flag("sendInitialEvents") or version in ("", "0"):
            return "all", store.list(resource, request.namespace or None)
        self._from = int(version)
        if self._from > store.version:
            return "since", []
        changes = store.since(resource, self._from)
        return None if changes is None else ("since", list(changes))

    def _initial(self, start):
        kind, found = start
        store, request = self._hub.store, self._request
        if kind == "all":
            self._from = store.version
            lines = [self._record_line("ADDED", record) for record in found if self._fits(record)]
            if request.flag("sendInitialEvents") and request.flag("allowWatchBookmarks"):
                lines.append(self._bookmark({"k8s.io/initial-events-end": "true"}))
            yield from lines
            return
        for change in found:
            line = self._line(change)
            if line:
                yield line

    def _fits(self, record):
        _, namespace, name = self.key
        return (namespace is None or record.namespace == namespace) and (not name or record.name == name) and self._selection.fits(record.obj)

    async def _live(self, deadline):
        loop, request = asyncio.get_running_loop(), self._request
        bookmarks = request.flag("allowWatchBookmarks")
        last_bookmark = min(loop.time() + self._hub.bookmark_seconds, max(loop.time(), deadline - 2)) if bookmarks else deadline
        while True:
            while self._pending:
                line = self._line(self._pending.popleft())
                if line:
                    slow = self._hub.faults.take("watch-slow", **request.facts())
                    if slow:
                        await asyncio.sleep(slow.get("ms", 1000) / 1000)
                    yield line
            if self._ended or loop.time() >= deadline:
                return
            if bookmarks and loop.time() >= last_bookmark:
                if not self._hub.faults.take("watch-no-bookmarks", **request.facts()):
                    yield self._bookmark()
                next_one = loop.time() + self._hub.bookmark_seconds
                last_bookmark = next_one if next_one < deadline - 2 else deadline if loop.time() >= deadline - 2 else deadline - 2
            self._wake.clear()
            if not self._pending:
                await _wait(self._wake, min(deadline, last_bookmark) - loop.time())

    def _line(self, change):
        """The bytes of a change, or None when it does not concern this watch."""
        _, namespace, name = self.key
        if change.version <= self._from or (namespace is not None and change.record.namespace != namespace) \
                or (name and change.record.name != name):
            return None
        kind = self._selection.seen(change)
        if kind is None:
            return None
        return self._record_line(kind, change.record) if self._table else change.line(kind)

    def _record_line(self, kind, record):
        body = record.body()
        if self._table:
            columns, cells = self._table
            shown = None if self._columns_sent else columns
            self._columns_sent = True
            body = tables.table({"resourceVersion": str(record.version)}, shown, [tables.row(record, cells, self._include)])
        return b'{"type":"' + kind.encode() + b'","object":' + body + b"}\n"

    def _bookmark(self, annotations=None):
        resource = self._request.resource
        metadata = {"resourceVersion": str(self._hub.store.version)} | ({"annotations": annotations} if annotations else {})
        obj = {"kind": resource.kind, "apiVersion": resource.api_version, "metadata": metadata}
        if resource.id == "pods":
            obj |= {"spec": {"containers": None}, "status": {}}
        if self._table:
            obj = {"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata, "columnDefinitions": [], "rows": []}
        return b'{"type":"BOOKMARK","object":' + wire.encode(obj) + b"}\n"


async def _wait(event, seconds):
    try:
        await asyncio.wait_for(event.wait(), max(0, seconds))
    except TimeoutError:
        return


def _error_line(error):
    return b'{"type":"ERROR","object":' + wire.encode(error.status()) + b"}\n"
