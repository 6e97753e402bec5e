"""Check a notebook as it is saved, in a process of its own, and remember how it went."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from autograder.grading.grade import grade_notebook
from autograder.grading.reading import UnreadableError
from autograder.learning import progress
from autograder.learning.answers import Answers
from autograder.learning.folder import remembering
from autograder.learning.outline import outline
from autograder.notebook.calls import VISIBLE_SEED
from autograder.wire.verdict import Verdict


def check_notebook(path: Path, assignment: str, questions: Sequence[str] | None = None) -> Verdict:
    """Check `questions` (all by default) on public data, as the notebook does it; never raises for what it holds."""
    fingerprints = _fingerprints(
        path, assignment
    )  # of what is checked: the file may be saved again meanwhile
    try:
        verdict = grade_notebook(path, assignment, seed=VISIBLE_SEED, questions=questions).verdict
    except Exception as error:  # ours: a student gets one line of it
        return Verdict(assignment, (), error=f"{type(error).__name__}: {error}")
    folder = remembering(path, assignment)
    if folder is not None:
        with suppress(OSError):  # a check is worth doing where nothing can be remembered
            progress.update(folder, progress.checked(verdict, fingerprints))
    return verdict


def _fingerprints(path: Path, assignment: str) -> dict[str, str]:
    there = outline(assignment)
    try:
        answers = Answers.of_notebook(path, there)
    except UnreadableError:
        return {}
    return {task.name: answers.fingerprint(task.name) for task in there.tasks}
