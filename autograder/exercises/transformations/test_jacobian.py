"""Checks of the Jacobian of `vector_func`, against its derivatives by hand."""

import numpy as np

from autograder.exercises.checking import expect_result, family, likely_cause

pytestmark = family("correct")

_SHAPES = {
    (3, 2): "That is its transpose: rows belong to the values of `vector_func`, columns to the entries of x.",
    (
        2,
    ): "Those are the values of `vector_func`; asked is the derivative of each with respect to each entry of x.",
    (3,): "That is one row, the gradient of a single number; `vector_func` has two values.",
    (2, 3, 3): "Those are second derivatives, the Hessian of each value; the first are asked for.",
}


def test_output_shape(answer):
    """Returns a float32 Jacobian, shape (2, 3)."""
    expect_result(answer, "jacobian", (2, 3), "The Jacobian", _SHAPES)


def test_is_jacobian(answer, probe):
    """Holds the derivative of each value with respect to each entry of x."""
    x = probe.random.normal(size=3).astype(np.float32)
    seen = answer("jacobian", x)
    expected = np.array([[x[1], x[0], 0], [2 * x[0], 0, np.cos(x[2])]], np.float64)
    mistakes = {
        "The rows are in the wrong order: row 0 belongs to the first value of `vector_func`.": expected[::-1],
        "That is the transpose, squeezed into the right shape by `reshape`.": expected.T.reshape(2, 3),
    }
    probe.compare(seen, expected, "The Jacobian", likely_cause(seen, mistakes))
