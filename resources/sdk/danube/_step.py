# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
import datetime
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Union

from . import _channel, _check
from ._errors import StepFailed

Command = Union[str, Sequence[str]]
_MAX_TIMEOUT = 7 * 86400
_MAX_PARALLEL = 256


@dataclass(frozen=True)
class StepResult:
    """How a step ended."""

    exit_code: int
    """0..255; 128 + signal when a signal ended it; -1 when there is none (timeout, cancelled, lost)."""
    duration_ms: int
    outcome: str
    """exited, signalled, timeout, cancelled or lost."""
    signal: int | None = None
    stdout: str | None = None
    """Standard output when the step was run with capture=True, secrets masked."""
    truncated: bool = False
    """True when stdout is only the beginning."""

    @property
    def ok(self) -> bool:
        """Whether it exited with code 0."""
        return self.outcome == "exited" and self.exit_code == 0

    def describe(self) -> str:
        """One phrase for people: "exit code 3", "timed out after 2.0 s", "killed by signal 9"."""
        if self.outcome == "exited":
            return f"exit code {self.exit_code}"
        if self.outcome == "signalled":
            return f"killed by signal {self.signal}"
        if self.outcome == "timeout":
            return f"timed out after {self.duration_ms / 1000:.1f} s"
        return self.outcome


def _display_name(command: Command) -> str:
    line = command if isinstance(command, str) else " ".join(command)
    name = " ".join(line.split())
    return name if len(name) <= 80 else name[:79] + "…"


def _command(command: Any) -> Command:
    if isinstance(command, str):
        return _check.text("command", command)
    if isinstance(command, bytes) or not isinstance(command, Sequence):
        raise TypeError(f"command must be a string or a list of strings, not {type(command).__name__}")
    for word in command:
        _check.text("every word of command", word, empty=True)
    if not command:
        raise ValueError("command must not be empty")
    return list(command)


def _environment(env: Any) -> dict[str, str]:
    if not isinstance(env, Mapping):
        raise TypeError(f"env must be a mapping of strings, not {type(env).__name__}")
    return {_check.text("every name in env", name): _check.text(f"env[{name!r}]", value, empty=True) for name, value in env.items()}


def _timeout(timeout: Any) -> int:
    if isinstance(timeout, datetime.timedelta):
        timeout = timeout.total_seconds()
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)):
        raise TypeError(f"timeout must be a number of seconds, not {type(timeout).__name__}")
    if not 0 < timeout <= _MAX_TIMEOUT:
        raise ValueError(f"timeout must be more than 0 and at most {_MAX_TIMEOUT} seconds")
    return math.ceil(timeout)


class _Steps:
    """Runs commands in the job's worker containers, in the workspace."""

    def run(self, command: Command, name: str | None = None, image: str | None = None, env: Mapping[str, str] | None = None,
            check: bool = True, capture: bool = False, timeout: float | datetime.timedelta | None = None) -> StepResult:
        """Runs one step and waits for its end.

        command: a string is run by /bin/sh -c, a list of strings as it is.
        name:    what people see; by default the command.
        image:   container image, one of the pipeline's; by default its first.
        env:     further environment variables.
        check:   raise StepFailed unless the step exits with 0.
        capture: give its standard output in the result (it is in the log all the same).
        timeout: seconds (rounded up) after which the step and all its processes are killed."""
        future, shown, check = self._start(command, name, image, env, check, capture, timeout)
        return _finish(future.result(), shown, check)

    async def run_async(self, command: Command, name: str | None = None, image: str | None = None,
                        env: Mapping[str, str] | None = None, check: bool = True, capture: bool = False,
                        timeout: float | datetime.timedelta | None = None) -> StepResult:
        """run() for asyncio. Cancelling the task stops the waiting, not the step."""
        future, shown, check = self._start(command, name, image, env, check, capture, timeout)
        return _finish(await asyncio.wrap_future(future), shown, check)

    def parallel(self, steps: Iterable[Union[Command, Mapping[str, Any], Callable[[], Any]]]) -> list[Any]:
        """Runs all at once and waits for all, also when some fail; then raises the first failure or returns the results in
        order. Each step is a command, a dict of run()'s arguments, or a function without arguments."""
        jobs = [_callable(self, entry) for entry in _entries(steps)]
        if not jobs:
            return []
        with ThreadPoolExecutor(len(jobs), thread_name_prefix="danube-step") as pool:
            futures = [pool.submit(job) for job in jobs]
        return [future.result() for future in futures]

    def _start(self, command: Any, name: Any, image: Any, env: Any, check: Any, capture: Any,
               timeout: Any) -> tuple[Future[dict[str, Any]], str, bool]:
        words = _command(command)
        arguments: dict[str, Any] = {"command": words, "capture_output": _check.flag("capture", capture)}
        arguments["step_name"] = _display_name(words) if name is None else _check.text("name", name)
        if image is not None:
            arguments["image"] = _check.text("image", image)
        if env is not None:
            arguments["env"] = _environment(env)
        if timeout is not None:
            arguments["timeout_seconds"] = _timeout(timeout)
        check = _check.flag("check", check)
        return _channel.call("run_step", arguments), arguments["step_name"], check


def _entries(steps: Any) -> list[Any]:
    if isinstance(steps, (str, bytes, Mapping)) or not isinstance(steps, Iterable):
        raise TypeError(f"steps must be a list of steps, not {type(steps).__name__}")
    entries = list(steps)
    if len(entries) > _MAX_PARALLEL:
        raise ValueError(f"at most {_MAX_PARALLEL} steps at once, not {len(entries)}")
    return entries


def _callable(steps: _Steps, entry: Any) -> Callable[[], Any]:
    if callable(entry):
        return entry
    if isinstance(entry, Mapping):
        return lambda: steps.run(**entry)
    command = _command(entry)
    return lambda: steps.run(command)


def _finish(answer: dict[str, Any], name: str, check: bool) -> StepResult:
    result = StepResult(exit_code=answer["exit_code"], duration_ms=answer["duration_ms"], outcome=answer["outcome"],
                        signal=answer.get("signal"), stdout=answer.get("stdout"), truncated=answer.get("truncated", False))
    if check and not result.ok:
        raise StepFailed(name, result)
    return result


step = _Steps()
