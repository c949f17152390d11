# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in Kubernetes API server with one node: what the tests and `./dev run --kubernetes` use for a cluster.

One process, one asyncio loop, two halves with this border between them:

* API half (server, app, store, faults, ...): HTTP, authentication, RBAC, admission, validation, storage, watch.
* kubelet half (kubelet.py): scheduling, real child processes as containers, pod status, exec, logs. The API half uses

    class Kubelet:
        def __init__(self, *, store, faults, counts, state, images, cell): ...   # state: pathlib.Path; images, cell: or None
        async def start(self): ...       # subscribes to the store; objects may exist already
        async def stop(self): ...        # ends every container, then returns
        async def exec(self, request, reader, writer): ...   # see below
        def logs(self, pod, query): ...  # query: [(name, value)] -> async iterator of bytes; raises errors.ApiError / PlainError before the first
        async def act(self, action, params): ...   # POST /standin/act {"action", ...}; returns a JSON value; ValueError -> 400

  `exec` gets an authorised GET or POST of .../pods/NAME/exec (server.Request: namespace, name, query, headers). It refuses by
  raising errors.ApiError or errors.PlainError before it has written anything, else it writes its own 101 and owns the
  connection until it returns; the server closes the writer then. A restart of the server aborts the connection under it.

  Pod life: the API stores a new pod as Pending without spec.nodeName. The kubelet half binds it (`store.mutate`), runs it, writes
  status (`store.set_status`). DELETE of a bound pod sets metadata.deletionTimestamp and deletionGracePeriodSeconds (a MODIFIED
  change); the kubelet half stops it, writes the last status and calls `store.remove(..., uid=...)`. A pod deleted with grace 0, or
  unbound, is removed by the API half: the kubelet half sees DELETED and must stop what runs. Ephemeral containers appear in
  spec.ephemeralContainers by a MODIFIED change. Events: `events.record(store, pod, reason, message, ...)`.

Everything runs on the loop's thread; store and faults are synchronous.
"""
