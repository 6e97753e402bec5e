"""Checks of the divergence of a mean-field Normal from the prior N(0, 1)."""

import jax
import numpy as np
import pytest

from autograder.exercises.checking import expect_result, fail, family, likely_cause
from autograder.exercises.epistemic import TREES, mistakes
from autograder.exercises.epistemic.line import joined, kl, softplus

_HINT = "For each weight it is (scale^2 + loc^2 - 1) / 2 - log(scale), scale = softplus(rho); all weights are summed."
# At -30 softplus(rho) is 1e-13 and its square 1e-26, both well inside float32; 1 + exp(-30) is 1. At +30 exp(rho) is
# 1e13. Beyond about -43 the square of the scale is no normal float32 any more, so that log(scale**2) is lost.
_EXTREMES = (-30.0, 30.0)


def _draw(random, answer, program):
    """Leaves of `loc` and of `rho`: random numbers in the shapes of the program."""
    shapes = answer.argument_shapes(program)
    locs, rhos = shapes[: len(shapes) // 2], shapes[len(shapes) // 2 :]
    loc = [random.normal(size=shape).astype(np.float32) for shape in locs]
    rho = [random.uniform(-4, 2, size=shape).astype(np.float32) for shape in rhos]
    return loc, rho


@family("correct")
def test_shape_is_scalar(answer):
    """Returns a float32 scalar, whatever the tree."""
    for program in TREES:
        expect_result(answer, program, (), "The divergence")


@family("correct")
def test_is_the_divergence(answer, probe):
    """Is the closed form of the divergence, summed over all weights of any tree."""
    for program in TREES:
        loc, rho = _draw(probe.random, answer, program)
        seen = answer(program, loc + rho)
        expected = kl(joined(loc), softplus(joined(rho)))
        place, found, _ = program.partition("/")
        what = f"The divergence, where `loc` and `rho` are {place}," if found else "The divergence"
        probe.compare(seen, expected, what, likely_cause(seen, mistakes.of_divergence(loc, rho), _HINT))


@family("correct")
def test_vanishes_at_the_prior(answer):
    """Is zero where q is the prior itself."""
    at_one = np.float32(np.log(np.expm1(1.0)))  # softplus of it is 1
    for program in TREES:
        shapes = answer.argument_shapes(program)
        half = len(shapes) // 2
        leaves = [np.zeros(shape, np.float32) for shape in shapes[:half]]
        leaves += [np.full(shape, at_one, np.float32) for shape in shapes[half:]]
        seen = float(answer(program, leaves))
        if not abs(seen) < 1e-3:
            fail(f"The divergence of the prior from itself is {seen:.4g}; it must be 0. {_HINT}")


@family("jittable")
@pytest.mark.parametrize("rho", _EXTREMES, ids=["narrow", "wide"])
def test_is_finite_at_any_width(answer, rho):
    """Is finite, and so is its gradient, for very narrow and very wide q."""
    program = answer.programs_of("kl_to_prior")[0]
    count = program.leaves[0]
    leaves = [np.float32(0.5)] * (count // 2) + [np.float32(rho)] * (count // 2)
    value, gradient = answer.value_and_gradient(program, leaves, [])
    if not np.isfinite([value, *jax.tree.leaves(gradient)]).all():
        what = f"gives {value}" if not np.isfinite(value) else "has a gradient that is not finite"
        narrow = (
            "In float32 1 + exp(-30) is 1, whose logarithm is 0: `jax.nn.softplus` does not form that sum."
            if rho < 0
            else "Form no exponential of a large number: `jax.nn.softplus` does not overflow."
        )
        fail(f"`kl_to_prior` {what} for rho = {rho:+.0f}. {narrow}")
