"""Checks of `bernoulli_nll`: the mean over the batch, and right where sigmoid underflows."""

import jax
import numpy as np
import pytest

from autograder.exercises.checking import compile_quickly, expect_result, fail, family, likely_cause
from autograder.exercises.spec import BATCH, SINGLE

pytestmark = family("correct")

_NEGATIVE = (
    "Is a logit taken for a probability? The log of a negative number is NaN; its sigmoid is the probability."
)
_FORMULA = "It is the mean of -log sigmoid(logit) where the label is 1 and of -log(1 - sigmoid(logit)) where it is 0."
# At 20, 1 - sigmoid is rounding noise in float32; at 100, sigmoid(-100) is 0; 10,000 is what the task promises.
_EXTREMES = [(sign * size, label) for size in (20.0, 100.0, 1e3, 1e4) for sign in (-1, 1) for label in (0, 1)]


def _losses(logits, labels):
    return np.logaddexp(0, logits) - labels * logits


def _sigmoid(logits):
    return np.exp(-np.logaddexp(0, -logits))


def _mistakes(logits, labels):
    losses, p = _losses(logits, labels), _sigmoid(logits)
    return {
        "It is the sum over the batch; the mean is asked for.": losses.sum(),
        "It has the wrong sign: the likelihood is to be large, so its negative log is to be small.": -losses.mean(),
        "The labels are swapped: label 1 has probability sigmoid(logit).": _losses(logits, 1 - labels).mean(),
        "This is in bits: use the natural logarithm, `jnp.log`.": losses.mean() / np.log(2),
        "The term of label 0 is missing: these cost -log(1 - sigmoid(logit)).": (labels * losses).mean(),
        "The term of label 1 is missing: these cost -log sigmoid(logit).": ((1 - labels) * losses).mean(),
        "This is what probabilities would give as logits: sigmoid is taken twice.": _losses(p, labels).mean(),
        "This is a squared error; the negative log of the labels' probability is asked for.": (
            (p - labels) ** 2
        ).mean(),
    }


def test_is_scalar(answer):
    """Returns a float32 scalar."""
    expect_result(
        answer,
        "bernoulli_nll",
        (),
        "The loss",
        {(BATCH,): "That is one number for each label; the mean over the batch is asked for."},
    )


def test_is_mean_negative_log_likelihood(answer, probe):
    """Is the mean negative log likelihood of the labels."""
    for batch in (BATCH, SINGLE):
        logits = probe.random.normal(scale=2, size=batch).astype(np.float32)
        labels = (probe.random.uniform(size=batch) < 0.3).astype(np.float32)
        seen, exact = answer("bernoulli_nll", logits, labels), logits.astype(np.float64)
        what = "The loss" if batch > 1 else "The loss of a batch of one label"
        otherwise = _NEGATIVE if np.isnan(seen) else _FORMULA
        hint = likely_cause(seen, _mistakes(exact, labels), otherwise)
        probe.compare(seen, _losses(exact, labels).mean(), what, hint)


def test_confident_logits(answer):
    """Is right and finite for logits up to ±10,000."""
    for logit, label in _EXTREMES:
        seen = float(answer("bernoulli_nll", *_one(logit, label)))
        expected = float(_losses(logit, label))
        if np.isclose(seen, expected, rtol=1e-3, atol=1e-4):
            continue
        wrong = (
            f"For a logit of {logit:,.0f} and label {label} the loss is {seen:.6g}; expected {expected:,.6g}."
        )
        if np.isfinite(seen):
            fail(
                f"{wrong} Clipping, or a small number inside the log, hides how wrong a confident answer is, and its "
                "gradient is zero just there. Write log(1 + e^z) with `jax.nn.softplus` instead."
            )
        fail(
            f"{wrong} In float32 sigmoid(-100) is 0 and sigmoid(20) is 1, and the log of what is left is infinite. "
            "`jax.nn.log_sigmoid` and `jax.nn.softplus` take the logarithm without that detour."
        )


def test_gradient_of_confident_logits(answer):
    """Has the right gradient, sigmoid(logit) - label, for logits up to ±10,000."""
    if not all(np.isfinite(answer("bernoulli_nll", *_one(*case))) for case in _EXTREMES):
        pytest.skip("waits until the loss itself is finite")
    run = answer.jax_function("bernoulli_nll", *_one(0.0, 0))
    gradient = compile_quickly(jax.grad(lambda logit, label: run(logit, label)[0]), *_one(0.0, 0))
    for logit, label in _EXTREMES:
        seen, expected = float(gradient(*_one(logit, label))[0]), float(_sigmoid(logit)) - label
        if not np.isclose(seen, expected, rtol=1e-3, atol=1e-4):
            fail(
                f"For a logit of {logit:,.0f} and label {label} the gradient is {seen:.4g}; expected {expected:.4g}: "
                "training cannot mend a confident mistake. JAX differentiates both branches of a `jnp.where`, and what "
                "is infinite on the one not taken makes NaN; `jax.nn.softplus` has the right gradient everywhere."
            )


def _one(logit, label):
    return np.array([logit], np.float32), np.array([label], np.float32)
