# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from . import _channel, _check

_Main = TypeVar("_Main", bound=Callable[[], Any])


class _Pipeline:
    """Marks the function that is the pipeline, for files that want one; plain code at the top of the file works as well.

        @pipeline
        def build():
            step.run("make")

    The function may be async. It runs once the whole file was read."""

    def __init__(self) -> None:
        self._main: Callable[[], Any] | None = None

    def __call__(self, main: _Main) -> _Main:
        if not callable(main):
            raise TypeError(f"@pipeline takes a function without arguments, not {type(main).__name__}")
        if self._main is not None:
            raise TypeError("@pipeline may mark one function only")
        self._main = main
        return main

    def report(self, message: str | None = None, progress: float | None = None) -> None:
        """Tells people how far the job is: a sentence of at most 1000 characters, a progress from 0 to 1."""
        arguments: dict[str, Any] = {}
        if message is not None:
            arguments["message"] = _check.text("message", message, empty=True)
        if progress is not None:
            if isinstance(progress, bool) or not isinstance(progress, (int, float)):
                raise TypeError(f"progress must be a number, not {type(progress).__name__}")
            if not 0 <= progress <= 1:
                raise ValueError("progress must be from 0 to 1")
            arguments["progress"] = progress
        _channel.call("report_status", arguments).result()

    def _run(self) -> None:
        if self._main is None:
            return
        result = self._main()
        if inspect.isawaitable(result):
            asyncio.run(_await(result))


async def _await(awaitable: Any) -> None:
    await awaitable


pipeline = _Pipeline()
