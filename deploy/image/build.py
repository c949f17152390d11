#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""build.py [--out DIR] USE=ROOT...: packs the images of contents.py from package roots and build/<preset> into OCI archives."""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import contents
import layer
import lock
import oci

SOURCE = pathlib.Path(__file__).resolve().parents[2]


def version():
    return re.search(r"project\(danube VERSION ([0-9.]+)", (SOURCE / "CMakeLists.txt").read_text(encoding="utf-8"))[1]


def architecture(root):
    return {"amd64": "amd64", "arm64": "arm64"}[lock.installed(root)["libc6"][1]]


def settings_of(image, root):
    labels = {"org.opencontainers.image.title": image.name, "org.opencontainers.image.version": version(),
              "org.opencontainers.image.licenses": "GPL-3.0-or-later"}
    volumes = (image.home,) if image.home != "/tmp" else ()
    return oci.Settings(name=image.name, version=version(), architecture=architecture(root), user=f"{image.user}:{image.user}",
                        entrypoint=image.entrypoint, environment={"PATH": contents.PATH, "LANG": "C.UTF-8", "HOME": image.home},
                        folder=image.home, volumes=volumes, ports=image.ports, labels=labels)


def pack(image, root, build, out, epoch):
    settings = settings_of(image, root)
    with tempfile.TemporaryDirectory(dir=out, prefix=".image-") as work:
        folder = pathlib.Path(work, "layout")
        blobs = folder / "blobs/sha256"
        blobs.mkdir(parents=True)
        packages = layer.write_layer(layer.tree_entries(root, contents.is_left_out), epoch, blobs)
        own = layer.write_layer(contents.own_entries(image, root, build, work), epoch, blobs)
        digest = oci.write_layout(folder, settings, [packages, own], epoch)
        archive = out / f"{image.name}-{settings.version}-{settings.architecture}.oci.tar"
        oci.write_archive(folder, archive, epoch)
    return archive, digest, packages, own


def report(image, archive, digest, packages, own):
    mib = 1 << 20
    print(f"{image.name}:{version()}\n  manifest {digest}\n  archive  {archive} ({archive.stat().st_size / mib:.1f} MiB)\n"
          f"  packages {packages.size / mib:.1f} MiB, unpacked {packages.unpacked / mib:.1f} MiB  {packages.digest}\n"
          f"  danube   {own.size / mib:.1f} MiB, unpacked {own.unpacked / mib:.1f} MiB  {own.digest}", flush=True)


def main():
    parser = argparse.ArgumentParser(prog="dev image", description="OCI archives of danube-master and danube-coordinator")
    parser.add_argument("--out", type=pathlib.Path, default=SOURCE / "build/image")
    parser.add_argument("roots", nargs="+", metavar="USE=ROOT")
    arguments = parser.parse_args()
    roots = dict(pair.split("=", 1) for pair in arguments.roots)
    build = pathlib.Path(os.environ.get("DANUBE_BUILD", SOURCE / "build/release"))
    arguments.out.mkdir(parents=True, exist_ok=True)
    epoch = lock.read()[0]
    for image in contents.IMAGES:
        try:
            lock.check(image.use, roots[image.use])
        except lock.Mismatch as mismatch:
            sys.exit(f"dev: {mismatch}")
        report(image, *pack(image, roots[image.use], build, arguments.out.resolve(), epoch))


if __name__ == "__main__":
    main()
