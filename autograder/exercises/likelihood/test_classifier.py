"""Checks of `Classifier`: a Bernoulli distribution for each cluster, and calibrated once it is trained."""

import numpy as np
import pytest

from autograder.exercises.checking import expect_result, expect_rows_apart, fail, family, nudged, random_like
from autograder.exercises.examples import example_inputs
from autograder.exercises.initialisation import expect_fresh_init
from autograder.exercises.likelihood.calibrated import (
    calibration_problem,
    consistency_problem,
    information_problem,
)
from autograder.exercises.likelihood.forecasts import Forecasts, Network
from autograder.exercises.spec import BATCH
from clustermass.history import TrainingDiverged

# What bounds a probability, by the largest interval that it can then reach, each a little wider than exact.
_BOUNDS = (
    ((0.49, 0.74), "A sigmoid gives numbers between 0 and 1: as logits, these are taken through a sigmoid again."),
    ((0.26, 0.74), "`tanh` gives numbers between -1 and 1: too small for logits."),
    ((0.49, 1.01), "As logits, numbers that are never negative (`relu`, `softplus`) mean at least one half."),
)  # fmt: skip


def _params(answer, random):
    return nudged(
        random, answer.leaves("init", np.array([0, 1], np.uint32), np.asarray(example_inputs()[0])), 0.03
    )


def _features(random):
    return random.normal(size=(BATCH, 14)).astype(np.float32)


def _of_labels(answer, params, x):
    """Probabilities of label 0 and of label 1, both (b,) float64."""
    labels = (np.zeros(BATCH, np.float32), np.ones(BATCH, np.float32))
    return [np.exp(answer("log_prob", params, x, label).astype(np.float64)) for label in labels]


@family("correct")
def test_log_prob_shape(answer):
    """Has one log probability per cluster: batch shape (b,)."""
    expect_result(answer, "log_prob", (BATCH,), "`log_prob` of one label per cluster")


@family("correct")
def test_mean_shape(answer):
    """Has one mean per cluster."""
    expect_result(answer, "mean", (BATCH,), "The distribution's `mean()`")


@family("correct")
def test_probabilities_sum_to_one(answer, probe):
    """Gives the labels 0 and 1 probabilities that sum to one, with finite logarithms."""
    zero, one = _of_labels(answer, _params(answer, probe.random), _features(probe.random))
    hint = "A Bernoulli distribution has two outcomes, 0 and 1; `tfd.Bernoulli(logits=…)` sees to the rest."
    probe.compare(zero + one, np.ones(BATCH), "exp(`log_prob(0)`) + exp(`log_prob(1)`)", hint)


@family("correct")
def test_mean_is_the_probability_of_label_one(answer, probe):
    """Has as mean the probability of label 1."""
    params, x = _params(answer, probe.random), _features(probe.random)
    zero, one = _of_labels(answer, params, x)
    mean = answer("mean", params, x)
    hint = "`mean()` and `log_prob` must belong together."
    if np.allclose(mean, zero, atol=1e-4):
        hint = "It is the probability of label 0: label 1 means above 10^14."
    probe.compare(mean, one, "`mean()`", hint)


@family("correct")
def test_depends_on_features(answer, probe):
    """Gives clusters with other features other probabilities."""
    x, shapes = _features(probe.random), answer.argument_shapes("mean")
    spread = [np.ptp(answer("mean", random_like(probe.random, shapes, 0.3), x)) for _ in range(3)]
    if max(spread) == 0:
        fail("The probability is the same for every cluster. Does every layer take what the last one gave?")


@family("correct")
def test_any_probability(answer, probe):
    """Can give any probability between 0 and 1."""
    x, shapes = _features(probe.random), answer.argument_shapes("mean")
    draws = [answer("mean", random_like(probe.random, shapes, 1.0), x) for _ in range(8)]
    low, high = min(draw.min() for draw in draws), max(draw.max() for draw in draws)
    if not (low >= 0 and high <= 1):
        fail(
            f"`mean()` lies between {low:.3g} and {high:.3g}: that is no probability. Is it a logit? Its sigmoid is "
            "what the mean of a Bernoulli distribution gives."
        )
    if low > 0.02 or high < 0.98:
        causes = [cause for (least, most), cause in _BOUNDS if least <= low and high <= most]
        hint = causes[0] if causes else "Is there a `clip`?"
        fail(
            f"Whatever the parameters, the probability stays between {low:.3g} and {high:.3g}. {hint} Nothing may "
            "follow the last `nn.Dense` but the distribution."
        )


@family("correct")
def test_rows_are_independent(answer, probe):
    """Judges each cluster from its own features alone."""
    x = _features(probe.random)
    labels = (probe.random.uniform(size=BATCH) < 0.5).astype(np.float32)
    # Large parameters show what a softmax over the batch hides in small ones.
    for params in (
        _params(answer, probe.random),
        random_like(probe.random, answer.argument_shapes("mean"), 0.2),
    ):
        expect_rows_apart(probe, lambda rows, p=params: answer("mean", p, rows), (x,), "The probability")
        expect_rows_apart(
            probe, lambda *rows, p=params: answer("log_prob", p, *rows), (x, labels), "The log probability"
        )


@family("correct")
def test_init(answer, seed):
    """Starts from random parameters that depend on the key."""

    def error(params, x, y):
        label = (y > 0).astype(np.float64)
        return float(np.mean((np.asarray(answer("mean", params, x)) - label) ** 2) / np.var(label))

    expect_fresh_init(answer, seed, error)


@pytest.fixture(scope="module")
def trained():
    """The trained classifier's forecasts, made once for both checks below."""
    return {}


@family("unbiased")
def test_is_calibrated(answer, seed, progress, trained):
    """Gives calibrated probabilities once it is trained: of those called 0.7, seven in ten are above 10^14."""
    try:
        trained["forecasts"] = Forecasts.train(Network.of_programs(answer), seed, progress)
    except TrainingDiverged:
        fail(
            "Trained with its own `log_prob`, the loss became NaN or infinite: a probability of exactly 0 or 1 has an "
            "infinite logarithm. Give the distribution logits and not their sigmoid."
        )
    _expect(calibration_problem, trained)


@family("unbiased")
def test_judges_clusters_apart(trained):
    """Gives a cluster one probability, whichever clusters come with it and however it is asked."""
    _expect(consistency_problem, trained)


@family("unbiased")
def test_knows_more_than_the_base_rate(trained):
    """Has a better likelihood, once it is trained, than always saying the fraction of clusters above 10^14."""
    _expect(information_problem, trained)


def _expect(problem, trained):
    if "forecasts" not in trained:
        pytest.skip("the network was not trained")
    if message := problem(trained["forecasts"]):
        fail(message)
