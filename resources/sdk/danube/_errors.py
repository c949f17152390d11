# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._step import StepResult


class DanubeError(Exception):
    """Danube refused a call or could not answer it: an unknown secret, a missing file, a wrong argument.

    `code` is a closed word: invalid-argument, permission-denied, not-found, conflict, resource-exhausted, unavailable …"""

    def __init__(self, message: str, code: str = "internal") -> None:
        super().__init__(message)
        self.code = code


class StepFailed(DanubeError):
    """A step ended otherwise than with exit code 0, and `check` was true."""

    def __init__(self, name: str, result: StepResult) -> None:
        super().__init__(f"step '{name}' failed: {result.describe()}", "step-failed")
        self.name = name
        self.result = result
