# SPDX-License-Identifier: GPL-3.0-or-later
"""Arguments checked where they are given, so that the mistake's own line stands in the traceback."""
from __future__ import annotations

import os
from typing import Any


def text(where: str, value: Any, *, empty: bool = False) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{where} must be a string, not {type(value).__name__}")
    if not value.strip() and not empty:
        raise ValueError(f"{where} must not be empty")
    return value


def flag(where: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{where} must be True or False, not {type(value).__name__}")
    return value


def path(where: str, value: Any) -> str:
    if not isinstance(value, (str, os.PathLike)):
        raise TypeError(f"{where} must be a path, not {type(value).__name__}")
    return text(where, os.fspath(value))
