"""A notebook's namespace, with some answers replaced: what the checks are tried on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from reference_cells import NEEDED, solution_cells

from autograder.capture.capture import capture
from autograder.exercises import assignment
from autograder.grading.self_check import self_check
from autograder.wire.artifact import CapturedQuestion
from autograder.wire.verdict import QuestionResult


@dataclass(frozen=True)
class Notebook:
    """A namespace that cells were run in."""

    assignment: str
    namespace: dict[str, Any]
    sources: list[str]

    def capture(self, question: str) -> CapturedQuestion:
        """Capture one question."""
        return capture(self.namespace, assignment(self.assignment), [question], self.sources)[question]

    def check(self, question: str, seed: int = 11) -> QuestionResult:
        """Capture and judge one question; a failure of the grader is an error here."""
        verdict = self_check(self.namespace, assignment(self.assignment), question, self.sources, seed)
        assert verdict.error == ""
        return verdict[question]


@pytest.fixture
def notebook() -> Callable[..., Notebook]:
    """Run the reference's cells, `answers` replacing some by id, `before` running first."""

    def run(name: str, before: str = "", **answers: str) -> Notebook:
        unknown = answers.keys() - solution_cells(name).keys()
        assert not unknown, f"no such cells: {unknown}"
        sources = [answers.get(cell, solution_cells(name)[cell]) for cell in NEEDED[name]]
        sources.insert(1, before)
        namespace: dict[str, Any] = {"__name__": "__main__"}
        for number, source in enumerate(sources):
            exec(compile(source, f"<cell {number}>", "exec"), namespace)
        return Notebook(name, namespace, sources)

    return run
