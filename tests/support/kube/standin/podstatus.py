# SPDX-License-Identifier: GPL-3.0-or-later
"""Pod and container status as a kubelet writes them. Pure."""
from . import wire


def waiting(reason, message=None):
    return {"waiting": {"reason": reason} | ({"message": message} if message else {})}


def running(started):
    return {"running": {"startedAt": started}}


def terminated(code, reason, started, container_id, message=None):
    state = {"exitCode": code, "reason": reason} | ({"message": message} if message else {})
    return {"terminated": state | {"startedAt": started, "finishedAt": wire.now(), "containerID": container_id}}


def container_status(container):
    """`container`: container.Container."""
    status = {"name": container.name, "state": container.state, "lastState": container.last_state, "ready": container.is_ready,
              "restartCount": container.restarts, "image": container.spec.get("image", ""), "imageID": container.image_id}
    if container.container_id:
        status["containerID"] = container.container_id
    status["started"] = container.is_running
    if container.container_id and container.kind != "ephemeral":
        status["resources"] = container.spec.get("resources") or {}
    mounts = [_mount(mount) for mount in container.spec.get("volumeMounts") or []]
    if mounts:
        status["volumeMounts"] = mounts
    if container.process:
        who = container.process
        status["user"] = {"linux": {"uid": who.user, "gid": who.group, "supplementalGroups": who.groups}}
    return status


def _mount(mount):
    found = {"name": mount["name"], "mountPath": mount["mountPath"]}
    return found | ({"readOnly": True, "recursiveReadOnly": "Disabled"} if mount.get("readOnly") else {})


def phase(init, regular, policy):
    """Of lists of container.Container."""
    if any(container.failed for container in init):
        return "Failed"
    if any(not container.succeeded for container in init) or any("waiting" in c.state and not c.last_state for c in regular):
        return "Pending"
    if any("terminated" not in container.state for container in regular) or policy == "Always":
        return "Running"
    return "Succeeded" if all(container.succeeded for container in regular) else "Failed"


def conditions(old, generation, states):
    """Conditions of `states` [(type, is true, reason, message)]; a time changes only with the value."""
    times = {(c["type"], c["status"]): c.get("lastTransitionTime") for c in old}
    found = []
    for kind, is_true, reason, message in states:
        status = "True" if is_true else "False"
        condition = {"type": kind, "observedGeneration": generation, "status": status, "lastProbeTime": None,
                     "lastTransitionTime": times.get((kind, status)) or wire.now()}
        found.append(condition | ({"reason": reason} if reason else {}) | ({"message": message} if message else {}))
    kept = [c for c in old if c["type"] not in {kind for kind, *_ in states}]
    return found + kept


def readiness(init, regular, has_sandbox, pod_phase):
    """[(type, is true, reason, message)] for conditions()."""
    left = [c.name for c in init if not c.succeeded]
    unready = [c.name for c in regular if not c.is_ready]
    is_over = pod_phase in ("Succeeded", "Failed")
    done = "PodCompleted" if pod_phase == "Succeeded" else "PodFailed" if pod_phase == "Failed" else ""
    initialized = (not left or is_over and not any(c.failed for c in init), "", "")
    if not initialized[0]:
        initialized = (False, done or "ContainersNotInitialized", "" if done else f"containers with incomplete status: [{' '.join(left)}]")
    elif pod_phase == "Succeeded":
        initialized = (True, "PodCompleted", "")
    ready = (not unready and not is_over, "", "")
    if not ready[0]:
        ready = (False, done or "ContainersNotReady", "" if done else f"containers with unready status: [{' '.join(unready)}]")
    return [("PodReadyToStartContainers", has_sandbox, "", ""), ("Initialized", *initialized), ("Ready", *ready),
            ("ContainersReady", *ready), ("PodScheduled", True, "", "")]
