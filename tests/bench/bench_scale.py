# SPDX-License-Identifier: GPL-3.0-or-later
"""scale: what a reader and a step wait for with ever more jobs in the store, and a step with ever more jobs running. Each figure
beside that of the smallest store (or crowd) of the same run; growing as the logarithm does is the target."""
import http.client
import json
import math
import statistics
import time
import urllib.parse

import measure
from filledmaster import filled_master, finish_waiting
from masterbench import resident_mib

QUERIES = {"list": "/api/v1/jobs?limit=100",
           "filter": "/api/v1/jobs?pipeline=pipeline-0&state=failure&limit=20",
           "old page": "/api/v1/jobs?limit=100&cursor=200"}


def timed_get(connection, path, token):
    begun = time.monotonic()
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    response = connection.getresponse()
    response.read()
    if response.status != 200:
        raise SystemExit(f"bench: {path} gave {response.status}")
    return (time.monotonic() - begun) * 1000


def timed_stream(address, token):
    """Until the first bytes of the event stream are here."""
    connection = http.client.HTTPConnection(*address, timeout=30)
    begun = time.monotonic()
    connection.request("GET", "/api/v1/events/stream", headers={"Authorization": f"Bearer {token}"})
    response = connection.getresponse()
    response.fp.readline()
    taken = (time.monotonic() - begun) * 1000
    connection.close()
    return taken


def step_times(master):
    job = master.trigger("steps")
    end = master.wait_end(job)
    if end["state"] != "success":
        raise SystemExit(f"bench: job {job} ended {end['state']}: {end['reason']}")
    return json.loads(master.stream_text(job, 0, "stdout").decode().split("added ", 1)[1])


def measured(master, rounds, count):
    """case → milliseconds (medians)"""
    url = urllib.parse.urlsplit(master.endpoints["http"])
    token, address = master.admin_token(), (url.hostname, url.port)
    connection = http.client.HTTPConnection(*address, timeout=60)
    found = {name: statistics.median(timed_get(connection, path, token) for _ in range(count)) for name, path in QUERIES.items()}
    found["event stream opened"] = statistics.median(timed_stream(address, token) for _ in range(count))
    found["step start"] = statistics.median(taken for _ in range(rounds) for taken in step_times(master))
    return found


def stores(programs, rounds, count, sizes):
    rows, first = [], None
    for size in sizes:
        master = filled_master(programs, size)
        try:
            master.start()
            found = measured(master, rounds, count)
            found_memory = resident_mib(master.process.pid)
        finally:
            master.remove()
        first = first or found
        goal = round(math.log(size) / math.log(sizes[0]), 2)
        if size != sizes[0]:
            rows += [measure.compare("scale", f"{size} jobs in the store", name, "ms", taken, f"{sizes[0]} jobs", first[name], at_most=goal)
                     for name, taken in found.items()]
        rows.append(measure.bound("scale", f"{size} jobs in the store", "memory", "MiB", found_memory))
    return rows


def crowds(programs, rounds, sizes):
    rows, first, running = [], None, []
    master = filled_master(programs, 0, f"[jobs]\nmax_concurrent = {sizes[-1] + 2}\n")
    try:
        master.start()
        for size in sizes:
            running += [master.trigger("waiting") for _ in range(size - len(running))]
            for job in running:
                master.wait_state(job, "running", seconds=300)
            time.sleep(2)  # the last ones' first steps are theirs
            taken = statistics.median(one for _ in range(rounds) for one in step_times(master))
            first = first or taken
            if size != sizes[0]:
                rows.append(measure.compare("scale", f"{size} jobs running", "step start", "ms", taken, f"{sizes[0]} jobs", first,
                                            at_most=round(math.log(size) / math.log(sizes[0]), 2)))
        for job in running:
            finish_waiting(master, job)
        for job in running:
            master.wait_end(job, seconds=300)
    finally:
        master.remove()
    return rows


def bench(programs, rounds, quick):
    return [*stores(programs, rounds, 20 if quick else 200, (500, 1000) if quick else (1000, 10_000, 100_000)),
            *crowds(programs, rounds, (2, 5) if quick else (10, 100, 300))]
