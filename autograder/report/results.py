"""results.json, which `autograder grade --json` writes; its shape is part of the contract."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import exercises
from autograder.report.text import plain
from autograder.wire.verdict import CheckResult, QuestionResult, Verdict

FORMAT_VERSION = 1


@dataclass(frozen=True)
class Run:
    """One submission as graded. With `error` the grader itself failed: there is no score, not even 0.

    `unreadable` says why there was no notebook to grade.
    """

    student: str
    assignment: str
    verdict: Verdict
    seconds: float
    error: str = ""
    unreadable: str = ""


def results(runs: Iterable[Run], versions: Mapping[str, str]) -> dict[str, Any]:
    """The object of results.json, runs in the order of assignment and student."""
    ordered = sorted(runs, key=lambda run: (run.assignment, run.student))
    return {
        "format_version": FORMAT_VERSION,
        "assignment_runs": [_run(run) for run in ordered],
        "versions": dict(sorted(versions.items())),
    }


def write_results(path: Path, content: Mapping[str, Any]) -> None:
    """Write results.json whole or not at all."""
    write_atomically(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def write_atomically(path: Path, text: str, mode: int = 0o644) -> None:
    """Write `text` to `path` so that a reader sees the old file or the new one, never half of one."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _run(run: Run) -> dict[str, Any]:
    failed = bool(run.error)
    return {
        "student": run.student,
        "assignment": run.assignment,
        "status": "error" if failed else "graded",
        "message": plain(run.error),
        "score": None if failed else run.verdict.score,
        "max_score": _could_have_had(run.assignment) if failed else run.verdict.max_score,
        "questions": [] if failed else [_question(question) for question in run.verdict.questions],
        "seconds": round(run.seconds, 2),
    }


def _could_have_had(assignment: str) -> float:
    """The full points of an assignment, where no verdict tells."""
    return float(sum(question.points for question in exercises.assignment(assignment).automatic))


def _question(question: QuestionResult) -> dict[str, Any]:
    return {
        "name": question.name,
        "status": question.status,
        "points": question.points,
        "max_points": question.max_points,
        "message": plain(question.message),
        "line": question.line,
        "checks": [_check(check) for check in question.checks],
    }


def _check(check: CheckResult) -> dict[str, Any]:
    return {
        "name": check.name,
        "family": check.family,
        "status": check.status,
        "message": plain(check.message),
        "line": check.line,
    }
