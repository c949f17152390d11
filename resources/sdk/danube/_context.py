# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True)
class Context:
    """What this job is about."""

    job_id: str = ""
    pipeline: str = ""
    repo: str = ""
    """The repository's URL, without credentials."""
    branch: str = ""
    """Empty when the job was started for a tag or a commit."""
    commit_sha: str = ""
    trigger_type: str = ""
    """api, retry, webhook or cron."""
    trigger_ref: str = ""
    """The ref that was asked for; empty for the default branch."""
    workspace: str = ""
    """Where steps run and artifacts are taken from."""
    params: Mapping[str, str] = field(default_factory=dict)
    """The run's parameters, read-only."""


def from_environment(environment: Mapping[str, str]) -> Context:
    def get(name: str) -> str:
        return environment.get("DANUBE_" + name, "")

    params: dict[str, str] = json.loads(get("PARAMS") or "{}")
    return Context(get("JOB_ID"), get("PIPELINE"), get("REPOSITORY"), get("BRANCH"), get("COMMIT_SHA"), get("TRIGGER_TYPE"),
                   get("TRIGGER_REF"), get("WORKSPACE"), MappingProxyType(params))


ctx = from_environment(os.environ)
