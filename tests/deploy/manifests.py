# SPDX-License-Identifier: GPL-3.0-or-later
"""Rendered manifests, by the unmodified kubectl."""
import os
import pathlib
import subprocess

import yaml

SOURCE = pathlib.Path(os.environ.get("DANUBE_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
BIN = pathlib.Path(os.environ.get("DANUBE_BIN_DIR", SOURCE / "build/dev/bin"))
VERSION = os.environ.get("DANUBE_VERSION", "0.1.0")
CLUSTER_SCOPED = {"Namespace", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "PersistentVolume", "StorageClass",
                  "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"}


def render(folder):
    done = subprocess.run(["kubectl", "kustomize", SOURCE / folder], capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        raise AssertionError(f"kubectl kustomize {folder}: {done.stderr}")
    return [document for document in yaml.safe_load_all(done.stdout) if document]


def only(objects, kind, name=None):
    found = [o for o in objects if o["kind"] == kind and name in (None, o["metadata"]["name"])]
    if len(found) != 1:
        raise AssertionError(f"expected one {kind} {name or ''}, found {len(found)}")
    return found[0]
