"""When is a classifier called calibrated, and when has it learned something? Tolerances from measured error rates."""

from __future__ import annotations

import numpy as np

from autograder.exercises.likelihood.forecasts import Forecasts
from clustermass.reliability import Reliability, reliability

# Measured by benchmarks/likelihood_tolerances.py, whose table stands in docs/decisions/0006: see there for the rates.
CALIBRATION_TOLERANCE = 0.04
LEAST_INFORMATION = 0.3
MOST_CHANGED = 0.01  # of the clusters; right classifiers change none


def calibration_problem(forecasts: Forecasts) -> str | None:
    """What is not calibrated, in words, or None."""
    if not np.isfinite(forecasts.probability).all():
        return "Some probabilities are NaN once it is trained."
    error = forecasts.calibration_error
    if error <= CALIBRATION_TOLERANCE:
        return None
    bins = reliability(forecasts.probability, forecasts.labels)
    worst = int(max(range(len(bins.counts)), key=lambda i: _weighted_gap(bins, i)))
    return (
        f"The probabilities are not calibrated: of the clusters to which it gives about {bins.predicted[worst]:.2f}, a "
        f"fraction of {bins.observed[worst]:.2f} is above 10^14 (expected calibration error {error:.3f}, allowed: "
        f"{CALIBRATION_TOLERANCE}). Nothing may bound or rescale the logit that the network computes; hidden layers "
        "let it be any function of the features."
    )


def consistency_problem(forecasts: Forecasts) -> str | None:
    """That a cluster gets more than one probability, in words, or None."""
    if forecasts.changed <= MOST_CHANGED:
        return None
    return (
        f"{forecasts.changed:.0%} of the clusters get another probability when they are judged together with other "
        "clusters, and by `mean()` instead of `log_prob`. Each must be judged from its own features alone, and both "
        "methods must belong to one distribution."
    )


def information_problem(forecasts: Forecasts) -> str | None:
    """That hardly anything was learned, in words, or None."""
    information = forecasts.information
    if information >= LEAST_INFORMATION:
        return None
    side = "below" if information >= 0 else "above"
    return (
        f"After training, its loss is {abs(information):.0%} {side} that of always saying the base rate "
        f"({LEAST_INFORMATION:.0%} below it is asked for; two hidden layers reach about 60 %). Do all 14 features "
        "reach the output, and do gradients come back?"
    )


def _weighted_gap(bins: Reliability, i: int) -> float:
    """What bin `i` adds to the calibration error."""
    return float(bins.counts[i] * abs(bins.predicted[i] - bins.observed[i])) if bins.counts[i] else 0.0
