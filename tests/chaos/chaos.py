#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real masters, coordinators and agents, disturbed at random moments; afterwards an oracle outside of them looks at every job,
exit code, log byte, side effect and leftover. The same seed gives the same row of disturbances and jobs. "powercut" and "broken" are
runs of their own: powercut.py, broken.py."""
import argparse
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "scenario"))

from chaosrun import ChaosRun
from disturbances import Disturber, MasterKiller
from effects import Effects
from workload import Workload


def parse():
    parser = argparse.ArgumentParser(prog="./dev chaos")
    parser.add_argument("where", choices=["local", "kubernetes"], help="or powercut, broken")
    parser.add_argument("--kills", type=int, default=20, help="kill -9 of the master")
    parser.add_argument("--agents", type=int, default=0, help="kill -9 of an agent or coordinator of a running job (local)")
    parser.add_argument("--points", type=int, default=0, help="kills inside a commit, rename or write; 0 = none, -1 = each point once (local)")
    parser.add_argument("--disk", type=int, default=0, help="short times of a full, failing or slow disk (local)")
    parser.add_argument("--drops", type=int, default=0, help="exec connections cut or lied to, and API server restarts (kubernetes)")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--jobs", type=int, default=3, help="at once")
    parser.add_argument("--lines", type=int, default=2_000_000, help="of every tenth job; the others print at most 60000")
    parser.add_argument("--pause", type=float, default=0.7, help="seconds between two disturbances, on average")
    parser.add_argument("--give-up", type=int, default=1800, help="seconds")
    parser.add_argument("--first", action="store_true", help="end with the first job that is not as it should be")
    return parser.parse_args()


def make_site(arguments, effects):
    if arguments.where == "local":
        from localsite import LocalSite
        return LocalSite(arguments.jobs, effects)
    from kubernetessite import KubernetesSite
    return KubernetesSite(arguments.jobs, effects)


def main():
    if sys.argv[1:2] == ["powercut"]:
        import powercut
        return powercut.main()
    if sys.argv[1:2] == ["broken"]:
        import broken
        return broken.main()
    arguments = parse()
    print(f"chaos: {arguments.where}, seed {arguments.seed}", flush=True)
    started = time.monotonic()
    effects = Effects()
    site = make_site(arguments, effects)
    wrong = ["the run did not end"]
    try:
        killer = MasterKiller(site.master)
        disturber = Disturber(arguments.seed, site.disturbances(arguments, killer), arguments.pause)
        run = ChaosRun(site, killer, effects, Workload(arguments.seed, arguments.lines, 60_000), arguments.jobs, arguments.give_up,
                       arguments.first)
        try:
            wrong = run.run(disturber)
        finally:
            disturber.stop()
        wrong += getattr(site, "missed", list)()
        print(f"chaos: {len(run.ended)} jobs, {disturber.summary()}, {time.monotonic() - started:.0f} s, seed {arguments.seed}: "
              + ("nothing lost, nothing twice" if not wrong else f"{len(wrong)} WRONG"))
        for name, count in sorted(getattr(site, "met", {}).items()):
            print(f"  died {count} x in {name}")
    finally:
        if wrong:
            print(f"chaos: the state stays in {site.master.state}")
            site.master.stop()
        else:
            site.close()
        effects.close()
    for sentence in wrong:
        print("  " + sentence)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
