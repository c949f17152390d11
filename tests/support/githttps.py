#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The repositories of a directory by https on a loopback port of its own, by git http-backend.

Arguments: directory, PEM file with key and certificate. Environment: GIT_PAIR is the "user:password" it takes (none:
everybody may read), GIT_REDIRECT a URL every request is sent to instead, GIT_NEEDLES words that may stand in nobody's
command line. Prints the port, then one JSON object for each request: path, authorization, leaks (the command lines
found while git waits for the answer).
"""
import base64
import glob
import http.server
import json
import os
import ssl
import subprocess
import sys

PAIR = os.environ.get("GIT_PAIR", "")
REDIRECT = os.environ.get("GIT_REDIRECT", "")
NEEDLES = [word.encode() for word in os.environ.get("GIT_NEEDLES", "").split()]


def leaks():
    found = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as file:
                line = file.read()
        except OSError:
            continue  # it ended meanwhile
        if any(needle in line for needle in NEEDLES):
            found.append(line.replace(b"\0", b" ").decode("utf-8", "replace"))
    return found


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.serve()

    def do_POST(self):
        self.serve()

    def take_body(self):
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline().strip(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def answer(self, status, headers, body=b""):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def serve(self):
        body = self.take_body()
        authorization = self.headers.get("Authorization", "")
        print(json.dumps({"path": self.path, "authorization": authorization, "leaks": leaks()}), flush=True)
        if REDIRECT:
            return self.answer(302, [("Location", REDIRECT + self.path)])
        expected = "Basic " + base64.b64encode(PAIR.encode()).decode()
        if PAIR and authorization != expected:
            return self.answer(401, [("WWW-Authenticate", 'Basic realm="git"')])
        self.run_backend(body)

    def run_backend(self, body):
        path, _, query = self.path.partition("?")
        environment = {
            "PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_PROJECT_ROOT": os.path.abspath(sys.argv[1]), "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": path,
            "QUERY_STRING": query, "REQUEST_METHOD": self.command, "REMOTE_USER": "somebody",
            "CONTENT_TYPE": self.headers.get("Content-Type", ""), "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", "")}
        backend = subprocess.run(["git", "http-backend"], input=body, env=environment, stdout=subprocess.PIPE,
                                 timeout=30, check=False)
        head, _, content = backend.stdout.partition(b"\r\n\r\n")
        headers = [tuple(line.split(": ", 1)) for line in head.decode().split("\r\n") if ": " in line]
        status = next((int(value.split()[0]) for name, value in headers if name == "Status"), 200)
        self.answer(status, [header for header in headers if header[0] != "Status"], content)


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        pass  # a git that does not believe the certificate, or that was killed, hangs up


def main():
    server = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2])
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    print(server.server_address[1], flush=True)
    server.serve_forever()


main()
