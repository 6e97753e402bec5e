"""What is remembered of a student's work: hints shown and last checks, in `.autograder/progress.json` beside it.

It is a note for the student, no grade: nothing reads it that gives points, so whoever forges it fools themselves.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, get_args

from autograder.report.results import write_atomically
from autograder.wire.verdict import QuestionStatus, Verdict

FORMAT_VERSION = 1
PLACE = Path(".autograder", "progress.json")
MAX_BYTES = 1_000_000


@dataclass(frozen=True)
class Record:
    """What is remembered of one question.

    Attributes:
        hints: how many were shown.
        status: of the last check; empty if there was none.
        points: of the last check.
        answer: fingerprint of what was checked.
        told: whether `hint` has said already that there is nothing left to do.
    """

    hints: int = 0
    status: str = ""
    points: float = 0.0
    answer: str = ""
    told: bool = False

    def passed(self, fingerprint: str) -> bool:
        """Whether the answer with this fingerprint is known to pass."""
        return self.status == "pass" and self.answer == fingerprint


@dataclass(frozen=True)
class Progress:
    """All records, by "assignment/question". `ours` is false for a file that another program, or kit, has written."""

    records: Mapping[str, Record] = field(default_factory=dict)
    ours: bool = True

    def __getitem__(self, key: str) -> Record:
        """The record of a question; an empty one if nothing is known."""
        return self.records.get(key, Record())


def key(assignment: str, question: str) -> str:
    """What a question is called across the course."""
    return f"{assignment}/{question}"


def load(folder: Path) -> Progress:
    """What is remembered in `folder`; nothing, if there is no file or none that can be read."""
    path = folder / PLACE
    try:
        if path.stat().st_size > MAX_BYTES:
            return Progress(ours=False)
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):  # none yet, or cut off: it may be replaced
        return Progress()
    if not isinstance(raw, dict) or raw.get("format_version") != FORMAT_VERSION:
        return Progress(ours=False)
    questions = raw.get("questions")
    found = questions.items() if isinstance(questions, dict) else ()
    return Progress({name: record for name, entry in found if (record := _record(entry)) is not None})


def update(folder: Path, changes: Mapping[str, Callable[[Record], Record]]) -> None:
    """Change records, by key. Of two writers at the same instant one wins: there is little to lose.

    Raises:
        OSError: where the file cannot be written, or is another program's.
    """
    progress = load(folder)
    if not progress.ours:
        raise PermissionError(f"{folder / PLACE} was written by another program or a newer kit")
    records = dict(progress.records)
    for name, change in changes.items():
        records[name] = change(progress[name])
    content = {
        "format_version": FORMAT_VERSION,
        "questions": {name: asdict(record) for name, record in sorted(records.items())},
    }
    path = folder / PLACE
    path.parent.mkdir(exist_ok=True)
    write_atomically(path, json.dumps(content, indent=1) + "\n")


def checked(verdict: Verdict, fingerprints: Mapping[str, str]) -> dict[str, Callable[[Record], Record]]:
    """The changes that a verdict makes; `fingerprints` are those of the answers that were judged, by question."""
    return {
        key(verdict.assignment, result.name): _checked(
            result.status, result.points, fingerprints[result.name]
        )
        for result in verdict.questions
        if result.status != "manual" and result.name in fingerprints and not verdict.error
    }


def _checked(status: str, points: float, answer: str) -> Callable[[Record], Record]:
    return lambda record: replace(record, status=status, points=float(points), answer=answer, told=False)


def _record(raw: Any) -> Record | None:
    """A record, if it looks like one; a student may have edited the file."""
    if not isinstance(raw, dict) or not raw.keys() <= {item.name for item in fields(Record)}:
        return None
    if type(raw.get("points")) is int:  # JSON knows one kind of number
        raw = raw | {"points": float(raw["points"])}
    if any(type(value) is not type(raw.get(name, value)) for name, value in asdict(Record()).items()):
        return None
    record = Record(**raw)
    known = record.status in ("", *get_args(QuestionStatus))
    return record if known and record.hints >= 0 and 0 <= record.points < 1e6 else None
