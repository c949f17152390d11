# SPDX-License-Identifier: GPL-3.0-or-later
"""./dev chaos broken: four masters that each break one promise; the chaos runs must catch each. Each is the build's own master with one
source file changed: compiled by the build's own command, linked in place of the original. Exit 0 when all are caught."""
import argparse
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time

from harness import markers_of, wait_until_nothing_is_left

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = ("danube-agent", "danube-coordinator", "danube-guard", "danube-sandbox")
RUN_SECONDS = 420
# A run ends with the first thing it finds wrong; that many states and kills are far more than it takes.
POWERCUT = ["powercut", "--states", "150", "--jobs", "6", "--first"]
SWITCHES = {
    "acknowledged before written": ("server/store/sqlite/database.cpp", "PRAGMA synchronous = FULL", "PRAGMA synchronous = OFF", POWERCUT),
    "answered before the commit": ("server/store/sqlite/writequeue.cpp", """        if (auto committed = m_database->execute("COMMIT"); !committed)""",
                                   """        for (size_t i = 0; i < group.size(); ++i)
            group[i]->finish(errors[i]);
        group.clear();
        if (auto committed = m_database->execute("COMMIT"); !committed)""", POWERCUT),
    "rename before fsync": ("server/artifacts/partialfile.cpp", "if (::fsync(m_descriptor) != 0)", "if (m_descriptor < 0)", POWERCUT),
    "request id ignored": ("server/app/enginerpcbackend.cpp", "    m_engine.runStep(tokenJob, request, this, std::move(done));",
                           "    auto nameless = request;\n    nameless.request = {};\n    m_engine.runStep(tokenJob, nameless, this, std::move(done));",
                           ["local", "--kills", "12", "--lines", "30000", "--pause", "1.5", "--give-up", "360", "--first"]),
}


def compile_command(build, source):
    for entry in json.loads((build / "compile_commands.json").read_text()):
        if entry["file"] == str(source) and "/tests/" not in entry["output"]:
            return shlex.split(entry["command"])
    raise SystemExit(f"broken: the build does not compile {source}")


def link_command(build):
    """Of danube-master, without the shell's empty commands that ninja puts around it."""
    last = subprocess.run(["ninja", "-C", build, "-t", "commands", "-s", "bin/danube-master"], check=True, capture_output=True, text=True).stdout
    found = re.search(r"^(?:: && )?(\S+ .*? -o bin/danube-master .*?)(?: && :)?$", last, re.M)
    if not found:
        raise SystemExit("broken: no command links bin/danube-master")
    return shlex.split(found[1])


def after(command, flag, value):
    changed = list(command)
    changed[changed.index(flag) + 1] = str(value)
    return changed


def build_broken(build, folder, source, old, new):
    """The broken master beside the ordinary programs; their folder."""
    text = (ROOT / source).read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise SystemExit(f"broken: {source} does not hold {old!r} exactly once: this switch must follow the code")
    shutil.rmtree(folder, ignore_errors=True)
    binaries = folder / "bin"
    binaries.mkdir(parents=True)
    changed, made = folder / pathlib.Path(source).name, folder / "broken.o"
    changed.write_text(text.replace(old, new), encoding="utf-8")
    command = after(after(compile_command(build, ROOT / source), "-c", changed), "-o", made)
    subprocess.run(command, cwd=build, check=True)
    # An object comes before the archives, so that the archive's own member for the same names is never taken.
    link = after(link_command(build), "-o", binaries / "danube-master")
    subprocess.run([link[0], made, *link[1:]], cwd=build, check=True)
    ordinary = pathlib.Path(os.environ["DANUBE_BIN_DIR"])
    for name in PROGRAMS:
        shutil.copy2(ordinary / name, binaries)
    shutil.copytree(ordinary.parent / "share", folder / "share")
    return binaries


def remove_state(output):
    """A run that found something leaves its state to be looked at: not here."""
    for state in map(pathlib.Path, re.findall(r"the state stays in (\S+)", output)):
        jobs = state / "data/jobs"
        markers = markers_of(os.listdir(jobs)) if jobs.is_dir() else set()
        for left in wait_until_nothing_is_left(state, markers):
            print(f"  left behind: {left}", flush=True)


def is_caught(name, binaries, run, seed):
    started = time.monotonic()
    command = [sys.executable, "-B", pathlib.Path(__file__).with_name("chaos.py"), *run, "--seed", str(seed)]
    process = subprocess.Popen(command, env=os.environ | {"DANUBE_BIN_DIR": str(binaries)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        out, _ = process.communicate(timeout=RUN_SECONDS)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)  # so that it ends what it started
        out, _ = process.communicate(timeout=120)
    remove_state(out)
    said = [line.strip() for line in out.splitlines() if "WRONG" in line and line.startswith(("chaos:", "powercut:"))]
    found = [line.strip() for line in out.split(said[0])[1].splitlines() if line.startswith("  ")] if said else []
    if process.returncode != 1 or not found:
        print(f"broken: {name}: MISSED: {out[-2000:]}", flush=True)
        return False
    print(f"broken: {name}: caught, {time.monotonic() - started:.0f} s", flush=True)
    for line in said + found[:3]:
        print("  " + line[:240], flush=True)
    return True


def main():
    parser = argparse.ArgumentParser(prog="./dev chaos broken")
    parser.add_argument("--only", choices=list(SWITCHES))
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args(sys.argv[2:] if sys.argv[1:2] == ["broken"] else None)
    build = pathlib.Path(os.environ["DANUBE_BIN_DIR"]).parent
    missed = []
    for name, (source, old, new, run) in SWITCHES.items():
        if arguments.only in (None, name):
            folder = build.parent / "broken" / name.replace(" ", "-")
            if not is_caught(name, build_broken(build, folder, source, old, new), run, arguments.seed):
                missed.append(name)
            shutil.rmtree(folder, ignore_errors=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
