"""What `autograder.check` returns in a notebook: the points for nbgrader, the table for people."""

from __future__ import annotations

from typing import Any

from autograder.exercises.spec import Question
from autograder.report.html import question_table
from autograder.wire.verdict import QuestionResult


class Score(float):
    """The points of one question; a notebook shows it as a table.

    nbgrader reads partial credit as `float(text/plain)`, and what it cannot parse as *full* credit, so the
    plain text is that of a Python float whatever a notebook does to its display settings.
    """

    question: QuestionResult
    spec: Question | None

    def __new__(cls, question: QuestionResult, spec: Question | None = None) -> Score:
        """The score of `question`; `spec` is what it asks."""
        score = super().__new__(cls, question.points)
        score.question, score.spec = question, spec
        return score

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(float.__repr__(self))

    def _repr_html_(self) -> str:
        return question_table(self.question, self.spec)
