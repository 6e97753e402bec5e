"""From a submission's edits to the notebook that a student would have handed in."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.nbgrader import carried
from autograder.nbgrader.submissions import Edit, Submission, SubmissionFileError


def write(submission: Submission, path: Path, release: Path | None = None) -> None:
    """Write `submission` to `path` as a student would hand it in; its folder is made.

    Args:
        submission: what differs from the reference.
        path: the notebook.
        release: the notebook that the student was given; by default the one that the kit carries.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = next((edit for edit in submission.edits if edit.edit in {"file", "no file"}), None)
    if whole is None:
        nbformat.write(handed_in(submission, release), path)
    elif whole.edit == "file":
        path.write_text(whole.text, encoding="utf-8")


def handed_in(submission: Submission, release: Path | None = None) -> NotebookNode:
    """The release notebook with the reference's answers and then the submission's edits.

    Raises:
        SubmissionFileError: if an edit names a cell that there is not.
    """
    notebook = nbformat.read(release or carried.release(submission.assignment), as_version=4)
    _answer(notebook, carried.reference_answers(submission.assignment), skip=_stubs(submission))
    for edit in submission.edits:
        try:
            _EDITS[edit.edit](notebook, edit)
        except (SubmissionFileError, ValueError) as error:
            raise SubmissionFileError(f"{submission.assignment}/{submission.name}: {error}") from None
    return notebook


def _stubs(submission: Submission) -> set[str]:
    return {edit.target for edit in submission.edits if edit.edit == "stub"}


def _answer(notebook: NotebookNode, answers: Mapping[str, str], skip: set[str]) -> None:
    for cell in notebook.cells:
        name = _id(cell)
        if name in answers and not skip & {name, "*"}:
            cell.source = answers[name]


def _id(cell: NotebookNode) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _where(notebook: NotebookNode, target: str) -> int:
    ids = [_id(cell) for cell in notebook.cells]
    if target not in ids:
        raise SubmissionFileError(f"there is no cell `{target}`; there are {', '.join(filter(None, ids))}")
    return ids.index(target)


def _replace(notebook: NotebookNode, edit: Edit) -> None:
    notebook.cells[_where(notebook, edit.target)].source = edit.text


def _keep_stub(notebook: NotebookNode, edit: Edit) -> None:
    if edit.target != "*":
        _where(notebook, edit.target)


def _before(notebook: NotebookNode, edit: Edit) -> None:
    notebook.cells.insert(_where(notebook, edit.target), new_code_cell(edit.text))


def _after(notebook: NotebookNode, edit: Edit) -> None:
    notebook.cells.insert(_where(notebook, edit.target) + 1, new_code_cell(edit.text))


def _delete(notebook: NotebookNode, edit: Edit) -> None:
    del notebook.cells[_where(notebook, edit.target)]


def _duplicate(notebook: NotebookNode, edit: Edit) -> None:
    place = _where(notebook, edit.target)
    second = copy.deepcopy(notebook.cells[place])
    second.id = new_code_cell().id
    second.source = edit.text or second.source
    notebook.cells.insert(place + 1, second)


def _metadata(notebook: NotebookNode, edit: Edit) -> None:
    cell = notebook.cells[_where(notebook, edit.target)]
    for key, value in json.loads(edit.text).items():
        if isinstance(value, dict):
            value = {**cell.metadata.get(key, {}), **value}
        cell.metadata[key] = nbformat.from_dict(value)


_EDITS: Mapping[str, Callable[[NotebookNode, Edit], None]] = {
    "answer": _replace,
    "markdown": _replace,
    "change": _replace,
    "stub": _keep_stub,
    "before": _before,
    "after": _after,
    "delete": _delete,
    "duplicate": _duplicate,
    "metadata": _metadata,
}
