# SPDX-License-Identifier: GPL-3.0-or-later
"""ingest: one exec's output over TLS WebSocket into the job's log (masked, indexed, synced), beside bare OpenSSL into a plain
file, `kubectl exec` into a plain file, and the Python client's loop. The Python loop reads less, as its memory grows with the log.
What each wrote is compared with what was sent, byte by byte. Danube's memory also with a log four times as long, and with a disk that
takes less than the server would send."""
import base64
import functools
import hashlib
import json
import pathlib
import shutil
import subprocess
import tempfile

import measure

MIB = 1 << 20
LONGER = 4
SLOW_DISK = 32  # MiB/s


class ExecServer:
    def __init__(self, programs, directory):
        self._program = programs / "bench_execserver"
        self.ca = directory / "ca.pem"
        key = directory / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                        "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", self.ca], check=True, capture_output=True)
        self.process = subprocess.Popen([self._program, self.ca, key], stdout=subprocess.PIPE, text=True)
        self.port = self.process.stdout.readline().strip()
        self.kubeconfig = directory / "kubeconfig"
        cluster = {"server": f"https://127.0.0.1:{self.port}", "certificate-authority-data": base64.b64encode(self.ca.read_bytes()).decode()}
        self.kubeconfig.write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "bench", "users": [{"name": "bench", "user": {"token": "bench"}}],
            "clusters": [{"name": "bench", "cluster": cluster}],
            "contexts": [{"name": "bench", "context": {"cluster": "bench", "user": "bench", "namespace": "n"}}]}))

    @functools.cache
    def sha256(self, size):
        """Of what it sends when it is asked for so many bytes."""
        return subprocess.run([self._program, "sha256", str(size)], check=True, capture_output=True, text=True).stdout.strip()

    def check(self, who, path, size):
        """What was received is what was sent; then it may go."""
        if path.stat().st_size != size:
            raise SystemExit(f"bench: {who} wrote {path.stat().st_size} of {size} bytes")
        with open(path, "rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != self.sha256(size):
                raise SystemExit(f"bench: {who} wrote {size} bytes, but not those that were sent")
        path.unlink()

    def close(self):
        self.process.kill()
        self.process.wait()


def contestants(server, programs, directory, size):
    """name → function that runs it once and looks at what it wrote"""
    plain, logs = directory / "plain", directory / "logs"

    def danube(disk=()):
        shutil.rmtree(logs, ignore_errors=True)
        run = measure.run([programs / "bench_ingest", server.port, str(size), logs, server.ca, *disk])
        server.check("danube", logs / "bench.log", size)
        return run

    def bare():
        run = measure.run([programs / "bench_rawreader", server.port, str(size), plain])
        server.check("bare OpenSSL", plain, size)
        return run

    def kubectl():
        with open(plain, "wb") as out:
            run = measure.run(["kubectl", "--kubeconfig", server.kubeconfig, "exec", "p", "-c", "main", "--", "lines", str(size)], stdout=out)
        server.check("kubectl exec", plain, size)
        return run

    def python():
        run = measure.run(["python3", pathlib.Path(__file__).parent / "ingest/pythonloop.py", server.kubeconfig, str(size), plain])
        server.check("the Python loop", plain, size)
        return run

    return {"danube": danube, "bare OpenSSL": bare, "kubectl exec": kubectl, "Python loop": python,
            "slow disk": lambda: danube([str(SLOW_DISK)])}


def bench(programs, rounds, quick):
    size = (64 if quick else 512) * MIB
    with tempfile.TemporaryDirectory(prefix="danube-bench-") as name:
        directory = pathlib.Path(name)
        server = ExecServer(programs, directory)
        try:
            runs = contestants(server, programs, directory, size)
            runs["Python loop"] = contestants(server, programs, directory, size // 8)["Python loop"]
            longer = contestants(server, programs, directory, LONGER * size)["danube"]
            slow = runs.pop("slow disk")
            found = measure.alternate(runs, rounds)
            apart = measure.alternate({"longer": longer, "slow disk": slow}, 1 if quick else 2)
        finally:
            server.close()
    sizes = dict.fromkeys(found, size) | {"Python loop": size // 8}
    rate = {who: sizes[who] / MIB / run.seconds for who, run in found.items()}
    cpu = {who: run.cpu_seconds * 1024 * MIB / sizes[who] for who, run in found.items()}
    goals = {"bare OpenSSL": 0.85, "Python loop": 3, "kubectl exec": None}
    rows = [measure.compare("ingest", "one exec", "rate", "MiB/s", rate["danube"], peer, rate[peer], at_least=goal) for peer, goal in goals.items()]
    rows += [measure.compare("ingest", "one exec", "CPU", "s/GiB", cpu["danube"], peer, cpu[peer]) for peer in goals]
    rows.append(measure.bound("ingest", f"{size // MIB} MiB", "memory", "MiB", found["danube"].rss_mib, at_most=48))
    rows.append(measure.bound("ingest", f"{LONGER * size // MIB} MiB", "memory", "MiB", apart["longer"].rss_mib, at_most=48))
    rows.append(measure.bound("ingest", f"a disk of {SLOW_DISK} MiB/s", "memory", "MiB", apart["slow disk"].rss_mib, at_most=48))
    rows.append(measure.bound("ingest", f"a disk of {SLOW_DISK} MiB/s", "rate", "MiB/s", size / MIB / apart["slow disk"].seconds))
    rows += [measure.bound("ingest", f"peer: {peer}", "memory", "MiB", found[peer].rss_mib) for peer in goals]
    return rows
