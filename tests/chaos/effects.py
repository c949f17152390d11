# SPDX-License-Identifier: GPL-3.0-or-later
"""The outside world: counts, on loopback, how often each side effect happened."""
import collections
import http.server
import threading


class Effects:
    def __init__(self):
        counts = collections.Counter()
        lock = threading.Lock()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                with lock:
                    counts[self.path.rsplit("/", 1)[1]] += 1
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self._counts, self._lock = counts, lock
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.place = f"127.0.0.1:{self._server.server_address[1]}"
        self.url = f"http://{self.place}/effect"

    def counts(self):
        with self._lock:
            return dict(self._counts)

    def close(self):
        self._server.shutdown()
        self._server.server_close()
