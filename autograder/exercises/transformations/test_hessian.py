"""Checks of the Hessian of `scalar_func`, against its second derivatives by hand."""

import numpy as np

from autograder.exercises.checking import expect_result, family, likely_cause

pytestmark = family("correct")

_SHAPES = {
    (
        3,
    ): "That is a gradient, or the diagonal alone; the second derivative is asked for with respect to each pair of "
    "entries.",
    (): "That is the value of `scalar_func`.",
    (2, 3, 3): "That is the Hessian of `vector_func`; `scalar_func` is asked for.",
    (2, 3): "That is the Jacobian of `vector_func`; the Hessian of `scalar_func` is asked for.",
}


def _derivatives(x):
    """Gradient (3,) and Hessian (3, 3) of exp(x0) x1^2 + x1 x2^3."""
    a, b, c = (float(entry) for entry in x)
    e = np.exp(a)
    gradient = np.array([e * b**2, 2 * e * b + c**3, 3 * b * c**2])
    hessian = np.array([[e * b**2, 2 * e * b, 0], [2 * e * b, 2 * e, 3 * c**2], [0, 3 * c**2, 6 * b * c]])
    return gradient, hessian


def test_output_shape(answer):
    """Returns a float32 Hessian, shape (3, 3)."""
    expect_result(answer, "hessian", (3, 3), "The Hessian", _SHAPES)


def test_is_hessian(answer, probe):
    """Holds all second derivatives."""
    x = probe.random.uniform(-1.5, 1.5, size=3).astype(np.float32)
    seen = answer("hessian", x)
    gradient, expected = _derivatives(x)
    mistakes = {
        "That is the gradient times itself, g gᵀ: products of first derivatives, not second ones.": np.outer(
            gradient, gradient
        ),
        "The mixed derivatives are missing: only the diagonal is filled.": np.diag(np.diag(expected)),
        "That is the first derivatives on a diagonal.": np.diag(gradient),
    }
    probe.compare(seen, expected, "The Hessian", likely_cause(seen, mistakes), atol=1e-3)
