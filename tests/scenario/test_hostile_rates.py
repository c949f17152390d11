#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Peers that ask too often (docs/adr/0013): told to wait. Who guesses tokens keeps nobody out, not even from its own address."""
import re
import time
import unittest

from hostilecase import HostileCase

CLOSE = b"Connection: close\r\n"


def question(path, token, more=b""):
    return b"GET " + path + b" HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token + b"\r\n" + more + b"\r\n"


def statuses(answer):
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


class HostileRates(HostileCase):
    ENVIRONMENT = {"DANUBE_SERVER_REQUEST_RATE": "100", "DANUBE_SERVER_REQUEST_BURST": "400"}

    def guess(self, port, connections, of_each):
        found = []
        for number in range(connections):
            tokens = [b"%064d" % (number * of_each + i) for i in range(of_each)]
            found += statuses(self.say(port, b"".join(question(b"/api/v1/jobs", token) for token in tokens) +
                                       question(b"/metrics", b"none", CLOSE)))
        return found

    def test_guessing_tokens(self):
        for port in ("http", "websocket"):
            time.sleep(6)  # until the bucket is full
            before, begun = self.refused("http", 429), time.monotonic()
            with self.row(f"{port}, 2000 guessed tokens"):  # honest clients come from the same address
                found = self.guess(port, 200, 10)
            seconds = time.monotonic() - begun
            self.assertEqual(set(found), {401, 429})
            self.assertGreaterEqual(found.count(401), 50)
            self.assertLessEqual(found.count(401), 51 + 10 * seconds)
            self.assertGreater(found.count(429), 100, "one connection for each further attempt")
            self.assertEqual(self.refused("http", 429) - before, found.count(429))

    def test_asking_in_a_loop(self):
        time.sleep(4)
        before, begun = self.refused("http", 429), time.monotonic()
        with self.row("http, 3000 requests with a good token", questions=(self.ask_rpc,)):
            answer = self.say("http", question(b"/api/v1/version", self.admin) * 2999 + question(b"/health", b"none", CLOSE))
        seconds = time.monotonic() - begun
        found = statuses(answer)
        self.assertEqual(len(found), 3000, "told to wait, and not sent away")
        self.assertEqual(set(found), {200, 429})
        self.assertEqual(found[-1], 200, "health has no limit")
        self.assertGreaterEqual(found.count(200), 400)
        self.assertLessEqual(found.count(200), 402 + 100 * seconds)
        self.assertEqual(answer.lower().count(b"\r\nretry-after: 1\r\n"), found.count(429))
        self.assertEqual(self.refused("http", 429) - before, found.count(429))
        time.sleep(1)  # as it was told
        self.ask_rest()


if __name__ == "__main__":
    unittest.main()
