"""Rules of a manifest: names, points, hints, sections, and a file of checks for each question."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from autograder.authors.finding import Finding, line_of, manifest_file
from autograder.exercises import ASSIGNMENTS
from autograder.exercises.spec import Assignment, Question
from autograder.report.section import anchor

HINTS = 3


def check(root: Path, assignment: Assignment) -> Iterator[Finding]:
    """What is wrong with the questions as the manifest has them."""
    file = manifest_file(root, assignment)
    if ASSIGNMENTS.get(assignment.name) != assignment.checks.name:
        yield Finding(
            file,
            line_of(root / file, r"\bname="),
            f"the manifest calls itself `{assignment.name}` and its checks are in `{assignment.checks.name}`",
            f"it is registered otherwise in autograder/exercises/__init__.py: {ASSIGNMENTS}",
        )
    counted = Counter(question.name for question in assignment.questions)
    for name in (name for name, count in counted.items() if count > 1):
        yield Finding(
            file, _line(root, file, name), f"two questions are called `{name}`", "rename one of them"
        )
    for question in assignment.questions:
        for message, remedy in (
            *_points(question),
            *_hints(question),
            *_needs(question, assignment),
            *_section(question),
        ):
            yield Finding(file, _line(root, file, question.name), f"`{question.name}` {message}", remedy)
        if not question.manual:
            yield from _checks(root, file, assignment, question)


def _points(question: Question) -> Iterator[tuple[str, str]]:
    if not question.points > 0:
        yield f"has {question.points} points", "give it points above 0"
    if question.manual:
        return
    total = sum(question.shares.values())
    if not math.isclose(total, 1, abs_tol=1e-9) or any(share <= 0 for share in question.shares.values()):
        shares = ", ".join(f"{family} {share:g}" for family, share in question.shares.items())
        yield f"has shares that add up to {total:g} ({shares})", "positive shares that add up to 1"
    if "correct" not in question.shares:
        yield "gives no share to `correct`", "correctness gates the points: give it a share"


def _hints(question: Question) -> Iterator[tuple[str, str]]:
    if len(question.hints) != HINTS:
        yield f"has {len(question.hints)} hints", f"write {HINTS}, from gentle to nearly telling"
    for number, hint in enumerate(question.hints, 1):
        if not hint.strip():
            yield f"has an empty hint, the {number}.", "write it, or write another"
    if len(set(question.hints)) < len(question.hints):
        yield "has the same hint twice", "each should say something more"
    if not question.task.strip():
        yield "has no task", "one sentence: the stub raises it, hints and messages quote it"


def _needs(question: Question, assignment: Assignment) -> Iterator[tuple[str, str]]:
    names = [other.name for other in assignment.questions]
    earlier = names[: names.index(question.name)]
    for needed in question.needs:
        if needed not in earlier:
            yield (
                f"needs `{needed}`, which is no question above it",
                f"above it are: {', '.join(earlier) or 'none'}",
            )


def _section(question: Question) -> Iterator[tuple[str, str]]:
    if not question.section:
        yield "names no section", "the heading of the notebook that teaches it"
    elif anchor(question.section) is None:
        yield (
            f'names the section "{question.section}", which no link reaches in JupyterLab and nbconvert alike',
            "use letters, digits, spaces and plain punctuation in that heading",
        )


def _checks(root: Path, file: str, assignment: Assignment, question: Question) -> Iterator[Finding]:
    path = assignment.checks / f"test_{question.name.lower()}.py"
    if not path.is_file():
        yield Finding(
            file,
            _line(root, file, question.name),
            f"`{question.name}` has no checks of its own",
            f"write autograder/exercises/{assignment.checks.name}/{path.name}",
        )


def _line(root: Path, file: str, question: str) -> int:
    return line_of(root / file, rf'name="{question}"')
