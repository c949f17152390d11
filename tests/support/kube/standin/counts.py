# SPDX-License-Identifier: GPL-3.0-or-later
"""What the stand-in saw, for GET /standin/counts: the tests judge a client by it."""
import collections
import time

KEPT_SECONDS = 600
KEPT_MOMENTS = 20_000


class Counts:
    def __init__(self):
        self.reset()

    def reset(self):
        self.requests = collections.Counter()  # "list pods", "create pods/exec"
        self.refused = collections.Counter()  # HTTP code -> answers
        self.per_second = collections.OrderedDict()  # unix second -> requests that arrived
        self.arrivals = collections.deque(maxlen=KEPT_MOMENTS)  # unix time of every request
        self.refusals = collections.deque(maxlen=KEPT_MOMENTS)  # [unix time, HTTP code] of every refusal
        self.opened = collections.Counter()  # "watch pods", "exec", "connection"
        self.open = getattr(self, "open", collections.Counter())

    def request(self, verb, what):
        self.requests[f"{verb} {what}"] += 1
        now = time.time()
        self.arrivals.append(now)
        second = int(now)
        self.per_second[second] = self.per_second.get(second, 0) + 1
        while len(self.per_second) > KEPT_SECONDS:
            self.per_second.popitem(last=False)

    def this_second(self):
        return self.per_second.get(int(time.time()), 0)

    def answered(self, code):
        if code >= 400:
            self.refused[str(code)] += 1
            self.refusals.append([time.time(), code])

    def begin(self, what):
        self.opened[what] += 1
        self.open[what] += 1

    def end(self, what):
        self.open[what] -= 1

    def as_json(self):
        return {"total": sum(self.requests.values()), "requests": dict(self.requests), "refused": dict(self.refused),
                "perSecond": {str(k): v for k, v in self.per_second.items()}, "peakPerSecond": max(self.per_second.values(), default=0),
                "arrivals": list(self.arrivals), "refusals": list(self.refusals),
                "opened": dict(self.opened), "open": {k: v for k, v in self.open.items() if v}}
