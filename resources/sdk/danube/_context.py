# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_PARAM = "DANUBE_PARAM_"


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
    """The run's parameters; see also param()."""

    def param(self, name: str, default: str | None = None) -> str | None:
        """One parameter; upper and lower case are the same."""
        wanted = name.lower()
        return next((value for key, value in self.params.items() if key.lower() == wanted), default)


def from_environment(environment: Mapping[str, str]) -> Context:
    def get(name: str) -> str:
        return environment.get("DANUBE_" + name, "")

    params = {name[len(_PARAM):]: value for name, value in environment.items() if name.startswith(_PARAM)}
    return Context(get("JOB_ID"), get("PIPELINE"), get("REPOSITORY"), get("BRANCH"), get("COMMIT"), get("TRIGGER_TYPE"),
                   get("TRIGGER_REF"), get("WORKSPACE"), MappingProxyType(params))


ctx = from_environment(os.environ)
