"""Checks of `mc_predict`: predictions with dropout kept on, one set of masks for each sample."""

import numpy as np

from autograder.exercises.checking import expect_result, fail, family
from autograder.exercises.epistemic import FEW, FEW_SAMPLES, SAMPLES
from autograder.exercises.epistemic.line import POINTS
from autograder.exercises.epistemic.network import DropoutNetwork, keys
from autograder.exercises.epistemic.samples import departure, relative_spread
from autograder.exercises.spec import SINGLE

pytestmark = family("correct")

# Measured by benchmarks/epistemic_tolerances.py, whose table stands in docs/decisions/0009.
CALLS = 24
SPREAD = 1.4
DEPARTURE = 0.35

_REMEDY = '`deterministic=False` switches dropout on, and `rngs={"dropout": …}` takes a key of its own for each sample.'


def test_shape_of_the_samples(answer):
    """Returns float32 predictions, shape (s, b), for any number of samples."""
    turned = "Samples come first: transpose it."
    column = "`dropout_model` gives (b, 1): take `[:, 0]` of each prediction."
    for program, samples in (("mc_predict", SAMPLES), (FEW, FEW_SAMPLES)):
        mistakes = {
            (POINTS, samples): turned,
            (samples, POINTS, 1): column,
            (POINTS, 1): "It is a single prediction; `num_samples` are asked for.",
            (POINTS,): "It is a single prediction, or the average; `num_samples` predictions are asked for.",
            (SAMPLES, POINTS): "It ignores `num_samples`.",
            (samples * POINTS,): "Samples and points are in one axis: reshape it.",
        }
        expect_result(answer, program, (samples, POINTS), f"The result for num_samples={samples}", mistakes)


def test_samples_differ(answer, needed, probe):
    """Has other masks for every sample."""
    network, params, x = _setting(answer, needed, probe)
    samples = answer("mc_predict", params, keys(probe.random, 1)[0], x)
    plain = network.apply(params, x)
    if np.allclose(samples, plain, rtol=1e-4, atol=1e-5):
        fail(f"Every sample is the prediction without dropout: it was switched off. {_REMEDY}")
    for i in range(SAMPLES):
        for j in range(i):
            if np.array_equal(samples[i], samples[j]):
                fail(
                    f"Samples {j} and {i} are the same, so they have the same masks: the same key gives the same mask. "
                    "Split the key into `num_samples`, and use one for each sample."
                )


def test_follows_the_key(answer, needed, probe):
    """Gives other samples for another key."""
    _, params, x = _setting(answer, needed, probe)
    once, again = (answer("mc_predict", params, key, x) for key in keys(probe.random, 2))
    if np.array_equal(once, again):
        fail("The samples are the same for every key: the argument `key` is not used. Split that one.")


def test_predicts_each_point(answer, needed, probe, progress):
    """Has, at each point, the mean of predictions with dropout at that point."""
    progress("predicting with many keys", 0.3 if probe.public else 0.6)
    if not departure(_drawn(answer, needed, probe), _reference(answer, needed, probe)) < DEPARTURE:
        fail(
            "The mean of the samples at a point is not that of predictions with dropout at this point. Is the order of "
            "samples and points right, where a reshape puts them apart, and are `params` and `x` the arguments?"
        )


def test_spreads_like_dropout(answer, needed, probe):
    """Varies between samples as predictions with dropout and independent masks do."""
    ratio = relative_spread(_drawn(answer, needed, probe), _reference(answer, needed, probe))
    if not 1 / SPREAD < ratio < SPREAD:
        fail(
            f"The samples of one call vary {ratio:.2f} times as much as predictions with independent masks do. "
            f"{_REMEDY} Each sample is one prediction, neither averaged nor scaled."
        )


def test_single_point(answer, needed, probe):
    """Takes a single point, too."""
    _, params, x = _setting(answer, needed, probe)
    samples = answer("mc_predict", params, keys(probe.random, 1)[0], x[:SINGLE])
    if samples.shape != (SAMPLES, SINGLE):
        fail(f"For a single point the result has shape {samples.shape}; expected ({SAMPLES}, 1).")


def _setting(answer, needed, probe):
    """The network, parameters of it, and points x (b, 1)."""

    def make():
        network = DropoutNetwork.below(answer, needed)
        x = probe.random.uniform(-2, 2, size=(POINTS, 1)).astype(np.float32)
        return network, network.draw(probe.random, x), x

    return answer.once(f"setting {probe.public}", make)


def _drawn(answer, needed, probe):
    """Samples of many calls, (CALLS, s, b)."""
    _, params, x = _setting(answer, needed, probe)

    def make():
        return np.stack([answer("mc_predict", params, key, x) for key in keys(probe.random, CALLS)]).astype(
            np.float64
        )

    return answer.once(f"samples {probe.public}", make)


def _reference(answer, needed, probe):
    """As many predictions with dropout, each with a key of its own, (CALLS * s, b)."""
    network, params, x = _setting(answer, needed, probe)

    def make():
        drawn = [network.apply_dropout(params, key, x) for key in keys(probe.random, CALLS * SAMPLES)]
        return np.stack(drawn).astype(np.float64)

    return answer.once(f"reference {probe.public}", make)
