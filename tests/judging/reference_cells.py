"""The cells of the reference solutions, by their nbgrader ids."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from autograder.nbgrader.sources import read

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
