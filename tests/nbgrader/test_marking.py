"""Verdicts as outputs, as nbgrader reads them."""

import dataclasses

import nbformat
import pytest
from nbgrader.utils import determine_grade

from autograder.exercises import assignment
from autograder.nbgrader import carried
from autograder.nbgrader.marking import GraderError, check_verdict, write_outputs
from autograder.nbgrader.restore import restore
from autograder.wire.verdict import QuestionResult, Verdict

REGRESSION = assignment("02_regression")


def verdict(points=2.4):
    """A verdict on 02_regression with `points` for loss_fn and none for the rest."""
    return Verdict(
        "02_regression",
        tuple(
            QuestionResult(q.name, "fail", points if q.name == "loss_fn" else 0.0, float(q.points))
            for q in REGRESSION.questions
        ),
    )


@pytest.fixture
def notebook():
    """The restored release of 02_regression."""
    return restore([], nbformat.read(carried.release("02_regression"), as_version=4))


def grades(notebook):
    """What nbgrader reads from the check cells."""
    graded = [
        c for c in notebook.cells if c.cell_type == "code" and c.metadata.get("nbgrader", {}).get("grade")
    ]
    return {c.metadata.nbgrader.grade_id: determine_grade(c)[0] for c in graded}


@pytest.mark.parametrize("points", [0.0, 2.4, 3.0])
def test_nbgrader_reads_the_points_of_the_verdict(notebook, points):
    """Partial credit is read as it was given, no more."""
    write_outputs(notebook, verdict(points), {})
    assert grades(notebook) == {"check-MLP": 0.0, "check-loss_fn": points, "check-update": 0.0}
    nbformat.validate(notebook)


def test_points_without_question_are_an_error(notebook):
    """A graded cell without output would be full points to nbgrader, so it may not happen."""
    short = dataclasses.replace(verdict(), questions=verdict().questions[1:])
    with pytest.raises(GraderError, match="`check-MLP` belongs to no question"):
        write_outputs(notebook, short, {})


def test_points_must_agree(notebook):
    """A release made for other points is named, with what to do."""
    next(
        c for c in notebook.cells if c.metadata.nbgrader.grade_id == "check-MLP"
    ).metadata.nbgrader.points = 30
    with pytest.raises(GraderError, match=r"30 points for `MLP`, the kit 3.0; build the release again"):
        write_outputs(notebook, verdict(), {})


def test_cells_that_did_not_run_say_so(notebook):
    """Given cells that were skipped carry a note; those that ran do not."""
    notebook.cells[0].metadata["autograder"] = {"index": 7}
    given = [c for c in notebook.cells if c.cell_type == "code" and not c.metadata.nbgrader.grade]
    given = [c for c in given if not c.metadata.nbgrader.solution]
    given[0].metadata["autograder"] = {"index": 4}
    write_outputs(notebook, verdict(), {4: []})
    assert given[0].outputs == []
    assert given[1].outputs[0].text == "Not run when grading.\n"


def test_outputs_belong_to_the_cell_of_that_index(notebook):
    """Streams and errors appear, as plain text, at the cell that made them; marks of ours are gone."""
    answer = next(c for c in notebook.cells if c.metadata.nbgrader.grade_id == "loss_fn")
    answer.metadata["autograder"] = {"index": 2}
    error = {"output_type": "error", "ename": "E\x1b[31m", "evalue": "v", "traceback": ["line", "\x1b[1mend"]}
    html = {"output_type": "display_data", "data": {"text/html": "<script>"}}
    write_outputs(notebook, verdict(), {2: [{"output_type": "stream", "text": ["a", "b"]}, html, error]})
    assert [output.output_type for output in answer.outputs] == ["stream", "error"]
    assert answer.outputs[0].text == "ab"
    assert (answer.outputs[1].ename, answer.outputs[1].traceback) == ("E", ["line", "end"])
    assert "autograder" not in answer.metadata


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (Verdict("02_regression", (), error="the judge\x1b[31m died"), "^the judge died$"),
        (Verdict("02_regression", ()), "the verdict is about"),
        (dataclasses.replace(verdict(), questions=verdict().questions * 2), "the verdict is about"),
    ],
)
def test_half_a_verdict_is_none(broken, says):
    """A verdict must be about every question, once."""
    with pytest.raises(GraderError, match=says):
        check_verdict(broken, REGRESSION)
