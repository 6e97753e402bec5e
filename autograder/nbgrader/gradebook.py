"""What we do to nbgrader's gradebook beside its own preprocessors."""

from __future__ import annotations

import os
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from sqlalchemy import make_url


@contextmanager
def open_gradebook(database: str) -> Iterator[Gradebook]:
    """The gradebook, made where there is none: whole, or not at all."""
    place = _file(database)
    if place is not None and not place.exists():
        unfinished = place.with_name(f".{place.name}.new")
        for rest in (unfinished, unfinished.with_name(f"{unfinished.name}-journal")):
            rest.unlink(missing_ok=True)  # of one who was killed here
        with _opened(f"sqlite:///{unfinished}"):
            pass
        unfinished.replace(place)
    with _opened(database) as gradebook:
        yield gradebook


def _file(database: str) -> Path | None:
    """Where an SQLite database is; None for other databases."""
    url = make_url(database)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


@contextmanager
def _opened(database: str) -> Iterator[Gradebook]:
    """Open or make the gradebook.

    To make one nbgrader calls `alembic`, which lies beside the interpreter and not on PATH where the virtual
    environment is not activated.
    """
    path = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join((sysconfig.get_path("scripts"), path))
    try:
        gradebook = Gradebook(database)
    finally:
        os.environ["PATH"] = path
    with gradebook:
        yield gradebook


def forget(database: str, assignment: str, student: str) -> None:
    """Forget the automatic grades of a submission, so that none of an earlier run can stand for a failed one.

    They count as still to be graded until they are set again. What a person marked by hand stays.
    """
    with open_gradebook(database) as gradebook:
        try:
            submission = gradebook.find_submission(assignment, student)
        except MissingEntry:
            return
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                grade.auto_score = None
                grade.needs_manual_grade = True
        gradebook.db.commit()


def checksums(database: str, assignment: str) -> Mapping[str, str]:
    """The cells of an assignment that the gradebook knows, with their checksums; empty if it knows none."""
    with open_gradebook(database) as gradebook:
        try:
            notebook = gradebook.find_notebook(assignment, assignment)
        except MissingEntry:
            return {}
        return {cell.name: cell.checksum for cell in notebook.source_cells}
