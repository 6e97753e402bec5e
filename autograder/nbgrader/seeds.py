"""The secret seeds, from which the judge makes data no student has seen; for the instructor alone."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.nbgrader.course import Course, CourseError
from autograder.nbgrader.lock import locked
from autograder.report.results import write_atomically

BITS = 62  # fits a signed 64-bit integer


def draw(course: Course, assignments: Sequence[str], students: Sequence[str], seed: int | None = None) -> int:
    """Draw a seed, or take the one given, and note what was graded with it, to repeat the run exactly.

    Raises:
        CourseError: the notes of earlier runs cannot be read; they are left as they are.
    """
    seed = secrets.randbits(BITS) if seed is None else seed
    run = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": seed,
        "assignments": list(assignments),
        "students": list(students),
    }
    path = course.private / "seeds.json"
    # nbgrader's own command draws one for each submission, and may run more than once.
    with locked(course.private / "seeds.lock", "the drawing of seeds", patience=10.0):
        noted = {"format_version": 1, "runs": [*_earlier(path), run]}
        write_atomically(path, json.dumps(noted, indent=1) + "\n", mode=0o600)
    return seed


def _earlier(path: Path) -> list[Any]:
    if not path.is_file():
        return []
    try:
        return list(json.loads(path.read_text(encoding="utf-8"))["runs"])
    except (ValueError, KeyError, TypeError) as error:
        raise CourseError(
            f"{path} cannot be read ({type(error).__name__}: {error}); it has the seeds of earlier runs. Mend it, or "
            "move it away"
        ) from error
