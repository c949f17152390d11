# SPDX-License-Identifier: GPL-3.0-or-later
"""python3 -I -B _runner.py SCRIPT: runs danubefile.py with `import danube` working, and ends with its exit code.

An uncaught StepFailed is one line, not a traceback: the step's own output is what people need to see."""
from __future__ import annotations

import os
import sys
import traceback
import types


def _prepare(script: str) -> types.ModuleType:
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    sys.argv = [script]
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # prints keep their place among steps
    module = types.ModuleType("__main__")
    module.__file__ = script
    sys.modules["__main__"] = module
    return module


def _execute(script: str, module: types.ModuleType) -> None:
    from danube import pipeline

    with open(script, "rb") as file:
        code = compile(file.read(), script, "exec")
    exec(code, module.__dict__)
    pipeline._run()


def _failures(error: BaseException) -> list[BaseException]:
    """An exception group's leaves; asyncio.TaskGroup wraps what its tasks raise."""
    if sys.version_info >= (3, 11) and isinstance(error, BaseExceptionGroup):
        return [leaf for member in error.exceptions for leaf in _failures(member)]
    return [error]


def _report(error: BaseException) -> None:
    from danube import StepFailed

    leaves = _failures(error)
    if all(isinstance(leaf, StepFailed) for leaf in leaves):
        for leaf in leaves:
            print(f"danube: {leaf}", file=sys.stderr)
        return
    frames = error.__traceback__
    while frames is not None and frames.tb_frame.f_code.co_filename == __file__:
        frames = frames.tb_next
    traceback.print_exception(type(error), error, frames)


def main() -> int:
    script = sys.argv[1]
    module = _prepare(script)
    try:
        _execute(script, module)
    except SystemExit:
        raise
    except KeyboardInterrupt:
        return 130
    except BaseException as error:  # noqa: BLE001 - whatever the file raises is its failure
        _report(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
