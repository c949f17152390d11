# SPDX-License-Identifier: GPL-3.0-or-later
"""Images: the same contents give the same bytes, whoever packs them when; strangers' tools read them; the lock holds."""
import gzip
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

from manifests import SOURCE

sys.path.insert(0, str(SOURCE / "deploy/image"))
import contents  # noqa: E402
import layer  # noqa: E402
import lock  # noqa: E402
import oci  # noqa: E402

EPOCH = 1_700_000_000
FILES = {"etc/passwd": "root:x:0:0:root:/root:/bin/sh\n", "usr/bin/tool": "#!/bin/sh\n", "usr/share/doc/x/copyright": "GPL",
         "usr/share/doc/x/changelog.gz": "old", "usr/share/man/man1/x.1": "manual", "var/cache/thing": "cache",
         "var/lib/dpkg/status": "", "tmp/leftover": "x", "usr/lib/python3/__pycache__/m.pyc": "code"}


def make_tree(root, order=1, mtime=1_600_000_000):
    for name, text in list(FILES.items())[::order]:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o644)
    (root / "usr/bin/tool").chmod(0o4755)
    (root / "bin").symlink_to("usr/bin")
    for name in ("usr/bin/same", "usr/bin/alias")[::order]:
        os.link(root / "usr/bin/tool", root / name)
    for folder, folders, names in root.walk():
        for name in folders + names:
            os.utime(folder / name, (mtime, mtime), follow_symlinks=False)


class Packing(unittest.TestCase):
    def setUp(self):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="danube-image-"))
        self.addCleanup(shutil.rmtree, self.work)

    def pack(self, name, **how):
        root, blobs = self.work / name, self.work / f"{name}.blobs"
        root.mkdir()
        blobs.mkdir()
        make_tree(root, **how)
        return layer.write_layer(layer.tree_entries(root, contents.is_left_out), EPOCH, blobs), blobs

    def members(self, made, blobs):
        data = gzip.decompress((blobs / made.digest.removeprefix("sha256:")).read_bytes())
        return tarfile.open(fileobj=io.BytesIO(data)).getmembers()

    def test_two_trees_made_differently_give_the_same_bytes(self):
        first, _ = self.pack("first")
        second, _ = self.pack("second", order=-1, mtime=1_234_567_890)
        self.assertEqual(first, second)

    def test_another_content_mode_or_time_gives_others(self):
        first, _ = self.pack("first")
        root = self.work / "first"
        digests = {first.digest}
        (root / "usr/bin/tool").chmod(0o700)
        digests.add(layer.write_layer(layer.tree_entries(root, contents.is_left_out), EPOCH, self.work).digest)
        (root / "etc/passwd").write_text("")
        digests.add(layer.write_layer(layer.tree_entries(root, contents.is_left_out), EPOCH, self.work).digest)
        digests.add(layer.write_layer(layer.tree_entries(root, contents.is_left_out), EPOCH + 1, self.work).digest)
        self.assertEqual(len(digests), 4)

    def test_owners_times_and_modes_are_fixed(self):
        members = self.members(*self.pack("tree"))
        self.assertEqual({(m.uid, m.gid, m.uname, m.mtime) for m in members}, {(0, 0, "", EPOCH)})
        self.assertEqual([m.name for m in members if m.mode & 0o6000], [])
        self.assertEqual([m.name for m in members], sorted(m.name for m in members))

    def test_a_hard_link_follows_what_it_names(self):
        kinds = {m.name: (m.type, m.linkname) for m in self.members(*self.pack("tree"))}
        self.assertEqual(kinds["usr/bin/alias"][0], tarfile.REGTYPE)
        self.assertEqual(kinds["usr/bin/same"], (tarfile.LNKTYPE, "usr/bin/alias"))
        self.assertEqual(kinds["usr/bin/tool"], (tarfile.LNKTYPE, "usr/bin/alias"))
        self.assertEqual(kinds["bin"], (tarfile.SYMTYPE, "usr/bin"))

    def test_licences_stay_and_what_only_people_read_goes(self):
        files = {m.name for m in self.members(*self.pack("tree")) if not m.isdir()}
        self.assertEqual(files, {"bin", "etc/passwd", "usr/bin/tool", "usr/bin/same", "usr/bin/alias", "usr/share/doc/x/copyright",
                                 "var/lib/dpkg/status"})

    def make_image(self, name):
        """A whole archive of a small tree, as build.py does it."""
        root, folder = self.work / f"{name}.root", self.work / name
        blobs = folder / "blobs/sha256"
        blobs.mkdir(parents=True)
        root.mkdir()
        make_tree(root)
        packages = layer.write_layer(layer.tree_entries(root, contents.is_left_out), EPOCH, blobs)
        own = layer.write_layer([layer.Entry("usr/bin/danube", 0o755, content=b"program"),
                                 layer.Entry("var/lib/danube", 0o750, owner=10001)], EPOCH, blobs)
        settings = oci.Settings("danube-test", "1.2.3", "amd64", "10001:10001", ("/usr/bin/danube",), {"LANG": "C.UTF-8"},
                                volumes=("/var/lib/danube",), ports=(8080,))
        digest = oci.write_layout(folder, settings, [packages, own], EPOCH)
        archive = self.work / f"{name}.oci.tar"
        oci.write_archive(folder, archive, EPOCH)
        return archive, digest

    def test_two_archives_are_equal(self):
        (first, digest), (second, again) = self.make_image("first"), self.make_image("second")
        self.assertEqual(digest, again)
        self.assertEqual(first.read_bytes(), second.read_bytes())

    def test_umoci_reads_and_unpacks_the_archive(self):
        archive, digest = self.make_image("image")
        layout, bundle = self.work / "layout", self.work / "bundle"
        with tarfile.open(archive) as opened:
            opened.extractall(layout, filter="data")
        done = subprocess.run(["umoci", "unpack", "--rootless", "--image", f"{layout}:1.2.3", bundle], capture_output=True, text=True,
                              timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual((bundle / "rootfs/usr/bin/danube").read_bytes(), b"program")
        self.assertEqual(os.readlink(bundle / "rootfs/bin"), "usr/bin")
        process = json.loads((bundle / "config.json").read_text())["process"]
        self.assertEqual(process["args"], ["/usr/bin/danube"])
        index = json.loads((layout / "index.json").read_text())["manifests"][0]
        self.assertEqual(index["digest"], digest)
        self.assertEqual(index["annotations"]["io.containerd.image.name"], "docker.io/library/danube-test:1.2.3")
        config = json.loads((layout / "blobs/sha256" / json.loads(
            (layout / "blobs/sha256" / digest[7:]).read_text())["config"]["digest"][7:]).read_text())
        self.assertEqual((config["config"]["User"], config["architecture"]), ("10001:10001", "amd64"))


class Lock(unittest.TestCase):
    def test_names_a_version_of_every_wanted_package(self):
        _, locked = lock.read()
        wanted = [line.split()[:2] for line in (SOURCE / "deploy/toolchain/packages.txt").read_text().splitlines()
                  if line.startswith(("master ", "job "))]
        self.assertGreater(len(wanted), 10)
        self.assertEqual([pair for pair in wanted if pair[1] not in locked[pair[0]]], [], "./dev image --lock")

    def test_says_what_differs_and_the_way_out(self):
        with tempfile.TemporaryDirectory() as folder:
            root, path = pathlib.Path(folder, "root"), pathlib.Path(folder, "packages.lock")
            (root / "var/lib/dpkg").mkdir(parents=True)
            status = root / "var/lib/dpkg/status"
            entry = "Package: {}\nStatus: {}\nArchitecture: amd64\nVersion: {}\nDescription: a\n long\n\n"
            status.write_text(entry.format("git", "install ok installed", "1:2") + entry.format("gone", "deinstall ok config-files", "1"))
            lock.write(EPOCH, {"job": root}, path)
            self.assertEqual(lock.read(path), (EPOCH, {"job": {"git": ("1:2", "amd64")}}))
            lock.check("job", root, path)
            status.write_text(entry.format("git", "install ok installed", "1:3"))
            with self.assertRaisesRegex(lock.Mismatch, r"git 1:3 instead of 1:2 \(\./dev image --lock"):
                lock.check("job", root, path)


if __name__ == "__main__":
    unittest.main()
