# SPDX-License-Identifier: GPL-3.0-or-later
"""The Node in the store: what `kubectl get nodes` shows, Ready as long as the node answers."""
import os
import platform

from . import wire

NODES = "nodes"
VERSION = "v1.36.2"


def publish(store, name, address):
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    room = {"cpu": str(os.cpu_count() or 1), "memory": f"{pages * size // 1024}Ki", "pods": "500", "ephemeral-storage": "100Gi"}
    store.create(NODES, {
        "kind": "Node", "apiVersion": "v1",
        "metadata": {"name": name, "labels": {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux"}},
        "spec": {},
        "status": {"capacity": room, "allocatable": room, "conditions": [_ready("True", "KubeletReady", "kubelet is posting ready status")],
                   "addresses": [{"type": "InternalIP", "address": address}, {"type": "Hostname", "address": name}],
                   "nodeInfo": {"kubeletVersion": VERSION, "kernelVersion": platform.release(), "operatingSystem": "linux",
                                "architecture": "amd64", "osImage": "stand-in", "containerRuntimeVersion": "danube-cell"}}})


def set_ready(store, name, is_ready):
    """Not ready: Unknown, and the taints that a lost node gets."""
    condition = _ready("True", "KubeletReady", "kubelet is posting ready status") if is_ready else \
        _ready("Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status.")

    def change(node):
        node["status"]["conditions"] = [condition]
        node["spec"].pop("taints", None)
        if not is_ready:
            node["spec"]["taints"] = [{"key": "node.kubernetes.io/unreachable", "effect": effect, "timeAdded": wire.now()}
                                      for effect in ("NoSchedule", "NoExecute")]
    store.mutate(NODES, "", name, change)


def _ready(status, reason, message):
    return {"type": "Ready", "status": status, "lastHeartbeatTime": wire.now(), "lastTransitionTime": wire.now(), "reason": reason,
            "message": message}
