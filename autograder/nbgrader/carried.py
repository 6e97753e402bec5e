"""What the kit carries of an assignment: its release notebook and its reference answers."""

from __future__ import annotations

import re
from pathlib import Path

from autograder import places
from autograder.nbgrader import sources

MARKER = re.compile(r"^\s*#+ (BEGIN|END) SOLUTION\s*$")


class NotCarriedError(LookupError):
    """The kit has no such file; the message says how to make it."""


def release(assignment: str) -> Path:
    """The release notebook of an assignment.

    Raises:
        NotCarriedError: if it was not built.
    """
    path = places.notebooks("release") / assignment / f"{assignment}.ipynb"
    if not path.is_file():
        raise NotCarriedError(
            f"there is no release of {assignment}; `autograder build {assignment}` makes it"
        )
    return path


def reference_answers(assignment: str) -> dict[str, str]:
    """The reference solution of every question, as a student would have written it.

    Raises:
        NotCarriedError: if there is no source.
    """
    path = places.notebooks("source") / assignment / f"{assignment}.py"
    if not path.is_file():
        raise NotCarriedError(f"there is no source of {assignment} (source/{assignment}/{assignment}.py)")
    return {
        cell.id: _without_markers(cell.node.source)
        for cell in sources.read(path).cells
        if cell.options["solution"]
    }


def _without_markers(source: str) -> str:
    return "\n".join(line for line in source.splitlines() if not MARKER.match(line))
