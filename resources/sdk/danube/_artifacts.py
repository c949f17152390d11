# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from . import _channel, _check


@dataclass(frozen=True)
class Artifact:
    """A file the master keeps."""

    artifact_id: str
    name: str
    size_bytes: int
    sha256: str


class _Artifacts:
    """Files that outlive the job."""

    def upload(self, path: str | os.PathLike[str], name: str | None = None) -> Artifact:
        """Stores one regular file of the workspace, under its own name by default. Directories and symbolic links are
        refused (DanubeError)."""
        arguments: dict[str, Any] = {"path": _check.path("path", path)}
        if name is not None:
            arguments["name"] = _check.text("name", name)
        answer = _channel.call("upload_artifact", arguments).result()
        return Artifact(answer["artifact_id"], answer["name"], answer["size_bytes"], answer["sha256"])


artifacts = _Artifacts()
