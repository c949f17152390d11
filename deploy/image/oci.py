# SPDX-License-Identifier: GPL-3.0-or-later
"""An OCI image (image-spec 1.1: layout, index, manifest, config) as one archive, written without a container engine."""
import dataclasses
import datetime
import hashlib
import json
import pathlib
import tarfile

TYPES = "application/vnd.oci.image"


@dataclasses.dataclass(frozen=True)
class Settings:
    """What a runtime reads from the image. `user` is numeric, so that runAsNonRoot can be checked without the image."""
    name: str
    version: str
    architecture: str
    user: str
    entrypoint: tuple
    environment: dict
    folder: str = "/"
    volumes: tuple = ()
    ports: tuple = ()
    labels: dict = dataclasses.field(default_factory=dict)


def _blob(blobs, value):
    """Stores canonical JSON and gives (digest, size)."""
    data = json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
    digest = hashlib.sha256(data).hexdigest()
    (blobs / digest).write_bytes(data)
    return "sha256:" + digest, len(data)


def _config(settings, layers, created):
    inner = {"User": settings.user, "Env": [f"{k}={v}" for k, v in sorted(settings.environment.items())],
             "WorkingDir": settings.folder, "Labels": settings.labels}
    if settings.entrypoint:
        inner["Entrypoint"] = list(settings.entrypoint)
    if settings.volumes:
        inner["Volumes"] = {path: {} for path in settings.volumes}
    if settings.ports:
        inner["ExposedPorts"] = {f"{port}/tcp": {} for port in settings.ports}
    return {"created": created, "architecture": settings.architecture, "os": "linux", "config": inner,
            "rootfs": {"type": "layers", "diff_ids": [layer.diff_id for layer in layers]},
            "history": [{"created": created, "created_by": "./dev image"} for _ in layers]}


def write_layout(folder, settings, layers, epoch):
    """Completes `folder`, whose blobs/sha256 holds the layers, to an image layout; returns the manifest's digest."""
    folder = pathlib.Path(folder)
    blobs = folder / "blobs/sha256"
    created = datetime.datetime.fromtimestamp(epoch, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    config_digest, config_size = _blob(blobs, _config(settings, layers, created))
    manifest = {"schemaVersion": 2, "mediaType": f"{TYPES}.manifest.v1+json",
                "config": {"mediaType": f"{TYPES}.config.v1+json", "digest": config_digest, "size": config_size},
                "layers": [{"mediaType": f"{TYPES}.layer.v1.tar+gzip", "digest": layer.digest, "size": layer.size}
                           for layer in layers]}
    digest, size = _blob(blobs, manifest)
    # The tag for tools that know OCI only, the whole name for containerd.
    names = {"org.opencontainers.image.ref.name": settings.version,
             "io.containerd.image.name": f"docker.io/library/{settings.name}:{settings.version}"}
    index = {"schemaVersion": 2, "mediaType": f"{TYPES}.index.v1+json",
             "manifests": [{"mediaType": f"{TYPES}.manifest.v1+json", "digest": digest, "size": size, "annotations": names,
                            "platform": {"architecture": settings.architecture, "os": "linux"}}]}
    (folder / "index.json").write_text(json.dumps(index, sort_keys=True, separators=(",", ":")))
    (folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    return digest


def write_archive(folder, archive, epoch):
    folder, partial = pathlib.Path(folder), archive.with_suffix(".partial")
    with tarfile.open(partial, "w", format=tarfile.PAX_FORMAT) as target:
        for path in sorted(folder.rglob("*"), key=lambda p: p.relative_to(folder).as_posix()):
            header = tarfile.TarInfo(path.relative_to(folder).as_posix())
            header.mtime, header.mode = epoch, 0o755 if path.is_dir() else 0o644
            if path.is_dir():
                header.type = tarfile.DIRTYPE
                target.addfile(header)
            else:
                header.size = path.stat().st_size
                with open(path, "rb") as content:
                    target.addfile(header, content)
    partial.rename(archive)
