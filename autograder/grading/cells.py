"""Which cells of a submitted notebook grading runs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache

from autograder.exercises.spec import Assignment
from autograder.grading.reading import SubmittedCell

# Index in the notebook, source, and the question whose solution cell it is.
Cell = tuple[int, str, str | None]


def cells_to_run(submitted: Iterable[SubmittedCell], spec: Assignment) -> list[Cell]:
    """The code cells that grading runs: given cells as they were released, and what the student wrote.

    Locked cells that only train and plot are left out, and so are autograder cells.
    """
    locked = _locked_cells(spec.name)
    questions = {question.name for question in spec.questions}
    chosen: list[Cell] = []
    for cell in submitted:
        if cell.kind != "code":
            continue
        if cell.grade_id not in locked:
            chosen.append((cell.index, cell.source, cell.grade_id if cell.grade_id in questions else None))
        elif (given := locked[cell.grade_id]) is not None:
            chosen.append((cell.index, given, None))
    return chosen


@cache
def _locked_cells(assignment: str) -> dict[str, str | None]:
    """nbgrader id -> source of the release's locked cells; None for those that need not run."""
    from autograder.places import notebooks

    path = notebooks("release") / assignment / f"{assignment}.ipynb"
    locked: dict[str, str | None] = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        metadata = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "code" and metadata.get("locked"):
            given = "given" in cell["metadata"].get("tags", [])
            locked[metadata["grade_id"]] = "".join(cell["source"]) if given else None
    return locked
