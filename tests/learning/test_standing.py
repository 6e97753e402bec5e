"""How far a student is."""

from __future__ import annotations

from autograder.learning.checking import check_notebook
from autograder.learning.standing import standings

LOSS = "def loss_fn(params, x, y):\n    return jnp.mean((model.apply(params, x) - y) ** 2)"


def states(student, name="02_regression"):
    """State by question."""
    return {s.task.name: s.state for s in standings(student.root) if s.outline.assignment == name}


def test_nothing_done_yet(student):
    """All is open."""
    assert set(states(student).values()) == {"open"}


def test_answers_that_were_never_checked(student):
    """An answer without a check is told from an open one; a written one waits for a person."""
    student.write(loss_fn=LOSS, explain_bias="The prior.")
    assert states(student) == {
        "MLP": "open",
        "loss_fn": "unchecked",
        "update": "open",
        "explain_bias": "written",
    }


def test_checked_then_changed(student, graded):
    """The outcome of the last check holds until the answer changes, and again once it is undone."""
    student.write(loss_fn=LOSS)
    check_notebook(student.notebook(), "02_regression")
    assert states(student)["loss_fn"] == "pass"
    student.write(loss_fn=LOSS.replace("mean", "sum"))
    assert states(student)["loss_fn"] == "changed"
    check_notebook(student.notebook(), "02_regression")
    (standing,) = (
        s
        for s in standings(student.root)
        if (s.task.name, s.points) == ("loss_fn", 0.0) and s.state == "fail"
    )
    assert standing.task.points == 3


def test_points_of_a_changed_answer_do_not_count(student, graded):
    """What was earned by another answer is no longer there."""
    student.write(loss_fn=LOSS)
    check_notebook(student.notebook(), "02_regression")
    assert sum(standing.points for standing in standings(student.root)) == 3
    student.write(loss_fn=LOSS + "\n")
    assert sum(standing.points for standing in standings(student.root)) == 3  # the same answer
    student.write(loss_fn=LOSS.replace("mean", "sum"))
    assert sum(standing.points for standing in standings(student.root)) == 0


def test_missing_and_broken_notebooks(student):
    """A notebook that is away, or cut off, is said to be so, and the other is still read."""
    student.notebook("04_mdn").unlink()
    student.notebook().write_text("{")
    assert set(states(student).values()) == {"unreadable"}
    assert set(states(student, "04_mdn").values()) == {"absent"}


def test_stub_put_back(student, graded):
    """Whoever puts the stub back is at the start again, whatever passed before."""
    student.write(loss_fn=LOSS)
    check_notebook(student.notebook(), "02_regression")
    stub = student.answers().outline["loss_fn"].stub
    student.write(loss_fn=stub)
    assert states(student)["loss_fn"] == "open"


def test_copy_elsewhere_leaves_progress_alone(student, graded, tmp_path):
    """Checking a notebook outside the student's folder, as an instructor may, writes nothing anywhere."""
    elsewhere = tmp_path / "submitted" / "02_regression.ipynb"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(student.notebook().read_bytes())
    check_notebook(elsewhere, "02_regression")
    assert [path.name for path in elsewhere.parent.iterdir()] == ["02_regression.ipynb"]
    assert set(states(student).values()) == {"open"}
