# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of 100 bytes at a steady rate, a tick of a millisecond at a time: producer.py RATE LINES [PORT PATH [together]]. To standard
output, or as pipelined POSTs: one for each line, as an nchan publisher takes them, or one for all lines of a tick. Begins when the file
"go" appears here; prints its own lateness nowhere: latency is taken by the readers, from when a line was due to be made."""
import pathlib
import socket
import sys
import threading
import time

TICK = 0.001


def line(number):
    text = f"T{time.monotonic_ns()} S{number} "
    return (text + "x" * (99 - len(text)) + "\n").encode()


def to_stdout(lines):
    sys.stdout.buffer.write(b"".join(lines))
    sys.stdout.buffer.flush()


class Publisher:
    """Answers are read aside, so that they never make it wait."""

    def __init__(self, port, path, together):
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._path, self._together = path, together
        threading.Thread(target=self._drop, daemon=True).start()

    def _drop(self):
        while self._socket.recv(1 << 16):
            pass

    def __call__(self, lines):
        bodies = [b"".join(lines)] if self._together else [one[:-1] for one in lines]
        self._socket.sendall(b"".join(self._post(body) for body in bodies))

    def _post(self, body):
        return f"POST {self._path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def main():
    rate, count = float(sys.argv[1]), int(sys.argv[2])
    send = Publisher(int(sys.argv[3]), sys.argv[4], "together" in sys.argv[5:]) if len(sys.argv) > 3 else to_stdout
    while not pathlib.Path("go").exists():
        time.sleep(0.01)
    begun, done = time.monotonic(), 0
    while done < count:
        due = min(count, int((time.monotonic() - begun) * rate) + 1)
        if due > done:
            send([line(number) for number in range(done, due)])
            done = due
        time.sleep(TICK)
    time.sleep(2)  # a publisher's last answers


main()
