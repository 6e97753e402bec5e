"""Checks of `gaussian_nll`: all three terms, in sigma and not in its square, and without the detour over exp()."""

import numpy as np

from autograder.exercises.checking import expect_result, fail, family, likely_cause
from autograder.exercises.spec import BATCH, SINGLE

pytestmark = family("correct")

_FORMULA = "It is the mean of (y - mean)² / (2 sigma²), plus log sigma, plus log(2 pi) / 2."
_CONSTANT = np.log(2 * np.pi) / 2


def _nll(mean, sigma, y):
    return np.mean((y - mean) ** 2) / (2 * sigma**2) + np.log(sigma) + _CONSTANT


def _mistakes(mean, sigma, y):
    right, square = _nll(mean, sigma, y), np.mean((y - mean) ** 2)
    variance = _nll(mean, np.sqrt(sigma), y)
    return {
        "The constant, log(2 pi) / 2, is missing. It changes no gradient, but without it this is no likelihood.": right
        - _CONSTANT,
        "Half of the constant is missing or doubled: it is log(2 pi) / 2.": right + _CONSTANT,
        "`sigma` is taken for a variance; it is the standard deviation.": variance,
        "`sigma` is taken for a variance, and the constant log(2 pi) / 2 is missing.": variance - _CONSTANT,
        "It has log(sigma²) where log sigma, half of that, is asked for.": right + np.log(sigma),
        "It has log(2 pi sigma²) where half of that is asked for: the density has a square root in it.": right
        + np.log(sigma)
        + _CONSTANT,
        "It has half of log sigma; from log(2 pi sigma²) / 2 comes a whole one.": right - np.log(sigma) / 2,
        "The term log sigma is missing: without it a larger sigma would always be better.": right
        - np.log(sigma),
        "The half of the squared residual is missing: it is (y - mean)² / (2 sigma²).": right
        + square / (2 * sigma**2),
        "The residual is divided by sigma and not by sigma².": right
        + square / (2 * sigma)
        - square / (2 * sigma**2),
        "It is the sum over the batch; the mean is asked for.": right * len(y),
        "Only the residuals are summed over the batch; all terms are to be averaged.": right
        + (len(y) - 1) * square / (2 * sigma**2),
        "It has the wrong sign: the likelihood is to be large, so its negative log is to be small.": -right,
        "It is the mean squared error; the likelihood has sigma in it.": square,
    }


def test_is_scalar(answer):
    """Returns a float32 scalar."""
    expect_result(
        answer,
        "gaussian_nll",
        (),
        "The loss",
        {(BATCH,): "That is one number for each y; the mean over the batch is asked for."},
    )


def test_is_mean_negative_log_likelihood(answer, probe):
    """Is the mean negative log likelihood of y under Normal(mean, sigma)."""
    for batch in (BATCH, SINGLE):
        # Not near 1, where the logarithm vanishes and many a mistake with it.
        for sigma in probe.random.uniform([0.1, 2.0], [0.5, 4.0]).astype(np.float32):
            mean, y = probe.random.normal(size=(2, batch)).astype(np.float32)
            seen = answer("gaussian_nll", mean, sigma, y)
            exact = (mean.astype(np.float64), float(sigma), y.astype(np.float64))
            what = "The loss" if batch > 1 else "The loss of a batch of one"
            hint = likely_cause(seen, _mistakes(*exact), otherwise=_FORMULA)
            probe.compare(seen, _nll(*exact), what, hint)


def test_far_from_the_mean(answer):
    """Is right where the density itself is 0 in float32."""
    mean, y = np.zeros(BATCH, np.float32), np.full(BATCH, 10, np.float32)
    sigma = np.float32(0.25)
    seen, expected = float(answer("gaussian_nll", mean, sigma, y)), _nll(mean, 0.25, y)
    if not np.isclose(seen, expected, rtol=1e-3):
        fail(
            f"For residuals of 40 sigma the loss is {seen:.6g}; expected {expected:.6g}. The density there is e^-800, "
            "which is 0 in float32: take the logarithm on paper, so that no exp() is left."
        )
