# SPDX-License-Identifier: GPL-3.0-or-later
"""A run on the stand-in cluster: the master is killed, exec connections are cut and lied to, the API server restarts."""
import pathlib
import sys
import tempfile
import time

from harness import BIN, Master
from leftovers import files_left
from workload import FILES, PIPELINE

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support/kube"))
from standincluster import StandInCluster

MIB = 1 << 20
LEFTOVER_SECONDS = 30


class KubernetesSite:
    def __init__(self, jobs_at_once, effects):
        self.effects_url = effects.url
        self._state = tempfile.TemporaryDirectory(prefix="danube-chaos-cluster-")
        self.cluster = StandInCluster(self._state.name, BIN).prepare()
        limit = f'[jobs]\nmax_concurrent = {jobs_at_once}\n[logs]\ncompress_after = "1s"\n'
        self.master = Master({PIPELINE: FILES}, extra=self.cluster.master_config() + limit).start()
        self.restarts = 0

    def disturbances(self, arguments, killer):
        """Of `drops`: most are connections cut while bytes flow; the rest lie about the status, hang, or take the server away."""
        drops = arguments.drops
        shares = {"cut at a byte": (0.5, self.cut_at_byte), "cut now": (0.2, self.cut_now), "status dropped": (0.08, self.drop_status),
                  "false success": (0.08, self.false_success), "closed politely": (0.06, self.close_politely),
                  "stalled": (0.04, self.stall), "API server restarted": (0.04, self.restart)}
        kinds = {name: (int(share * drops), function) for name, (share, function) in shares.items()}
        kinds["cut at a byte"] = (drops - sum(count for name, (count, _) in kinds.items() if name != "cut at a byte"), self.cut_at_byte)
        return kinds | {"kill": (arguments.kills, killer)}

    def cut_at_byte(self, chance):
        """The next connections end at a random byte: in the handshake of the link, in a frame's head, far inside the output."""
        high = chance.choice((200, 5_000, 100_000, 3 * MIB))
        self.cluster.fault("exec-cut", bytes=chance.randrange(high), rst=chance.random() < 0.5, count=1)
        self.cut_now(chance)  # so that there is a next one

    def cut_now(self, chance):
        self.cluster.act("cut-execs", rst=chance.random() < 0.5)

    def drop_status(self, chance):
        self.cluster.fault("exec-drop-status", close=chance.random() < 0.5, count=1)
        self.cut_now(chance)

    def false_success(self, chance):
        self.cluster.fault("exec-false-success", bytes=chance.randrange(MIB), count=1)
        self.cut_now(chance)

    def close_politely(self, chance):
        self.cluster.fault("exec-polite-close", bytes=chance.randrange(MIB), count=1)
        self.cut_now(chance)

    def stall(self, chance):
        self.cluster.fault("exec-stall", bytes=chance.randrange(MIB), for_ms=chance.randrange(200, 2000), count=1)
        self.cut_now(chance)

    def restart(self, chance):
        self.cluster.request("POST", "/standin/restart", {"down_ms": chance.choice((0, 300, 1500))})
        time.sleep(2)  # the next switch must reach it

    def may_refuse(self):
        return False

    def leftovers(self, jobs, spared=()):
        deadline = time.monotonic() + LEFTOVER_SECONDS
        while True:
            left = [f"{plural[:-1]} {item['metadata']['name']} is left" for plural in ("pods", "secrets") for item in self.cluster.objects(plural)]
            left += files_left(self.master.data, jobs, spared)
            if not left or time.monotonic() > deadline:
                return left
            time.sleep(0.2)

    def close(self):
        self.master.remove()
        self.cluster.close()
        self._state.cleanup()
