# SPDX-License-Identifier: GPL-3.0-or-later
"""The last message of an exec, as recorded from containerd (v4 and below) and from the kubelet (v5). Pure."""
from . import wire

_PREFIX = "command terminated with non-zero exit code: "


def success():
    return wire.encode({"metadata": {}, "status": "Success"})


def exit_text(command, code, is_v5):
    if is_v5:
        return f"{_PREFIX}command terminated with exit code {code}"
    return f"{_PREFIX}error executing command [{' '.join(command)}], exit code {code}"


def exit_status(command, code, is_v5):
    if code == 0:
        return success()
    return wire.encode({"metadata": {}, "status": "Failure", "message": exit_text(command, code, is_v5), "reason": "NonZeroExitCode",
                        "details": {"causes": [{"reason": "ExitCode", "message": str(code)}]}})


def start_text(failure, exec_id):
    """`failure`: danube-cell's sentence."""
    stage = "" if failure == "args must not be empty" else "unable to start container process: "
    return (f'error executing command in container: failed to exec in container: failed to start exec "{exec_id}": '
            f"OCI runtime exec failed: exec failed: {stage}{failure}")


def start_status(failure, exec_id, is_v5):
    cause = start_text(failure, exec_id)
    if is_v5:
        cause = "Internal error occurred: " + cause
    return wire.encode({"metadata": {}, "status": "Failure", "message": "Internal error occurred: " + cause, "reason": "InternalError",
                        "details": {"causes": [{"message": cause}]}, "code": 500})
