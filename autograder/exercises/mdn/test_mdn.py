"""Checks of `MDN`: a network whose output is a mixture of Normals."""

import numpy as np

from autograder.exercises.checking import expect_result, expect_rows_apart, fail, family, nudged, random_like
from autograder.exercises.examples import example_inputs
from autograder.exercises.initialisation import expect_fresh_init
from autograder.exercises.mdn import GRID
from autograder.exercises.spec import BATCH

pytestmark = family("correct")

# Clusters whose density is integrated, and points of the integral: a width of 1e-3 is resolved.
_ROWS, _POINTS = 8, 8_192

_HINT = (
    "Weights must be positive and sum to one (`tfd.Categorical(logits=…)` sees to that), widths must be positive "
    "(`nn.softplus`), and the distribution's batch shape must be (b,)."
)


def _params(answer, random):
    return nudged(
        random, answer.leaves("init", np.array([0, 1], np.uint32), np.asarray(example_inputs()[0])), 0.03
    )


def test_log_prob_shape(answer):
    """Has one log density per cluster: batch shape (b,), scalar event."""
    expect_result(answer, "log_prob", (BATCH,), "`log_prob` of one mass per cluster")
    expect_result(answer, "log_density", (BATCH, len(GRID)), "`log_prob` on a grid of masses")


def test_mean_shape(answer):
    """Has one mean per cluster."""
    expect_result(answer, "mean", (BATCH,), "The distribution's `mean()`")


def test_is_a_density(answer, probe):
    """Integrates to one for every cluster."""
    _, _, grid, density = _tabulated(answer, probe)
    total = np.trapezoid(density, grid, axis=1)
    probe.compare(total, np.ones(_ROWS), "The integral of exp(`log_prob`) over all masses", _HINT, rtol=0.02)


def test_mean_is_of_that_density(answer, probe):
    """Has the mean that its density has."""
    params, x, grid, density = _tabulated(answer, probe)
    expected = np.trapezoid(density * grid, grid, axis=1)
    hint = "Return a distribution whose `mean()` and `log_prob` belong together."
    probe.compare(answer("mean", params, x)[:_ROWS], expected, "`mean()`", hint, rtol=0.02, atol=0.02)


def test_one_component_is_a_normal(answer, probe):
    """Is a Normal when it is built with one component."""
    x = probe.random.normal(size=(BATCH, 14)).astype(np.float32)
    shapes = answer.argument_shapes("1/log_density")
    log_density = answer("1/log_density", random_like(probe.random, shapes, 0.1), x, np.asarray(GRID))
    if not np.isfinite(log_density).all():
        fail(f"Built with `num_components=1`, `log_prob` is NaN or infinite. {_HINT}")
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


def test_mean_follows_the_features(answer, probe):
    """Gives clusters with other features other masses, above and below 10^14."""
    x = probe.random.normal(size=(BATCH, 14)).astype(np.float32)
    shapes = answer.argument_shapes("mean")
    means = np.stack([answer("mean", random_like(probe.random, shapes, 1.0), x) for _ in range(8)])
    if np.ptp(means, axis=1).max() == 0:
        fail("The mean is the same for every cluster. Does every layer take the output of the one before it?")
    if means.min() >= 0 or means.max() <= 0:
        side = "negative" if means.min() >= 0 else "positive"
        fail(
            f"Whatever the parameters, the mean is never {side}. Log masses relative to 10^14 are negative "
            "and positive: nothing may follow the `nn.Dense` that gives the centres."
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
    x = probe.random.normal(size=(BATCH, 14)).astype(np.float32)
    y = probe.random.normal(size=BATCH).astype(np.float32)
    # Large parameters show what a softmax over the batch hides in small ones.
    large = random_like(probe.random, answer.argument_shapes("mean"), 0.3)
    for params in (_params(answer, probe.random), large):
        _expect_rows_apart(answer, probe, params, x, y)


def _expect_rows_apart(answer, probe, params, x, y):
    expect_rows_apart(probe, lambda *rows: answer("log_prob", params, *rows), (x, y), "The log density")
    expect_rows_apart(probe, lambda rows: answer("mean", params, rows), (x,), "The mean")


def test_init(answer, seed):
    """Starts from random parameters that depend on the key."""

    def error(params, x, y):
        return float(np.mean((np.asarray(answer("mean", params, x)) - y) ** 2) / np.var(y))

    expect_fresh_init(answer, seed, error)


def _tabulated(answer, probe):
    """Parameters, features (b, 14), a grid (g,), and the density (r, g) of the first few clusters on it."""
    return answer.once(f"tabulated {probe.public}", lambda: _tabulate(answer, probe.random))


def _tabulate(answer, random):
    x = random.normal(size=(BATCH, 14)).astype(np.float32)
    params = _params(answer, random)
    # Wide and, in the middle, fine enough for a component of width 1e-3.
    end = np.arcsinh(60 / 0.5)
    grid = (0.5 * np.sinh(np.linspace(-end, end, _POINTS))).astype(np.float32)
    at_once = BATCH // _ROWS
    rows = np.repeat(x[:_ROWS], at_once, axis=0)
    parts = [
        answer("log_prob", params, rows, np.tile(part, _ROWS)).reshape(_ROWS, at_once)
        for part in np.split(grid, _POINTS // at_once)
    ]
    return params, x, grid, np.exp(np.concatenate(parts, axis=1).astype(np.float64))


def _is_parabola(log_density):
    """Whether every row's third differences vanish, within float32 rounding of the values."""
    values = np.asarray(log_density, np.float64)[:, ::16]
    third = np.abs(np.diff(values, n=3, axis=1)).max(axis=1)
    return bool((third < 1e-4 * (1 + np.abs(values).max(axis=1))).all())
