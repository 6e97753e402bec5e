"""The submissions in tests/submissions, and the format they are written in."""

from pathlib import Path

import nbformat
import pytest

from autograder.exercises import ASSIGNMENTS, assignment
from autograder.nbgrader.handed_in import handed_in, write
from autograder.nbgrader.submissions import SubmissionFileError, read, read_all

SUBMISSIONS = Path(__file__).parents[1] / "submissions"
ALL = [
    pytest.param(s, id=f"{s.assignment}/{s.name}")
    for name in ASSIGNMENTS
    for s in read_all(SUBMISSIONS, name)
]


def written(tmp_path, text):
    """A submission of 02_regression with this text."""
    path = tmp_path / "02_regression" / "wrong" / "it.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return read(path)


def sources(notebook):
    """The text of each cell, by nbgrader's id."""
    return {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in notebook.cells}


@pytest.mark.parametrize("submission", ALL)
def test_every_submission_can_be_handed_in(submission, tmp_path):
    """Each has a story, expects something of each question, and becomes a file (or, on purpose, none)."""
    assert submission.story
    for question in assignment(submission.assignment).questions:
        assert submission.expected(question.name).points is not None
    assert set(submission.exceptions) <= {"*", *(q.name for q in assignment(submission.assignment).questions)}
    path = tmp_path / "it.ipynb"
    write(submission, path)
    assert path.exists() != any(edit.edit == "no file" for edit in submission.edits)


def test_every_kind_is_there():
    """Each assignment has right, wrong and broken submissions."""
    for name in ASSIGNMENTS:
        assert {"right", "wrong", "broken"} <= {s.name.split("/")[0] for s in read_all(SUBMISSIONS, name)}


def test_reference_has_no_stub():
    """Without any edit all answers are the reference's."""
    reference = sources(handed_in(read(SUBMISSIONS / "02_regression/right/reference.py")))
    answers = [reference[question.name] for question in assignment("02_regression").questions]
    assert not any("NotImplementedError" in answer or "SOLUTION" in answer for answer in answers)


def test_header_says_what_to_expect(tmp_path):
    """Status, points and words; points have their usual value where they are left out."""
    submission = written(
        tmp_path, '# A story.\n# expect loss_fn: fail 1.5 "the word"\n# expect update: missing\n'
    )
    assert submission.story == "A story."
    assert submission.expected("loss_fn").points == 1.5
    assert submission.expected("loss_fn").says == ("the word",)
    assert submission.expected("update").points == 0
    assert submission.expected("MLP").points == assignment("02_regression")["MLP"].points
    assert submission.expected("explain_bias").status == "manual"


def test_edits_do_what_they_say(tmp_path):
    """Cells are replaced, added, changed, marked, deleted and doubled."""
    notebook = handed_in(
        written(
            tmp_path,
            "# Story.\n# %% loss_fn\nanswer\n\n"
            "# %% [before] loss_fn\nbefore\n# %% [after] check-loss_fn\nafter\n"
            "# %% [stub] update\n# %% [markdown] explain_bias\n# my words\n# %% [delete] check-update\n"
            '# %% [metadata] check-loss_fn\n{"tags": ["skip-execution"], "nbgrader": {"points": 99}}\n'
            "# %% [change] check-loss_fn\n3.0\n# %% [duplicate] MLP\nsecond\n",
        )
    )
    found = sources(notebook)
    texts = [cell.source for cell in notebook.cells]
    assert found["loss_fn"] == "answer"
    assert texts.index("before") < texts.index("answer") < texts.index("3.0") < texts.index("after")
    assert "NotImplementedError" in found["update"]
    assert found["explain_bias"] == "my words"
    assert "check-update" not in found
    assert found["MLP"] == "second"
    forged = next(
        c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "check-loss_fn"
    )
    assert forged.metadata.tags == ["skip-execution"]
    assert (forged.metadata.nbgrader.points, forged.metadata.nbgrader.grade) == (99, True)
    nbformat.validate(notebook)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("# S.\n# %% [replace] loss_fn\n", "is no edit; there are"),
        ("# S.\n# %% [delete]\n", "does not say which cell"),
        ("# S.\n# expect loss_fn: wrong\n", "the status is one of pass, fail"),
    ],
)
def test_mistakes_in_a_file_are_named(tmp_path, text, says):
    """A file that does not follow the format is refused, by name."""
    with pytest.raises(SubmissionFileError, match=says) as caught:
        written(tmp_path, text)
    assert "02_regression/wrong/it.py" in str(caught.value)


def test_unknown_cell_is_named(tmp_path):
    """An edit of a cell that there is not cannot quietly do nothing."""
    with pytest.raises(SubmissionFileError, match=r"there is no cell `los_fn`; there are .*loss_fn"):
        handed_in(written(tmp_path, "# S.\n# %% los_fn\n"))
