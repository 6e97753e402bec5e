"""The same checks on a GPU, where there is one."""

from __future__ import annotations

import jax
import pytest

from autograder.capture.capture import capture
from autograder.exercises import assignment

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(jax.default_backend() != "gpu", reason="JAX finds no GPU on this machine"),
]


@pytest.mark.parametrize(
    ("assignment", "question"), [("02_regression", "update"), ("04_mdn", "estimate_mass")]
)
def test_reference_passes_on_a_gpu(notebook, assignment, question):
    """The reference gets full points when capture, training and judging run on a GPU."""
    assert notebook(assignment).check(question).status == "pass"


def test_artifact_says_that_it_is_for_the_gpu(notebook):
    """The artifact names the device that its programs are for, and are judged on."""
    book = notebook("02_regression")
    artifact = capture(book.namespace, assignment("02_regression"), ["loss_fn"], book.sources)
    assert artifact.platform == "gpu"
