"""Which submissions a run set out to grade and has not graded yet: what is left of it if it is killed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress

from autograder.nbgrader.course import Course, HandedIn
from autograder.report.results import write_atomically

_FILE = "unfinished.json"


def left(course: Course) -> list[HandedIn]:
    """The submissions that earlier runs left, if they are still there."""
    noted: set[tuple[str, str]] = set()
    with suppress(OSError, ValueError, TypeError):  # none, or none that can be read: no run to be finished
        noted = {
            (assignment, student) for assignment, student in json.loads((course.private / _FILE).read_text())
        }
    return [item for item in course.handed_in() if (item.assignment, item.student) in noted] if noted else []


def begin(course: Course, items: Iterable[HandedIn]) -> Unfinished:
    """Note that `items` are to be graded, beside what earlier runs left."""
    unfinished = Unfinished(course, {*left(course), *items})
    unfinished.write()
    return unfinished


class Unfinished:
    """The note of one run."""

    def __init__(self, course: Course, items: set[HandedIn]) -> None:
        """Take over the items; `write` makes the note."""
        self._course, self._items = course, items

    def graded(self, item: HandedIn) -> None:
        """Note that `item` is graded, or that its grader has failed and said so."""
        self._items.discard(item)
        self.write()

    def write(self) -> None:
        """Write the note, or remove it when all is done."""
        path = self._course.private / _FILE
        if self._items:
            write_atomically(
                path, json.dumps(sorted((item.assignment, item.student) for item in self._items))
            )
        else:
            path.unlink(missing_ok=True)
