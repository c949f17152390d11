# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts of the example `egress`: two HTTPS servers on loopback, with certificates of an authority that lives in the run's state."""
import contextlib
import http.server
import pathlib
import shutil
import ssl
import subprocess
import threading
import time

NAMES = ("packages.example.org", "telemetry.example.net")
RENEW_SECONDS = 86_400


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=60)


def certificate(folder):
    """A key and certificate for NAMES that is its own authority; made anew each day."""
    key, pem = folder / "key.pem", folder / "ca.pem"
    if not pem.exists() or time.time() - pem.stat().st_mtime > RENEW_SECONDS:
        folder.mkdir(parents=True, exist_ok=True)
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", 30, "-subj", "/CN=Danube example",
                "-addext", "subjectAltName=" + ",".join(f"DNS:{name}" for name in NAMES), "-keyout", key, "-out", pem)
        key.chmod(0o600)
    return key, pem


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        text = f"hello from {self.server.name}\n".encode()
        self.server.requests += 1
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


class Origin(http.server.ThreadingHTTPServer):
    """One HTTPS server on a free port of 127.0.0.1; `requests` counts what reached it."""

    def __init__(self, name, key, pem):
        super().__init__(("127.0.0.1", 0), Handler)
        self.name, self.requests = name, 0
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem, key)
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def place(self):
        return f"{self.name}=127.0.0.1:{self.server_address[1]}"


@contextlib.contextmanager
def opened(state, wanted=True):
    """The servers, by name; none where they are not wanted or there is no openssl."""
    if not wanted or not shutil.which("openssl"):
        yield {}
        return
    key, pem = certificate(pathlib.Path(state) / "origins")
    servers = {name: Origin(name, key, pem) for name in NAMES}
    try:
        yield servers
    finally:
        for server in servers.values():
            server.shutdown()
            server.server_close()
