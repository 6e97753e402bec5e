"""Moments of many groups of galaxies at once."""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def grouped_moments(values: Array, counts: Array) -> tuple[Array, Array, Array, Array]:
    """Mean, sample std (ddof 1), skewness and excess kurtosis of consecutive groups.

    Args:
        values: (n,) float32, group after group.
        counts: (g,) sizes of the groups, each at least 2, summing to n.

    Returns:
        Four (g,) arrays, the first two in the unit of `values`. Skewness m3 / m2^1.5 and kurtosis m4 / m2^2 -
        3 are those of SciPy's defaults (biased); a group without spread gets 0.
    """
    starts = np.cumsum(counts) - counts
    mean = np.add.reduceat(values, starts) / counts.astype(np.float32)
    deviation = values - np.repeat(mean, counts)
    square = deviation * deviation
    m2 = np.add.reduceat(square, starts) / counts
    m3 = np.add.reduceat(square * deviation, starts) / counts
    m4 = np.add.reduceat(square * square, starts) / counts
    safe = np.where(m2 > 0, m2, 1.0)
    std = np.sqrt(m2 * counts / (counts - 1))
    return mean, std, m3 / safe**1.5, np.where(m2 > 0, m4 / safe**2 - 3.0, 0.0)
