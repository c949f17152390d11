# SPDX-License-Identifier: GPL-3.0-or-later
"""What stops danube-master from starting is told in one sentence, with exit code 2."""
import os
import pathlib
import socket
import sqlite3
import subprocess
import unittest

from harness import BIN, Master


class StartRefusals(unittest.TestCase):
    def setUp(self):
        self.master = Master({})
        self.addCleanup(self.master.remove)

    def refuse(self, *words):
        done = subprocess.run([*self.master.prefix, BIN / "danube-master", "--config", self.master.config], capture_output=True, text=True,
                              timeout=30, stdin=subprocess.DEVNULL)
        lines = [line for line in done.stderr.splitlines() if line.startswith("danube-master: ")]
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(len(lines), 1, done.stderr)
        for word in words:
            self.assertIn(str(word), lines[0])

    def change(self, old, new):
        self.master.config.write_text(self.master.config.read_text().replace(old, new))

    def test_a_start_that_is_not_refused_warns_of_nothing(self):
        self.master.start()
        self.assertNotIn('"category":"default"', self.master.log(), "Qt's own warnings, or those of nobody")

    def test_bad_value(self):
        self.change('rpc_address = "127.0.0.1:0"', "rpc_address = 9000")
        self.refuse("danube.toml:4", "server.rpc_address", "expected an address and port", "got 9000")

    def test_missing_file(self):
        self.master.config.unlink()
        self.refuse(self.master.config)

    def test_port_in_use(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            self.change('bind_address = "127.0.0.1:0"\nwebsocket', f'bind_address = "127.0.0.1:{port}"\nwebsocket')
            self.refuse(f"127.0.0.1:{port}", "in use")

    def test_data_directory_in_use(self):
        self.master.start()
        self.refuse(f"data directory {self.master.data} is used by another danube-master (pid {self.master.process.pid}")

    def test_data_directory_without_parent(self):
        self.change(str(self.master.data), str(self.master.state / "missing/data"))
        self.refuse("missing/data", "No such file")

    def test_read_only_data_directory(self):
        self.master.data.mkdir()
        if os.geteuid() == 0:
            # Root writes anywhere but on a read-only mount, so it gets one, in a namespace of its own.
            script = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && exec "$2" --config "$3"'
            command = ["unshare", "--mount", "sh", "-c", script, "sh", self.master.data, BIN / "danube-master", self.master.config]
        else:
            self.master.data.chmod(0o500)
            command = [BIN / "danube-master", "--config", self.master.config]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(f"data directory {self.master.data} is not writable", done.stderr)

    # The key from which every token is derived: a new one in its place would end every running job.

    def key(self, content):
        self.master.data.mkdir(mode=0o700, exist_ok=True)
        key = self.master.data / "master.key"
        key.touch(mode=0o600)
        key.write_bytes(content)
        return key

    def test_a_torn_key(self):
        for size in (0, 20, 33):
            with self.subTest(size):
                key = self.key(b"k" * size)
                self.refuse(f"key file {key} has {size} bytes; expected 32")
                self.assertEqual(key.read_bytes(), b"k" * size, "what is left of the key is nobody's to change")

    def test_a_key_that_others_can_read(self):
        key = self.key(b"k" * 32)
        key.chmod(0o640)
        self.refuse(f"key file {key} is open to others; expected mode 0600")

    def test_a_key_that_cannot_be_read(self):
        key = self.key(b"k" * 32)
        if os.geteuid() == 0:
            self.master.run_as(65534)
            os.chown(key, 0, 0)
        else:
            key.chmod(0)
        self.refuse(f"read key file {key}: Permission denied")

    def test_newer_database(self):
        self.master.data.mkdir()
        with sqlite3.connect(self.master.data / "danube.sqlite") as database:
            database.execute("pragma user_version = 999")
        self.refuse("danube.sqlite", "has schema 999, this danube-master knows up to")

    def test_no_database_file(self):
        self.master.data.mkdir()
        pathlib.Path(self.master.data / "danube.sqlite").write_bytes(b"this is no database" * 100)
        self.refuse("danube.sqlite")


if __name__ == "__main__":
    unittest.main()
