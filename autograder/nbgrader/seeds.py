"""The secret seeds, from which the judge makes data no student has seen; for the instructor alone."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from autograder.nbgrader.course import Course
from autograder.report.results import write_atomically

BITS = 62  # fits a signed 64-bit integer


def draw(course: Course, assignments: Sequence[str], students: Sequence[str], seed: int | None = None) -> int:
    """Draw a seed, or take the one given, and note what was graded with it, to repeat the run exactly."""
    seed = secrets.randbits(BITS) if seed is None else seed
    path = course.private / "seeds.json"
    runs = json.loads(path.read_text(encoding="utf-8"))["runs"] if path.is_file() else []
    runs.append(
        {
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
            "seed": seed,
            "assignments": list(assignments),
            "students": list(students),
        }
    )
    noted = {"format_version": 1, "runs": runs}
    write_atomically(path, json.dumps(noted, indent=1) + "\n", mode=0o600)
    return seed
