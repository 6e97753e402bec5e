"""Checks of `DropoutMLP`: a network from one number to one, with dropout on a hidden layer that can be switched off."""

import numpy as np

from autograder.exercises.checking import expect_result, expect_rows_apart, fail, family, random_like
from autograder.exercises.epistemic.line import POINTS
from autograder.exercises.epistemic.network import DropoutNetwork, keys
from autograder.exercises.epistemic.samples import slopes_over_masks
from autograder.exercises.initialisation import expect_random_init

pytestmark = family("correct")

# Measured by benchmarks/epistemic_tolerances.py, whose table stands in docs/decisions/0009.
SLOPES, SIGMAS = (0.6, 1.8), 3
KEYS = 40
NETWORKS, MASKS = 9, 32

_LAYER = "After the activation of a hidden layer: `nn.Dropout(0.1)(…, deterministic=deterministic)`."


def _points(probe):
    return probe.random.uniform(-2, 2, size=(POINTS, 1)).astype(np.float32)


def test_output_shape(answer):
    """Returns one float32 number per point, shape (b, 1), with dropout and without."""
    mistakes = {(POINTS,): "Keep the last axis: `nn.Dense(1)` gives (b, 1)."}
    for program, what in (("apply", "The prediction"), ("apply_dropout", "The prediction with dropout")):
        expect_result(answer, program, (POINTS, 1), what, mistakes)


def test_depends_on_x(answer, probe):
    """Predicts different values at different points."""
    prediction = answer(
        "apply", random_like(probe.random, answer.argument_shapes("apply"), 0.5), _points(probe)
    )
    if np.ptp(prediction) == 0:
        fail(
            "The prediction is the same at every point. Does every layer take the output of the one before it?"
        )


def test_any_real_value(answer, probe):
    """Can predict any real number."""
    shapes, x = answer.argument_shapes("apply"), _points(probe)
    draws = [answer("apply", random_like(probe.random, shapes, 1.0), x) for _ in range(8)]
    low, high = min(draw.min() for draw in draws), max(draw.max() for draw in draws)
    if low >= 0 or high <= 0 or max(-low, high) <= 1:
        fail(
            f"Whatever the parameters, the prediction stays within [{low:.3g}, {high:.3g}]. It must be able to "
            "take any real value: nothing may follow the last `nn.Dense`."
        )


def test_is_no_line(answer, probe):
    """Can predict something else than a straight line."""
    shapes = answer.argument_shapes("apply")
    x = np.linspace(-2, 2, POINTS, dtype=np.float32)[:, None]
    for _ in range(3):
        prediction = answer("apply", random_like(probe.random, shapes, 1.0), x)[:, 0].astype(np.float64)
        remainder = prediction - np.polyval(np.polyfit(x[:, 0], prediction, 1), x[:, 0])
        if np.abs(remainder).max() > 1e-3 * np.ptp(prediction):
            return
    fail(
        "Whatever the parameters, the prediction is a straight line. A hidden layer needs an activation (`nn.relu`)."
    )


def test_dropout_follows_the_key(answer, probe):
    """Gives other predictions for other keys, unless `deterministic`."""
    drawn = _with_dropout(answer, probe)
    if np.ptp(drawn, axis=0).max() == 0:
        fail(
            f"With `deterministic=False` the prediction is the same for every key: nothing is dropped. {_LAYER}"
        )


def test_drops_hidden_units(answer, probe):
    """Drops units of a hidden layer, one by one: predictions take many values."""
    drawn = _with_dropout(answer, probe)
    values = [len(np.unique(column)) for column in drawn.T]
    if max(values) <= 2:
        where = "its output" if np.any(drawn == 0) else "its input, or a whole layer at once"
        fail(
            f"Over {KEYS} keys each prediction takes no more than {max(values)} values: dropout acts on {where}. It "
            f"must set single units of a hidden layer to zero. {_LAYER}"
        )


def test_keeps_the_mean(answer, probe, progress):
    """Keeps the prediction about what it is without dropout, averaged over masks."""
    progress("averaging over masks", 0.4 if probe.public else 0.6)
    network, x = DropoutNetwork.of_programs(answer), _points(probe)
    slopes, errors = slopes_over_masks(network, x, probe.random, NETWORKS, MASKS)
    # Three of four networks, since with many layers of relu a right one may be anywhere.
    low, high = np.quantile(slopes - SIGMAS * errors, 0.25), np.quantile(slopes + SIGMAS * errors, 0.75)
    if high < SLOPES[0] or low > SLOPES[1]:
        slope = np.median(slopes)
        cause = (
            "What is kept must be divided by 1 - rate, not by the rate."
            if slope > 1
            else "What is kept must be divided by 1 - rate, so that the mean stays."
        )
        fail(
            f"Averaged over masks, predictions are {slope:.2g} times those without dropout. {cause} "
            "`nn.Dropout` does it."
        )


def test_rows_are_independent(answer, probe):
    """Predicts each point by itself, with dropout and without."""
    network, x = DropoutNetwork.of_programs(answer), _points(probe)
    params = network.draw(probe.random, x)
    expect_rows_apart(probe, lambda rows: answer("apply", params, rows), (x,), "The prediction", row="point")
    # Masks belong to places in the batch, so with dropout the row must stay where it is.
    key, others = keys(probe.random, 1)[0], _points(probe)
    others[: POINTS // 2] = x[: POINTS // 2]
    once, again = (network.apply_dropout(params, key, points)[: POINTS // 2] for points in (x, others))
    if not np.allclose(once, again, rtol=1e-3, atol=1e-3):
        fail("With dropout, the prediction at a point changes when the other points of the batch do.")


def test_init(answer, probe):
    """Starts from random parameters that depend on the key."""
    expect_random_init(answer, list(keys(probe.random, 2)), _points(probe))


def _with_dropout(answer, probe):
    """Predictions of KEYS keys at a few points, (KEYS, p)."""

    def make():
        network, x = DropoutNetwork.of_programs(answer), _points(probe)
        params = network.draw(probe.random, x)
        return np.stack([network.apply_dropout(params, key, x)[::6] for key in keys(probe.random, KEYS)])

    return answer.once(f"with dropout {probe.public}", make)
