"""A student's folder, and ways to work in it: for the tests of commands and of what they are made of."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from autograder import places
from autograder.exercises import assignment
from autograder.grading.grade import Graded
from autograder.learning import folder
from autograder.learning.answers import Answers
from autograder.learning.outline import outline
from autograder.notebook.session import SESSION
from autograder.wire.verdict import CheckResult, QuestionResult, Verdict


class Student:
    """Writes into the notebooks of a folder that remembers progress."""

    def __init__(self, root: Path) -> None:
        """Give the notebooks out."""
        self.root = root
        root.mkdir(exist_ok=True)
        for name in ("02_regression", "04_mdn"):
            shutil.copy(places.notebooks("release") / name / f"{name}.ipynb", root)
        folder.make(root)

    def notebook(self, name: str = "02_regression") -> Path:
        """Where a notebook is."""
        return self.root / f"{name}.ipynb"

    def write(self, name: str = "02_regression", *, own: str = "", **answers: str) -> None:
        """Replace answers, add a cell of one's own, and save as JupyterLab does: by renaming into place."""
        notebook = nbformat.read(self.notebook(name), as_version=4)
        for cell in notebook.cells:
            cell.source = answers.get(cell.id, cell.source)
        if own:
            notebook.cells.insert(1, new_code_cell(own))
        nbformat.write(notebook, self.root / ".part")
        (self.root / ".part").replace(self.notebook(name))

    def answers(self, name: str = "02_regression") -> Answers:
        """What is saved."""
        return Answers.of_notebook(self.notebook(name), outline(name))


@pytest.fixture(autouse=True)
def no_notebook_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells that a test runs in this process say which notebook they are: the next test is told nothing of it."""
    monkeypatch.setattr(SESSION, "assignment", None)
    monkeypatch.setattr(SESSION, "sources", {})


@pytest.fixture
def student(tmp_path: Path) -> Student:
    """A student who has just started."""
    return Student(tmp_path / "my_course")


@pytest.fixture
def graded(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str] | None]]:
    """Judge at once, by reading: `jnp.sum` is wrong, anything else right. Returns what was asked for."""
    asked: list[tuple[str, list[str] | None]] = []

    def grade(path: Path, name: str, *, seed: int, questions: Any = None) -> Graded:
        asked.append((name, questions))
        answers = Answers.of_notebook(path, outline(name))
        wanted = [q for q in assignment(name).questions if questions is None or q.name in questions]
        return Graded(Verdict(name, tuple(_judge(question, answers) for question in wanted)))

    monkeypatch.setattr("autograder.learning.checking.grade_notebook", grade)
    return asked


def _judge(question: Any, answers: Answers) -> QuestionResult:
    full = float(question.points)
    if question.manual:
        return QuestionResult(question.name, "manual", 0.0, full)
    if answers.is_open(answers.outline[question.name]):
        return QuestionResult(question.name, "missing", 0.0, full, "The stub is still there.")
    wrong = any(name == question.name and "jnp.sum" in source for name, source in answers.cells)
    check = CheckResult(
        "mean", "correct", "fail" if wrong else "pass", "`it` sums" * wrong, title="Is a mean"
    )
    status = "fail" if wrong else "pass"
    return QuestionResult(
        question.name, status, 0.0 if wrong else full, full, "it sums" * wrong, None, (check,)
    )
