"""Do probabilities mean what they say? The numbers behind a reliability diagram, without drawing."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Reliability:
    """Forecast and fact in bins of equal width in probability; every array is (bins,), `nan` in an empty bin.

    Attributes:
        counts: forecasts in each bin.
        predicted: mean forecast probability.
        observed: fraction of labels that are 1.
        error: standard error that `observed` has if the forecasts are right and the labels independent.
    """

    counts: NDArray[np.integer[Any]]
    predicted: Array
    observed: Array
    error: Array

    @property
    def calibration_error(self) -> float:
        """Expected calibration error: mean of |predicted - observed| over all forecasts (Guo et al. 2017).

        Never quite 0 for right forecasts: a bin of n of them, near probability p, is off by about
        0.8 √(p (1 - p) / n) by chance.
        """
        filled = self.counts > 0
        gaps = np.abs(self.predicted - self.observed)[filled]
        return float(np.average(gaps, weights=self.counts[filled]))


def reliability(probability: ArrayLike, labels: ArrayLike, bins: int = 10) -> Reliability:
    """Compare forecast probabilities with what happened, in `bins` bins of the probability (DeGroot & Fienberg 1983).

    Args:
        probability: forecast probability of label 1, (b,), in [0, 1].
        labels: what happened, (b,), 0 or 1.
        bins: number of bins of equal width between 0 and 1.

    Raises:
        ValueError: lengths differ, there is nothing, a forecast is no probability, or a label is neither 0 nor 1.
    """
    forecast, label = np.asarray(probability, float), np.asarray(labels, float)
    if forecast.ndim != 1 or forecast.shape != label.shape or not len(forecast):
        raise ValueError(
            f"one label per forecast, both (b,) with at least one: got {forecast.shape} probabilities and "
            f"{label.shape} labels."
        )
    if not ((forecast >= 0) & (forecast <= 1)).all():
        raise ValueError("every probability must lie between 0 and 1; are these logits?")
    if not ((label == 0) | (label == 1)).all():
        raise ValueError("every label must be 0 or 1.")
    index = np.minimum((forecast * bins).astype(int), bins - 1)

    def total(values: Array) -> Array:
        return np.asarray(np.bincount(index, weights=values, minlength=bins), float)

    counts = np.bincount(index, minlength=bins)
    per_bin = np.where(counts > 0, counts, np.nan)
    return Reliability(
        counts=counts,
        predicted=total(forecast) / per_bin,
        observed=total(label) / per_bin,
        error=np.sqrt(total(forecast * (1 - forecast))) / per_bin,
    )
