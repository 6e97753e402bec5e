"""From a namespace to an artifact."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import jax

from autograder.capture.names import StudentNames
from autograder.capture.question import capture_question
from autograder.exercises.spec import Assignment
from autograder.wire.artifact import Artifact, versions


def capture(
    namespace: dict[str, Any],
    assignment: Assignment,
    questions: Iterable[str] | None = None,
    sources: Sequence[str] = (),
    needed: Iterable[str] = (),
    progress: Callable[[str], None] = lambda name: None,
) -> Artifact:
    """Capture the answers that `namespace` holds.

    Args:
        namespace: the dictionary that the notebook's cells ran in.
        assignment: whose questions to take.
        questions: their names; all that are graded automatically by default.
        sources: the cells' sources.
        needed: questions to export without recording facts, because others need them.
        progress: told each question's name before it is captured.
    """
    names = StudentNames(namespace, assignment, sources)
    wanted = [assignment[name] for name in questions] if questions is not None else list(assignment.automatic)
    captured = []
    for question in wanted:
        progress(question.name)
        captured.append(capture_question(question, names))
    captured += [capture_question(assignment[name], names, facts=False) for name in needed]
    return Artifact(assignment.name, tuple(captured), platform=jax.default_backend(), versions=versions())
