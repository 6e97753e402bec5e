"""Folders of ours in a course, in which nbgrader works until its results are whole."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.nbgrader.course import Course

_PREFIX = "staged-"


@contextmanager
def staged(course: Course) -> Iterator[Path]:
    """A new folder, gone afterwards; on the course's own disk, so that results can be moved into their places."""
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=course.private) as folder:
        yield Path(folder)


def sweep(course: Course) -> None:
    """Remove the folders that processes which were killed have left."""
    for folder in course.private.glob(f"{_PREFIX}*"):
        shutil.rmtree(folder, ignore_errors=True)
