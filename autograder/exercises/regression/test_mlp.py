"""Checks of `MLP`: a network from 14 features to one real number."""

import numpy as np

from autograder.exercises.checking import expect_result, expect_rows_apart, fail, family, nudged, random_like
from autograder.exercises.examples import example_inputs
from autograder.exercises.initialisation import expect_fresh_init
from autograder.exercises.spec import BATCH

pytestmark = family("correct")


def test_output_shape(answer):
    """Returns one float32 number per cluster, shape (b, 1)."""
    expect_result(answer, "apply", (BATCH, 1), "The prediction")


def test_depends_on_features(answer, probe):
    """Predicts different masses for different features."""
    x = probe.random.normal(size=(BATCH, 14)).astype(np.float32)
    prediction = answer("apply", random_like(probe.random, answer.argument_shapes("apply"), 0.3), x)
    if not np.isfinite(prediction).all():
        fail(
            "The prediction is NaN or infinite for some parameters. Look for a division by 0, or a logarithm or square "
            "root of what can be negative."
        )
    if np.ptp(prediction) == 0:
        fail(
            "The prediction is the same for every cluster. Does every layer take the output of the one before it?"
        )


def test_any_real_value(answer, probe):
    """Can predict any real number."""
    x = probe.random.normal(size=(BATCH, 14)).astype(np.float32)
    shapes = answer.argument_shapes("apply")
    draws = [answer("apply", random_like(probe.random, shapes, 1.0), x) for _ in range(8)]
    low, high = min(draw.min() for draw in draws), max(draw.max() for draw in draws)
    if low >= 0 or high <= 0 or max(-low, high) <= 1:
        fail(
            f"Whatever the parameters, the prediction stays within [{low:.3g}, {high:.3g}]. Log masses relative to "
            "10^14 are negative and positive: nothing may follow the last `nn.Dense`."
        )


def test_rows_are_independent(answer, probe):
    """Predicts each cluster from its own features alone."""
    params = nudged(
        probe.random, answer.leaves("init", np.array([0, 1], np.uint32), np.asarray(example_inputs()[0]))
    )
    x = probe.random.normal(size=(BATCH, 14)).astype(np.float32)
    expect_rows_apart(probe, lambda rows: answer("apply", params, rows), (x,), "The prediction")


def test_init(answer, seed):
    """Starts from random parameters that depend on the key."""

    def error(params, x, y):
        return float(np.mean((np.asarray(answer("apply", params, x))[:, 0] - y) ** 2) / np.var(y))

    expect_fresh_init(answer, seed, error)
