"""The assignments that the kit carries: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat

import autograder

PACKAGE = Path(autograder.__file__).parent
MARKER = re.compile(r"^\s*#+ (BEGIN|END) SOLUTION\s*$")


class NotCarriedError(LookupError):
    """The kit has no such file: the release was not built, or only a checkout has it."""


def folder(kind: str) -> Path:
    """The folder of `kind`: "source", "release" or "solutions"."""
    beside = PACKAGE.parent / kind
    return beside if beside.is_dir() else PACKAGE / "data" / kind


def release(assignment: str) -> Path:
    """The release notebook of an assignment.

    Raises:
        NotCarriedError: if it was not built.
    """
    path = folder("release") / assignment / f"{assignment}.ipynb"
    if not path.is_file():
        raise NotCarriedError(
            f"there is no release of {assignment}; `autograder build {assignment}` makes it"
        )
    return path


def checkout(relative: str) -> Path:
    """A path of the repository that no wheel carries.

    Raises:
        NotCarriedError: if the package was not installed from a checkout.
    """
    path = PACKAGE.parent / relative
    if not path.exists():
        raise NotCarriedError(f"only the repository has `{relative}`; clone it and `pip install -e .` there")
    return path


def reference_answers(assignment: str) -> dict[str, str]:
    """The reference solution of every question, from the assignment's source."""
    import jupytext

    path = folder("source") / assignment / f"{assignment}.py"
    if not path.is_file():
        raise NotCarriedError(f"there is no source of {assignment}")
    notebook: nbformat.NotebookNode = jupytext.read(path, fmt="py:percent")
    return {
        cell.metadata.nbgrader["grade_id"]: without_markers(cell.source)
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }


def without_markers(source: str) -> str:
    """A solution cell as a student would have written it: without nbgrader's marker lines."""
    return "\n".join(line for line in source.splitlines() if not MARKER.match(line))
