# SPDX-License-Identifier: GPL-3.0-or-later
"""What a danubefile.py speaks to Danube with. Python's standard library only.

    from danube import pipeline, step, ctx, secrets, artifacts

    step.run("make all")
    result = step.run(["git", "describe"], capture=True)
    step.parallel(["make test", "make lint"])
    artifacts.upload("dist/app.tar.gz")

Everything may be called from any thread, and many calls may be under way at once.
"""

from ._artifacts import Artifact, artifacts
from ._context import Context, ctx
from ._errors import DanubeError, StepFailed
from ._pipeline import pipeline
from ._secrets import secrets
from ._step import StepResult, step

__all__ = ["Artifact", "Context", "DanubeError", "StepFailed", "StepResult", "artifacts", "ctx", "pipeline", "secrets", "step"]
