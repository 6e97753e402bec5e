"""Checks of the mean squared error."""

import numpy as np

from autograder.exercises.checking import expect_result, family, random_like
from autograder.exercises.regression.network import Network
from autograder.exercises.spec import BATCH, SINGLE

pytestmark = family("correct")

_HINT = "The loss is the mean over the batch of the squared difference of prediction and target, both (b, 1)."

_PAIRS = (
    "It is the mean over every pair of a prediction and a target: somewhere (b, 1) and (b,) were broadcast to (b, b). "
    "Keep both (b, 1)."
)


def test_is_scalar(answer):
    """Returns a float32 scalar."""
    expect_result(answer, "loss_fn", (), "The loss")


def test_is_mean_squared_error(answer, needed, probe):
    """Is the mean squared error of the model with the given parameters."""
    network = Network.below(answer, needed)
    for batch in (BATCH, SINGLE):
        x = probe.random.normal(size=(batch, 14)).astype(np.float32)
        y = probe.random.normal(size=(batch, 1)).astype(np.float32)
        params = random_like(probe.random, answer.argument_shapes("loss_fn"), 0.1)
        what = "The loss" if batch > 1 else "The loss of a batch of one cluster"
        prediction = network.apply(params, x)[:, 0].astype(np.float64)
        seen, expected = answer("loss_fn", params, x, y), np.mean((prediction - y[:, 0]) ** 2)
        every_pair = np.mean((prediction[:, None] - y[:, 0]) ** 2)
        hint = _PAIRS if batch > 1 and np.isclose(seen, every_pair, rtol=1e-4) else _HINT
        probe.compare(seen, expected, what, hint)
