"""Do other programs take our `.pb` files for the originals?

    python pb_peers.py ORIGINALS WRITTEN

ORIGINALS and WRITTEN are folders with files of the same names: the second are the first, read and
written again by Count Me In. For each pair, pabulib-checker has to find the same faults, and
pabutools has to read the same instance and the same ballots.

Needs `pip install pabulib-checker pabutools`; installs nothing itself. The exit status is the number
of files that differ.
"""

import contextlib
import io
import sys
from pathlib import Path

from pabulib.checker import Checker
from pabutools.election.pabulib import parse_pabulib


def verdict(path):
    """What the checker says about a file, under a name that does not depend on the folder."""
    with contextlib.redirect_stdout(io.StringIO()):
        results = Checker().process_files([str(path)])
    return results["metadata"], results["summary"], results[path.stem]


def election(path):
    """The instance and the ballots as pabutools reads them, as plain values."""
    instance, profile = parse_pabulib(str(path))
    projects = sorted(
        (project.name, str(project.cost), sorted(project.categories), sorted(project.targets))
        for project in instance
    )
    ballots = []
    for ballot in profile:
        if hasattr(ballot, "items"):
            marks = [(project.name, str(points)) for project, points in ballot.items()]
        else:
            marks = [project.name for project in ballot]
        # A ranking keeps its order; a set has none of its own.
        if isinstance(ballot, (set, frozenset, dict)) and "Ordinal" not in type(ballot).__name__:
            marks.sort()
        ballots.append((marks, sorted(ballot.meta.items())))
    meta = sorted(instance.meta.items())
    details = sorted((p.name, sorted(instance.project_meta[p].items())) for p in instance)
    return str(instance.budget_limit), meta, projects, details, type(profile).__name__, ballots


def main(originals, written):
    different = 0
    paths = sorted(Path(originals).glob("*.pb"))
    for path in paths:
        copy = Path(written) / path.name
        faults = []
        if not copy.exists():
            faults.append("not written")
        else:
            before, after = verdict(path), verdict(copy)
            if before != after:
                faults.append(f"checker: {before[1]} before, {after[1]} after")
            if election(path) != election(copy):
                faults.append("pabutools reads another election")
        different += bool(faults)
        print(f"{path.name}: {'; '.join(faults) or 'the same'}", flush=True)
    print(f"{len(paths) - different} of {len(paths)} the same")
    return different


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))
