"""How much faster is Count Me In than pabutools, and do both elect the same?

    cargo bench --bench pb_times --no-run      (says where the program is)
    python pb_pabutools.py FOLDER PROGRAM [--limit SECONDS] [--only PART_OF_NAME]

FOLDER has `.pb` files, PROGRAM is the bench `pb_times`. Both programs count every file by the same
rules on the same machine in the same run, with exact fractions and ties by the names of projects.

For pabutools the time is what its processor spent in the rule, file and ballots being ready: the best
of up to three runs, on single or on merged ballots, whichever is quicker. A case that takes longer
than the limit is given as such, and its ratio is a lower bound. For Count Me In it is the time on the
clock, the best of at least five runs; the median stands beside it. So whatever else the machine does
counts against Count Me In alone.

Ballots with points count s per point, or s times the cost; rankings of k count k for the first, 1 for
the last.

Needs `pip install pabutools`; installs nothing itself. The exit status is the number of cases that
differ, are less than a hundred times faster, or are slower than the figures set for them.
"""

import argparse
import json
import math
import multiprocessing
import os
import subprocess
import sys
import time
from pathlib import Path

from pabutools.election import Cardinality_Sat, Cost_Sat
from pabutools.election.pabulib import parse_pabulib
from pabutools.election.satisfaction import AdditiveSatisfaction
from pabutools.rules import (
    greedy_utilitarian_welfare,
    method_of_equal_shares,
    sequential_phragmen,
)

BAR = 100
LEAST_READ = 200e6

# What C++ took (pabumeasures 0.2.2, parsing apart), on another machine, in seconds.
CPP_RULES = [
    "read", "greedy", "greedy-per-cost", "mes-cost", "mes-card", "phragmen", "mes-cost-add1", "mes-card-add1",
]
CPP = {
    "Poland_Swiecie_2023": [0.002, 4e-5, 3e-5, 0.0004, 0.0003, 0.0002, 0.075, 0.140],
    "Poland_Wieliczka_2023_Green_Budget": [0.004, 7e-5, 8e-5, 0.0007, 0.0007, 0.0009, 0.110, 0.156],
    "France_Toulouse_2024": [0.004, 0.0002, 0.0002, 0.0013, 0.0010, 0.0036, 0.98, 1.05],
    "Poland_Warszawa_2026": [0.077, 0.0010, 0.0010, 0.033, 0.025, 0.024, 5.55, 7.31],
    "Poland_Lodz_2022": [0.068, 0.0015, 0.0011, 0.0125, 0.014, 0.029, 0.95, 1.36],
}
# What pabutools took there on merged ballots. Its times here, over these, say how much slower this
# machine is.
PABUTOOLS_THERE = {
    ("Poland_Swiecie_2023", "mes-cost"): 0.035,
    ("Poland_Swiecie_2023", "mes-cost-add1"): 2.7,
    ("Poland_Wieliczka_2023_Green_Budget", "mes-cost"): 0.155,
    ("Poland_Wieliczka_2023_Green_Budget", "mes-cost-add1"): 6.4,
}


class Points(AdditiveSatisfaction):
    def __init__(self, instance, profile, ballot):
        super().__init__(instance, profile, ballot, lambda i, p, b, project, known: b.get(project, 0))


class PointsCost(AdditiveSatisfaction):
    def __init__(self, instance, profile, ballot):
        super().__init__(
            instance, profile, ballot, lambda i, p, b, project, known: b.get(project, 0) * project.cost
        )


def rank(ballot, project):
    return len(ballot) - ballot.position(project) if project in ballot else 0


class Rank(AdditiveSatisfaction):
    def __init__(self, instance, profile, ballot):
        super().__init__(instance, profile, ballot, lambda i, p, b, project, known: rank(b, project))


class RankCost(AdditiveSatisfaction):
    def __init__(self, instance, profile, ballot):
        super().__init__(
            instance, profile, ballot, lambda i, p, b, project, known: rank(b, project) * project.cost
        )


SATISFACTION = {
    "approval": (Cardinality_Sat, Cost_Sat),
    "choose-1": (Cardinality_Sat, Cost_Sat),
    "cumulative": (Points, PointsCost),
    "scoring": (Points, PointsCost),
    "ordinal": (Rank, RankCost),
}


def rules(vote_type):
    """The rules that apply, each as a function of instance and profile."""
    points, cost = SATISFACTION[vote_type]
    approvals = vote_type in ("approval", "choose-1")

    # It ranks by satisfaction per cost.
    def greedy(sat):
        return lambda instance, profile: greedy_utilitarian_welfare(instance, profile, sat_class=sat)

    def shares(sat, **options):
        return lambda instance, profile: method_of_equal_shares(instance, profile, sat_class=sat, **options)

    named = {
        "greedy": greedy(cost),
        "greedy-per-cost": greedy(points),
        "mes-cost": shares(cost),
        "mes-card": shares(points),
        "phragmen": sequential_phragmen,
        "mes-cost-add1": shares(cost, voter_budget_increment=1),
        "mes-card-add1": shares(points, voter_budget_increment=1),
    }
    return {name: rule for name, rule in named.items() if approvals or name != "phragmen"}


def child(pipe, rule, instance, profile, enough):
    sys.setrecursionlimit(100_000)
    best, start = math.inf, time.process_time()
    for _ in range(3):
        begun = time.process_time()
        allocation = rule(instance, profile)
        best = min(best, time.process_time() - begun)
        if time.process_time() - start > enough:
            break
    pipe.send((best, sorted(project.name for project in allocation)))


def timed(rule, instance, profile, limit):
    """Seconds and winners, or None if the limit is not enough."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=child, args=(theirs, rule, instance, profile, min(4, limit / 3)))
    process.start()
    theirs.close()
    try:
        return ours.recv() if ours.poll(limit) else None
    except EOFError:
        return None
    finally:
        process.kill()
        process.join()


def by_pabutools(path, limit):
    """By rule: seconds and winners in the quicker of the two forms of a profile."""
    begun = time.process_time()
    instance, profile = parse_pabulib(str(path))
    read = time.process_time() - begun
    forms = [profile.as_multiprofile(), profile]
    found = {}
    for name, rule in rules(instance.meta["vote_type"]).items():
        best = None
        for form in forms:
            if form is profile and best is None:
                # What merged ballots are too slow for, single ones are.
                break
            # Beyond the best so far there is nothing to learn; the clock is slower than the processor.
            result = timed(rule, instance, form, limit if best is None else min(limit, 2 * best[0] + 1))
            if result and (best is None or result[0] < best[0]):
                best = result
        found[name] = best
    return read, found


def show(seconds):
    return f"{seconds:.3g}"


def compare(path, ours, limit, cases):
    """Prints a line a rule and adds the cases; returns how many elect others."""
    read, theirs = by_pabutools(path, limit)
    name = path.stem
    print(f"{name}: {ours['projects']} projects, {ours['ballots']} ballots, {ours['distinct']} distinct")
    print(f"  {'read':16}{show(read):>10}{show(ours['read']):>10}{'':10}{read / ours['read']:>10.0f}")
    different = 0
    for case in ours["rules"]:
        rule = case["rule"]
        if rule not in theirs:
            continue
        result = theirs[rule]
        if result is None:
            ratio, shown, verdict = limit / case["best"], f">{limit:.0f}", "not compared"
        else:
            seconds, winners = result
            ratio, shown = seconds / case["best"], show(seconds)
            same = winners == case["winners"]
            different += not same
            verdict = "the same" if same else "OTHER WINNERS"
        cases.append((ratio, name, rule, result and result[0], case["best"]))
        best, median = show(case["best"]), show(case["median"])
        print(f"  {rule:16}{shown:>10}{best:>10}{median:>10}{ratio:>10.0f}  {verdict}", flush=True)
    return different


def against_cpp(times, cases):
    """C++ on the machine of its figures, brought to this one; returns how many cases are slower."""
    measured = {(name, rule): seconds for _, name, rule, seconds, _ in cases if seconds}
    factors = [
        measured[case] / there for case, there in PABUTOOLS_THERE.items() if case in measured
    ]
    if not factors:
        return 0
    factor = math.exp(sum(map(math.log, factors)) / len(factors))
    print(f"\nAgainst C++, times {factor:.2f} (the geometric mean of what pabutools took here over there)")
    print(f"  {'':16}{'C++ there':>10}{'scaled':>10}{'ours':>12}{'ratio':>8}")
    slower = 0
    for name, figures in CPP.items():
        ours = times.get(name)
        if ours is None:
            continue
        print(name)
        seconds = {case["rule"]: case["best"] for case in ours["rules"]} | {"read": ours["read"]}
        for rule, there in zip(CPP_RULES, figures):
            scaled = there * factor
            slower += seconds[rule] > scaled
            ratio = scaled / seconds[rule]
            print(f"  {rule:16}{show(there):>10}{show(scaled):>10}{show(seconds[rule]):>12}{ratio:>8.1f}")
    return slower


def summary(times, cases):
    """The figures that were set; returns how many are missed."""
    finished = [case for case in cases if case[3] is not None]
    ratio, name, rule, theirs, ours = min(finished)
    print(f"\nLeast ratio: {ratio:.0f} ({name}, {rule}: {theirs:.3g} and {ours:.3g} s)")
    below = [case for case in finished if case[0] < BAR]
    missed = len(below)
    print(f"Cases below {BAR}: {missed} of {len(finished)}; {len(cases) - len(finished)} beyond the limit")
    for ratio, name, rule, _, _ in below:
        print(f"  {ratio:.0f}: {name}, {rule}")
    for name, ours in times.items():
        speed = ours["bytes"] / ours["read"]
        missed += speed < LEAST_READ
        prepared = ours["prepare"]
        print(f"Read: {speed / 1e6:6.0f} MB/s, then ready in {prepared:.2g} s, {name}")
        add1 = next(case["best"] for case in ours["rules"] if case["rule"] == "mes-cost-add1")
        if ours["bootstrap"] is not None:
            print(f"{name}: equal shares with growing shares {add1:.2f} s, 1,000 bootstraps {ours['bootstrap']:.1f} s")
            missed += (add1 > 1) + (ours["bootstrap"] > 10)
    return missed


def main():
    options = argparse.ArgumentParser(usage=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("program", type=Path)
    options.add_argument("--limit", type=float, default=120)
    options.add_argument("--only", default="")
    given = options.parse_args()
    paths = sorted(path for path in given.folder.glob("*.pb") if given.only in path.name)
    paths.sort(key=lambda path: path.stat().st_size)
    print(f"Load of the machine: {', '.join(f'{load:.1f}' for load in os.getloadavg())}", flush=True)
    command = [given.program.resolve(), *map(str, paths)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    times = {line["file"]: line for line in map(json.loads, lines)}
    print(f"  {'':16}{'pabutools':>10}{'ours':>10}{'median':>10}{'ratio':>10}  winners")
    cases = []
    different = sum(compare(path, times[path.stem], given.limit, cases) for path in paths)
    missed = against_cpp(times, cases) + summary(times, cases)
    print(f"Cases with other winners: {different}")
    print(f"Load of the machine: {', '.join(f'{load:.1f}' for load in os.getloadavg())}")
    return different + missed


if __name__ == "__main__":
    sys.exit(min(main(), 255))
