"""Checks of `shift_prior`: Bayes' theorem in log odds."""

import numpy as np

from autograder.exercises.checking import expect_result, fail, family, likely_cause
from autograder.exercises.spec import BATCH, SINGLE

pytestmark = family("correct")

_NOT_NORMALISED = (
    "Is a probability multiplied by the ratio of the fractions? That can be larger than 1, and then has no log odds. "
    "Odds, unlike probabilities, need no normalisation."
)
_FORMULA = (
    "New logit = logit - log odds of the training fraction + log odds of the new one; odds are f / (1 - f)."
)


def _log_odds(fraction):
    return np.log(fraction / (1 - fraction))


def _mistakes(logits, train, new):
    shift, p = _log_odds(new) - _log_odds(train), 1 / (1 + np.exp(-logits))
    q = 1 / (1 + np.exp(-logits - shift))
    return {
        "The fractions are exchanged: take the training fraction's log odds off, and put the new one's on.": logits
        - shift,
        "It has the ratio of the fractions where the ratio of their odds, f / (1 - f), belongs.": logits
        + np.log(new / train),
        "It has the ratio of the fractions where the ratio of their odds belongs, and upside down.": logits
        - np.log(new / train),
        "The training prior is still in it: take its log odds off.": logits + _log_odds(new),
        "The new prior is missing: put its log odds on.": logits - _log_odds(train),
        "These are probabilities; logits are asked for.": q,
        "These are probabilities times the ratio of the fractions. In log odds the priors are added, and nothing is to "
        "be normalised.": p * new / train,
        "The logits are multiplied; in logarithms a product is a sum.": logits * new / train,
        "The logits are multiplied by odds; their logarithms are to be added.": logits * np.exp(shift),
        "The odds are added as they are; take their logarithms.": logits
        + new / (1 - new)
        - train / (1 - train),
        "The logits come back unchanged.": logits,
    }


def test_output_shape(answer):
    """Returns float32 logits, shape (b,)."""
    expect_result(answer, "shift_prior", (BATCH,), "The logits")


def test_is_bayes_theorem(answer, probe):
    """Takes the training prior's log odds out and puts the new prior's in."""
    for batch in (BATCH, SINGLE):
        for _ in range(3):
            logits = np.clip(probe.random.normal(scale=2, size=batch), -6, 6).astype(np.float32)
            # A different side of one half each: equal fractions change nothing.
            low, high = probe.random.uniform([0.05, 0.55], [0.45, 0.95]).astype(np.float32)
            train, new = (low, high) if probe.random.uniform() < 0.5 else (high, low)
            exact = (logits.astype(np.float64), float(train), float(new))
            seen = answer("shift_prior", logits, train, new)
            hint = likely_cause(
                seen, _mistakes(*exact), _FORMULA if np.isfinite(seen).all() else _NOT_NORMALISED
            )
            expected = exact[0] - _log_odds(exact[1]) + _log_odds(exact[2])
            probe.compare(seen, expected, "The new logit", hint, atol=2e-3)


def test_confident_logits(answer):
    """Is right for logits up to ±10,000."""
    sizes = np.array([20, 50, 100, 1e3, 1e4], np.float32)
    logits = np.resize(np.concatenate([sizes, -sizes]), BATCH)
    seen = answer("shift_prior", logits, np.float32(0.5), np.float32(0.2))
    wrong = np.flatnonzero(~np.isclose(seen, logits - np.log(4), rtol=1e-4, atol=1e-2))
    if len(wrong):
        first = wrong[0]
        fail(
            f"From 0.5 to 0.2, a logit of {logits[first]:,.0f} becomes {seen[first]:.6g}; expected "
            f"{logits[first] - np.log(4):,.6g}. In float32 the probability of a confident logit is exactly 0 or 1: do "
            "not leave the logits."
        )
