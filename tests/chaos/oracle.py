# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges a run from outside the master: by REST as any client sees it, by what the outside world heard, by what is left behind."""
import base64
import json

from workload import COORDINATOR, GREETING, sha256

STREAMS = ("stdout", "stderr")
MOST_STREAMED_LINES = 100_000  # of a job whose whole log is read as events


def check_job(master, expected, is_spared=False):
    """Sentences about what is wrong with one ended job; empty = nothing. A spared one lost its agent, its coordinator or the disk: it
    is as any other, or a failure with a reason whose finished steps and effects are true all the same."""
    job = master.job(expected.job)
    if is_spared and job["state"] == "failure" and expected.ending != "failure":
        return check_typed_failure(master, expected, job)
    if is_spared and job["state"] == "failure" and len(job["steps"]) != len(expected.steps):
        return check_typed_failure(master, expected, job)
    wrong = []
    if job["state"] != expected.ending:
        wrong.append(f"state {job['state']} ({job['reason']}), not {expected.ending}")
    steps = {step["name"]: step for step in job["steps"]}
    if len(steps) != len(job["steps"]):
        wrong.append(f"a step is there twice: {[step['name'] for step in job['steps']]}")
    for name in expected.steps.keys() ^ steps.keys():
        wrong.append(f"step {name} is {'missing' if name in expected.steps else 'unexpected'}")
    for name in expected.steps.keys() & steps.keys():
        wrong += check_step(master, expected, name, steps[name], is_spared)
    wrong += check_coordinator(master, expected)
    found = artifacts_of(master, expected.job)
    if found != expected.artifacts:
        wrong.append(f"artifacts are {found}, not {expected.artifacts}")
    return [f"job {expected.number} ({expected.job}): {sentence}" for sentence in wrong]


def artifacts_of(master, job):
    """Name → SHA-256 of what is there in fact."""
    listed = master.get(f"/api/v1/jobs/{job}/artifacts")["artifacts"]
    return {one["name"]: sha256(master.rest("GET", f"/api/v1/artifacts/{one['id']}")[1]) for one in listed}


def check_typed_failure(master, expected, job):
    """No success that was none, no exit code or text that never was; what is not known is not claimed."""
    wrong = [] if job["reason"] else ["a failure without a reason"]
    names = [step["name"] for step in job["steps"]]
    if len(set(names)) != len(names):
        wrong.append(f"a step is there twice: {names}")
    for step in job["steps"]:
        if not step.get("outcome"):
            wrong.append(f"step {step['name']} has no outcome")
        elif step["name"] not in expected.steps:
            wrong.append(f"step {step['name']} is unexpected")
        elif step["outcome"] in ("exited", "timeout") or expected.steps[step["name"]][0] == step["outcome"] == "signalled":
            wrong += check_step(master, expected, step["name"], step, is_spared=True)
        else:
            wrong += check_beginnings(master, expected, step["name"], step["number"])
    wrong += check_coordinator(master, expected, is_failed=True)
    for name, digest in artifacts_of(master, expected.job).items():
        if expected.artifacts.get(name) != digest:
            wrong.append(f"artifact {name} differs")
    return [f"job {expected.number} ({expected.job}, {job['reason']}): {sentence}" for sentence in wrong]


def check_step(master, expected, name, step, is_spared=False):
    wrong = []
    outcome, code = expected.steps[name]
    if step.get("outcome") != outcome or (code is not None and step.get("exit_code") != code):
        wrong.append(f"step {name}: {step.get('outcome')} {step.get('exit_code')} {step.get('message', '')}, not {outcome} {code}")
    # Of a spared job the process that was killed may have been a step's own, before its command began: it printed nothing then.
    return wrong + check_texts(master, expected, name, step["number"], may_be_empty=is_spared and outcome == "signalled")


def check_coordinator(master, expected, is_failed=False):
    """Its words are step 0 of the log. One that was killed said the beginning of them; so did one that was cancelled, of what it complains
    about; why another failed is its own to say."""
    wrong = []
    for stream in ("stdout",) if is_failed else STREAMS:
        text = master.stream_text(expected.job, 0, stream)
        wanted = expected.text(COORDINATOR, stream)
        greeting = GREETING.match(text) if stream == "stdout" else None
        said = text[greeting.end():] if greeting else text
        if is_failed or (stream == "stderr" and expected.ending == "cancelled"):
            is_right = wanted.startswith(said) or (b"danube: file:"[:len(said)] == said[:13] and b"\n" not in said)
        else:
            is_right = said == wanted and (greeting or stream == "stderr")
        if not is_right:
            wrong.append(f"coordinator: {stream} differs: {text[-200:]!r}")
    return wrong


def check_texts(master, expected, step, number, may_be_empty=False):
    wrong = []
    for stream in STREAMS:
        text = master.stream_text(expected.job, number, stream)
        if (step, stream) in expected.texts and sha256(text) != expected.texts[step, stream] and (text or not may_be_empty):
            wrong.append(f"step {step}: {stream} differs ({len(text)} bytes, ends {text[-60:]!r})")
    return wrong


def check_beginnings(master, expected, step, number):
    """What was lost or cancelled printed the beginning of what it would have: nothing twice, nothing of others, no hole."""
    wrong = []
    for stream in STREAMS:
        text = master.stream_text(expected.job, number, stream)
        if text and not expected.text(step, stream).startswith(text):
            wrong.append(f"step {step}: {stream} is not the beginning of its text ({len(text)} bytes, ends {text[-60:]!r})")
    return wrong


def check_log(master, expected):
    """The whole log is what was sealed, and as events it has the same texts."""
    job = expected.job
    _, whole = master.rest("GET", f"/api/v1/jobs/{job}/logs")
    seal = master.seal(job)
    if not seal:
        return [f"job {expected.number} ({job}): its log is not sealed"]
    wrong = []
    if (len(whole), sha256(whole)) != (seal["size"], seal["sha256"]):
        wrong.append(f"the log has {len(whole)} bytes, which are not the {seal['size']} that were sealed")
    if expected.lines <= MOST_STREAMED_LINES:
        texts, end = decode_events(master.rest("GET", f"/api/v1/jobs/{job}/logs/stream?format=json")[1])
        if not end or (end["bytes"], end["sha256"]) != (seal["size"], seal["sha256"]):
            wrong.append(f"its stream ends with {end}, not with {seal}")
        numbers = [0, *(step["number"] for step in master.job(job)["steps"])]
        for number, stream in {*texts, *((number, stream) for number in numbers for stream in STREAMS)}:
            if number not in numbers:
                wrong.append(f"its stream has a line of step {number}, which is none")
            elif stream in STREAMS and texts.get((number, stream), b"") != master.stream_text(job, number, stream):
                wrong.append(f"step {number}: {stream} differs in the stream")
    return [f"job {expected.number} ({job}): {sentence}" for sentence in wrong]


def decode_events(body):
    """(step number, stream) → text, and what the stream's end says."""
    texts, end = {}, None
    for event in body.split(b"\n\n"):
        fields = dict(line.split(b": ", 1) for line in event.split(b"\n") if b": " in line and not line.startswith(b":"))
        if fields.get(b"event") == b"end":
            end = json.loads(fields[b"data"])
        elif b"data" in fields:
            line = json.loads(fields[b"data"])
            text = base64.b64decode(line["b64"]) if "b64" in line else line["text"].encode()
            texts.setdefault((line["step"], line["stream"]), bytearray()).extend(text + (b"" if line.get("eol") is False else b"\n"))
    return {key: bytes(text) for key, text in texts.items()}, end


def check_effects(effects, jobs, spared=()):
    """Exactly once; of a spared job at most once."""
    counts = effects.counts()
    wanted = {effect: job for job in jobs for effect in job.effects}
    wrong = [f"effect {name} happened {counts.get(name, 0)} times" for name in sorted(wanted)
             if counts.get(name, 0) != 1 and not (counts.get(name, 0) == 0 and wanted[name].job in spared)]
    return wrong + [f"effect {name} is of no job" for name in sorted(counts.keys() - wanted.keys())]
