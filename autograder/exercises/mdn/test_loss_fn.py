"""Checks of the negative log likelihood."""

import numpy as np

from autograder.exercises.checking import expect_result, family, random_like
from autograder.exercises.mdn.network import network_below
from autograder.exercises.spec import BATCH, SINGLE

pytestmark = family("correct")

_HINT = "It is the mean over the batch of -`log_prob(y[:, 0])`: y has shape (b, 1), the distribution (b,)."


def test_is_scalar(answer):
    """Returns a float32 scalar."""
    expect_result(answer, "loss_fn", (), "The loss")


def test_is_negative_log_likelihood(answer, needed, probe):
    """Is the mean negative log likelihood of the masses under the model with the given parameters."""
    log_prob = network_below(answer, needed)
    for batch in (BATCH, SINGLE):
        x = probe.random.normal(size=(batch, 14)).astype(np.float32)
        y = probe.random.normal(size=(batch, 1)).astype(np.float32)
        params = random_like(probe.random, answer.argument_shapes("loss_fn"), 0.1)
        what = "The loss" if batch > 1 else "The loss of a batch of one cluster"
        expected = -np.mean(log_prob(params, x, y[:, 0]), dtype=np.float64)
        probe.compare(answer("loss_fn", params, x, y), expected, what, _HINT)
