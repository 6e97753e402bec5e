"""A notebook's namespace, with some answers replaced: what the checks are tried on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from autograder.artifact import CapturedQuestion
from autograder.capture.capture import capture
from autograder.exercises import assignment
from autograder.nbgrader.sources import read
from autograder.self_check import self_check
from autograder.verdict import QuestionResult

SOURCE = Path(__file__).parents[2] / "source"
# Cells that answers need; the data are made up by the examples.
NEEDED = {
    "01_jax": (
        *("setup", "matrix", "gradient", "pure_polynomial", "uses-globals", "offset_polynomial"),
        *("polynomial", "matvec", "functions-of-three", "jacobian", "hessian", "batched_derivative"),
    ),
    "02_regression": ("setup", "MLP", "model", "loss_fn", "optimiser", "update"),
    "03_likelihood": ("setup", "kl_bernoulli", "bernoulli_nll", "gaussian_nll", "Classifier", "shift_prior"),
    "04_mdn": ("setup", "MDN", "model", "loss_fn", "reweight", "estimate_mass"),
    "05_epistemic": (
        *("setup", "line", "kl_to_prior", "elbo_loss"),
        *("DropoutMLP", "dropout-model", "mc_predict", "decompose"),
    ),
}


@cache
def solution_cells(name: str) -> dict[str, str]:
    """nbgrader id -> source of the reference's code cells."""
    notebook = read(SOURCE / name / f"{name}.py").notebook
    return {
        cell.metadata.nbgrader.grade_id: cell.source for cell in notebook.cells if cell.cell_type == "code"
    }


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
