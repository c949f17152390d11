#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The architecture check must fail when an arrow is broken: shown on small trees made here."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(__file__).with_name("check_rooms.py")
ROOMS = "shared/core:\nserver/jobs: shared/core\nserver/rpc: shared/core server/jobs\n" \
        "allow server/rpc: server/agent/format.h\nserver/agent:\n"


class CheckRooms(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.temporary.name)
        for folder in ("tests/arch", "shared/core", "server/jobs", "server/rpc", "server/agent", "console"):
            (self.root / folder).mkdir(parents=True)
        self.write("tests/arch/rooms.txt", ROOMS)
        self.write("shared/core/a.h", "#pragma once\nint answer();\n")
        self.write("server/agent/format.h", "#pragma once\n")
        self.write("server/jobs/engine.h", '#include "shared/core/a.h"\n')
        self.write("server/rpc/call.cpp", '#include "server/jobs/engine.h"\n#include "server/agent/format.h"\n')

    def tearDown(self):
        self.temporary.cleanup()

    def write(self, path, text):
        (self.root / path).write_text(text)

    def run_check(self):
        done = subprocess.run([sys.executable, CHECK, self.root], capture_output=True, text=True, timeout=30)
        return done.returncode, done.stdout

    def test_arrows_along_the_table_pass(self):
        self.assertEqual(self.run_check(), (0, ""))

    def test_include_against_the_arrow_fails(self):
        self.write("server/jobs/bad.cpp", '#include "server/rpc/call.h"\n')
        self.write("server/rpc/call.h", "")
        code, text = self.run_check()
        self.assertEqual(code, 1)
        self.assertIn("server/jobs may not include server/rpc/call.h", text)

    def test_allowed_header_is_no_door_to_its_room(self):
        self.write("server/agent/other.h", "")
        self.write("server/rpc/call.cpp", '#include "server/agent/other.h"\n')
        self.assertEqual(self.run_check()[0], 1)

    def test_link_against_the_arrow_fails(self):
        self.write("shared/core/CMakeLists.txt", "danube_module(shared_core DEPENDS server_jobs)\n")
        code, text = self.run_check()
        self.assertEqual(code, 1)
        self.assertIn("shared_core may not link server_jobs", text)

    def test_missing_traveller_fails(self):
        self.write("ARCHITECTURE.md", "an exit code passes `shared/core/a.h:answer`, then `shared/core/a.h:question`")
        self.assertEqual(self.run_check(), (1, "ARCHITECTURE.md: shared/core/a.h has no question\n"))


if __name__ == "__main__":
    unittest.main()
