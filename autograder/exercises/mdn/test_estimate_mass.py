"""Checks of `estimate_mass`: a point estimate from a density on a grid, and the masses that the whole chain gives."""

import numpy as np
import pytest

from autograder.exercises.checking import Probe, expect_result, expect_rows_apart, fail, family
from autograder.exercises.mdn import GRID
from autograder.exercises.mdn.chain import Chain
from autograder.exercises.mdn.unbiased import calibration_problem, describe, residual_problem
from autograder.exercises.spec import BATCH

_GRID = np.asarray(GRID)
_STEP = float(_GRID[1] - _GRID[0])


def _normals(random):
    """Unnormalised log densities (b, g) of narrow Normals inside the grid, and their centres (b,)."""
    centre, width = random.uniform(-0.2, 1.0, BATCH), random.uniform(0.03, 0.06, BATCH)
    log_density = -0.5 * ((_GRID - centre[:, None]) / width[:, None]) ** 2 + random.normal(size=(BATCH, 1))
    return log_density.astype(np.float32), centre


def _skewed(random):
    """Log densities (b, g) with a tail to one side, normalised."""
    scale, start = random.uniform(0.1, 0.3, (BATCH, 1)), random.uniform(-0.4, 0.2, (BATCH, 1))
    distance = np.maximum((_GRID - start) / scale, 1e-3)
    log_density = np.log(distance) - distance
    return (log_density - np.log(np.exp(log_density).sum(axis=1, keepdims=True) * _STEP)).astype(np.float32)


@family("correct")
def test_output_shape(answer):
    """Returns one float32 number per cluster, shape (b,)."""
    expect_result(
        answer,
        "estimate_mass",
        (BATCH,),
        "The estimate",
        {(): "That is one number for the whole batch; reduce over the grid alone, the last axis: `axis=-1`."},
    )


@family("correct")
def test_finds_narrow_peaks(answer, probe):
    """Finds the centre of a narrow symmetric density, where mean, median and mode agree."""
    log_density, centre = _normals(probe.random)
    hint = "The density is exp(log density), row by row; the estimate is in the units of `grid`."
    seen = answer("estimate_mass", log_density, _GRID)
    probe.compare(seen, centre, "The estimate for a narrow Normal", hint, rtol=0, atol=1.5 * _STEP)


@family("correct")
def test_lies_within_the_density(answer, probe):
    """Lies in the bulk of a skewed density."""
    log_density = _skewed(probe.random)
    cumulative = np.cumsum(np.exp(log_density.astype(np.float64)), axis=1) * _STEP
    position = [
        np.interp(m, _GRID, c)
        for m, c in zip(answer("estimate_mass", log_density, _GRID), cumulative, strict=True)
    ]
    outside = np.mean((np.array(position) < 0.1) | (np.array(position) > 0.9))
    if outside > 0.01:
        fail(
            f"For skewed densities {outside:.0%} of the estimates lie outside the central 80 % of the density. Mean, "
            "median and mode all lie inside it. Is the log density exponentiated, and normalised over the grid?"
        )


@family("correct")
@pytest.mark.parametrize("offset", [300.0, -300.0], ids=["large", "small"])
def test_needs_no_normalisation(answer, offset):
    """Gives the same for a log density that is not normalised."""
    log_density, _ = _normals(np.random.default_rng(4))
    seen = answer("estimate_mass", log_density + np.float32(offset), _GRID)
    hint = (
        "Divide by the sum over the grid; subtract each row's maximum before exp(), or use `jax.nn.softmax`."
    )
    expected = answer("estimate_mass", log_density, _GRID)
    what = f"The estimate from a log density shifted by {offset:+.0f}"
    Probe(np.random.default_rng(0), public=True).compare(seen, expected, what, hint, rtol=0, atol=1.5 * _STEP)


@family("correct")
def test_rows_are_independent(answer, probe):
    """Estimates each cluster from its own density alone."""
    for rows in (_normals(probe.random)[0], _skewed(probe.random)):
        expect_rows_apart(
            probe, lambda r: answer("estimate_mass", r, _GRID), (rows,), "The estimate", atol=1.5 * _STEP
        )


@pytest.fixture(scope="module")
def chain():
    """The trained chain of answers, made once for both checks below."""
    return {}


@family("unbiased")
def test_masses_are_unbiased(answer, needed, seed, progress, figure, chain):
    """Gives unbiased masses in every bin of true mass, with a flat prior."""
    chain["run"] = run = Chain.train(answer, needed, seed, progress)
    residuals = run.residuals()
    figure(describe(residuals))
    problem = residual_problem(residuals)
    if problem and run.uses_own_parts and residual_problem(run.with_stand_ins(progress).residuals()) is None:
        fail(
            f"{problem} With the stand-in network the same estimate is unbiased: look at your `MDN` and `loss_fn`."
        )
    if problem:
        fail(
            f"{problem} Check that the training prior is divided out, and that the estimate is taken after that."
        )


@family("unbiased")
def test_posteriors_are_calibrated(chain):
    """Has posteriors that are calibrated under the training prior (flat probability integral transform)."""
    problem = calibration_problem(_trained(chain).pit())
    if problem:
        fail(problem)


@family("unbiased")
def test_clusters_are_weighed_apart(chain):
    """Weighs each cluster from its own features, whichever clusters come with it."""
    changed = _trained(chain).changed_by_company()
    if changed > 0.01:
        fail(
            f"{changed:.0%} of the clusters get another mass or posterior when they are weighed together with other "
            "clusters. Each must be weighed from its own features: in `MDN`, `reweight` and `estimate_mass`, look for "
            "a mean, a sort or a normalisation over the batch axis."
        )


@family("unbiased")
def test_masses_come_from_the_trained_density(chain, needed):
    """Weighs clusters with the density that was trained."""
    run = _trained(chain)
    if not run.uses_own_parts:
        return
    seen, expected = run.density_twice(needed["MDN"])
    far = np.abs(seen - expected) > 1e-2 * (1 + np.abs(expected))
    if np.mean(far) > 0.01:
        fail(
            f"`MDN` has one `log_prob` for single masses and another one on a grid of masses: after training, "
            f"{np.mean(far):.0%} of the densities differ. `log_prob` may depend on the cluster and the mass alone."
        )


def _trained(chain):
    if "run" not in chain:
        pytest.skip("the network was not trained")
    return chain["run"]
