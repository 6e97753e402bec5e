"""A submission put back into the form of its release: given cells as given, answers in their places."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterable, Sequence

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

from autograder.grading.reading import SubmittedCell

# Our mark in a cell's metadata between restoring and judging: its index in what the student handed in.
MARK = "autograder"

_NEW = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}


def restore(submitted: Sequence[SubmittedCell], release: NotebookNode) -> NotebookNode:
    """The release notebook with the student's answers, and their own cells after the cells they followed.

    Of a submitted cell only type and text are taken, so no tag, metadata, attachment or output comes along.
    Where an id occurs twice the last is the answer, as when the notebook runs; the others become own cells.
    """
    official = {_id(cell) for cell in release.cells} - {""}
    answers = {cell.grade_id: cell for cell in submitted if cell.grade_id in official}
    own = _own_cells(submitted, answers)
    restored = copy.deepcopy(release)
    restored.cells = [*own[""]]
    for cell in release.cells:
        name = _id(cell)
        restored.cells += (
            [_official(cell, answers.get(name)), *own[name]] if name else [_official(cell, None)]
        )
    return restored


def with_note(release: NotebookNode, note: str) -> NotebookNode:
    """The release notebook with a note on top: for a submission in which nothing could be read."""
    noted = restore([], release)
    # As code block: the note may quote what a student wrote.
    indented = "\n".join(f"    {line}" for line in note.splitlines())
    noted.cells.insert(
        0, new_markdown_cell(f"**Nothing could be read of this submission:**\n\n{indented}", id="note")
    )
    return noted


def _own_cells(
    submitted: Iterable[SubmittedCell], answers: dict[str, SubmittedCell]
) -> defaultdict[str, list[NotebookNode]]:
    own: defaultdict[str, list[NotebookNode]] = defaultdict(list)
    anchor = ""
    for cell in submitted:
        if answers.get(cell.grade_id) is cell:
            anchor = cell.grade_id
        else:
            own[anchor].append(_marked(_NEW[cell.kind](cell.source, id=f"own-{cell.index}"), cell))
    return own


def _official(cell: NotebookNode, submitted: SubmittedCell | None) -> NotebookNode:
    official = copy.deepcopy(cell)
    if official.cell_type == "code":
        official.outputs, official.execution_count = [], None
    if submitted is None:
        return official
    if cell.metadata.nbgrader.get("solution"):
        official.source = submitted.source
    return _marked(official, submitted)


def _marked(cell: NotebookNode, submitted: SubmittedCell) -> NotebookNode:
    cell.metadata[MARK] = {"index": submitted.index}
    return cell


def _id(cell: NotebookNode) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
