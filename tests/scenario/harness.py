# SPDX-License-Identifier: GPL-3.0-or-later
"""A real danube-master on free ports in a temporary directory, and strangers' clients (curl) to drive it."""
import base64
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.parse

SOURCE = pathlib.Path(os.environ.get("DANUBE_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
BIN = pathlib.Path(os.environ.get("DANUBE_BIN_DIR", SOURCE / "build/dev/bin"))
GIT_ENVIRONMENT = os.environ | {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "t",
                                "GIT_AUTHOR_EMAIL": "t@example.org", "GIT_COMMITTER_NAME": "t", "GIT_COMMITTER_EMAIL": "t@example.org"}

# Keeps a job running until its workspace holds the file "finish": for tests that speak RPC themselves.
HOLD = """
import pathlib, time
from danube import ctx
print("holding", flush=True)
while not pathlib.Path(ctx.workspace, "finish").exists():
    time.sleep(0.05)
"""


AGENT = BIN / "danube-agent"
needs_static_agent = unittest.skipIf(AGENT.exists() and b"libasan." in AGENT.read_bytes(), "a sanitized agent is not static, so an empty image cannot run it")
PATIENCE = int(os.environ.get("DANUBE_TEST_PATIENCE", "1"))  # of builds with slower programs (sanitizers)


def wait_for(condition, what, seconds=30):
    deadline, pause = time.monotonic() + seconds * PATIENCE, 0.02
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(pause)
        pause = min(pause * 1.2, 0.15)  # what takes long is not asked about fifty times a second by each of six tests
    raise AssertionError(f"waited {seconds * PATIENCE} s for {what}")


def processes_of(text):
    """Command lines of living processes that contain `text`."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
            except (OSError, IndexError):
                continue
            if text in line and state != "Z" and int(entry.name) != os.getpid():
                found.append(line)
    return found


def markers_of(jobs):
    """What every process of one of these jobs has in its environment, also one that detached itself (localjob.cpp)."""
    return {f"DANUBE_JOB_MARKER={job}".encode() for job in jobs}


def left_behind(folder, markers):
    """Living processes that name the folder (None: not asked) in their command or have one of the markers in their environment."""
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            line = pathlib.Path(f"/proc/{entry}/cmdline").read_bytes()
            marks = pathlib.Path(f"/proc/{entry}/environ").read_bytes().split(b"\0")
        except OSError:
            continue  # gone, or of another user
        is_named = folder is not None and os.fsencode(folder) + b"/" in line.replace(b"\0", b" ")
        is_ours = is_named or not markers.isdisjoint(marks)
        if line and is_ours and int(entry) != os.getpid():  # without a command line it is a zombie
            found.append(f"{entry} {line.replace(bytes(1), b' ').decode(errors='replace')[:120]}")
    return found


def processes_of_job(job):
    """Living processes of a local job: by its marker, or by its id in their command."""
    return left_behind(None, markers_of([job])) + processes_of(job)


def wait_until_nothing_is_left(folder, markers, seconds=60):
    """Deletes the folder, again for as long as something writes to it. What is left after that."""
    deadline = time.monotonic() + seconds
    while True:
        shutil.rmtree(folder, ignore_errors=True)
        left = left_behind(folder, markers)
        if (not left and not folder.exists()) or time.monotonic() > deadline:
            return left + ([str(folder)] if folder.exists() else [])
        time.sleep(0.1)


def why_unguarded():
    """Why this machine's kernel refuses what local.egress = "enforce", the default, takes; empty = it does not."""
    done = subprocess.run([BIN / "danube-sandbox", "probe"], capture_output=True, text=True, timeout=60)
    return "" if done.returncode == 0 else f"the kernel refuses sandboxes here: {(done.stdout + done.stderr).strip()}"


class Master:
    def __init__(self, pipelines, secrets=None, extra=""):
        self.state = pathlib.Path(tempfile.mkdtemp(prefix="danube-scenario-"))
        self.data = self.state / "data"
        self.process, self.endpoints, self.environment = None, {}, {}
        self.prefix, self.programs, self.triggered = [], BIN, set()
        for name, files in pipelines.items():
            self.add_pipeline(name, files)
        secret_file = self.state / "secrets.json"
        secret_file.touch(mode=0o600)
        secret_file.write_text(json.dumps(secrets or {}))
        self.config = self.state / "danube.toml"
        self.config.write_text(f"""[server]
bind_address = "127.0.0.1:0"
websocket_address = "127.0.0.1:0"
rpc_address = "127.0.0.1:0"
data_dir = "{self.data}"
[config_repo]
directory = "{self.state / 'blueprint'}"
[secrets]
file = "{secret_file}"
[source]
protocols = ["file"]
{extra}""")

    def add_pipeline(self, name, files):
        """`files` is a mapping of file name to text, or {"example": NAME} for one of resources/examples."""
        repository = self.state / "repositories" / name
        documents = self.state / "blueprint/pipelines"
        repository.mkdir(parents=True)
        documents.mkdir(parents=True, exist_ok=True)
        spec = {"repository": repository.as_uri(), "secrets": ["PASSWORD"]}
        if "example" in files:
            example = SOURCE / "resources/examples" / files["example"]
            shutil.copytree(example / "repo", repository, dirs_exist_ok=True)
            text = (example / "pipeline.json").read_text().replace("${REPOSITORY}", repository.as_uri())
        else:
            for path, content in files.items():
                (repository / path).write_text(content)
            text = json.dumps({"apiVersion": "danube.dev/v1", "kind": "Pipeline", "metadata": {"name": name}, "spec": spec})
        (documents / f"{name}.json").write_text(text)
        for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "sources"]):
            subprocess.run(["git", "-C", repository, *command], check=True, env=GIT_ENVIRONMENT)

    def run_as(self, user):
        """Before start(), as root: the master and all it has belong to this user id."""
        self.prefix = ["setpriv", "--reuid", str(user), "--regid", str(user), "--clear-groups"]
        self.environment |= {"HOME": str(self.state), "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"}
        for path in (self.state, *self.state.rglob("*")):
            os.chown(path, user, user, follow_symlinks=False)

    def start(self, rpc_port=0):
        (self.data / "endpoints.json").unlink(missing_ok=True)
        unguarded = {"DANUBE_LOCAL_EGRESS": "off"} if "[local]" not in self.config.read_text() and why_unguarded() else {}
        environment = os.environ | unguarded | self.environment | ({"DANUBE_SERVER_RPC_ADDRESS": f"127.0.0.1:{rpc_port}"} if rpc_port else {})
        with open(self.state / "master.log", "ab") as log:
            self.process = subprocess.Popen([*self.prefix, self.programs / "danube-master", "--config", self.config], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, env=environment, start_new_session=True)
        wait_for(lambda: (self.data / "endpoints.json").exists() or self.process.poll() is not None, "endpoints.json")
        if self.process.poll() is not None:
            raise AssertionError("master did not start: " + self.log()[-3000:])
        self.endpoints = json.loads((self.data / "endpoints.json").read_text())
        return self

    def restart(self):
        """As a Service's address would, the RPC address stays; coordinators keep calling it."""
        return self.start(rpc_port=urllib.parse.urlsplit(self.endpoints["rpc"]).port)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10 * PATIENCE)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20 * PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise
        return self.process.returncode if self.process else None

    def remove(self):
        """Nothing of it may stay: jobs that are not over end when their folder is gone (docs/adr/0072)."""
        here = os.listdir(self.data / "jobs") if (self.data / "jobs").is_dir() else []
        markers = markers_of(self.triggered.union(here))
        try:
            self.stop()
        finally:
            left = wait_until_nothing_is_left(self.state, markers)
        if left:
            raise AssertionError(f"left behind by {self.state.name}: {left}")

    def log(self):
        return (self.state / "master.log").read_text(errors="replace")

    # REST

    def admin_token(self):
        return (self.data / "admin.token").read_text().strip()

    def rest(self, method, path, body=None, headers=None):
        url = urllib.parse.urlsplit(self.endpoints["http"])
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=60)
        try:
            connection.request(method, path, None if body is None else json.dumps(body),
                               {"Authorization": f"Bearer {self.admin_token()}", "Content-Type": "application/json"} | (headers or {}))
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def get(self, path):
        status, body = self.rest("GET", path)
        assert status == 200, (status, body)
        return json.loads(body)

    def trigger(self, pipeline, **body):
        status, answer = self.rest("POST", f"/api/v1/pipelines/{pipeline}/run", body)
        assert status == 202, (status, answer)
        job = json.loads(answer)["id"]
        self.triggered.add(job)
        return job

    def job(self, job):
        return self.get(f"/api/v1/jobs/{job}")

    def steps(self, job):
        return {step["name"]: step for step in self.job(job)["steps"]}

    def wait_state(self, job, *states, seconds=60):
        return wait_for(lambda: (found := self.job(job))["state"] in states and found, f"job to be {states}", seconds)

    def wait_end(self, job, seconds=120):
        return self.wait_state(job, "success", "failure", "timeout", "cancelled", seconds=seconds)

    def stream_text(self, job, step, stream):
        status, body = self.rest("GET", f"/api/v1/jobs/{job}/logs?step={step}&stream={stream}")
        assert status == 200, (status, body[:300])
        return body

    def seal(self, job):
        """{"size", "sha256"} of a finished log (docs/formats/log.md); None of another."""
        path = self.data / "logs" / f"{job}.seal"
        return json.loads(path.read_text()) if path.exists() else None

    # RPC, as a stranger would speak it: curl with prior knowledge

    def job_token(self, job):
        """What docs/adr/0004 documents: derived from the master's key."""
        key = (self.data / "master.key").read_bytes()
        mac = hmac.new(key, b"danube job token\0" + job.encode(), hashlib.sha256).digest()
        return f"{job}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"

    def curl(self, call, body, token=None, *extra):
        command = ["curl", "--http2-prior-knowledge", "-sS", "-m", "60", "-w", "\n%{http_code}", "-X", "POST",
                   "--data-binary", body if isinstance(body, str) else json.dumps(body), *extra]
        if token:
            command += ["-H", f"Authorization: Bearer {token}"]
        return subprocess.Popen([*command, f"{self.endpoints['rpc']}/rpc/{call}"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def rpc(self, call, body, token=None, *extra):
        """Asked again, as coordinators do, while a master that was started again adopts the job."""
        deadline = time.monotonic() + 30
        while True:
            out, error = self.curl(call, body, token, *extra).communicate(timeout=90)
            text, _, status = out.rpartition("\n")
            assert status and status != "000", error
            answer = json.loads(text) if text.strip() else None
            is_adopted = status != "503" or "it is being adopted after a restart" not in text
            if is_adopted or time.monotonic() > deadline:
                return int(status), answer
            time.sleep(0.05)

    def run_step(self, job, command, name="step", **more):
        return self.rpc("run-step", {"job_id": job, "step_name": name, "command": command} | more, self.job_token(job))

    def finish_hold(self, job):
        (self.data / "jobs" / job / "workspace/finish").touch()


class MasterCase(unittest.TestCase):
    """One master for all tests of a class; PIPELINES and SECRETS say what it knows, ENVIRONMENT its settings."""
    PIPELINES = {"hold": {"danubefile.py": HOLD}}
    SECRETS = {}
    ENVIRONMENT = {}

    @classmethod
    def setUpClass(cls):
        cls.master = Master(cls.PIPELINES, cls.SECRETS)
        cls.master.environment |= cls.ENVIRONMENT
        cls.master.start()

    @classmethod
    def tearDownClass(cls):
        cls.master.remove()

    def hold(self):
        job = self.master.trigger("hold")
        self.master.wait_state(job, "running")
        self.addCleanup(self.end, job)
        return job

    def end(self, job):
        if self.master.process.poll() is None:
            self.master.rest("POST", f"/api/v1/jobs/{job}/cancel")
            self.master.wait_end(job)
