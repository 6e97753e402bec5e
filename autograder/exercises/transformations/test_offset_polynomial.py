"""Checks of the polynomial that takes its constant as an argument."""

from autograder.exercises.checking import family
from autograder.exercises.transformations.polynomials import expect_formula, expect_shapes

pytestmark = family("correct")

_MISTAKES = {
    "That is the value with c = 10 whatever c is: the global `C` is still read, or was frozen when the function was "
    "made. Use the argument.": lambda x, c: 2 * x**2 + 3 * x + 10,
    "That is the value with c = 2 whatever c is. Use the argument.": lambda x, c: 2 * x**2 + 3 * x + 2,
    "The constant is missing.": lambda x, c: 2 * x**2 + 3 * x,
    "That is 2 c^2 + 3 c + x: the first argument is x, the second c.": lambda x, c: 2 * c**2 + 3 * c + x,
    "That is 2 x^2 + 3 x c: c is added.": lambda x, c: 2 * x**2 + 3 * x * c,
}


def test_output_shape(answer):
    """Returns float32, in the shape of x."""
    expect_shapes(answer)


def test_is_the_polynomial(answer, probe):
    """Is 2 x^2 + 3 x + c, with the c that it is given."""
    expect_formula(answer, probe, lambda x, c: 2 * x**2 + 3 * x + c, _MISTAKES, constants=1)
