"""Submissions as small files that say how they differ from the reference (tests/submissions/README.md)."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import get_args

from autograder import exercises
from autograder.wire.verdict import QuestionStatus

EDITS = (
    *("answer", "markdown", "stub", "before", "after"),
    *("change", "metadata", "delete", "duplicate", "file", "no file"),
)
CELL = re.compile(r"# %%\s*(?:\[(?P<edit>[a-z ]+)\])?\s*(?P<target>\S*)\s*$")
EXPECT = re.compile(r"# expect (?P<question>\S+):\s*(?P<verdict>.*)$")


class SubmissionFileError(ValueError):
    """A file of `tests/submissions` that does not follow the format."""


@dataclass(frozen=True)
class Edit:
    """One difference from the reference: what is done (`edit`), to which cell, with which text."""

    edit: str
    target: str
    text: str


@dataclass(frozen=True)
class Expected:
    """What the judge must say of one question; `points` None: those that the status usually brings."""

    status: QuestionStatus
    points: float | None = None
    says: tuple[str, ...] = ()


@dataclass(frozen=True)
class Submission:
    """One submission: its story, its edits to the reference, and the verdict that it must get."""

    name: str
    assignment: str
    story: str
    edits: tuple[Edit, ...]
    exceptions: Mapping[str, Expected]

    def expected(self, question: str) -> Expected:
        """What the judge must say of `question`, with its points."""
        there = exercises.assignment(self.assignment)[question]
        if there.manual:
            return Expected("manual", 0.0)
        found = self.exceptions.get(question) or self.exceptions.get("*") or Expected("pass")
        usual = there.points if found.status == "pass" else 0.0
        return Expected(found.status, usual if found.points is None else found.points, found.says)


def read(path: Path) -> Submission:
    """The submission in `path`, `…/<assignment>/<kind>/<name>.py`.

    Raises:
        SubmissionFileError: naming the file, the line and what is allowed there.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("# %%")]
    header = lines[: starts[0] if starts else len(lines)]
    pieces = zip(starts, [*starts[1:], len(lines)], strict=True) if starts else ()
    try:
        return Submission(
            name=f"{path.parent.name}/{path.stem}",
            assignment=path.parent.parent.name,
            story=_story(header),
            edits=tuple(_edit(lines[start], lines[start + 1 : end]) for start, end in pieces),
            exceptions=MappingProxyType(dict(_expectation(line) for line in header if EXPECT.match(line))),
        )
    except SubmissionFileError as error:
        raise SubmissionFileError(f"{'/'.join(path.parts[-3:])}: {error}") from None


def read_all(folder: Path, assignment: str, kind: str = "*") -> list[Submission]:
    """The submissions of one assignment in `folder` (`tests/submissions`), of one kind or of all, by name."""
    return [read(path) for path in sorted((folder / assignment).glob(f"{kind}/*.py"))]


def _story(header: list[str]) -> str:
    prose = [line.removeprefix("#").strip() for line in header if not EXPECT.match(line)]
    return " ".join(line for line in prose if line)


def _edit(heading: str, body: list[str]) -> Edit:
    match = CELL.match(heading)
    edit = (match["edit"] or "answer") if match else ""
    if match is None or edit not in EDITS:
        raise SubmissionFileError(f"`{heading}` is no edit; there are [{'], ['.join(EDITS)}]")
    text = "\n".join(body).strip("\n")
    if edit == "markdown":
        text = "\n".join(line.removeprefix("#").removeprefix(" ") for line in text.splitlines())
    if not match["target"] and edit not in {"file", "no file"}:
        raise SubmissionFileError(f"`{heading}` does not say which cell")
    return Edit(edit, match["target"], text)


def _expectation(line: str) -> tuple[str, Expected]:
    match = EXPECT.match(line)
    words = shlex.split(match["verdict"]) if match else []
    if match is None or not words or words[0] not in get_args(QuestionStatus):
        raise SubmissionFileError(f"`{line}`: the status is one of {', '.join(get_args(QuestionStatus))}")
    status, *rest = words
    points = float(rest.pop(0)) if rest and re.fullmatch(r"[\d.]+", rest[0]) else None
    return match["question"], Expected(status, points, tuple(rest))  # type: ignore[arg-type]
