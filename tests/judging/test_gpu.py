"""The same checks on a GPU, where there is one."""

from __future__ import annotations

import jax
import pytest

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


def test_programs_are_exported_for_the_gpu(notebook):
    """The artifact holds programs for the device that they are judged on."""
    from jax import export

    (program, *_) = notebook("02_regression").capture("loss_fn").programs
    assert export.deserialize(bytearray(program.stablehlo)).platforms == ("cuda",)
