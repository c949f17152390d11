# SPDX-License-Identifier: GPL-3.0-or-later
"""The jobs of a chaos run and, for each, what must be true of it afterwards, whatever happened meanwhile."""
import hashlib
import random
import re
import subprocess
import sys
from dataclasses import dataclass, field

# CR, ESC, NUL, invalid UTF-8 and a last line without an end; both streams in turn, in blocks.
PRINTER = r'''
import os, sys
lines, seed = int(sys.argv[1]), int(sys.argv[2])
odd = [b"plain %d\n", b"progress %d\rdone\n", b"\x1b[31mred %d\x1b[0m\n", b"nul \0 %d\n", b"bad \xff\xfe\xc3 %d\n", b"\xe2\x82\xac %d\n"]
for start in range(0, lines, 5000):
    for fd in (1, 2):
        block = b"".join(odd[(i + fd + seed) % len(odd)] % i for i in range(start + fd - 1, min(start + 5000, lines), 2))
        while block:
            block = block[os.write(fd, block):]
os.write(1, b"no newline at the end %d" % seed)
'''

# Tells the outside world once; a step that ran twice is heard twice.
EFFECT = r'''
import sys, time, urllib.request
with urllib.request.urlopen(sys.argv[1], data=b"", timeout=60) as answer:
    answer.read()
print("told", sys.argv[1].rsplit("/", 1)[1])
time.sleep(float(sys.argv[2]))
sys.exit(int(sys.argv[3]))
'''

DANUBEFILE = r'''
import pathlib
from concurrent.futures import ThreadPoolExecutor
from danube import artifacts, ctx, step

def effect(name, seconds, code):
    url = ctx.params["effects"] + "/" + ctx.params["chaos"] + "." + name
    return step.run(["python3", "effect.py", url, str(seconds), str(code)], name=name, check=False)

def printer():
    return step.run(["python3", "printer.py", ctx.params["lines"], ctx.params["chaos"]], name="printer", check=False)

effect("first", 0, 0)
with ThreadPoolExecutor(4) as pool:
    results = [pool.submit(effect, "side%d" % i, 2 * i, 40 + i) for i in range(3)] + [pool.submit(printer)]
    results = [result.result() for result in results]
assert [r.exit_code for r in results] == [40, 41, 42, 0], results
killed = step.run("echo before; kill -9 $$", name="killed", check=False)
assert killed.outcome == "signalled" and killed.signal == 9, killed
late = step.run("echo begun; setsid sleep 300 & sleep 300", name="late", timeout=3, check=False)
assert late.outcome == "timeout", late
pathlib.Path(ctx.workspace, "bundle").write_bytes((ctx.params["chaos"] + "\n").encode() * 200_000)
artifacts.upload("bundle")
effect("last", 0, 5)
print("coordinator saw all", ctx.params["chaos"], flush=True)
if ctx.params["ending"] == "failure":
    step.run("echo going wrong >&2; exit 3", name="wrong")
if ctx.params["ending"] == "cancelled":
    step.run("echo waiting; sleep 600", name="waiting")
'''

FILES = {"danubefile.py": DANUBEFILE, "effect.py": EFFECT, "printer.py": PRINTER}
PIPELINE = "chaos"
COORDINATOR = ""  # step 0 of a job's log; no step has such a name
GREETING = re.compile(rb"danube: \S+ at [0-9a-f]{12} \(main\)\n")  # what a coordinator says first: of which source it is
ENDINGS = ("success", "success", "failure", "cancelled")


@dataclass
class Expected:
    """One job. Steps: name → (outcome, exit code or None = not looked at). Texts: (step, stream) → SHA-256, of each step and of the
    coordinator (COORDINATOR); `plain` has them as bytes, but for those of the printer, which may be large."""
    number: int
    lines: int
    ending: str
    job: str = ""
    steps: dict = field(default_factory=dict)
    texts: dict = field(default_factory=dict)
    plain: dict = field(default_factory=dict)
    effects: list = field(default_factory=list)
    artifacts: dict = field(default_factory=dict)  # name → SHA-256

    def says(self, step, stdout=b"", stderr=b""):
        for stream, text in (("stdout", stdout), ("stderr", stderr)):
            self.plain[step, stream] = text
            self.texts[step, stream] = sha256(text)

    def text(self, step, stream):
        """All of what it prints, as bytes."""
        if step == "printer":
            return printed(self.lines, self.number)[stream == "stderr"]
        return self.plain[step, stream]

    @property
    def params(self):
        return {"chaos": str(self.number), "lines": str(self.lines), "ending": self.ending}


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def printed(lines, seed):
    """What PRINTER prints: the two streams."""
    done = subprocess.run([sys.executable, "-c", PRINTER, str(lines), str(seed)], capture_output=True, check=True)
    return done.stdout, done.stderr


def expect(number, lines, ending):
    one = Expected(number, lines, ending)
    told = {"first": 0, "side0": 40, "side1": 41, "side2": 42, "last": 5}
    for name, code in told.items():
        effect = f"{number}.{name}"
        one.effects.append(effect)
        one.steps[name] = ("exited", code)
        one.says(name, f"told {effect}\n".encode())
    one.steps |= {"printer": ("exited", 0), "killed": ("signalled", 137), "late": ("timeout", None)}
    one.texts["printer", "stdout"], one.texts["printer", "stderr"] = map(sha256, printed(lines, number))
    one.says("killed", b"before\n")
    one.says("late", b"begun\n")
    saw_all = f"coordinator saw all {number}\n".encode()
    one.says(COORDINATOR, saw_all)  # after its GREETING
    one.artifacts["bundle"] = sha256(f"{number}\n".encode() * 200_000)
    if ending == "failure":
        one.steps["wrong"] = ("exited", 3)
        one.says("wrong", stderr=b"going wrong\n")
        one.says(COORDINATOR, saw_all, b"danube: step 'wrong' failed: exit code 3\n")
    if ending == "cancelled":
        one.steps["waiting"] = ("cancelled", None)
        one.says("waiting", b"waiting\n")
        one.says(COORDINATOR, saw_all, b"danube: step 'waiting' failed: cancelled\n")
    return one


class Workload:
    """An endless, seeded row of jobs: every tenth is long, the others are short and of all endings."""

    def __init__(self, seed, long_lines, short_lines):
        self._random = random.Random(seed)
        self._long, self._short = long_lines, short_lines
        self._made = 0

    def next(self):
        self._made += 1
        if self._made % 10 == 1:
            return expect(self._made, self._long, "success")
        return expect(self._made, self._random.randrange(self._short // 2, self._short), self._random.choice(ENDINGS))
