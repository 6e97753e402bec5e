"""Checks of the derivative of `f` at each entry of x: 4 x + 3."""

import numpy as np

from autograder.exercises.checking import expect_result, family, likely_cause
from autograder.exercises.transformations import LENGTH

pytestmark = family("correct")

_SHAPES = {
    (LENGTH, LENGTH): "That is the Jacobian of the whole batch at once; what is asked for is its diagonal. "
    "`jax.vmap` treats each entry by itself.",
    (): "That is one number; each entry of x has a derivative of its own.",
}


def test_output_shape(answer):
    """Returns float32 derivatives, shape (b,)."""
    expect_result(answer, "batched_derivative", (LENGTH,), "The derivative of `f`", _SHAPES)


def test_is_derivative(answer, probe):
    """Is the derivative of `f` at each entry, also in a batch of one."""
    for length in (LENGTH, 1):
        x = probe.random.uniform(-2, 2, size=length).astype(np.float32)
        seen, wide = answer("batched_derivative", x), np.float64(x)
        expected = 4 * wide + 3
        mistakes = {
            "Those are the values of `f`, not its derivatives.": 2 * wide**2 + 3 * wide + 2,
            "That is the second derivative, 4 everywhere: `jax.grad` once is enough.": np.full(length, 4.0),
            "That is the derivative of the mean over the batch; each entry stands for itself.": expected
            / length,
        }
        what = "The derivative of `f`" if length > 1 else "The derivative of `f` in a batch of one"
        probe.compare(seen, expected, what, likely_cause(seen, mistakes))
