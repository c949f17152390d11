# SPDX-License-Identifier: GPL-3.0-or-later
"""The model of a disk after a power cut: what was synced is always there, and everything else can be missing."""
import os
import pathlib
import random
import tempfile
import unittest

from diskmodel import FOLDER, Disk, digest_of, write_state

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
        self.assertEqual({tuple(sorted(state.items(), key=lambda item: item[0])) for state in self.states()}, {(("/logs", FOLDER), ("/logs/again", b"new"))})

    def test_a_new_folder_needs_its_parent_synced_and_all_below_needs_it(self):
        self.take("mkdir", "/logs/new")
        self.take("create", "/logs/new/a", 999_999)
        self.take("write", "/logs/new/a", 999_999, 0, b"x")
        self.take("sync", "/logs/new/a", 999_999)
        self.take("sync", "/logs/new")
        self.assertEqual({state.get("/logs/new/a") for state in self.states()}, {None, b"x"})
        self.assertFalse([state for state in self.states() if "/logs/new/a" in state and "/logs/new" not in state])
        self.take("sync", "/logs")
        self.assertEqual({state.get("/logs/new/a") for state in self.states()}, {b"x"})

    def test_what_was_in_a_removed_folder_is_not_in_the_next_of_its_name(self):
        self.take("mkdir", "/jobs")
        self.take("create", "/jobs/a", 999_999)
        self.take("sync", "")
        self.take("unlink", "/jobs/a")
        self.take("unlink", "/jobs")
        self.take("mkdir", "/jobs")
        self.take("create", "/jobs/b", 999_998)
        self.assertLessEqual({False, True}, {"/jobs/a" in state for state in self.states()})
        self.take("sync", "")
        self.take("sync", "/jobs")
        self.assertEqual({("/jobs/a" in state, "/jobs/b" in state) for state in self.states()}, {(False, True)})

    def test_a_file_without_a_name_gets_one_by_a_link(self):
        self.take("unnamed", "/logs", 999_999)
        self.take("write", "/logs/#999999 (deleted)", 999_999, 0, b"key")
        self.take("sync", "/logs/#999999 (deleted)", 999_999)
        self.take("link", "/logs/key.new", 999_999)
        self.take("rename", "/logs/key.new", to="/logs/key")
        self.assertEqual({state.get("/logs/key") for state in self.states()}, {None, b"key"})
        self.take("sync", "/logs")
        self.assertEqual({state.get("/logs/key") for state in self.states()}, {b"key"})
        self.assertFalse([name for state in self.states() for name in state if "#" in name or name == "/logs/key.new"])

    def test_a_file_of_another_program_has_no_durable_name_either(self):
        self.take("write", "/logs/strange", 999_999, 0, b"x")
        self.take("sync", "/logs/strange", 999_999)
        self.assertEqual({state.get("/logs/strange") for state in self.states()}, {None, b"x"})
        self.take("write", "/jobs/one/strange", 999_998, 0, b"x")
        self.assertEqual({"/jobs/one" in state for state in self.states()}, {True}, "nobody told how its folder was made")

    def test_a_state_is_written_as_it_is(self):
        self.take("mkdir", "/logs/new")
        self.take("sync", "/logs")
        state = self.disk.after_cut(random.Random(1))
        write_state(state, f"{self.folder.name}/copy")
        self.assertEqual(pathlib.Path(self.folder.name, "copy/logs/old").read_bytes(), b"before")
        self.assertTrue(pathlib.Path(self.folder.name, "copy/logs/new").is_dir())
        self.assertNotEqual(digest_of(state), digest_of({path: node for path, node in state.items() if path != "/logs/new"}))


if __name__ == "__main__":
    unittest.main()
