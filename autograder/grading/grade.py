"""Grade one submission: capture apart, judge apart, and read what they leave, trusting neither."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.exercises import assignment as find_assignment
from autograder.exercises.spec import Assignment, Question
from autograder.grading.capturing import capture
from autograder.grading.cells import cells_to_run
from autograder.grading.judging import judge
from autograder.grading.limits import STANDARD, Limits
from autograder.grading.reading import UnreadableError, read_submission
from autograder.sandbox.local import NO_ISOLATION
from autograder.sandbox.running import Isolation
from autograder.wire.outputs import Outputs
from autograder.wire.verdict import QuestionResult, Verdict

__all__ = ["Graded", "Limits", "grade_notebook"]


@dataclass(frozen=True)
class Graded:
    """A verdict, the outputs of the cells that were run (by index in the notebook), and how long it took.

    `unreadable` says why there was no notebook to grade; empty where there was one.
    """

    verdict: Verdict
    outputs: Outputs = field(default_factory=dict)
    seconds: float = 0.0
    unreadable: str = ""


def grade_notebook(
    path: Path,
    assignment: str,
    *,
    seed: int,
    limits: Limits = STANDARD,
    isolation: Isolation = NO_ISOLATION,
    questions: Sequence[str] | None = None,
    within: Path | None = None,
) -> Graded:
    """Grade the notebook at `path`. Nothing that it does makes this raise: it becomes part of the verdict.

    Args:
        path: the submitted notebook; it may be missing or broken.
        assignment: its nbgrader name.
        seed: of the hidden data.
        limits: on time, memory and more.
        isolation: how its code and its programs are run; without any, by default (`autograder.sandbox.choice`).
        questions: judge these alone; all by default.
        within: the folder of all submissions (`reading.read_submission`); None for one's own notebook.
    """
    started = time.monotonic()
    spec = find_assignment(assignment)
    asked = [question for question in spec.questions if questions is None or question.name in questions]
    try:
        cells = cells_to_run(read_submission(path, within), spec)
    except UnreadableError as error:
        verdict = _all(spec, asked, "missing", f"There is no readable notebook: {error}.")
        return Graded(verdict, {}, time.monotonic() - started, str(error))
    captured = capture(spec, cells, _needed(spec, asked), limits, isolation)
    if captured.error:
        verdict = Verdict(spec.name, (), error=captured.error)
    elif captured.fault:
        verdict = _all(spec, asked, "error", captured.fault)
    else:
        sources = [source for _, source, _ in cells]
        verdict = judge(captured.artifact, spec, asked, sources, seed, limits, isolation)
    return Graded(verdict, captured.outputs or {}, time.monotonic() - started)


def _needed(spec: Assignment, asked: Sequence[Question]) -> list[str]:
    """The automatic questions that must be captured to judge those asked: themselves, and what they call."""
    wanted = {name for question in asked for name in (question.name, *question.needs)}
    return [question.name for question in spec.automatic if question.name in wanted]


def _all(spec: Assignment, asked: Sequence[Question], status: Any, message: str) -> Verdict:
    """Every automatic question with the same outcome; written answers stay for a person to mark."""
    results = [
        QuestionResult(q.name, "manual" if q.manual else status, 0.0, q.points, "" if q.manual else message)
        for q in asked
    ]
    return Verdict(spec.name, tuple(results))
