"""Checks of the product of a matrix and a vector."""

import numpy as np

from autograder.exercises.checking import expect_result, family
from autograder.exercises.transformations import MATRICES

pytestmark = family("correct")

_ROWS, _COLUMNS = MATRICES[0]
_SHAPES = {
    (
        _ROWS,
        _COLUMNS,
    ): "That is `W * x`, entry by entry; in W x each row is also summed up.",
    (_COLUMNS,): "One number is asked for each row of W, not for each column: sum along the rows.",
    (): "That is the sum over everything; one number is asked for each row of W.",
    (_ROWS, 1): "The result is a vector: without the second axis.",
}


def test_output_shape(answer):
    """Returns a float32 vector, one entry for each row of W."""
    expect_result(answer, "matvec", (_ROWS,), f"W x, for W of shape {MATRICES[0]},", _SHAPES)


def test_is_matrix_times_vector(answer, probe):
    """Is W x, also where W has a single row."""
    for shape in MATRICES:
        matrix = probe.random.normal(size=shape).astype(np.float32)
        x = probe.random.normal(size=shape[1]).astype(np.float32)
        # A GPU may multiply matrices in TensorFloat-32, which keeps three decimal digits.
        expected = np.float64(matrix) @ x
        probe.compare(
            answer("matvec", matrix, x), expected, f"W x, for W of shape {shape},", rtol=1e-2, atol=1e-2
        )
