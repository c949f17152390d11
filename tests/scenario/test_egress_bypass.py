#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bypass table: what steps try to reach what is on no list, as root and as another user. And the proof that each row can fail:
the same attack with what guards against it, and nothing else, taken away."""
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import types
import unittest

from harness import BIN, HOLD, SOURCE, Master, wait_for

sys.path[:0] = [str(SOURCE / "tests/support"), str(SOURCE / "tests/support/guardsoff")]
import egressattacks  # noqa: E402
import egressmachine  # noqa: E402
import guardrig  # noqa: E402
import guardsoff  # noqa: E402
from egresshosts import Hosts  # noqa: E402

ALLOWED = """
import egresstable as table
print(table.tls(table.address_of("tls.allowed.test"), "tls.allowed.test"))
print(table.tls(table.address_of("TLS.Allowed.Test", table.socket.AF_INET6), "tls.allowed.test"))
print(table.http("http.allowed.test", b"GET / HTTP/1.1\\r\\nHost: http.allowed.test\\r\\n\\r\\n"))
print(table.query("http.allowed.test", table.A, "tcp")[:2])
"""
ANYBODY = 48_151
ALONE = ("sandbox", "plain", "process")  # guards that are not a matter of switches
AUDITED = ("name_on_no_list", "name_on_no_list_by_ipv6", "other_name_at_an_allowed_address", "other_name_at_an_allowed_ipv6_address",
           "no_name_at_an_allowed_address", "other_host_at_an_allowed_address", "other_host_in_a_second_request", "a_name_over_tcp")


def fails(function, *arguments):
    try:
        function(*arguments)
    except OSError as error:
        return str(error)
    return ""


def why_no_tracing():
    scope = pathlib.Path("/proc/sys/kernel/yama/ptrace_scope")
    return "the kernel lets nobody trace others" if scope.exists() and scope.read_text().strip() != "0" else ""


def why_not_shown(row):
    """What this machine lacks, so that the row fails here whatever is taken away; empty = nothing."""
    checks = {"sctp": lambda: fails(egressmachine.attempt_socket, socket.AF_INET, socket.SOCK_STREAM, 132),
              "bluetooth": lambda: fails(egressmachine.bluetooth), "tipc": lambda: fails(egressmachine.tipc),
              "vsock": lambda: fails(egressmachine.vsock), "io_uring": lambda: fails(egressmachine.io_uring),
              "programs_with_privileges": lambda: "the tests themselves may gain none" if egressmachine.libc.prctl(39, 0, 0, 0, 0) == 1 else "",
              "trace_the_guard": why_no_tracing, "trace_the_agent": why_no_tracing,
              "devices_of_the_host": lambda: fails(egressmachine.devices_of_the_host),
              "another_device": lambda: "" if set(os.listdir("/sys/class/net")) - {"lo"} else "no device but lo",
              "through_namespaces_of_its_own": lambda: "" if os.getuid() == 0 else "only root enters namespaces of the host",
              "a_device_of_its_own": lambda: "" if any(os.path.isdir(f"/sys/module/{kind}") for kind in ("dummy", "veth", "bridge", "ifb"))
              else "no kind of device that one can make"}
    return checks.get(row, lambda: "")()


class OpenPrograms:
    """The product's programs beside those of guardsoff.py, whose protections the file "off" takes away."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=BIN.parent / "guardsoff"))
        self.folder.chmod(0o755)
        self.bin = self.folder / "bin"
        self.bin.mkdir(mode=0o755)
        for program in BIN.iterdir():
            if program.is_file():
                changed = BIN.parent / "guardsoff" / program.name
                os.link(changed if changed.exists() else program, self.bin / program.name)
        (self.folder / "share").symlink_to(BIN.parent / "share")

    def take_away(self, switches):
        (self.bin / "off").write_text(switches + "\n")

    def close(self):
        shutil.rmtree(self.folder)


def why_not(*prefix):
    done = subprocess.run([*prefix, BIN / "danube-sandbox", "probe"], capture_output=True, text=True, timeout=60)
    return "" if done.returncode == 0 else f"the kernel refuses sandboxes here: {(done.stdout + done.stderr).strip()}"


class Site:
    """A master with one job that holds, and the hosts around it."""

    def __init__(self, egress, user=None, programs=BIN):
        self.hosts = Hosts()
        files = {"danubefile.py": HOLD} | {name: (SOURCE / "tests/support" / name).read_text() for name in egressattacks.FILES}
        self.master = Master({"hold": files}, extra=f"""[local]
egress = "{egress}"
egress_hosts = {json.dumps(self.hosts.mappings())}
egress_resolver = "{self.hosts.nameserver.address}"
visible_paths = {json.dumps([str(self.hosts.shown)])}
""")
        path = self.master.state / "blueprint/pipelines/hold.json"
        document = json.loads(path.read_text())
        document["spec"]["egress_allowlist"] = self.hosts.allowlist()
        path.write_text(json.dumps(document))
        self.master.environment = {"http_proxy": "http://127.0.0.1:1", "HTTPS_PROXY": "http://127.0.0.1:1"}
        self.master.programs = programs
        if user:
            self.master.run_as(user)
        self.master.start()
        self.start_job()

    def start_job(self):
        self.job = self.master.trigger("hold")
        wait_for(lambda: b"holding" in self.master.rest("GET", f"/api/v1/jobs/{self.job}/logs")[1], "the job to have its source")

    def guard(self):
        """The process id of the job's guard on this machine; without one, of the master, which has to be as far away."""
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    line = pathlib.Path(f"/proc/{entry}/cmdline").read_bytes().split(b"\0")
                    mark = pathlib.Path(f"/proc/{entry}/environ").read_bytes()
                except OSError:
                    continue
                if line[:2] == [b"danube-guard", b"serve"] and f"DANUBE_JOB_MARKER={self.job}".encode() in mark:
                    return int(entry)
        return self.master.process.pid

    def step(self, command, **environment):
        status, answer = self.master.run_step(self.job, command, env=environment, capture_output=True, timeout_seconds=300)
        assert status == 200, answer
        return answer

    def attack(self, only=None):
        targets = json.dumps(self.hosts.targets(self.master, self.guard()))
        answer = self.step(["python3", "-B", "egressattacks.py"], TARGETS=targets, **({"ONLY": only} if only else {}))
        assert answer["exit_code"] == 0, answer
        return json.loads(answer["stdout"])

    def close(self):
        self.master.remove()
        self.hosts.close()


class Bypass(unittest.TestCase):
    def site(self, egress, user=None, programs=BIN):
        site = Site(egress, user, programs)
        self.addCleanup(site.close)
        return site

    def hold_out(self, site):
        self.assertEqual(site.master.get("/api/v1/egress/policy")["level"], "enforced")
        allowed = site.step(["python3", "-B", "-c", ALLOWED])
        self.assertEqual(allowed["exit_code"], 0, site.master.rest("GET", f"/api/v1/jobs/{site.job}/logs")[1].decode())
        found = site.attack()
        self.assertGreaterEqual(len(found), 80)
        self.assertEqual(found.keys(), egressattacks.ROWS.keys())
        if os.environ.get("SHOW_ROWS"):
            print(json.dumps(found, indent=1))
        for row, said in found.items():
            with self.subTest(row=row):
                self.assertTrue(said.startswith("refused: "), said)
                for mistake in ("NameError", "TypeError", "AttributeError", "AssertionError", "ModuleNotFoundError", "KeyError"):
                    self.assertNotIn(mistake, said, "an attack that was never made")
        self.assertEqual(site.hosts.tcp.accepted + site.hosts.tcp6.accepted, 0)

    @unittest.skipIf(why_not(), why_not())
    def test_nothing_gets_past_the_guard(self):
        self.hold_out(self.site("enforce"))

    @unittest.skipUnless(os.getuid() == 0 and shutil.which("setpriv"), "only root can become somebody else")
    def test_nothing_gets_past_the_guard_of_another_user(self):
        become = ["setpriv", "--reuid", str(ANYBODY), "--regid", str(ANYBODY), "--clear-groups"]
        if why_not(*become):
            self.skipTest(why_not(*become))
        site = self.site("enforce", ANYBODY)
        self.assertEqual(os.stat(f"/proc/{site.master.process.pid}").st_uid, ANYBODY)
        self.hold_out(site)

    def expect_reached(self, found, guard):
        self.assertEqual(found.keys(), {row for row, (_, needs) in egressattacks.ROWS.items() if needs == guard})
        for row, said in found.items():
            with self.subTest(row=row, without=guard):
                if not said.startswith("reached: ") and why_not_shown(row):
                    print(f"not shown here: {row}: {why_not_shown(row)}")
                    continue
                self.assertTrue(said.startswith("reached: "), said)

    def test_every_guard_can_be_taken_away(self):
        switches = {name for _, _, new in guardsoff.SWITCHES for name in re.findall(r'isOff\("([\w-]+)"\)', new)}
        used = {switch for _, guard in egressattacks.ROWS.values() if guard not in ALONE for switch in guard.split("+")}
        self.assertEqual(used, switches)

    def test_without_a_sandbox_the_same_attacks_succeed(self):
        site = self.site("off")
        self.assertEqual(site.master.get("/api/v1/egress/policy")["level"], "none")
        self.expect_reached(site.attack("sandbox"), "sandbox")

    @unittest.skipIf(why_not(), why_not())
    def test_without_a_single_protection_its_attacks_succeed(self):
        programs = OpenPrograms()
        self.addCleanup(programs.close)
        programs.take_away("")
        site = self.site("enforce", programs=programs.bin)
        for switches in sorted({guard for _, guard in egressattacks.ROWS.values()} - set(ALONE)):
            site.master.finish_hold(site.job)
            programs.take_away(switches)
            site.start_job()
            self.expect_reached(site.attack(switches), switches)

    @unittest.skipIf(why_not(), why_not())
    def test_without_switches_the_changed_programs_hold_out(self):
        programs = OpenPrograms()
        self.addCleanup(programs.close)
        self.hold_out(self.site("enforce", programs=programs.bin))

    @unittest.skipIf(guardrig.why_not(), guardrig.why_not())
    def test_where_there_are_routes_and_servers_the_same_attacks_succeed(self):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([sys.executable, "-B", SOURCE / "tests/support/egressplain.py", folder], capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.expect_reached(json.loads(done.stdout), "plain")

    def test_a_process_that_nothing_surrounds_succeeds(self):
        hosts = Hosts()
        self.addCleanup(hosts.close)
        victim = subprocess.Popen(["sleep", "600"])
        self.addCleanup(victim.wait)
        self.addCleanup(victim.kill)
        master = types.SimpleNamespace(endpoints={"http": "x:1", "rpc": "x:1"}, data=pathlib.Path("/"))
        targets = hosts.targets(master, victim.pid) | {"agent": os.getpid()}
        coordinator, dialer = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with coordinator, dialer:
            dialer.settimeout(60)
            program = SOURCE / "tests/support/egressattacks.py"
            as_three = "import os, sys; os.dup2(int(sys.argv[1]), 3); os.execv(sys.executable, [sys.executable, '-B', sys.argv[2]])"
            running = subprocess.Popen([sys.executable, "-c", as_three, str(coordinator.fileno()), program], stdout=subprocess.PIPE, text=True,
                                       env=os.environ | {"TARGETS": json.dumps(targets), "ONLY": "process", "http_proxy": "http://127.0.0.1:1"},
                                       pass_fds=[coordinator.fileno()])
            if dialer.recv(100):
                socket.send_fds(dialer, [b"ok\n"], [hosts.tcp.listener.fileno()])
            found = json.loads(running.communicate(timeout=120)[0])
        self.expect_reached(found, "process")

    @unittest.skipIf(why_not(), why_not())
    def test_in_audit_mode_what_no_list_names_is_reached(self):
        site = self.site("audit")
        self.assertEqual(site.master.get("/api/v1/egress/policy")["level"], "declared")
        found = site.attack(",".join(AUDITED))
        self.assertEqual(set(found), set(AUDITED))
        for row, said in found.items():
            with self.subTest(row=row):
                self.assertTrue(said.startswith("reached: "), said)


if __name__ == "__main__":
    unittest.main()
