"""Hints: one more at each call, and what to do when there are no more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from autograder.exercises import assignment as find_assignment
from autograder.grading.reading import UnreadableError
from autograder.learning import progress
from autograder.learning.answers import Answers
from autograder.learning.folder import notebooks
from autograder.learning.outline import Outline, Task
from autograder.learning.progress import Record


@dataclass(frozen=True)
class Hint:
    """What `hint` says of one question.

    Attributes:
        assignment: nbgrader's name.
        question: its name.
        section: the heading of the notebook that teaches it.
        shown: the hints so far, the new one last.
        of: how many there are.
        exhausted: whether all of them had been shown before.
        done: whether the answer passes, and there is nothing to hint at (yet).
    """

    assignment: str
    question: str
    section: str
    shown: tuple[str, ...]
    of: int
    exhausted: bool = False
    done: bool = False

    @property
    def key(self) -> str:
        """The question's name across the course."""
        return progress.key(self.assignment, self.question)


def next_hint(assignment: str, question: str, record: Record, passes: bool) -> tuple[Hint, Record]:
    """One hint more than `record` has seen, and the record with it.

    An answer that passes needs none: that is said first, once.
    """
    spec = find_assignment(assignment)[question]
    hint = Hint(assignment, question, spec.section, spec.hints[: record.hints], len(spec.hints))
    if passes and not record.told:
        return replace(hint, done=True), replace(record, told=True)
    if record.hints >= len(spec.hints):
        return replace(hint, exhausted=True), record
    seen = record.hints + 1
    return replace(hint, shown=spec.hints[:seen]), replace(record, hints=seen)


def remembered_hint(folder: Path, outline: Outline, task: Task) -> tuple[Hint, bool]:
    """The next hint, counted in `folder`, and whether it could be."""
    name = progress.key(outline.assignment, task.name)
    record = progress.load(folder)[name]
    hint, changed = next_hint(outline.assignment, task.name, record, _passes(folder, outline, task, record))
    try:
        progress.update(folder, {name: lambda _: changed})
    except OSError:
        return hint, False
    return hint, True


def _passes(folder: Path, outline: Outline, task: Task, record: Record) -> bool:
    path = notebooks(folder).get(outline.assignment)
    try:
        return path is not None and record.passed(Answers.of_notebook(path, outline).fingerprint(task.name))
    except UnreadableError:
        return False
