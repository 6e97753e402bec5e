"""Courses to grade: with nbgrader as it is, and a judge that is quick because it only reads."""

import json
import shutil
from pathlib import Path

import pytest

from autograder import exercises
from autograder.grading import Graded
from autograder.nbgrader.config import CONFIG_FILE
from autograder.nbgrader.course import open_course
from autograder.nbgrader.handed_in import write
from autograder.nbgrader.register import register
from autograder.nbgrader.submissions import read
from autograder.sandbox.choice import NoIsolationError, choose
from autograder.sandbox.local import NO_ISOLATION
from autograder.verdict import CheckResult, QuestionResult, Verdict

SUBMISSIONS = Path(__file__).parents[1] / "submissions"
SHOUT = {"output_type": "stream", "name": "stderr", "text": "\x1b[31ma warning\n"}


def quick_judge(path, assignment, *, seed, limits=None, isolation=None, within=None):
    """In the place of `grade_notebook`: a stub is missing, `jnp.sum` is wrong, other answers are right.

    `GRADER_FAILS` anywhere makes the grader fail. Answers print to stderr, as imports of JAX may do.
    """
    cells = json.loads(path.read_text())["cells"]
    sources = {
        cell["metadata"].get("nbgrader", {}).get("grade_id"): "".join(cell["source"]) for cell in cells
    }
    if any("GRADER_FAILS" in source for source in sources.values()):
        return Graded(Verdict(assignment, (), error="the judge died"), {}, 0.1)
    questions = tuple(_judge(question, sources) for question in exercises.assignment(assignment).questions)
    ran = {index: [SHOUT] for index, cell in enumerate(cells) if cell["cell_type"] == "code"}
    return Graded(Verdict(assignment, questions, versions={"jax": "0"}), ran, 0.1)


def _judge(question, sources):
    points, source = float(question.points), sources.get(question.name, "NotImplementedError")
    if question.manual:
        return QuestionResult(question.name, "manual", 0.0, points)
    if "NotImplementedError" in source:
        return QuestionResult(question.name, "missing", 0.0, points, "still a stub")
    status = "fail" if "jnp.sum(" in source else "pass"
    check = CheckResult("values", "correct", status, f"`{question.name}` sums" if status == "fail" else "")
    return QuestionResult(question.name, status, points * (status == "pass"), points, checks=(check,))


@pytest.fixture
def quick(monkeypatch):
    """Judge with `quick_judge`, which needs no isolation."""
    for place in ("autograder.cli.class_run.choose", "autograder.nbgrader.preprocess.choose"):
        monkeypatch.setattr(place, lambda name, hidden: NO_ISOLATION)
    monkeypatch.setattr("autograder.nbgrader.grade.grade_notebook", quick_judge)
    monkeypatch.setattr("autograder.nbgrader.preprocess.grade_notebook", quick_judge)


@pytest.fixture(scope="session")
def isolation():
    """The isolation that works here; a test that needs one is skipped where none does."""
    try:
        return choose()
    except NoIsolationError as error:
        pytest.skip(str(error))


@pytest.fixture
def hand_in(tmp_path):
    """A function that hands in a submission of `tests/submissions`, under a student's name."""

    def hand_in(student, name, assignment="02_regression"):
        path = tmp_path / "course" / "submitted" / student / assignment / f"{assignment}.ipynb"
        shutil.rmtree(path.parent, ignore_errors=True)
        write(read(SUBMISSIONS / assignment / f"{name}.py"), path)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    return hand_in


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """A course whose gradebook knows the assignments; nbgrader takes seconds to make one."""
    root = tmp_path_factory.mktemp("prepared")
    (root / "submitted").mkdir()
    (root / "nbgrader_config.py").write_text(CONFIG_FILE)
    course = open_course(root)
    for name in exercises.ASSIGNMENTS:
        register(course, name)
    return root


@pytest.fixture
def course(tmp_path, prepared):
    """A course in which nobody has handed in anything."""
    return open_course(Path(shutil.copytree(prepared, tmp_path / "course")))
