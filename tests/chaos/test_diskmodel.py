# SPDX-License-Identifier: GPL-3.0-or-later
"""The model of a disk after a power cut: what was synced is always there, and everything else can be missing."""
import os
import pathlib
import random
import tempfile
import unittest

from diskmodel import Disk

CUTS = 300


class DiskModel(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        pathlib.Path(self.folder.name, "logs").mkdir()
        pathlib.Path(self.folder.name, "logs/old").write_bytes(b"before")
        self.disk = Disk(self.folder.name)
        self.old = os.stat(f"{self.folder.name}/logs/old").st_ino

    def take(self, op, path, inode=0, offset=0, data=b"", to=""):
        self.disk.take({"op": op, "path": path, "to": to, "inode": inode, "offset": offset}, data)

    def states(self):
        chance = random.Random(1)
        return [self.disk.after_cut(chance) for _ in range(CUTS)]

    def test_what_was_synced_stays(self):
        self.take("write", "/logs/old", self.old, 6, b" and after")
        self.take("sync", "/logs/old", self.old)
        self.assertEqual({state["/logs/old"] for state in self.states()}, {b"before and after"})

    def test_what_was_not_may_be_missing_torn_or_alone(self):
        self.take("write", "/logs/old", self.old, 6, b"12")
        self.take("write", "/logs/old", self.old, 8, b"34")
        found = {state["/logs/old"] for state in self.states()}
        self.assertLessEqual({b"before", b"before12", b"before1234", b"before\0\x0034", b"before1"}, found)

    def test_a_new_name_needs_its_folder_synced(self):
        self.take("create", "/logs/new", 999_999)
        self.take("write", "/logs/new", 999_999, 0, b"x")
        self.take("sync", "/logs/new", 999_999)
        self.assertEqual({state.get("/logs/new") for state in self.states()}, {None, b"x"})
        self.take("sync", "/logs")
        self.assertEqual({state.get("/logs/new") for state in self.states()}, {b"x"})

    def test_a_rename_before_its_sync_can_show_an_empty_file(self):
        self.take("create", "/logs/new", 999_999)
        self.take("write", "/logs/new", 999_999, 0, b"x")
        self.take("rename", "/logs/new", to="/logs/old")
        self.take("sync", "/logs")
        self.assertLessEqual({b"", b"x"}, {state["/logs/old"] for state in self.states()})

    def test_a_removal_may_not_have_happened(self):
        self.take("unlink", "/logs/old")
        self.assertEqual({state.get("/logs/old") for state in self.states()}, {None, b"before"})
        self.take("sync", "/logs")
        self.assertEqual({state.get("/logs/old") for state in self.states()}, {None})

    def test_one_inode_after_another(self):
        self.take("unlink", "/logs/old")
        self.take("create", "/logs/again", self.old)
        self.take("write", "/logs/again", self.old, 0, b"new")
        self.take("sync", "/logs/again", self.old)
        self.take("sync", "/logs")
        self.assertEqual({tuple(sorted(state.items())) for state in self.states()}, {(("/logs/again", b"new"),)})


if __name__ == "__main__":
    unittest.main()
