"""How far right answers are from the tolerances of the structural checks.

    python benchmarks/tolerances.py

For every right submission of `tests/submissions`: the largest difference between compiled and plain results, and
between a gradient and the slope of its value, as fractions of what the checks allow. Stands in docs/decisions/0005.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from autograder.capture.capture import capture
from autograder.exercises import ASSIGNMENTS, assignment
from autograder.exercises.checking import gradient_length, slopes_along
from autograder.exercises.common.test_jittable import ATOL, RTOL, SLOPE_ATOL, SLOPE_RTOL
from autograder.judge.programs import Programs
from autograder.nbgrader.handed_in import handed_in
from autograder.nbgrader.submissions import Submission, read_all

FOLDER = Path(__file__).parents[1] / "tests" / "submissions"


def programs(submission: Submission) -> Iterator[tuple[Any, Programs]]:
    """Each question of a submission with its programs."""
    spec, namespace = assignment(submission.assignment), {"__name__": "__main__"}
    wanted = {question.name for question in spec.automatic} | {"setup", "model", "optimiser"}
    for cell in handed_in(submission).cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if cell.cell_type == "code" and (name in wanted or name is None):
            exec(compile(cell.source, f"<{name}>", "exec"), namespace)
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


def slope_distance(question: Any, answer: Programs) -> float | None:
    """|gradient - slope|, at the best of the steps, over what the check allows; None where none is asked for."""
    worst = None
    for program in answer.with_examples():
        if program.name in question.gradients:
            count = program.leaves[0]
            _, gradient = answer.value_and_gradient(
                program, program.arguments[:count], program.arguments[count:]
            )
            length = gradient_length(gradient)
            distances = [
                abs(slope - length) / (SLOPE_ATOL + SLOPE_RTOL * max(abs(slope), length))
                for slope in slopes_along(answer, program, gradient)
            ]
            worst = max(worst or 0.0, min(distances))
    return worst


def main() -> None:
    """Print the table."""
    print(f"Allowed: jit {RTOL} relative + {ATOL}; slope {SLOPE_RTOL} relative + {SLOPE_ATOL}\n")
    print(
        "| submission | question | jit: fraction of the allowed | slope: fraction of the allowed |\n|---|---|---|---|"
    )
    for name in ASSIGNMENTS:
        for submission in read_all(FOLDER, name, "right"):
            for question, answer in programs(submission):
                slope = slope_distance(question, answer)
                columns = f"{jit_distance(answer):.4f} | {'' if slope is None else f'{slope:.4f}'}"
                print(f"| {name} {submission.name} | {question.name} | {columns} |")


if __name__ == "__main__":
    main()
