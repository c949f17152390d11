# SPDX-License-Identifier: GPL-3.0-or-later
"""An unmodified kubectl says to the stand-in cluster what it was recorded to say to a real one (tests/data/kubectl-recorded)."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest

from harness import BIN, SOURCE

sys.path.insert(0, str(SOURCE / "tests/support/kube"))

from nodecase import why_not  # noqa: E402
from standincluster import StandInCluster  # noqa: E402

RECORDED = SOURCE / "tests/data/kubectl-recorded"
POLICY_PATCH = '{"metadata":{"labels":{"x":"y"}}}'
EPHEMERAL = ('{"spec":{"ephemeralContainers":[{"name":"e1","image":"localhost/busybox:1","imagePullPolicy":"Never","command":["sleep","60"],'
             '"volumeMounts":[{"name":"ws","mountPath":"/workspace"}]}]}}')
IN_JOBS = ("-n", "danube-jobs")
EXEC = (*IN_JOBS, "exec", "rec", "-c", "main", "--")
# The arguments of each recording, as the shell that recorded them split them.
COMMANDS = {
    "01-apply-pod": ("apply", "-f", "pod.yaml"),
    "02-apply-again": ("apply", "-f", "pod.yaml"),
    "03-create-again": ("create", "-f", "pod.yaml"),
    "04-wait": (*IN_JOBS, "wait", "--for=condition=Ready", "pod/rec", "--timeout=30s"),
    "05-get-pod": (*IN_JOBS, "get", "pod", "rec"),
    "06-get-wide-labels": (*IN_JOBS, "get", "pods", "--show-labels"),
    "07-get-json": (*IN_JOBS, "get", "pod", "rec", "-o", "json"),
    "08-describe": (*IN_JOBS, "describe", "pod", "rec"),
    "09-exec-0": (*EXEC, "echo", "hello"),
    "10-exec-3": (*EXEC, "sh", "-c", "echo out; echo err >&2; exit 3"),
    "11-exec-notfound": (*EXEC, "nosuch"),
    "12-exec-default-container": (*IN_JOBS, "exec", "rec", "--", "echo", "default"),
    "13-exec-wrong-container": (*IN_JOBS, "exec", "rec", "-c", "nope", "--", "true"),
    "14-exec-no-pod": (*IN_JOBS, "exec", "nopod", "-c", "main", "--", "true"),
    "15-exec-stdin": (*IN_JOBS, "exec", "-i", "rec", "-c", "main", "--", "wc", "-l"),
    "16-exec-kill9": (*EXEC, "sh", "-c", "kill -9 $$"),
    "17-cnp-good": ("apply", "-f", "cnp-good.yaml"),
    "18-cnp-typo-strict": ("apply", "--validate=strict", "-f", "cnp-typo.yaml"),
    "19-cnp-numeric": ("apply", "-f", "cnp-numeric.yaml"),
    "20-cnp-get": (*IN_JOBS, "get", "cnp", "egress-allowlist", "-o", "json"),
    "21-ssa": ("apply", "--server-side", "--field-manager=danube", "-f", "cnp-good.yaml"),
    "22-ssa-conflict": ("apply", "--server-side", "--field-manager=other", "-f", "-"),
    "23-patch-merge": (*IN_JOBS, "patch", "pod", "rec", "--type=merge", "-p", POLICY_PATCH),
    "24-patch-eph": (*IN_JOBS, "patch", "pod", "rec", "--subresource=ephemeralcontainers", "--type=strategic", "-p", EPHEMERAL),
    "25-can-i": ("auth", "can-i", "create", "pods/exec", *IN_JOBS, "--as=danube"),
    "26-can-i-no": ("auth", "can-i", "create", "deployments", *IN_JOBS, "--as=danube"),
    "27-forbidden": (*IN_JOBS, "get", "secrets", "--as=nobody"),
    "28-watch": None,  # runs beside the two commands before 29
    "29-delete-gone": (*IN_JOBS, "delete", "pod", "rec"),
    "30-get-gone": (*IN_JOBS, "get", "pod", "rec"),
    "31-version": ("version",),
}
INPUTS = {"15-exec-stdin": "a\nb\n", "22-ssa-conflict": (RECORDED / "cnp-good.yaml").read_text().replace('"443"', '"8443"')}

# Everything that may differ from the recording, and nothing else.
VARYING = [
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UID"),
    (r"\b[0-9a-f]{64}\b", "ID"),  # containers, images, execs
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "TIME"),
    (r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000", "TIME"),
    (r'(resourceVersion\\?": ?\\?")\d+', r"\1N"),
    (r"\b(192\.0\.2\.2|198\.18\.7\.2|127\.0\.0\.1)\b", "ADDRESS"),
    (r"(?m)(\s)\d+s(\s|$)", r"\1AGE\2"),
    (r"Client Version: .*", "Client Version: CLIENT"),
    (r"Kustomize Version: .*", "Kustomize Version: CLIENT"),
    # kubectl's own noise at the end of an exec, now and then.
    (r"(?m)^.*Unknown stream id \d, discarding message\n", ""),
]
# The recorded node had no cluster DNS and said so, which also widened the columns of its events.
EVENTS = [(r"(?m)^.*MissingClusterDNS.*\n", ""), (r"(?m)^(  (?:Type|Normal|Warning|----) .*)$", lambda line: re.sub(" +", " ", line[1])),
          (r"(?m)^ (---- )+.*$", "----")]


def normal(text, more=()):
    for pattern, replacement in [*VARYING, *more]:
        text = re.sub(pattern, replacement, text)
    return text


def recording(name):
    """(exit code, stdout, stderr)"""
    text = (RECORDED / f"{name}.txt").read_text()
    found = re.fullmatch(r"\$ [^\n]*\nexit (\d+)\n--- stdout\n(.*)--- stderr\n(.*)", text, re.S)
    return int(found[1]), found[2], found[3]


def rows(text):
    """A watch's rows without ages; equal neighbours are one, because a kubelet may write status more than once."""
    found = []
    for line in text.splitlines():
        row = line.split()[:5]
        if row[:1] != ["EVENT"] and row[:5] not in found[-1:]:
            found.append(row[:5])
    return found


class KubectlCase(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        if reason := why_not():
            raise unittest.SkipTest(reason)
        state = tempfile.TemporaryDirectory(prefix="danube-kubectl-")
        cls.addClassCleanup(state.cleanup)
        cls.cluster = StandInCluster(pathlib.Path(state.name), BIN, images={})
        cls.addClassCleanup(cls.cluster.close)
        cls.environment = os.environ | {"HOME": state.name, "KUBECONFIG": cls.cluster.endpoint["kubeconfig"]}

    def kubectl(self, *arguments, given="", folder=RECORDED):
        return subprocess.run(["kubectl", *arguments], cwd=folder, env=self.environment, input=given, capture_output=True, text=True,
                              timeout=60)


class Recorded(KubectlCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cluster.fault("policy-unjudged")  # no network plugin ran beside the recorded server
        cls.cluster.kubectl("create", "namespace", "danube-jobs")
        cls.cluster.kubectl(*IN_JOBS, "create", "role", "danube", "--verb=create", "--resource=pods,pods/exec")
        cls.cluster.kubectl(*IN_JOBS, "create", "rolebinding", "danube", "--role=danube", "--user=danube")

    def test_commands_in_order(self):
        for name, arguments in COMMANDS.items():
            if arguments is None:
                self.watch_a_deletion(name)
                continue
            with self.subTest(name):
                code, output, errors = recording(name)
                done = self.kubectl(*arguments, given=INPUTS.get(name, ""))
                more = EVENTS if name == "08-describe" else ()
                self.assertEqual(normal(done.stderr), normal(errors))
                self.assertEqual(normal(done.stdout, more), normal(output, more))
                self.assertEqual(done.returncode, code)

    def watch_a_deletion(self, name):
        command = ["kubectl", *IN_JOBS, "get", "pod", "rec", "-w", "--output-watch-events"]
        with subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True, cwd=RECORDED) as watching:
            lines = [watching.stdout.readline(), watching.stdout.readline()]
            self.assertEqual(self.kubectl(*IN_JOBS, "label", "pod", "rec", "more=yes").returncode, 0)
            self.assertEqual(self.kubectl(*IN_JOBS, "delete", "pod", "rec").returncode, 0)
            deadline = time.monotonic() + 20
            while "DELETED" not in lines[-1] and lines[-1] and time.monotonic() < deadline:
                lines.append(watching.stdout.readline())
            watching.terminate()
        expected = "".join((RECORDED / f"{name}.txt").read_text().splitlines(keepends=True)[1:])
        # The two containers end within a moment; a kubelet that looks between them, as on a busy machine, tells of one.
        between = ["MODIFIED", "rec", "1/2", "Terminating", "0"]
        self.assertEqual([row for row in rows("".join(lines)) if row != between], rows(expected))


class Manifests(KubectlCase):
    """deploy/ as a cluster takes it."""

    def apply(self, folder, *options):
        done = self.kubectl("apply", *options, "-k", folder, folder=SOURCE)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return {line.rpartition(" ")[2] for line in done.stdout.splitlines()}

    def test_server_side_apply_takes_over_and_changes_nothing(self):
        self.assertEqual(self.apply("deploy/base"), {"created"})
        self.assertEqual(self.apply("deploy/base", "--server-side"), {"serverside-applied"})
        self.assertEqual(self.apply("deploy/base"), {"unchanged"})

    def test_strict_validation_finds_typos(self):
        done = self.kubectl("apply", "-f", "-", given='{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"},"dta":{}}')
        self.assertEqual((done.returncode, done.stderr), (
            1, 'Error from server (BadRequest): error when creating "STDIN": ConfigMap in version "v1" cannot be handled as a ConfigMap: '
            'strict decoding error: unknown field "dta"\n'))


if __name__ == "__main__":
    unittest.main()
