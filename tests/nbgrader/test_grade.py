"""Grading a class into nbgrader's gradebook, with real nbgrader and a quick judge."""

import hashlib
import json

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.nbgrader import seeds
from autograder.nbgrader.config import CONFIG_FILE
from autograder.nbgrader.course import CourseError, open_course
from autograder.nbgrader.grade import Settings, grade

pytestmark = pytest.mark.usefixtures("quick")


def graded(course, student=None, assignments=()):
    """Grade and return the runs by student."""
    handed_in = course.handed_in(assignments, student)
    return {
        run.student: run
        for run in grade(course, handed_in, Settings(seed=1, jobs=2), lambda step, item: None)
    }


def score(course, student, assignment="02_regression"):
    """What the gradebook has for a submission, late penalty and marks by hand included."""
    with Gradebook(course.database) as gradebook:
        return gradebook.find_submission(assignment, student).score


def grades(course, student, assignment="02_regression"):
    """Each graded cell: automatic score, score by hand, whether a person should look."""
    with Gradebook(course.database) as gradebook:
        notebook = gradebook.find_submission_notebook(assignment, assignment, student)
        return {g.name: (g.auto_score, g.manual_score, g.needs_manual_grade) for g in notebook.grades}


def mark_by_hand(course, student, cell, points):
    """A person's mark."""
    with Gradebook(course.database) as gradebook:
        gradebook.find_grade(cell, "02_regression", "02_regression", student).manual_score = points
        gradebook.db.commit()


def contents(folder):
    """Every file below `folder` with a hash of its bytes."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_gradebook_has_the_points_of_the_verdict(course, hand_in):
    """Right, wrong and partly missing answers; both assignments; feedback and marked notebooks are there."""
    hand_in("ada", "right/reference")
    hand_in("ada", "right/reference", "04_mdn")
    hand_in("bob", "wrong/loss_sum")
    hand_in("eve", "broken/stub")
    runs = grade(course, course.handed_in(), Settings(seed=1, jobs=2), lambda step, item: None)
    assert [(run.student, run.assignment, run.verdict.score) for run in runs] == [
        ("ada", "02_regression", 9.0),
        ("bob", "02_regression", 6.0),
        ("eve", "02_regression", 0.0),
        ("ada", "04_mdn", 16.0),
    ]
    for run in runs:
        assert score(course, run.student, run.assignment) == run.verdict.score
        for folder, suffix in (("autograded", "ipynb"), ("feedback", "html")):
            assert (
                course.root / folder / run.student / run.assignment / f"{run.assignment}.{suffix}"
            ).is_file()


def test_marked_notebook_shows_table_and_output(course, hand_in):
    """The check cell holds the table, the answer what it printed; stderr of an answer costs nothing."""
    hand_in("bob", "wrong/loss_sum")
    graded(course)
    notebook = nbformat.read(course.root / "autograded/bob/02_regression/02_regression.ipynb", as_version=4)
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    assert "<code>loss_fn</code> sums" in cells["check-loss_fn"].outputs[0].data["text/html"]
    assert cells["loss_fn"].outputs[0].text == "a warning\n"
    feedback = (course.root / "feedback/bob/02_regression/02_regression.html").read_text()
    assert "First to mend" in feedback
    assert "a warning" in feedback


BROKEN = {
    "no_json": "no JSON",
    "empty": "no JSON",
    "not_a_notebook": "no list of cells",
    "no_notebook": "there is no 02_regression.ipynb",
}


@pytest.mark.parametrize(("name", "says"), BROKEN.items())
def test_unreadable_submissions_are_graded_and_explained(course, hand_in, name, says):
    """Each gets 0 points, a message and feedback, and the next student is graded all the same."""
    hand_in("ada", f"broken/{name}")
    hand_in("bob", "right/reference")
    runs = graded(course)
    assert (runs["ada"].error, runs["ada"].verdict.score, runs["bob"].verdict.score) == ("", 0.0, 9.0)
    assert {q.status for q in runs["ada"].verdict.questions} == {"missing", "manual"}
    assert all(says in q.message for q in runs["ada"].verdict.questions if q.status == "missing")
    assert score(course, "ada") == 0.0
    assert (
        "Nothing could be read" in (course.root / "feedback/ada/02_regression/02_regression.html").read_text()
    )


@pytest.mark.parametrize(("name", "points"), [("deleted_cells", 6.0), ("duplicated_cells", 9.0)])
def test_changed_cells_do_not_stop_nbgrader(course, hand_in, name, points):
    """Deleted and doubled cells."""
    hand_in("ada", f"broken/{name}")
    assert graded(course)["ada"].error == ""
    assert score(course, "ada") == points


def test_links_are_refused_and_not_followed(course, hand_in):
    """A link to another's notebook earns nothing; links beside the notebook are not copied."""
    right = hand_in("ada", "right/reference")
    link = hand_in("mal", "broken/no_notebook")
    link.symlink_to(right)
    (right.parent / "extra").symlink_to("/etc")
    runs = graded(course)
    assert "is a symbolic link" in runs["mal"].verdict.questions[0].message
    assert score(course, "mal") == 0.0
    assert [path.name for path in (course.root / "autograded/ada/02_regression").iterdir()] == [
        "02_regression.ipynb"
    ]


def test_manual_marks_survive_a_regrade(course, hand_in):
    """What a person marked stays, for written answers and over automatic ones."""
    hand_in("bob", "wrong/loss_sum")
    graded(course)
    mark_by_hand(course, "bob", "explain_bias", 2.0)
    mark_by_hand(course, "bob", "check-loss_fn", 1.0)
    graded(course)
    assert grades(course, "bob")["explain_bias"][1] == 2.0
    assert grades(course, "bob")["check-loss_fn"][:2] == (0.0, 1.0)
    assert score(course, "bob") == 6.0 + 2.0 + 1.0


def test_regrading_replaces_the_old_grade(course, hand_in):
    """A second submission is graded anew, with nothing left of the first."""
    hand_in("ada", "right/reference")
    graded(course)
    hand_in("ada", "broken/stub")
    graded(course)
    assert score(course, "ada") == 0.0


def test_failed_grader_leaves_no_grade(course, hand_in):
    """If the grader fails, neither points nor a silent 0 nor the grade of an earlier run is left."""
    path = hand_in("ada", "right/reference")
    hand_in("bob", "right/reference")
    graded(course)
    path.write_text(path.read_text().replace("def loss_fn", "# GRADER_FAILS\\ndef loss_fn"))
    runs = graded(course)
    assert runs["ada"].error == "the judge died"
    assert runs["bob"].error == ""
    assert grades(course, "ada")["check-MLP"] == (None, None, True)
    assert not (course.root / "autograded/ada/02_regression").exists()
    assert not (course.root / "feedback/ada/02_regression").exists()
    assert score(course, "bob") == 9.0


def test_a_bug_of_ours_costs_one_run(course, hand_in, monkeypatch):
    """An exception in the judge's coordinator is an error of that run."""
    hand_in("ada", "right/reference")
    monkeypatch.setattr("autograder.nbgrader.grade.grade_notebook", lambda *args, **options: 1 / 0)
    assert graded(course)["ada"].error == "ZeroDivisionError: division by zero"


def test_what_was_handed_in_is_not_touched(course, hand_in):
    """`submitted/` has the same files with the same bytes after grading."""
    hand_in("ada", "right/reference")
    hand_in("bob", "broken/deleted_cells")
    before = contents(course.submitted)
    graded(course)
    assert contents(course.submitted) == before


@pytest.mark.parametrize("student", ["anna-lena", "o'neill", "x[1]", "st*r", "ümit", "a b", "01"])
def test_student_names(course, hand_in, student):
    """A folder's name is a student's id, whatever characters it has."""
    hand_in(student, "right/reference")
    hand_in("x1", "broken/stub")
    assert graded(course)[student].error == ""
    assert score(course, student) == 9.0


def test_one_student_alone(course, hand_in):
    """Only the student asked for is graded."""
    hand_in("ada", "right/reference")
    hand_in("bob", "right/reference")
    assert list(graded(course, student="bob")) == ["bob"]
    with pytest.raises(CourseError, match=r"there is no student `zoe` in .*; there is ada, bob"):
        course.handed_in(student="zoe")


def test_late_submissions_keep_their_time(course, hand_in):
    """nbgrader's timestamp is taken over; one that is no time is left out."""
    (hand_in("ada", "right/reference").parent / "timestamp.txt").write_text("2026-11-22 10:00:00 UTC")
    (hand_in("bob", "right/reference").parent / "timestamp.txt").write_text("after lunch")
    runs = graded(course)
    assert [runs["ada"].error, runs["bob"].error] == ["", ""]
    with Gradebook(course.database) as gradebook:
        assert str(gradebook.find_submission("02_regression", "ada").timestamp) == "2026-11-22 10:00:00"
        assert gradebook.find_submission("02_regression", "bob").timestamp is None


def test_extra_points_in_metadata_are_not_points(course, hand_in):
    """Tags, forged points and graded cells of one's own change nothing."""
    path = hand_in("mal", "broken/stub")
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        cell["metadata"]["tags"] = ["skip-execution"]
        if cell["metadata"]["nbgrader"]["grade"]:
            cell["metadata"]["nbgrader"]["points"] = 100
            cell["source"] = "100.0"
    path.write_text(json.dumps(notebook))
    graded(course)
    assert score(course, "mal") == 0.0


def test_a_course_with_its_own_source_is_not_overwritten(course, hand_in):
    """Where the instructor generates the assignment, the gradebook is theirs."""
    hand_in("ada", "right/reference")
    own = course.root / "source" / "02_regression" / "02_regression.ipynb"
    own.parent.mkdir(parents=True)
    own.write_text("{}")
    (course.root / "gradebook.db").unlink()
    with pytest.raises(CourseError, match=r"run `nbgrader generate_assignment 02_regression` first"):
        graded(course)


def test_seeds_are_noted_for_the_instructor_alone(course):
    """Each draw is another one, is kept with what it was for, and no one else may read it."""
    drawn = [seeds.draw(course, ["02_regression"], ["ada"]) for _ in range(2)]
    path = course.root / ".autograder" / "seeds.json"
    assert [run["seed"] for run in json.loads(path.read_text())["runs"]] == drawn
    assert drawn[0] != drawn[1]
    assert path.stat().st_mode & 0o077 == 0
    assert seeds.draw(course, [], [], seed=7) == 7


def test_a_configuration_that_does_not_load_is_named(course):
    """An instructor's slip in nbgrader_config.py is told, with what Python said."""
    (course.root / "nbgrader_config.py").write_text(CONFIG_FILE + "\nc.oops(")
    with pytest.raises(CourseError, match=r"nbgrader_config.py does not load: SyntaxError"):
        open_course(course.root)


def test_gradebook_is_made_without_an_activated_environment(tmp_path, hand_in, monkeypatch):
    """`alembic`, which nbgrader calls, need not be on PATH."""
    hand_in("ada", "right/reference")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    course = open_course(tmp_path / "course")
    graded(course)
    assert score(course, "ada") == 9.0
