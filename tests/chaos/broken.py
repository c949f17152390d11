# SPDX-License-Identifier: GPL-3.0-or-later
"""./dev chaos broken: three masters that each break one promise, built in a copy of the tree; the chaos runs must catch each. Exit 0
when they do."""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/mutation"))
from mutate import prepare_copy  # noqa: E402

POWERCUT = ["powercut", "--states", "150", "--jobs", "6"]
SWITCHES = {
    "acknowledged before written": ("server/store/sqlite/database.cpp", "PRAGMA synchronous = FULL", "PRAGMA synchronous = OFF", POWERCUT),
    "rename before fsync": ("server/artifacts/partialfile.cpp", "if (::fsync(m_descriptor) != 0)", "if (m_descriptor < 0)", POWERCUT),
    "request id ignored": ("server/app/enginerpcbackend.cpp", "    m_engine.runStep(tokenJob, request, this, std::move(done));",
                           "    auto nameless = request;\n    nameless.request = {};\n    m_engine.runStep(tokenJob, nameless, this, std::move(done));",
                           ["local", "--kills", "12", "--lines", "30000", "--pause", "1.5"]),
}


def build(copy, build_folder, name, source, old, new):
    """The broken master beside the ordinary agent and coordinator."""
    path = copy / source
    original = path.read_text(encoding="utf-8")
    if original.count(old) != 1:
        raise SystemExit(f"broken: {source} does not hold {old!r} exactly once: this switch must follow the code")
    try:
        path.write_text(original.replace(old, new), encoding="utf-8")
        subprocess.run(["ninja", "-C", build_folder, "danube-master"], check=True, stdout=subprocess.DEVNULL)
    finally:
        path.write_text(original, encoding="utf-8")
    ordinary = pathlib.Path(os.environ["DANUBE_BIN_DIR"])
    folder = copy / "broken" / name.replace(" ", "-")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ordinary, folder / "bin")
    shutil.copytree(ordinary.parent / "share", folder / "share")
    shutil.copy2(build_folder / "bin/danube-master", folder / "bin")
    return folder / "bin"


def main():
    parser = argparse.ArgumentParser(prog="./dev chaos broken")
    parser.add_argument("--only", choices=list(SWITCHES))
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args(sys.argv[2:] if sys.argv[1:2] == ["broken"] else None)
    copy, build_folder = prepare_copy()
    missed = []
    for name, (source, old, new, run) in SWITCHES.items():
        if arguments.only not in (None, name):
            continue
        binaries = build(copy, build_folder, name, source, old, new)
        command = [sys.executable, "-B", pathlib.Path(__file__).with_name("chaos.py"), *run, "--seed", str(arguments.seed)]
        done = subprocess.run(command, env=os.environ | {"DANUBE_BIN_DIR": str(binaries)}, capture_output=True, text=True)
        said = [line for line in done.stdout.splitlines() if "WRONG" in line or line.startswith("  ")][:4]
        print(f"broken: {name}: {'caught' if done.returncode == 1 and said else 'MISSED ' + done.stdout + done.stderr}", flush=True)
        for line in said:
            print("  " + line.strip()[:200], flush=True)
        if done.returncode != 1 or not said:
            missed.append(name)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
