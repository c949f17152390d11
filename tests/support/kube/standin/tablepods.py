# SPDX-License-Identifier: GPL-3.0-or-later
"""What `get pods` shows of a pod."""


def _column(name, kind="string", priority=0):
    return {"name": name, "type": kind, "format": "name" if name == "Name" else "", "description": "", "priority": priority}


POD_COLUMNS = [_column("Name"), _column("Ready"), _column("Status"), _column("Restarts"), _column("Age"),
               *(_column(name, priority=1) for name in ("IP", "Node", "Nominated Node", "Readiness Gates"))]


def pod_cells(pod, age):
    spec, status = pod.get("spec", {}), pod.get("status", {})
    statuses = status.get("containerStatuses", ())
    ready = sum(1 for s in statuses if s.get("ready") and "running" in s.get("state", {}))
    restarts = sum(s.get("restartCount", 0) for s in statuses)
    return [pod["metadata"]["name"], f"{ready}/{len(spec.get('containers', ()))}", _reason(pod), str(restarts), age,
            status.get("podIP") or "<none>", spec.get("nodeName") or "<none>", status.get("nominatedNodeName") or "<none>", "<none>"]


def _reason(pod):
    spec, status = pod.get("spec", {}), pod.get("status", {})
    reason = status.get("reason") or status.get("phase", "")
    initializing = _initializing(spec, status)
    if initializing:
        reason = initializing
    else:
        reason = _of_containers(status, reason)
    if pod["metadata"].get("deletionTimestamp"):
        if status.get("reason") == "NodeLost":
            return "Unknown"
        if status.get("phase") not in ("Failed", "Succeeded"):
            return "Terminating"
    return reason


def _initializing(spec, status):
    """"Init:…" while init containers are not done, else ""."""
    found = {s["name"]: s.get("state", {}) for s in status.get("initContainerStatuses", ())}
    for done, container in enumerate(spec.get("initContainers", ())):
        state = found.get(container["name"])
        if state is None:
            return ""
        ended, waiting = state.get("terminated"), state.get("waiting")
        if ended and ended.get("exitCode") == 0:
            continue
        if ended:
            return "Init:" + (ended.get("reason") or f"ExitCode:{ended.get('exitCode')}")
        if waiting and waiting.get("reason") not in (None, "", "PodInitializing"):
            return "Init:" + waiting["reason"]
        return f"Init:{done}/{len(spec['initContainers'])}"
    return ""


def _of_containers(status, reason):
    running = False
    for entry in reversed(status.get("containerStatuses", ())):
        state = entry.get("state", {})
        waiting, ended = state.get("waiting"), state.get("terminated")
        if waiting and waiting.get("reason"):
            reason = waiting["reason"]
        elif ended:
            signal = f"Signal:{ended.get('signal')}" if ended.get("signal") else f"ExitCode:{ended.get('exitCode')}"
            reason = ended.get("reason") or signal
        elif entry.get("ready") and "running" in state:
            running = True
    if reason == "Completed" and running:
        return "Running" if _ready(status) else "NotReady"
    return reason


def _ready(status):
    return any(c["type"] == "Ready" and c["status"] == "True" for c in status.get("conditions", ()))
