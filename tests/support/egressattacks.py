# SPDX-License-Identifier: GPL-3.0-or-later
"""What a step may try to reach what is on no list, one function a row: egressnetwork.py and egressmachine.py. Runs as a step, with the
files it imports: TARGETS (JSON, by environment) says where the test's own servers are. Prints {row: "reached: …" | "refused: …"}. A row
succeeds when it got an answer that the guard should not let it have; anything it raises is a refusal.

Each row says what guards against it, and the test shows the row succeeding without that: "sandbox" (local.egress = "off"), "plain" (a
network namespace with routes and servers, in which nothing else is), "process" (a process of this machine that nothing surrounds), or
the switches of guardsoff.py that take single protections out of the guard, the sandbox or the agent."""
import json
import os
import signal

import egressnetwork  # noqa: F401
import egressmachine  # noqa: F401
from egresstable import ROWS

FILES = ("egressattacks.py", "egresstable.py", "egressnetwork.py", "egressmachine.py")  # that a step needs


def attempt(function):
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(20)
        try:
            said = f"reached: {function()!r:.80}"
        except BaseException as error:
            said = f"refused: {type(error).__name__}: {error}"
        os.write(theirs, said.encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(child, 0)
    return said or "refused: killed"


def attempt_all(only=None):
    """`only`: a guard, or names of rows with commas between."""
    chosen = (only or "").split(",")
    return {name: attempt(function) for name, (function, guard) in ROWS.items() if not only or guard == only or name in chosen}


if __name__ == "__main__":
    print(json.dumps(attempt_all(os.environ.get("ONLY"))))
