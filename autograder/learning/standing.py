"""How far a student is: each question of the course, from what is remembered and from the notebooks as saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from autograder.grading.reading import UnreadableError
from autograder.learning import progress
from autograder.learning.answers import Answers
from autograder.learning.folder import notebooks
from autograder.learning.outline import Outline, Task, outlines

# "absent": no notebook; "unreadable": none that can be read; "open": the stub is left; "unchecked": never checked;
# "changed": since its last check; "written": an answer that a person will mark; the others as the last check said.
State = Literal[
    "absent", "unreadable", "open", "unchecked", "changed", "written", "pass", "fail", "error", "missing"
]
SETTLED: tuple[State, ...] = ("pass", "written")


@dataclass(frozen=True)
class Standing:
    """Where one question stands; `points` are those of its last check, if it holds for what is there now."""

    outline: Outline
    task: Task
    state: State
    points: float = 0.0
    hints: int = 0

    @property
    def settled(self) -> bool:
        """Whether there is nothing left to do."""
        return self.state in SETTLED


def standings(folder: Path) -> Iterator[Standing]:
    """Every question of the course, in its order. Quick: nothing is run."""
    kept, there = progress.load(folder), notebooks(folder)
    for outline in outlines():
        answers: Answers | State = "absent"
        if outline.assignment in there:
            try:
                answers = Answers.of_notebook(there[outline.assignment], outline)
            except UnreadableError:
                answers = "unreadable"
        for task in outline.tasks:
            record = kept[progress.key(outline.assignment, task.name)]
            state = _state(answers, task, record) if isinstance(answers, Answers) else answers
            holds = state in ("pass", "fail", "error", "missing")
            yield Standing(outline, task, state, record.points if holds else 0.0, record.hints)


def _state(answers: Answers, task: Task, record: progress.Record) -> State:
    if answers.is_open(task):
        return "open"
    if task.manual:
        return "written"
    if not record.status:
        return "unchecked"
    known: dict[str, State] = {"pass": "pass", "fail": "fail", "error": "error", "missing": "missing"}
    return known[record.status] if record.answer == answers.fingerprint(task.name) else "changed"
