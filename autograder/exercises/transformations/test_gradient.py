"""Checks of the gradient of `my_func`, which is the sum over the rows of `m`: all ones, as `m` is the identity."""

import numpy as np

from autograder.exercises.checking import expect_result, family, likely_cause

pytestmark = family("correct")

_SHAPES = {
    (): "A single number is the value of `my_func` itself; the gradient has one entry for each entry of x.",
    (10, 10): "That is the Jacobian of `m.dot`, the vector before the sum.",
}


def test_output_shape(answer):
    """Returns a float32 gradient, shape (10,)."""
    expect_result(answer, "gradient", (10,), "The gradient", _SHAPES)


def test_is_gradient(answer, probe):
    """Is the derivative of `my_func` with respect to each entry of x."""
    x = probe.random.normal(size=10).astype(np.float32)
    seen = answer("gradient", x)
    mistakes = {
        "That is x, or `m.dot(x)`: the vector before the sum, not a derivative.": x,
    }
    probe.compare(seen, np.ones(10), "The gradient", likely_cause(seen, mistakes))
