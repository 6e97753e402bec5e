"""The road that a submission takes, in one process: capture, artifact, judge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograder.capture.capture import capture
from autograder.exercises.spec import Assignment
from autograder.judge.judge import judge
from autograder.wire.artifact import Artifact
from autograder.wire.verdict import Verdict


def self_check(
    namespace: dict[str, Any],
    assignment: Assignment,
    question: str,
    sources: Sequence[str],
    seed: int,
    progress: Callable[[str, float], None] = lambda what, done: None,
) -> Verdict:
    """Judge the answer to one question as `namespace` has it.

    The artifact goes through its bytes, as in grading: what a student sees is what grading does.
    """
    asked = [] if assignment[question].manual else [question]
    artifact = capture(namespace, assignment, asked, sources, needed=assignment[question].needs)
    read = Artifact.from_bytes(artifact.to_bytes())
    return judge(read, [question], seed=seed, sources=sources, progress=progress)
