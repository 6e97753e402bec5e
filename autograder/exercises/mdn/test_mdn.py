"""Checks of `MDN`: a network whose output is a mixture of Normals."""

import numpy as np

from autograder.exercises.checking import expect_result, expect_rows_apart, fail, family, nudged, random_like
from autograder.exercises.examples import example_inputs
from autograder.exercises.initialisation import expect_fresh_init
from autograder.exercises.mdn import GRID
from autograder.exercises.spec import BATCH

pytestmark = family("correct")

_HINT = (
    "Weights must sum to one (`tfd.Categorical(logits=…)` sees to that), widths must be positive (`nn.softplus`), and "
    "the distribution's batch shape must be (b,)."
)


def _params(answer, random):
    # A small nudge: widths stay near one, where the quadrature below is exact.
    return nudged(random, answer("init", np.array([0, 1], np.uint32), np.asarray(example_inputs()[0])), 0.03)


def test_log_prob_shape(answer):
    """Has one log density per cluster: batch shape (b,), scalar event."""
    expect_result(answer, "log_prob", (BATCH,), "`log_prob` of one mass per cluster")
    expect_result(answer, "log_density", (BATCH, len(GRID)), "`log_prob` on a grid of masses")


def test_mean_shape(answer):
    """Has one mean per cluster."""
    expect_result(answer, "mean", (BATCH,), "The distribution's `mean()`")


def test_is_a_density(answer, probe):
    """Integrates to one for every cluster."""
    x = probe.random.normal(size=(BATCH, 14)).astype(np.float32)
    grid, density = _tabulate(answer, "log_density", _params(answer, probe.random), x)
    total = np.trapezoid(density, grid, axis=1)
    probe.compare(total, np.ones(BATCH), "The integral of exp(`log_prob`) over all masses", _HINT, rtol=0.02)


def test_mean_is_of_that_density(answer, probe):
    """Has the mean that its density has."""
    x = probe.random.normal(size=(BATCH, 14)).astype(np.float32)
    params = _params(answer, probe.random)
    grid, density = _tabulate(answer, "log_density", params, x)
    expected = np.trapezoid(density * grid, grid, axis=1)
    hint = "Return a distribution whose `mean()` and `log_prob` belong together."
    probe.compare(answer("mean", params, x), expected, "`mean()`", hint, rtol=0.02, atol=0.02)


def test_one_component_is_a_normal(answer, probe):
    """Is a Normal when it is built with one component."""
    x = probe.random.normal(size=(BATCH, 14)).astype(np.float32)
    shapes = answer.argument_shapes("1/log_density")
    log_density = answer("1/log_density", random_like(probe.random, shapes, 0.1), x, np.asarray(GRID))
    if not _is_parabola(log_density):
        fail(
            "Built with `num_components=1` it is not a Normal: its log density is no parabola. Is `num_components` "
            "used for the weights, the centres and the widths, and are the components Normals in y?"
        )


def test_many_components_are_a_mixture(answer, probe):
    """Can be something else than a Normal when it is built with 16 components."""
    x = probe.random.normal(size=(BATCH, 14)).astype(np.float32)
    shapes = answer.argument_shapes("log_density")
    draws = [
        answer("log_density", random_like(probe.random, shapes, 0.3), x, np.asarray(GRID)) for _ in range(3)
    ]
    if all(_is_parabola(draw) for draw in draws):
        fail(
            "Built with `num_components=16` it is still a single Normal. Each component needs a centre and a width of "
            "its own: `nn.Dense(self.num_components)` for each."
        )


def test_density_is_finite(answer, probe):
    """Has a finite log density for all parameters, also far from the data."""
    x = np.clip(3 * probe.random.normal(size=(BATCH, 14)), -5, 5).astype(np.float32)
    for scale in (0.1, 0.5):
        params = random_like(probe.random, answer.argument_shapes("log_density"), scale)
        if not np.isfinite(answer("log_density", params, x, np.asarray(GRID))).all():
            fail(f"`log_prob` is NaN or infinite for some parameters and clusters. {_HINT}")


def test_rows_are_independent(answer, probe):
    """Predicts each cluster from its own features alone."""
    params = _params(answer, probe.random)
    x = probe.random.normal(size=(BATCH, 14)).astype(np.float32)
    y = probe.random.normal(size=BATCH).astype(np.float32)
    expect_rows_apart(probe, lambda *rows: answer("log_prob", params, *rows), (x, y), "The log density")
    expect_rows_apart(probe, lambda rows: answer("mean", params, rows), (x,), "The mean")


def test_init(answer, seed):
    """Starts from random parameters that depend on the key."""

    def error(params, x, y):
        return float(np.mean((np.asarray(answer("mean", params, x)) - y) ** 2) / np.var(y))

    expect_fresh_init(answer, seed, error)


def _tabulate(answer, program, params, x):
    """Density (b, g) on a grid that is wide and, in the middle, fine; the program takes 256 points at a time."""
    grid = np.sinh(np.linspace(-np.arcsinh(60 / 0.5), np.arcsinh(60 / 0.5), 4 * len(GRID))) * 0.5
    grid = grid.astype(np.float32)
    parts = [answer(program, params, x, part) for part in np.split(grid, 4)]
    return grid, np.exp(np.concatenate(parts, axis=1).astype(np.float64))


def _is_parabola(log_density):
    """Whether every row's third differences vanish, within float32 rounding of the values."""
    values = np.asarray(log_density, np.float64)[:, ::16]
    third = np.abs(np.diff(values, n=3, axis=1)).max(axis=1)
    return bool((third < 1e-4 * (1 + np.abs(values).max(axis=1))).all())
