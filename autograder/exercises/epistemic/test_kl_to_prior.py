"""Checks of the divergence of a mean-field Normal from the prior N(0, 1)."""

import jax
import numpy as np
import pytest

from autograder.exercises.checking import expect_result, fail, family, likely_cause
from autograder.exercises.epistemic import TREES
from autograder.exercises.epistemic.line import kl, softplus

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


def _joined(leaves):
    return np.concatenate([np.ravel(leaf) for leaf in leaves]).astype(np.float64)


def _mistakes(loc, rho):
    """Sentence -> what the mistake would give."""
    locs, rhos, scales = _joined(loc), _joined(rho), softplus(_joined(rho))
    each = (scales**2 + locs**2 - 1) / 2 - np.log(scales)
    positive = np.abs(rhos)
    return {
        "It is KL(prior || q), the divergence the other way round: the expectation must be over q.": np.sum(
            np.log(scales) + (1 + locs**2) / (2 * scales**2) - 0.5
        ),
        "It is the mean over the weights; divergences of independent weights add up: take the sum.": each.mean(),
        "It has the opposite sign: a divergence is never negative.": -each.sum(),
        "It is the sum over leaves of each leaf's mean: sum over the entries as well.": sum(
            kl(a, softplus(b)) / max(np.size(a), 1) for a, b in zip(loc, rho, strict=True)
        ),
        "It counts the first leaf alone: sum over all leaves of the tree.": kl(loc[0], softplus(rho[0])),
        "The scale is taken as exp(rho); here it is softplus(rho) = log(1 + exp(rho)).": kl(
            locs, np.exp(rhos)
        ),
        "The scale is taken as `rho` itself; it is `jax.nn.softplus(rho)`, which is positive.": kl(
            locs, positive
        ),
        "softplus(rho) is taken as the variance; it is the scale, the standard deviation.": kl(
            locs, np.sqrt(scales)
        ),
        "The constant is missing: -1/2 for each weight.": each.sum() + 0.5 * len(locs),
        "The -1/2 is counted once instead of once for each weight.": each.sum() + 0.5 * (len(locs) - 1),
        "-log(scale) counts in full, the rest by half: here log(scale) was halved too, or the rest was not.": np.sum(
            (scales**2 + locs**2 - 1 - np.log(scales)) / 2
        ),
        "The half is missing: (scale^2 + loc^2 - 1) / 2.": np.sum(scales**2 + locs**2 - 1 - np.log(scales)),
        "The width of q is left out: this is the squared length of `loc` alone.": np.sum(locs**2) / 2,
    }


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
        expected = kl(_joined(loc), softplus(_joined(rho)))
        place, found, _ = program.partition("/")
        what = f"The divergence, where `loc` and `rho` are {place}," if found else "The divergence"
        probe.compare(seen, expected, what, likely_cause(seen, _mistakes(loc, rho), _HINT))


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
