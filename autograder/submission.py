"""A submitted notebook: read it without trusting it, and choose the cells that grading runs."""

from __future__ import annotations

import json
import os
import stat
from functools import cache
from pathlib import Path
from typing import Any

from autograder.exercises.spec import Assignment

MAX_BYTES = 50_000_000
Cell = tuple[int, str, str | None]


class UnreadableNotebook(Exception):
    """There is no notebook that can be read; the message says what was found."""


def read_notebook(path: Path) -> dict[str, Any]:
    """The notebook at `path` as plain JSON.

    Raises:
        UnreadableNotebook: it is missing, no regular file, too large, no JSON, or no notebook of format 4.
    """
    try:
        information = os.lstat(path)
    except OSError:
        raise UnreadableNotebook(f"There is no notebook `{path.name}` in the submission.") from None
    if not stat.S_ISREG(information.st_mode):
        raise UnreadableNotebook(
            f"`{path.name}` is no regular file (a link, a pipe or a device): hand in the file."
        )
    if information.st_size > MAX_BYTES:
        raise UnreadableNotebook(
            f"`{path.name}` has {information.st_size / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} MB are read. Clear "
            "its outputs and hand it in again."
        )
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cells = notebook["cells"]
        if notebook["nbformat"] != 4 or not all(isinstance(_source(cell), str) for cell in cells):
            raise ValueError("not a notebook of format 4")
    except (ValueError, KeyError, TypeError, RecursionError, OSError) as error:
        raise UnreadableNotebook(
            f"`{path.name}` cannot be read as a notebook ({type(error).__name__}: {str(error)[:100]}). Open it in "
            "JupyterLab, save it, and hand it in again."
        ) from None
    return dict(notebook)


def cells_to_run(notebook: dict[str, Any], spec: Assignment) -> list[Cell]:
    """The code cells that grading runs: given cells as they were released, and what the student wrote.

    Locked cells that only train and plot are left out, and so are autograder cells.
    """
    locked = _locked_cells(spec.name)
    questions = {question.name for question in spec.questions}
    chosen: list[Cell] = []
    for index, cell in enumerate(notebook["cells"]):
        if cell.get("cell_type") != "code":
            continue
        identity = _grade_id(cell)
        if identity in locked:
            if (given := locked[identity]) is not None:
                chosen.append((index, given, None))
        else:
            chosen.append((index, _source(cell), identity if identity in questions else None))
    return chosen


@cache
def _locked_cells(assignment: str) -> dict[str, str | None]:
    """nbgrader id -> source of the release's locked cells; None for those that need not run."""
    from autograder.nbgrader.places import notebooks

    path = notebooks("release") / assignment / f"{assignment}.ipynb"
    locked: dict[str, str | None] = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        metadata = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "code" and metadata.get("locked"):
            given = "given" in cell["metadata"].get("tags", [])
            locked[metadata["grade_id"]] = _source(cell) if given else None
    return locked


def _grade_id(cell: dict[str, Any]) -> str | None:
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    identity = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return identity if isinstance(identity, str) else None


def _source(cell: Any) -> str:
    source = cell.get("source", "")
    return "".join(source) if isinstance(source, list) else source
