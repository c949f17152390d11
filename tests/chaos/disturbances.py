# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done to a run: a seeded, shuffled row of disturbances, one after the other at random moments."""
import random
import threading
import time


class Disturber:
    """`kinds`: name → (how often, function of a random.Random). Pauses between two are `pause` seconds on average."""

    def __init__(self, seed, kinds, pause):
        self._random = random.Random(seed)
        self._functions = {name: function for name, (_, function) in kinds.items()}
        self._row = [name for name, (count, _) in kinds.items() for _ in range(count)]
        self._random.shuffle(self._row)
        self._pause = pause
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.done = {name: 0 for name in kinds}
        self.error = None

    def start(self):
        self._thread.start()

    @property
    def is_done(self):
        return not self._thread.is_alive()

    def stop(self):
        self._stop.set()
        self._thread.join(120)

    def _run(self):
        try:
            for name in self._row:
                if self._stop.wait(self._random.expovariate(1 / self._pause)):
                    return
                self._functions[name](self._random)
                self.done[name] += 1
        except Exception as error:  # told by the run, which must not go on quietly undisturbed
            self.error = error


class MasterKiller:
    """kill -9, a random time of absence, start again; everybody who speaks to the master takes turns with it."""

    def __init__(self, master):
        self.lock = threading.Lock()
        self._master = master

    def __call__(self, chance):
        with self.lock:
            self._master.kill()
            time.sleep(chance.choice((0, 0, 0.1, 0.5, 1.5)))
            self._master.restart()
