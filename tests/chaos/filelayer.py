# SPDX-License-Identifier: GPL-3.0-or-later
"""filelayer.cpp, built and told what to do."""
import os
import pathlib
import subprocess
import tempfile


class FileLayer:
    """Preloaded into masters; its rules (one for all of them), and who met one."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="danube-files-")
        folder = pathlib.Path(self._folder.name)
        self._library, source = folder / "filelayer.so", pathlib.Path(__file__).with_name("filelayer.cpp")
        subprocess.run(["g++", "-O1", "-std=c++20", "-shared", "-fPIC", "-o", self._library, source], check=True)
        self._rules, self._hits = folder / "rules", folder / "hits"

    def environment(self, data, trace=None):
        """Of a master with this data directory; `trace` is a file that gets all of its changes."""
        # A sanitizer wants to be the first of all libraries, and need not be.
        environment = {"LD_PRELOAD": str(self._library), "ASAN_OPTIONS": "verify_asan_link_order=0", "DANUBE_FILES_ROOT": str(data)}
        if trace:
            environment["DANUBE_FILES_TRACE"] = str(trace)
        return environment | {"DANUBE_FILES_RULES": str(self._rules), "DANUBE_FILES_HITS": str(self._hits)}

    def rule(self, text):
        """One or more lines; empty: none."""
        new = self._rules.with_suffix(".new")
        new.write_text(text + "\n" if text else "")
        os.replace(new, self._rules)

    def hits(self):
        return self._hits.read_text().splitlines() if self._hits.exists() else []
