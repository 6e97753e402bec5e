"""Checks of `decompose`: the law of total variance."""

import numpy as np

from autograder.exercises.checking import WrongForm, family, likely_cause
from autograder.exercises.epistemic import FEW_SAMPLES, SAMPLES, mistakes
from autograder.exercises.epistemic.line import POINTS
from autograder.exercises.spec import SINGLE

pytestmark = family("correct")

_NAMES = ("aleatoric", "epistemic")
_HINTS = (
    "The aleatoric part is the mean of `variances` over the samples (axis 0).",
    "The epistemic part is the variance of `means` over the samples (axis 0), divided by s.",
)


def test_shape_of_both_parts(answer):
    """Returns two float32 arrays, shape (b,)."""
    results = answer.results("decompose")
    if len(results) != 2:
        raise WrongForm(f"Two arrays are asked for, (aleatoric, epistemic); it returned {len(results)}.")
    for name, result in zip(_NAMES, results, strict=True):
        if tuple(result.shape) != (POINTS,):
            over_points = {
                (): " That is one number for all points: average over the samples alone, axis 0.",
                (SAMPLES,): " That is one number for each sample: average over the samples, axis 0.",
            }.get(tuple(result.shape), "")
            raise WrongForm(
                f"The {name} part has shape {tuple(result.shape)}; expected ({POINTS},) for means and variances of "
                f"shape ({SAMPLES}, {POINTS}).{over_points}"
            )
        if str(result.dtype) != "float32":
            raise WrongForm(f"The {name} part has type {result.dtype}; expected float32.")


def test_is_the_law_of_total_variance(answer, probe):
    """Gives the mean of the variances and the variance of the means."""
    for samples, batch in ((SAMPLES, POINTS), (FEW_SAMPLES, SINGLE)):
        means = (probe.random.normal(size=batch) + probe.random.normal(size=(samples, batch))).astype(
            np.float32
        )
        variances = probe.random.gamma(2.0, 0.5, size=(samples, batch)).astype(np.float32)
        parts = answer("decompose", means, variances)
        expected = variances.mean(axis=0, dtype=np.float64), means.var(axis=0, dtype=np.float64)
        for name, seen, right, hint, usual in zip(
            _NAMES, parts, expected, _HINTS, mistakes.of_decomposition(means, variances), strict=True
        ):
            what = (
                f"The {name} part"
                if samples == SAMPLES
                else f"The {name} part of {samples} samples at one point"
            )
            probe.compare(seen, right, what, likely_cause(seen, usual, hint))
