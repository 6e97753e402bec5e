"""How far right answers are from the tolerances of the structural checks.

    python benchmarks/tolerances.py [--trials N]

For every right submission of `tests/submissions`: the largest difference between compiled and plain results, and
between gradients and slopes of their values, at hidden points and along hidden directions, as fractions of what the
checks allow. Stands in docs/decisions/0005.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from autograder.capture.capture import capture
from autograder.exercises import ASSIGNMENTS, assignment
from autograder.exercises.common.test_jittable import ATOL, DIRECTIONS, RTOL
from autograder.exercises.slopes import ATOL as SLOPE_ATOL
from autograder.exercises.slopes import RTOL as SLOPE_RTOL
from autograder.exercises.slopes import along_gradient, along_random, elsewhere, rearranged
from autograder.grading.cells import cells_to_run
from autograder.grading.reading import SubmittedCell
from autograder.judge.programs import Programs
from autograder.nbgrader.handed_in import handed_in
from autograder.nbgrader.submissions import Submission, read_all

FOLDER = Path(__file__).parents[1] / "tests" / "submissions"


def programs(submission: Submission) -> Iterator[tuple[Any, Programs]]:
    """Each question of a submission with its programs."""
    spec, namespace = assignment(submission.assignment), {"__name__": "__main__"}
    cells = [
        SubmittedCell(
            index, cell.cell_type, cell.source, cell.metadata.get("nbgrader", {}).get("grade_id", "")
        )
        for index, cell in enumerate(handed_in(submission).cells)
    ]
    for index, source, _ in cells_to_run(cells, spec):
        if "load_catalog()" not in source:  # no answer may read it
            exec(compile(source, f"<cell {index}>", "exec"), namespace)
    artifact = capture(namespace, spec)
    for question in spec.automatic:
        yield question, Programs(artifact[question.name], "own")


def jit_distance(answer: Programs) -> float:
    """Largest |compiled - plain| over what `np.allclose` allows."""
    pairs = [
        (plain, compiled)
        for program in answer.with_examples()
        for plain, compiled in zip(program.eager, answer.run_leaves(program, program.arguments), strict=True)
    ]
    return max(float(np.max(np.abs(a - b) / (ATOL + RTOL * np.abs(b)))) for a, b in pairs)


def slope_distance(question: Any, answer: Programs, trials: int) -> list[float]:
    """|gradient - slope| over what the check allows, the largest of each trial; a trial is what one check compares."""
    found = []
    for trial in range(trials):
        random = np.random.default_rng([trial, 2])
        distances = []
        for program in answer.with_examples():
            if program.name in question.gradients:
                count = program.leaves[0]
                point, rest = list(program.arguments[:count]), list(program.arguments[count:])
                _, gradient = answer.value_and_gradient(program, point, rest)
                compared = [along_gradient(answer, program, point, rest, gradient)]
                point, rest = elsewhere(random, point), rearranged(random, rest)
                _, gradient = answer.value_and_gradient(program, point, rest)
                compared.append(along_gradient(answer, program, point, rest, gradient))
                for _ in range(DIRECTIONS):
                    compared.append(along_random(answer, program, point, rest, gradient, random))
                distances += [comparison.distance for comparison in compared if comparison is not None]
        if distances:
            found.append(max(distances))
    return found


def main(trials: int) -> None:
    """Print the table."""
    print(f"Allowed: jit {RTOL} relative + {ATOL}; slope {SLOPE_RTOL} relative + {SLOPE_ATOL}\n")
    print("| submission | question | jit: fraction of the allowed | slope: median, worst fraction | failed |")
    print("|---|---|---|---|---|")
    failed = total = 0
    for name in ASSIGNMENTS:
        for submission in read_all(FOLDER, name, "right"):
            for question, answer in programs(submission):
                found = slope_distance(question, answer, trials)
                over = sum(distance > 1 for distance in found)
                slopes = (
                    f"{np.median(found):.3f}, {max(found):.3f} | {over} of {len(found)}" if found else " |"
                )
                columns = f"{jit_distance(answer):.4f} | {slopes}"
                print(f"| {name} {submission.name} | {question.name} | {columns} |", flush=True)
                failed, total = failed + over, total + len(found)
    print(f"\nRight gradients that failed: {failed} of {total}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--trials", type=int, default=20, help="hidden points and directions for each answer")
    main(parser.parse_args().trials)
