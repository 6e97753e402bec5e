"""Submissions put back into the form of their release."""

import json

import nbformat
import pytest

from autograder.grading.reading import read_submission
from autograder.nbgrader import carried
from autograder.nbgrader.restore import restore, with_note


@pytest.fixture
def release():
    """The release of 02_regression."""
    return nbformat.read(carried.release("02_regression"), as_version=4)


def ids(notebook):
    """nbgrader's ids in order, without the student's own cells."""
    return [c.metadata.nbgrader.grade_id for c in notebook.cells if "nbgrader" in c.metadata]


def cell(notebook, name):
    """The cell with this nbgrader id."""
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


def restored(release, change, tmp_path):
    """The release as a student handed it in after `change`, restored."""
    submitted = json.loads(nbformat.writes(release))
    change(submitted["cells"])
    path = tmp_path / "it.ipynb"
    path.write_text(json.dumps(submitted))
    notebook = restore(read_submission(path), release)
    nbformat.validate(notebook)
    return notebook


def find(cells, name):
    """The index of a cell in raw JSON."""
    return next(i for i, c in enumerate(cells) if c["metadata"]["nbgrader"]["grade_id"] == name)


def test_answers_are_kept_and_given_cells_restored(release, tmp_path):
    """The text of a solution cell is the student's, that of a locked cell is the release's."""

    def change(cells):
        cells[find(cells, "loss_fn")]["source"] = "my answer"
        cells[find(cells, "check-loss_fn")]["source"] = "3.0"

    notebook = restored(release, change, tmp_path)
    assert cell(notebook, "loss_fn").source == "my answer"
    assert cell(notebook, "check-loss_fn").source == cell(release, "check-loss_fn").source


def test_no_metadata_comes_along(release, tmp_path):
    """Neither tags nor forged points nor an answer's outputs survive."""

    def change(cells):
        forged = cells[find(cells, "check-MLP")]
        forged["metadata"]["tags"] = ["skip-execution"]
        forged["metadata"]["nbgrader"] |= {"points": 99, "solution": True, "schema_version": 2}
        forged["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "3.0"}}]

    notebook = restored(release, change, tmp_path)
    assert cell(notebook, "check-MLP").metadata.nbgrader == cell(release, "check-MLP").metadata.nbgrader
    assert "tags" not in cell(notebook, "check-MLP").metadata
    assert cell(notebook, "check-MLP").outputs == []


def test_deleted_cells_return(release, tmp_path):
    """Every cell of the release is there again, in its order, whatever was deleted or moved."""

    def change(cells):
        del cells[find(cells, "check-update")], cells[find(cells, "update")]
        cells.reverse()

    notebook = restored(release, change, tmp_path)
    assert ids(notebook) == ids(release)
    assert cell(notebook, "update").source == cell(release, "update").source


def test_all_cells_deleted(release, tmp_path):
    """An empty notebook becomes the release."""
    assert ids(restored(release, list.clear, tmp_path)) == ids(release)


def test_last_of_two_answers_counts(release, tmp_path):
    """As when the notebook runs from top to bottom; the first one is kept to be read."""

    def change(cells):
        place = find(cells, "loss_fn")
        cells.insert(place, {**cells[place], "source": "first"})
        cells[place + 1]["source"] = "second"

    notebook = restored(release, change, tmp_path)
    assert cell(notebook, "loss_fn").source == "second"
    assert "first" in [c.source for c in notebook.cells]
    assert ids(notebook) == ids(release)


def test_own_cells_stay_where_they_were(release, tmp_path):
    """A student's own cell comes after the cell it followed, with the index it had in the file."""

    def change(cells):
        place = find(cells, "loss_fn")
        cells.insert(place + 1, {"cell_type": "code", "source": "mine", "metadata": {"tags": ["x"]}})

    notebook = restored(release, change, tmp_path)
    place = [c.source for c in notebook.cells].index("mine")
    assert notebook.cells[place - 1].metadata.nbgrader.grade_id == "loss_fn"
    submitted_index = [c.metadata.nbgrader.grade_id for c in release.cells].index("loss_fn") + 1
    assert notebook.cells[place].metadata == {"autograder": {"index": submitted_index}}


def test_unknown_ids_become_own_cells(release, tmp_path):
    """A graded cell that the release does not have is an ordinary cell: it brings no points."""

    def change(cells):
        extra = json.loads(json.dumps(cells[find(cells, "check-MLP")]))
        extra["metadata"]["nbgrader"]["grade_id"] = "check-gift"
        cells.append(extra)

    assert "check-gift" not in ids(restored(release, change, tmp_path))


def test_note_is_shown_as_text(release):
    """What could not be read is quoted, not rendered."""
    notebook = with_note(release, "it.ipynb is no JSON\n# <script>")
    nbformat.validate(notebook)
    assert "    it.ipynb is no JSON\n    # <script>" in notebook.cells[0].source
    assert ids(notebook) == ids(release)
