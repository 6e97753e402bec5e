"""Checks of the negative log likelihood."""

import numpy as np

from autograder.exercises.checking import expect_result, family, likely_cause, random_like
from autograder.exercises.mdn.network import network_below
from autograder.exercises.spec import BATCH, SINGLE

pytestmark = family("correct")

_HINT = "It is the mean over the batch of -`log_prob(y[:, 0])`: y has shape (b, 1), the distribution (b,)."


def _mistakes(log_prob):
    """What usual mistakes give, from the log densities (b,)."""
    return {
        "The sign is wrong: the mean of -`log_prob(y[:, 0])` is small where the likelihood is large.": log_prob.mean(),
        "It is the sum over the batch; the mean is asked for.": -log_prob.sum(),
        "It is the mean of the density; that of -`log_prob` is asked for.": np.exp(log_prob).mean(),
    }


def test_is_scalar(answer):
    """Returns a float32 scalar."""
    expect_result(
        answer,
        "loss_fn",
        (),
        "The loss",
        {(BATCH,): "That is one number for each cluster; the mean over the batch is asked for."},
    )


def test_is_negative_log_likelihood(answer, needed, probe):
    """Is the mean negative log likelihood of the masses under the model with the given parameters."""
    log_prob = network_below(answer, needed)
    for batch in (BATCH, SINGLE):
        x = probe.random.normal(size=(batch, 14)).astype(np.float32)
        y = probe.random.normal(size=(batch, 1)).astype(np.float32)
        params = random_like(probe.random, answer.argument_shapes("loss_fn"), 0.1)
        what = "The loss" if batch > 1 else "The loss of a batch of one cluster"
        seen, of_truth = answer("loss_fn", params, x, y), np.asarray(log_prob(params, x, y[:, 0]), np.float64)
        probe.compare(seen, -of_truth.mean(), what, likely_cause(seen, _mistakes(of_truth), otherwise=_HINT))
