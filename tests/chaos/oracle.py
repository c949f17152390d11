# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges a run from outside the master: by REST as any client sees it, by what the outside world heard, by what is left behind."""
from workload import sha256


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
    for name, digest in artifacts_of(master, expected.job).items():
        if expected.artifacts.get(name) != digest:
            wrong.append(f"artifact {name} differs")
    return [f"job {expected.number} ({expected.job}, {job['reason']}): {sentence}" for sentence in wrong]


def check_step(master, expected, name, step, is_spared=False):
    """Of a spared job the process that was killed may have been a step's own, before its command began: it printed nothing then."""
    wrong = []
    outcome, code = expected.steps[name]
    if step.get("outcome") != outcome or (code is not None and step.get("exit_code") != code):
        wrong.append(f"step {name}: {step.get('outcome')} {step.get('exit_code')} {step.get('message', '')}, not {outcome} {code}")
    for (step_name, stream), digest in expected.texts.items():
        if step_name == name:
            text = master.stream_text(expected.job, step["number"], stream)
            if sha256(text) != digest and (text or not is_spared or outcome != "signalled"):
                wrong.append(f"step {name}: {stream} differs ({len(text)} bytes, ends {text[-60:]!r})")
    return wrong


def check_effects(effects, jobs, spared=()):
    """Exactly once; of a spared job at most once."""
    counts = effects.counts()
    wanted = {effect: job for job in jobs for effect in job.effects}
    wrong = [f"effect {name} happened {counts.get(name, 0)} times" for name in sorted(wanted)
             if counts.get(name, 0) != 1 and not (counts.get(name, 0) == 0 and wanted[name].job in spared)]
    return wrong + [f"effect {name} is of no job" for name in sorted(counts.keys() - wanted.keys())]
