"""What isolation costs: seconds of capturing one submission, sandboxed and not, cold, in one run.

    python benchmarks/sandbox_cost.py [--rounds N]

Captures the reference of 04_mdn, in turn with bubblewrap and without, a fresh process each time. Seconds are of this
machine; the difference must stay below LIMIT. On a machine that is busy with other things the processor time tells
more than the clock.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from autograder.exercises import assignment
from autograder.grading.capturing import capture
from autograder.grading.cells import Cell, cells_to_run
from autograder.grading.limits import STANDARD
from autograder.grading.reading import read_submission
from autograder.nbgrader.handed_in import write
from autograder.nbgrader.submissions import read
from autograder.sandbox.choice import NoIsolationError, choose
from autograder.sandbox.limits import Resources
from autograder.sandbox.local import NO_ISOLATION
from autograder.sandbox.running import Isolation, Running
from autograder.sandbox.tree import Usage

ASSIGNMENT = "04_mdn"
REFERENCE = Path(__file__).parents[1] / "tests" / "submissions" / ASSIGNMENT / "right" / "reference.py"
LIMIT = 0.5


class Metered:
    """An isolation that remembers how much processor time its latest process had used when it was last looked at."""

    def __init__(self, isolation: Isolation) -> None:
        """Meter `isolation`."""
        self.name, self.describe, self.settings = isolation.name, isolation.describe, isolation.settings
        self._start = isolation.start
        self.cpu_seconds = 0.0

    def start(self, module: str, resources: Resources) -> Running:
        """Start, with the meter at work."""
        running = self._start(module, resources)
        look = running.usage

        def usage() -> Usage:
            seen = look()
            self.cpu_seconds = seen.cpu_seconds
            return seen

        running.usage = usage  # type: ignore[method-assign]
        return running


def measured(cells: list[Cell], isolation: Metered) -> np.ndarray:
    """Seconds by the clock, and of the processor, of one capture of all questions."""
    spec = assignment(ASSIGNMENT)
    start = time.perf_counter()
    captured = capture(spec, cells, [question.name for question in spec.automatic], STANDARD, isolation)
    taken = time.perf_counter() - start
    assert captured.artifact, captured.fault or captured.error
    return np.array([taken, isolation.cpu_seconds])


def main(rounds: int) -> int:
    """Print the table; the exit status is 1 if isolation costs more than LIMIT."""
    try:
        isolation = choose("bwrap")
    except NoIsolationError as error:
        print(error)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{ASSIGNMENT}.ipynb"
        write(read(REFERENCE), path)
        cells = cells_to_run(read_submission(path), assignment(ASSIGNMENT))
    meters = Metered(NO_ISOLATION), Metered(isolation)
    # Pairs lie side by side in time: their differences suffer least from what else the machine does.
    pairs = np.array([[measured(cells, meter) for meter in meters] for _ in range(rounds)])
    without, sandboxed = np.median(pairs, axis=0)
    clock, processor = np.median(pairs[:, 1] - pairs[:, 0], axis=0)
    print(f"Captures of the reference of {ASSIGNMENT}, {rounds} of each, medians\n")
    print("| isolation | seconds | × none | processor seconds | × none |\n|---|---|---|---|---|")
    print(f"| none | {without[0]:.2f} | 1.00 | {without[1]:.2f} | 1.00 |")
    name, ratio = isolation.describe().split(",")[0], sandboxed / without
    print(f"| {name} | {sandboxed[0]:.2f} | {ratio[0]:.2f} | {sandboxed[1]:.2f} | {ratio[1]:.2f} |")
    print(
        f"\nIsolation costs a submission {clock:+.2f} s (at most {LIMIT} s), {processor:+.2f} s of processor time"
    )
    return int(clock > LIMIT)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    sys.exit(main(parser.parse_args().rounds))
