"""Checks of `reweight`: Bayes' theorem on a grid."""

import numpy as np
import pytest

from autograder.exercises.checking import Probe, expect_result, expect_rows_apart, fail, family
from autograder.exercises.mdn import GRID
from autograder.exercises.spec import BATCH

pytestmark = family("correct")

_GRID = np.asarray(GRID)
_HINT = "new posterior = posterior / training prior × new prior: in logs, subtract one and add the other."


def _densities(random, batch=BATCH):
    """Log densities (b, g) of various widths and centres, unnormalised, some with two peaks; and two priors (g,)."""
    centre, width = random.uniform(-0.3, 1.1, (batch, 2)), random.uniform(0.05, 0.4, (batch, 2))
    peaks = [-0.5 * ((_GRID - centre[:, [i]]) / width[:, [i]]) ** 2 for i in (0, 1)]
    posterior = np.logaddexp(*peaks) + random.normal(size=(batch, 1))
    prior = -random.uniform(1, 4) * _GRID + random.normal()
    new_prior = random.uniform(-1, 1) * _GRID**2 + random.normal()
    return [array.astype(np.float32) for array in (posterior, prior, new_prior)]


def test_output_shape(answer):
    """Returns float32 log densities, shape (b, g)."""
    expect_result(answer, "reweight", (BATCH, len(_GRID)), "The reweighted log posterior")


def test_is_bayes_theorem(answer, probe):
    """Divides by the training prior and multiplies by the new one."""
    posterior, prior, new_prior = _densities(probe.random)
    seen = answer("reweight", posterior, prior, new_prior, _GRID)
    expected = posterior.astype(np.float64) - prior + new_prior
    # What normalisation adds is one number per row; it is checked below. Where a density is 1e-13 of its peak its
    # logarithm is nobody's business: answers that floor it there are right.
    peak = expected.argmax(axis=1)[:, None]
    probe.compare(
        np.maximum(seen - np.take_along_axis(seen, peak, axis=1), -30),
        np.maximum(expected - np.take_along_axis(expected, peak, axis=1), -30),
        "The shape of the reweighted log posterior (relative to each cluster's peak)",
        _HINT,
        atol=1e-2,
    )


def test_is_normalised(answer, probe):
    """Is normalised on the grid, by the sum or the trapezoid rule."""
    seen = np.exp(np.float64(answer("reweight", *_densities(probe.random), _GRID)))
    riemann, trapezoid = seen.sum(axis=1) * (_GRID[1] - _GRID[0]), np.trapezoid(seen, _GRID, axis=1)
    if np.abs(riemann - 1).max() > 5e-3 and np.abs(trapezoid - 1).max() > 5e-3:
        fail(
            "The new posterior does not integrate to 1 over the grid for every cluster"
            + (f" (seen {trapezoid[0]:.4g} for the first)" if probe.public else "")
            + ". Subtract the log of its integral: sum over the grid axis alone, times the grid spacing."
        )


@pytest.mark.parametrize("offset", [300.0, -300.0], ids=["large", "small"])
def test_does_not_overflow(answer, offset):
    """Stays finite where the log densities are far from zero."""
    posterior, prior, new_prior = _densities(np.random.default_rng(3))
    seen = answer("reweight", posterior + np.float32(offset), prior, new_prior, _GRID)
    if not np.isfinite(seen).all():
        fail(
            f"The result is not finite where the log posterior is near {offset:+.0f}: exp() overflows or underflows "
            "in float32. `jax.nn.logsumexp` computes the log of a sum of exponentials safely."
        )
    plain = answer("reweight", posterior, prior, new_prior, _GRID)
    Probe(np.random.default_rng(0), public=True).compare(
        seen,
        plain,
        "The result for an unnormalised log posterior",
        "A constant must drop out.",
        rtol=1e-2,
        atol=1e-2,
    )


def test_rows_are_independent(answer, probe):
    """Reweights each cluster by itself."""
    posterior, prior, new_prior = _densities(probe.random)

    def reweight(rows):
        return answer("reweight", rows, prior, new_prior, _GRID)

    expect_rows_apart(probe, reweight, (posterior,), "The reweighted posterior", atol=1e-2)
