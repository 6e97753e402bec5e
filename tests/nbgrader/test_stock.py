"""nbgrader's own commands on a course with our configuration."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI

from autograder.exercises import ASSIGNMENTS
from autograder.nbgrader.grade import Settings, grade


@pytest.fixture
def nbgrader(course, monkeypatch):
    """nbgrader's API with the course's configuration, in the course's folder, as its commands have it."""
    monkeypatch.chdir(course.root)
    return NbGraderAPI(coursedir=course.directory(), config=course.config)


def score(course, student, assignment="02_regression"):
    """The score in the gradebook."""
    with Gradebook(course.database) as gradebook:
        return gradebook.find_submission(assignment, student).score


def autograder_grade(course):
    """Grade with our own command's function."""
    return grade(course, course.handed_in(), Settings(seed=1, jobs=2), lambda step, item: None)


CASES = [
    "right/reference",
    "wrong/loss_sum",
    "broken/stub",
    "broken/deleted_cells",
    "broken/duplicated_cells",
]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("name", CASES)
def test_nbgrader_autograde_gives_the_same_points(course, hand_in, nbgrader, name):
    """Honest submissions get the same from `nbgrader autograde` as from `autograder grade`."""
    hand_in("ada", name)
    (run,) = autograder_grade(course)
    with Gradebook(course.database) as gradebook:
        gradebook.remove_submission("02_regression", "ada")
    assert nbgrader.autograde("02_regression", "ada")["success"]
    assert score(course, "ada") == run.verdict.score


@pytest.mark.usefixtures("quick")
def test_nbgrader_feedback_shows_the_table(course, hand_in, nbgrader):
    """`nbgrader generate_feedback` writes the same tables."""
    hand_in("bob", "wrong/loss_sum")
    assert nbgrader.autograde("02_regression", "bob")["success"]
    assert nbgrader.generate_feedback("02_regression", "bob")["success"]
    assert "First to mend" in (course.root / "feedback/bob/02_regression/02_regression.html").read_text()


@pytest.mark.usefixtures("quick")
def test_failed_grader_fails_nbgrader_and_leaves_no_grade(course, hand_in, nbgrader):
    """nbgrader records a failure, and the grade of the run before is gone."""
    path = hand_in("ada", "right/reference")
    assert nbgrader.autograde("02_regression", "ada")["success"]
    path.write_text(path.read_text().replace("def loss_fn", "# GRADER_FAILS\\ndef loss_fn"))
    assert not nbgrader.autograde("02_regression", "ada")["success"]
    with Gradebook(course.database) as gradebook:
        grades = gradebook.find_submission_notebook("02_regression", "02_regression", "ada").grades
        assert {(grade.auto_score, grade.needs_manual_grade) for grade in grades} == {(None, True)}


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("name", ["broken/no_json", "broken/not_a_notebook"])
def test_what_nbgrader_cannot_read_leaves_no_grade(course, hand_in, nbgrader, name):
    """It fails before our steps begin, but not before the grade of the run before is gone."""
    hand_in("ada", "right/reference")
    assert nbgrader.autograde("02_regression", "ada")["success"]
    hand_in("ada", name)
    assert not nbgrader.autograde("02_regression", "ada")["success"]
    assert score(course, "ada") == 0.0
    with Gradebook(course.database) as gradebook:
        grades = gradebook.find_submission_notebook("02_regression", "02_regression", "ada").grades
        assert {(grade.auto_score, grade.needs_manual_grade) for grade in grades} == {(None, True)}


def test_formgrader_lists_the_assignments(nbgrader):
    """A course without source has those of the release."""
    assert {found["name"] for found in nbgrader.get_assignments()} == set(ASSIGNMENTS)


def test_generating_a_release_again_changes_nothing(course, nbgrader):
    """Formgrader's button "generate" notes the cells once more, and does not clear what is cleared."""
    assert nbgrader.generate_assignment("02_regression")["success"]
    ours, again = (
        path.read_text() for path in (_release(), course.root / "release/02_regression/02_regression.ipynb")
    )
    cells = [[(c["id"], c["source"]) for c in json.loads(text)["cells"]] for text in (ours, again)]
    assert cells[0] == cells[1]


def _release():
    from autograder.nbgrader import carried

    return carried.release("02_regression")


def shell(course, *command):
    """Run a command of the environment in the course's folder; returns what it printed."""
    environment = {**os.environ, "PATH": f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ['PATH']}"}
    result = subprocess.run(
        command, cwd=course.root, env=environment, capture_output=True, text=True, timeout=500, check=False
    )
    assert result.returncode == 0, result.stderr[-2000:]
    return result.stdout + result.stderr


@pytest.mark.slow
@pytest.mark.usefixtures("isolation")
def test_commands_with_the_real_judge(course, hand_in):
    """`nbgrader autograde` and `generate_feedback` as an instructor types them."""
    hand_in("bob", "wrong/side_effect_print")
    shell(course, "nbgrader", "autograde", "02_regression")
    shell(course, "nbgrader", "generate_feedback", "02_regression")
    by_nbgrader = score(course, "bob")
    (run,) = autograder_grade(course)
    assert by_nbgrader == run.verdict.score == pytest.approx(8.4)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "says"), [("right/reference", "Success!"), ("wrong/loss_sum", "VALIDATION FAILED ON 1 CELL(S)")]
)
def test_validate(course, hand_in, name, says):
    """`nbgrader validate` runs the notebook with `autograder.check` in it, training included."""
    path = hand_in("ada", name)
    assert says in shell(course, "nbgrader", "validate", str(path))


@pytest.fixture
def formgrader(course, tmp_path):
    """A function that asks formgrader, running in the course, over HTTP."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    command = [sys.executable, "-m", "jupyter", "server", f"--port={port}", "--no-browser", "--allow-root"]
    options = ["--ServerApp.token=secret", "--ServerApp.disable_check_xsrf=True"]
    server = subprocess.Popen(
        [*command, *options],
        cwd=course.root,
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def ask(path, data=None):
        url, headers = f"http://127.0.0.1:{port}/formgrader{path}", {"Authorization": "token secret"}
        for _ in range(60):
            try:
                with urllib.request.urlopen(
                    urllib.request.Request(url, data, headers), timeout=300
                ) as answer:
                    return answer.read().decode()
            except ConnectionRefusedError:
                time.sleep(1)
            except urllib.error.URLError as error:
                if not isinstance(error.reason, ConnectionRefusedError):
                    raise
                time.sleep(1)
        raise TimeoutError("formgrader did not start")

    yield ask
    server.terminate()
    server.wait(30)


@pytest.mark.slow
@pytest.mark.usefixtures("isolation", "quick")
def test_formgrader_shows_and_grades(course, hand_in, formgrader):
    """Assignments, submissions, a page to mark, and the button "autograde" with the real judge."""
    hand_in("bob", "wrong/loss_sum")
    hand_in("eve", "broken/stub")
    autograder_grade(course)
    assert {found["name"] for found in json.loads(formgrader("/api/assignments"))} == set(ASSIGNMENTS)
    submissions = json.loads(formgrader("/api/submissions/02_regression"))
    assert {found["student"]: found["score"] for found in submissions} == {"bob": 6.0, "eve": 0.0}
    marked = json.loads(formgrader("/api/submitted_notebooks/02_regression/02_regression"))
    pages = [formgrader(f"/submissions/{notebook['id']}/") for notebook in marked]
    assert all('<div class="autograder">' in page for page in pages)
    assert json.loads(formgrader("/api/submission/02_regression/eve/autograde", b""))["success"]
    assert score(course, "eve") == 0.0
