# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from . import _channel, _check


class _Secrets:
    """The secrets granted to this pipeline. Their values are masked in the job's log from the moment they are asked for."""

    def get(self, key: str) -> str:
        """The value; DanubeError (not-found or permission-denied alike) when this job has no such secret."""
        return _channel.call("get_secret", {"key": _check.text("key", key)}).result()["value"]


secrets = _Secrets()
