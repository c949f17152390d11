# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done to a run: a seeded, shuffled row of disturbances, one after the other at random moments."""
import random
import threading
import time


class Disturber:
    """`kinds`: name → (how often, function of a random.Random). Pauses between two are `pause` seconds on average. A function that
    gives False found nothing to disturb; that is not counted as done."""

    def __init__(self, seed, kinds, pause):
        self._random = random.Random(seed)
        self._functions = {name: function for name, (_, function) in kinds.items()}
        self._row = [name for name, (count, _) in kinds.items() for _ in range(count)]
        self._random.shuffle(self._row)
        self._pause = pause
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.wanted = {name: count for name, (count, _) in kinds.items() if count}
        self.done = {name: 0 for name in self.wanted}
        self.error = None

    def start(self):
        self._thread.start()

    @property
    def is_done(self):
        return not self._thread.is_alive()

    def stop(self):
        self._stop.set()
        self._thread.join(120)

    def summary(self):
        return ", ".join(f"{count} x {name}" if count == self.wanted[name] else f"{count} of {self.wanted[name]} x {name}"
                         for name, count in self.done.items())

    def missed(self):
        """Sentences about what was asked for and never happened: such a run shows nothing of it."""
        return [f"{name}: none of {self.wanted[name]} met anything" for name, count in self.done.items() if not count]

    def _run(self):
        try:
            for name in self._row:
                if self._stop.wait(self._random.expovariate(1 / self._pause)):
                    return
                if self._functions[name](self._random) is not False:
                    self.done[name] += 1
        except Exception as error:  # told by the run, which must not go on quietly undisturbed
            self.error = error


class MasterKiller:
    """kill -9, a random time of absence, start again; everybody who speaks to the master takes turns with it. A master that is dead
    already died of something that nobody did to it, and that is never healed silently."""

    def __init__(self, master):
        self.lock = threading.Lock()
        self._master = master

    def __call__(self, chance):
        self.kill(chance.choice((0, 0, 0.1, 0.5, 1.5)))

    def kill(self, absence=0):
        with self.lock:
            self.check_alive()
            self._master.kill()
            time.sleep(absence)
            self._master.restart()

    def check_alive(self):
        code = self._master.process.poll()
        if code is not None:
            raise AssertionError(f"the master ended by itself ({code}): {self._master.log()[-3000:]}")
