# SPDX-License-Identifier: GPL-3.0-or-later
"""A pod's volumes as directories of the node."""
import base64
import contextlib
import os
import pathlib
import re
import time


class MountFailure(Exception):
    """As in the event FailedMount; tried again, for what is missing may come."""


class Volumes:
    """Volumes of one pod below `directory`; sources are made once and live until the pod is gone."""

    def __init__(self, store, pod, directory):
        self._store, self._pod, self._directory = store, pod, pathlib.Path(directory)
        self._fs_group = (pod["spec"].get("securityContext") or {}).get("fsGroup")
        self._namespace = pod["metadata"]["namespace"]
        self._sources = {}  # volume name -> path

    def options(self, mounts):
        """danube-cell's options for a container's volumeMounts, outer ones first. Raises MountFailure."""
        found = []
        kinds = {volume["name"]: volume for volume in self._pod["spec"].get("volumes") or []}
        for mount in sorted(mounts, key=lambda mount: mount["mountPath"].count("/")):
            source = pathlib.Path(self._sources[mount["name"]], mount.get("subPath", ""))
            if mount.get("subPath"):
                self._make_below(pathlib.Path(self._sources[mount["name"]]), mount["subPath"])
            is_read_only = mount.get("readOnly") or not {"emptyDir", "hostPath"} & kinds[mount["name"]].keys()
            found += ["--bind-read-only" if is_read_only else "--bind", str(source), mount["mountPath"]]
        return found

    @staticmethod
    def _make_below(volume, path):
        """Missing directories of a subPath get the volume's mode, as a kubelet makes them."""
        mode = volume.stat().st_mode & 0o7777
        for part in pathlib.PurePath(path).parts:
            volume = volume / part
            if not volume.exists():
                volume.mkdir()
                volume.chmod(mode)

    def make(self):
        """All volumes that are not there yet. Raises MountFailure."""
        for volume in self._pod["spec"].get("volumes") or []:
            if volume["name"] not in self._sources:
                self._sources[volume["name"]] = self._make(volume)

    def over_limit(self):
        """(name, sizeLimit) of an emptyDir that holds more than it may, or None. Walks the disk: not on the loop."""
        for volume in self._pod["spec"].get("volumes") or []:
            limit = (volume.get("emptyDir") or {}).get("sizeLimit")
            if limit and volume["name"] in self._sources and used(self._sources[volume["name"]]) > quantity(limit):
                return volume["name"], limit
        return None

    def _make(self, volume):
        name = volume["name"]
        path = self._directory / name
        if "hostPath" in volume:
            return volume["hostPath"]["path"]
        if "emptyDir" in volume:
            path.mkdir(parents=True, exist_ok=True)
            path.chmod(0o777)
            self._own(path, 0o777)
            return str(path)
        for kind, sources in (("secret", [volume]), ("configMap", [volume]), ("downwardAPI", [volume]),
                              ("projected", (volume.get("projected") or {}).get("sources", []))):
            if kind in volume:
                mode = volume[kind].get("defaultMode", 0o644)
                files = [file for source in sources for file in self._files(name, source, mode)]
                return self._write(path, files)
        raise MountFailure(f'Unable to attach or mount volumes: volume "{name}" is of a kind that this node does not know')

    def _files(self, name, source, mode):
        """[(path, bytes, mode)] of one secret, configMap or downwardAPI source."""
        for kind, resource in (("secret", "secrets"), ("configMap", "configmaps")):
            if kind in source:
                return self._files_of(name, kind.lower(), resource, source[kind], mode)
        if "downwardAPI" in source:
            return [(item["path"], field(self._pod, item["fieldRef"]["fieldPath"]).encode(), item.get("mode", mode))
                    for item in source["downwardAPI"].get("items", []) if "fieldRef" in item]
        raise MountFailure(f'MountVolume.SetUp failed for volume "{name}" : this node projects no {", ".join(source)}')

    def _files_of(self, volume, kind, resource, spec, mode):
        wanted = spec.get("secretName") or spec.get("name", "")
        record = self._store.get(resource, self._namespace, wanted)
        if record is None:
            if spec.get("optional"):
                return []
            raise MountFailure(f'MountVolume.SetUp failed for volume "{volume}" : {kind} "{wanted}" not found')
        data = data_of(record.obj)
        items = spec.get("items") or [{"key": key, "path": key} for key in sorted(data)]
        missing = [item["key"] for item in items if item["key"] not in data]
        if missing and not spec.get("optional"):
            raise MountFailure(f'MountVolume.SetUp failed for volume "{volume}" : references non-existent {kind} key: {missing[0]}')
        return [(item["path"], data[item["key"]], item.get("mode", mode)) for item in items if item["key"] in data]

    def _write(self, path, files):
        """The kubelet's layout: visible names are links through ..data, so that a change is seen at once and whole."""
        stamp = ".." + time.strftime("%Y_%m_%d_%H_%M_%S", time.gmtime()) + f".{time.time_ns() % 10**9}"
        (path / stamp).mkdir(parents=True)
        for name, content, mode in files:
            file = path / stamp / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
            file.write_bytes(content)
            file.chmod(mode)
            self._own(file, mode | 0o440)
        self._own(path / stamp, 0o755)
        self._own(path, 0o777)
        (path / "..data").symlink_to(stamp)
        for top in sorted({name.split("/")[0] for name, _, _ in files}):
            (path / top).symlink_to(f"..data/{top}")
        return str(path)

    def _own(self, path, mode):
        if self._fs_group is not None:
            os.chown(path, -1, self._fs_group)
            path.chmod(mode | 0o2070 if path.is_dir() else mode)


def used(directory):
    """Bytes on disk below `directory`."""
    total = 0
    for folder, _, files in os.walk(directory):
        for name in files:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(folder, name)).st_blocks * 512
    return total


def quantity(text):
    """Bytes of "10Mi", "1G", "4096"."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([kKMGT]i?)?", str(text))
    if not found:
        raise ValueError(f"quantity {text!r}")
    unit = found[2] or ""
    factor = (1024 if unit.endswith("i") else 1000) ** ("kMGT".index(unit[0].replace("K", "k")) + 1) if unit else 1
    return int(float(found[1]) * factor)


def data_of(obj):
    """Bytes of a Secret or ConfigMap."""
    decoded = {key: base64.b64decode(value) for key, value in (obj.get("binaryData") or {}).items()}
    if obj["kind"] == "Secret":
        return decoded | {key: base64.b64decode(value) for key, value in (obj.get("data") or {}).items()}
    return decoded | {key: value.encode() for key, value in (obj.get("data") or {}).items()}


def field(pod, path):
    """A fieldRef: metadata.name, metadata.labels['x'], spec.nodeName, status.podIP, ..."""
    top, _, rest = path.partition(".")
    name, _, key = rest.partition("[")
    value = pod.get(top, {}).get(name, "")
    if key:
        value = (value or {}).get(key.rstrip("]").strip("'\""), "")
    elif isinstance(value, dict):
        value = "\n".join(f'{k}="{v}"' for k, v in sorted(value.items()))
    return "" if isinstance(value, list) else str(value)
