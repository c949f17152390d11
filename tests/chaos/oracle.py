# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges a run from outside the master: by REST as any client sees it, by what the outside world heard, by what is left behind."""
from workload import sha256


def check_job(master, expected):
    """Sentences about what is wrong with one ended job; empty = nothing."""
    job = master.job(expected.job)
    wrong = []
    if job["state"] != expected.ending:
        wrong.append(f"state {job['state']} ({job['reason']}), not {expected.ending}")
    steps = {step["name"]: step for step in job["steps"]}
    if len(steps) != len(job["steps"]):
        wrong.append(f"a step is there twice: {[step['name'] for step in job['steps']]}")
    for name in expected.steps.keys() ^ steps.keys():
        wrong.append(f"step {name} is {'missing' if name in expected.steps else 'unexpected'}")
    for name in expected.steps.keys() & steps.keys():
        wrong += check_step(master, expected, name, steps[name])
    return [f"job {expected.number} ({expected.job}): {sentence}" for sentence in wrong]


def check_step(master, expected, name, step):
    wrong = []
    outcome, code = expected.steps[name]
    if step.get("outcome") != outcome or (code is not None and step.get("exit_code") != code):
        wrong.append(f"step {name}: {step.get('outcome')} {step.get('exit_code')} {step.get('message', '')}, not {outcome} {code}")
    for (step_name, stream), digest in expected.texts.items():
        if step_name == name:
            text = master.stream_text(expected.job, step["number"], stream)
            if sha256(text) != digest:
                wrong.append(f"step {name}: {stream} differs ({len(text)} bytes, ends {text[-60:]!r})")
    return wrong


def check_effects(effects, jobs):
    counts = effects.counts()
    wanted = {effect for job in jobs for effect in job.effects}
    wrong = [f"effect {name} happened {counts.get(name, 0)} times" for name in sorted(wanted) if counts.get(name, 0) != 1]
    return wrong + [f"effect {name} is of no job" for name in sorted(counts.keys() - wanted)]
