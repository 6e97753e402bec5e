"""What an assignment asks, read from its release notebook: enough for progress, and no JAX to import."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from autograder import places
from autograder.exercises import ASSIGNMENTS

HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)


@dataclass(frozen=True)
class Task:
    """One question as a notebook has it.

    Attributes:
        name: of the question.
        points: full points.
        manual: whether a person marks it.
        heading: the nearest above it.
        stub: the answer cell as it is given out.
    """

    name: str
    points: float
    manual: bool
    heading: str
    stub: str


@dataclass(frozen=True)
class Outline:
    """One assignment: its tasks in order, and the sources of its locked code cells."""

    assignment: str
    title: str
    tasks: tuple[Task, ...]
    locked: frozenset[str]

    def __getitem__(self, name: str) -> Task:
        """The task called `name`."""
        return next(task for task in self.tasks if task.name == name)


def outlines() -> list[Outline]:
    """Every assignment whose release is there, in the order of the course."""
    folder = places.notebooks("release")
    return [outline(name) for name in ASSIGNMENTS if (folder / name / f"{name}.ipynb").is_file()]


def outline(assignment: str) -> Outline:
    """The outline of one assignment, from the release that the kit carries."""
    path = places.notebooks("release") / assignment / f"{assignment}.ipynb"
    return _outline(assignment, path.read_text(encoding="utf-8"))


@cache
def _outline(assignment: str, text: str) -> Outline:
    cells = json.loads(text)["cells"]
    points = {
        options["grade_id"]: float(options["points"])
        for options in map(_options, cells)
        if "points" in options
    }
    tasks, title, heading = [], "", ""
    for cell in cells:
        source, options = "".join(cell["source"]), _options(cell)
        if options.get("solution"):
            name = options["grade_id"]
            manual = bool(options.get("grade"))
            tasks.append(
                Task(name, points[name if manual else f"check-{name}"], manual, heading, source.strip())
            )
        elif cell["cell_type"] == "markdown" and (found := HEADING.findall(source)):
            title, heading = title or found[0], found[-1]
    locked = {
        "".join(cell["source"]).strip()
        for cell in cells
        if cell["cell_type"] == "code" and _options(cell).get("locked")
    }
    return Outline(assignment, title, tuple(tasks), frozenset(locked))


def _options(cell: dict[str, Any]) -> dict[str, Any]:
    options: dict[str, Any] = cell["metadata"].get("nbgrader", {})
    return options
