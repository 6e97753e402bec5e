"""Courses to grade: with nbgrader as it is, and a judge that is quick because it only reads."""

import shutil
from pathlib import Path

import pytest
from quick import quick_judge

from autograder import exercises
from autograder.nbgrader.config import CONFIG_FILE
from autograder.nbgrader.course import open_course
from autograder.nbgrader.handed_in import write
from autograder.nbgrader.register import register
from autograder.nbgrader.submissions import read
from autograder.sandbox.choice import NoIsolationError, choose
from autograder.sandbox.local import NO_ISOLATION

SUBMISSIONS = Path(__file__).parents[1] / "submissions"


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
