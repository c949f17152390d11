# SPDX-License-Identifier: GPL-3.0-or-later
"""A step with the agent's own user id attacks the agent: no result changes, nothing stays behind."""
import unittest

from harness import MasterCase, processes_of, wait_for

# Everything the step can find of the agent, it forges, floods or traces; then it fails with 7, and 7 must be told.
ATTACK = r"""
import ctypes, glob, os, socket, struct, sys, time
agent_dir = os.path.join(os.path.dirname(os.environ["DANUBE_WORKSPACE"]), "worker")
done = []
def attempt(name, action):
    try:
        action()
        done.append(name)
    except Exception as error:
        print(name, "refused:", error)
def forge_records():
    os.makedirs(f"{agent_dir}/steps/1", exist_ok=True)
    for name in ("exit", "exit.tmp", "record"):
        open(f"{agent_dir}/steps/1/{name}", "wb").write(b"\x01" * 300)
def forge_spool():
    for path in glob.glob(f"{agent_dir}/**", recursive=True):
        if os.path.isfile(path):
            open(path, "r+b").write(b"forged")
def flood():
    sockets = []
    frames = struct.pack("<IB", 40, 0x46) + b"\0" * 39
    for _ in range(300):
        s = socket.socket(socket.AF_UNIX); s.settimeout(0.2)
        try:
            s.connect(f"{agent_dir}/agent.sock"); s.send(frames * 50)
        except OSError:
            pass
        sockets.append(s)
def trace():
    libc = ctypes.CDLL(None, use_errno=True)
    for pid in (1, os.getppid()):
        if libc.ptrace(16, pid, 0, 0) == 0:
            raise SystemExit("TRACED")
    raise OSError("ptrace")
def read_memory():
    for pid in (1, os.getppid()):
        open(f"/proc/{pid}/mem", "rb").read(1)
def open_descriptors():
    for pid in (1, os.getppid()):
        for fd in os.listdir(f"/proc/{pid}/fd"):
            open(f"/proc/{pid}/fd/{fd}", "r+b").write(b"forged")
for name, action in list(globals().items()):
    if name in ("forge_records", "forge_spool", "flood", "trace", "read_memory", "open_descriptors"):
        attempt(name, action)
print("ran:", done)
print("the last line")
sys.exit(7)
"""


class HostileStep(MasterCase):
    def test_attack_changes_no_result(self):
        job = self.hold()
        status, answer = self.master.run_step(job, ["python3", "-c", ATTACK])
        self.assertEqual((status, answer["exit_code"], answer["outcome"]), (200, 7, "exited"), answer)
        text = self.master.stream_text(job, 1, "stdout")
        self.assertTrue(text.endswith(b"the last line\n"), text)
        for name in (b"trace refused", b"read_memory refused", b"open_descriptors refused"):
            self.assertIn(name, text)
        self.assertNotIn(b"TRACED", text)
        status, answer = self.master.run_step(job, "echo still works")
        self.assertEqual((status, answer["exit_code"]), (200, 0), "the agent goes on")

    def test_killing_everything_in_reach_is_never_success(self):
        job = self.hold()
        status, answer = self.master.run_step(job, "kill -9 -1; kill -9 $PPID 2>/dev/null; exit 0")
        if status == 200:
            self.assertNotEqual((answer["outcome"], answer["exit_code"]), ("exited", 0), answer)

    def test_background_processes_end_clean(self):
        job = self.hold()
        mark = f"31.{job[-6:]}".replace("a", "1")
        command = f"(setsid sleep 3171 & ) ; sleep 3172 & nohup sh -c 'trap \"\" TERM HUP; sleep 3173' >/dev/null 2>&1 & echo left {mark}"
        status, answer = self.master.run_step(job, command)
        self.assertEqual((status, answer["exit_code"]), (200, 0), answer)
        self.assertLess(answer["duration_ms"], 10_000)
        wait_for(lambda: not any(processes_of(f"sleep {n}") for n in (3171, 3172, 3173)), "background processes to be gone", 10)

    def test_timed_out_step_is_really_dead(self):
        job = self.hold()
        command = "trap '' TERM; setsid sleep 3174 & sleep 3175"
        status, answer = self.master.run_step(job, command, timeout_seconds=1)
        self.assertEqual((status, answer["outcome"]), (200, "timeout"), answer)
        self.assertNotEqual(answer["exit_code"], 0)
        wait_for(lambda: not any(processes_of(f"sleep {n}") for n in (3174, 3175)), "the timed-out step to be gone", 5)


if __name__ == "__main__":
    unittest.main()
