"""`autograder grade` as a command: what it prints, writes and returns."""

import json

import pytest
from typer.testing import CliRunner

from autograder.cli import app
from autograder.sandbox.choice import NoIsolationError

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def autograder_grade(course):
    """A function that runs `autograder grade` on the course; returns exit status and everything printed."""

    def run(*arguments, root=course.root):
        result = CliRunner().invoke(app, ["grade", "--course", str(root), *map(str, arguments)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, " ".join(result.output.split())

    return run


def test_class_is_graded_and_shown(autograder_grade, hand_in, tmp_path):
    """Exit status 0 whatever the marks; a table; results.json without the seed."""
    hand_in("ada", "right/reference")
    hand_in("bob", "broken/stub")
    status, printed = autograder_grade("--json", tmp_path / "results.json", "--seed", "987654321")
    assert status == 0
    assert "9 of 9" in printed
    assert "0 of 9" in printed
    text = (tmp_path / "results.json").read_text()
    assert [run["score"] for run in json.loads(text)["assignment_runs"]] == [9.0, 0.0]
    assert json.loads(text)["versions"].keys() == {"clustermass", "jax", "nbgrader"}
    assert "987654321" not in text


def test_one_student_is_shown_in_detail(autograder_grade, hand_in):
    """With --student the messages are printed."""
    hand_in("bob", "wrong/loss_sum")
    assert "`loss_fn` sums" in autograder_grade("--student", "bob")[1]


def test_failed_grader_is_exit_status_1(autograder_grade, hand_in):
    """One failed run is enough, and it is named."""
    path = hand_in("ada", "right/reference")
    path.write_text(path.read_text().replace("def loss_fn", "# GRADER_FAILS\\ndef loss_fn"))
    status, printed = autograder_grade()
    assert status == 1
    assert "ada 02_regression: the judge died" in printed


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--student", "zoe"], "there is no student `zoe`"),
        (["99_nothing"], "there is no assignment `99_nothing`; there are 01_jax"),
        (["--isolation", "magic"], "there are auto, bwrap, container, none"),
        (["--json", "nowhere/results.json"], "there is no folder `nowhere`"),
    ],
)
def test_wrong_usage_is_exit_status_2(autograder_grade, hand_in, arguments, says):
    """The message names what was wrong and what there is."""
    hand_in("ada", "right/reference")
    status, printed = autograder_grade(*arguments)
    assert status == 2
    assert says in printed.replace("│ ", "")


def test_without_isolation_nothing_is_graded(autograder_grade, course, hand_in, monkeypatch):
    """The reason is printed, the exit status is 1, and the course is as it was."""

    def choose(name, hidden):
        raise NoIsolationError("student code cannot be isolated here, so nothing was graded.")

    monkeypatch.setattr("autograder.cli.class_run.choose", choose)
    hand_in("ada", "right/reference")
    before = (course.root / "gradebook.db").read_bytes()
    status, printed = autograder_grade()
    assert (status, "cannot be isolated here" in printed) == (1, True)
    assert (course.root / "gradebook.db").read_bytes() == before
    assert not (course.root / "autograded").exists()


def test_without_isolation_by_name(autograder_grade, hand_in):
    """It is done, and said what that gives up."""
    hand_in("ada", "right/reference")
    status, printed = autograder_grade("--isolation", "none")
    assert (status, "student code runs with your own rights" in printed) == (0, True)


def test_no_course_is_exit_status_2(autograder_grade, tmp_path):
    """Neither a folder that there is not, nor one without submissions."""
    status, printed = autograder_grade(root=tmp_path / "nowhere")
    assert (status, "there is no folder" in printed) == (2, True)
    status, printed = autograder_grade(root=tmp_path)
    assert (status, "has no folder `submitted`" in printed) == (2, True)


def test_empty_class_says_so(autograder_grade, tmp_path):
    """Nobody handed in: no failure, and results.json is there all the same."""
    status, printed = autograder_grade("--json", tmp_path / "results.json")
    assert (status, "Nobody has handed in anything" in printed) == (0, True)
    assert json.loads((tmp_path / "results.json").read_text())["assignment_runs"] == []


def test_what_cannot_be_graded_is_named(autograder_grade, hand_in, course):
    """A table says "missing" of a broken notebook and of an untouched one alike; and of a misspelt folder nothing."""
    hand_in("ada", "right/reference")
    folder = course.submitted / "eve"
    (folder / "02_regresion").mkdir(parents=True)
    (folder / "ps1_poisson").mkdir()
    (folder / "02_regression").mkdir()
    (folder / "02_regression" / "02_regression (1).ipynb").write_text("{}")
    (course.submitted / "cleo" / "02_regression").mkdir(parents=True)
    (course.submitted / "cleo" / "02_regression" / "02_regression.ipynb").write_text("not JSON")
    status, words = autograder_grade()
    assert status == 0
    assert "cleo 02_regression, 02_regression.ipynb is no JSON" in words
    assert (
        "eve 02_regression, there is no 02_regression.ipynb in what was handed in, but `02_regression (1).ipynb`"
        in words
    )
    assert "eve/02_regresion (did you mean `02_regression`?)" in words
    assert "ada 02_regression" not in words
    assert "ps1_poisson" not in words


def test_who_has_not_handed_in_is_named(autograder_grade, hand_in):
    """Others may have."""
    hand_in("ada", "right/reference")
    assert "ada has not handed in 01_jax" in autograder_grade("01_jax/", "--student", "ada")[1]
    assert "Nobody has handed in 01_jax" in autograder_grade("01_jax")[1]


def test_stopped_by_hand_says_what_is_left(autograder_grade, hand_in, monkeypatch):
    """Exit status 130, and the submissions that have no new grade."""

    def stop(*arguments, **options):
        raise KeyboardInterrupt

    hand_in("ada", "right/reference")
    monkeypatch.setattr("autograder.nbgrader.grade.grade_notebook", stop)
    status, printed = autograder_grade("--jobs", 1)
    assert (status, "without a new grade are: ada 02_regression" in printed) == (130, True)
