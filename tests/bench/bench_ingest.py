# SPDX-License-Identifier: GPL-3.0-or-later
"""ingest: one exec's output over TLS WebSocket into the job's log (masked, indexed, synced), beside bare OpenSSL into a plain
file, `kubectl exec` into a plain file, and the Python client's loop. The Python loop reads less, as its memory grows with the log."""
import base64
import json
import pathlib
import shutil
import subprocess
import tempfile

import measure

MIB = 1 << 20


class ExecServer:
    def __init__(self, programs, directory):
        self.ca = directory / "ca.pem"
        key = directory / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                        "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", self.ca], check=True, capture_output=True)
        self.process = subprocess.Popen([programs / "bench_execserver", self.ca, key], stdout=subprocess.PIPE, text=True)
        self.port = self.process.stdout.readline().strip()
        self.kubeconfig = directory / "kubeconfig"
        cluster = {"server": f"https://127.0.0.1:{self.port}", "certificate-authority-data": base64.b64encode(self.ca.read_bytes()).decode()}
        self.kubeconfig.write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "bench", "users": [{"name": "bench", "user": {"token": "bench"}}],
            "clusters": [{"name": "bench", "cluster": cluster}],
            "contexts": [{"name": "bench", "context": {"cluster": "bench", "user": "bench", "namespace": "n"}}]}))

    def close(self):
        self.process.kill()
        self.process.wait()


def contestants(server, programs, directory, size):
    plain = directory / "plain"

    def danube():
        shutil.rmtree(directory / "logs", ignore_errors=True)
        return measure.run([programs / "bench_ingest", server.port, str(size), directory / "logs", server.ca])

    def bare():
        return measure.run([programs / "bench_rawreader", server.port, str(size), plain])

    def kubectl():
        with open(plain, "wb") as out:
            return measure.run(["kubectl", "--kubeconfig", server.kubeconfig, "exec", "p", "-c", "main", "--", "lines", str(size)], stdout=out)

    def python():
        return measure.run(["python3", pathlib.Path(__file__).parent / "ingest/pythonloop.py", server.kubeconfig, str(size), plain])

    return {"danube": danube, "bare OpenSSL": bare, "kubectl exec": kubectl, "Python loop": python}


def bench(programs, rounds, quick):
    size = (64 if quick else 512) * MIB
    with tempfile.TemporaryDirectory(prefix="danube-bench-") as name:
        directory = pathlib.Path(name)
        server = ExecServer(programs, directory)
        try:
            all_of_them = contestants(server, programs, directory, size)
            python = contestants(server, programs, directory, size // 8)["Python loop"]
            found = measure.alternate(all_of_them | {"Python loop": python}, rounds)
        finally:
            server.close()
    rate = {who: size / (8 if who == "Python loop" else 1) / MIB / run.seconds for who, run in found.items()}
    cpu = {who: run.cpu_seconds * 1024 * MIB / (size / (8 if who == "Python loop" else 1)) for who, run in found.items()}
    goals = {"bare OpenSSL": 0.85, "Python loop": 3, "kubectl exec": None}
    rows = [measure.compare("ingest", "one exec", "rate", "MiB/s", rate["danube"], peer, rate[peer], at_least=goal) for peer, goal in goals.items()]
    rows += [measure.compare("ingest", "one exec", "CPU", "s/GiB", cpu["danube"], peer, cpu[peer]) for peer in goals]
    rows.append(measure.bound("ingest", "one exec", "memory", "MiB", found["danube"].rss_mib, at_most=48))
    rows += [measure.bound("ingest", f"peer: {peer}", "memory", "MiB", found[peer].rss_mib) for peer in goals]
    return rows
