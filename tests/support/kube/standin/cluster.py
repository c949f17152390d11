# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the parts together: one cluster with one node."""
import base64
import importlib
import importlib.util
import json
import pathlib

from . import defaults, rbac, users
from .admin import Admin
from .admission import Admission
from .app import App
from .controllers import Controllers
from .counts import Counts
from .faults import Faults
from .patching import Patching
from .resources import CRDS, Registry
from .server import Server
from .store import Store
from .subresources import Subresources
from .tls import Tls
from .verbs import Verbs
from .watch import Hub

_DATA = pathlib.Path(__file__).with_name("data")


class Cluster:
    def __init__(self, state, *, port=0, images=None, cell=None, admin_token, bookmark_seconds=60, policies=True):
        self.state, self.admin_token = state, admin_token
        self.faults, self.counts, self.store = Faults(), Counts(), Store()
        self.users, self.tls = users.Users(), Tls(state / "pki")
        self.registry, access = Registry(self.store, self.faults), rbac.Rbac(self.store)
        self.hub = Hub(self.store, self.faults, self.counts, bookmark_seconds)
        self.users.add(admin_token, "kubernetes-admin", (users.MASTERS,))
        self.kubelet = self._kubelet(state, images, cell)
        subresources = Subresources(self.store, self.faults, self.users, access, self.kubelet)
        verbs = Verbs(self.store, self.hub, Admission(self.store, self.faults), Patching(self.store), subresources)
        admin = Admin(store=self.store, faults=self.faults, counts=self.counts, users=self.users, tls=self.tls, hub=self.hub)
        self.app = App(self.registry, self.users, access, self.faults, self.counts, verbs, admin)
        self.server = admin.server = Server(self.app, self.tls, self.faults, self.counts, port)
        admin.kubelet = self.kubelet
        self._policies = policies

    def _kubelet(self, state, images, cell):
        if importlib.util.find_spec(f"{__package__}.kubelet") is None:
            return None
        module = importlib.import_module(f"{__package__}.kubelet")
        return module.Kubelet(store=self.store, faults=self.faults, counts=self.counts, state=state, images=images, cell=cell)

    async def start(self):
        Controllers(self.store, self.registry, self.faults, self.tls.authority.read_text)
        rbac.seed(self.store)
        for name in ("default", "kube-system", "kube-public"):
            self.store.create("namespaces", {
                "kind": "Namespace", "apiVersion": "v1", "metadata": {"name": name, "labels": {"kubernetes.io/metadata.name": name}},
                "spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"}})
        if self._policies:
            self.install_crd(_DATA / "ciliumnetworkpolicies.json")
        if self.kubelet:
            await self.kubelet.start()
        await self.server.open()
        self.app.port = self.server.port

    def install_crd(self, path):
        crd = json.loads(path.read_text())
        crd["metadata"].setdefault("generation", 1)
        defaults.fill(self.registry.by_id(CRDS), crd)
        defaults.begin(self.registry.by_id(CRDS), crd)
        self.store.create(CRDS, crd)

    async def stop(self):
        await self.server.close()
        if self.kubelet:
            await self.kubelet.stop()

    @property
    def url(self):
        return f"https://127.0.0.1:{self.server.port}"

    def kubeconfig(self, token, user):
        authority = base64.b64encode(self.tls.authority.read_bytes()).decode()
        return {"apiVersion": "v1", "kind": "Config", "current-context": "standin",
                "clusters": [{"name": "standin", "cluster": {"server": self.url, "certificate-authority-data": authority}}],
                "users": [{"name": user, "user": {"token": token}}],
                "contexts": [{"name": "standin", "context": {"cluster": "standin", "user": user}}]}
