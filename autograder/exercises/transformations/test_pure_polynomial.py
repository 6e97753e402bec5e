"""Checks of the polynomial without its side effect."""

import numpy as np

from autograder.exercises.checking import family
from autograder.exercises.transformations.polynomials import expect_formula, expect_shapes

pytestmark = family("correct")

_MISTAKES = {
    "That is 2 (x + 3 x) + 2: the square is missing. In Python it is `x**2`.": lambda x: 8 * x + 2,
    "The constant 2 is missing.": lambda x: 2 * x**2 + 3 * x,
    "That is the value with C = 10, of the other polynomial.": lambda x: 2 * x**2 + 3 * x + 10,
    "That is the derivative, 4 x + 3; the value is asked for.": lambda x: 4 * x + 3,
    "That is (2 x)^2 + 3 x + 2: only x is squared.": lambda x: (2 * x) ** 2 + 3 * x + 2,
}


def test_output_shape(answer):
    """Returns float32, in the shape of x."""
    expect_shapes(answer)


def test_is_the_polynomial(answer, probe):
    """Has the values of the impure version: 2 x^2 + 3 x + 2."""
    expect_formula(answer, probe, lambda x: np.polyval([2.0, 3.0, 2.0], x), _MISTAKES)
