"""The numbers behind the plots, and behind the word "unbiased": NumPy only, no drawing.

Masses are in the units of `y`, log10(M200c / 1e14 h^-1 Msun), so a residual is in dex.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.floating[Any]]

MASS_BINS: Array = np.round(np.linspace(-0.2, 1.0, 7), 10)
"""Edges of the six bins, 0.2 dex wide, from 10^13.8 to 10^15 h^-1 Msun, in the units of `y`."""


@dataclass(frozen=True)
class BinnedResiduals:
    """Residuals predicted - true in bins of true mass; every array is (bins,), `nan` in an empty bin.

    Attributes:
        centres: middle of each bin, units of `y`.
        counts: clusters in each bin.
        median: median residual, dex.
        median_error: standard error of that median, dex; `nan` with fewer than two clusters.
        p2_5, p16, p84, p97_5: percentiles of the residuals, dex: the bands that hold 68 % and 95 % of them.
    """

    centres: Array
    counts: NDArray[np.integer[Any]]
    median: Array
    median_error: Array
    p2_5: Array
    p16: Array
    p84: Array
    p97_5: Array


def binned_residuals(y_true: ArrayLike, y_pred: ArrayLike, edges: ArrayLike = MASS_BINS) -> BinnedResiduals:
    """Summarise `y_pred - y_true` in bins of true mass.

    Bins of *true* mass are the question "given a cluster of this mass, what do we say?", in which an
    estimator that is right on average over the training set can be wrong everywhere.

    Args:
        y_true: true masses, (b,) or (b, 1), log10(M200c / 1e14 h^-1 Msun).
        y_pred: predicted masses, (b,) or (b, 1), same units.
        edges: rising bin edges, (bins + 1,), same units. A bin holds its lower edge, the last one both.

    Raises:
        ValueError: lengths differ, a value is not finite, or the edges do not rise.
    """
    truth, prediction = _column(y_true, "y_true"), _column(y_pred, "y_pred")
    if len(truth) != len(prediction):
        raise ValueError(
            f"one prediction per cluster: got {len(truth)} of y_true and {len(prediction)} of y_pred."
        )
    edges = np.asarray(edges, float)
    if edges.ndim != 1 or len(edges) < 2 or (np.diff(edges) <= 0).any():
        raise ValueError(f"edges must be at least two rising numbers; got {edges}.")
    residuals = _split_by_bin(truth, prediction - truth, edges)
    p2_5, p16, median, p84, p97_5 = np.array([_percentiles(inside) for inside in residuals]).T
    return BinnedResiduals(
        centres=(edges[:-1] + edges[1:]) / 2,
        counts=np.array([len(inside) for inside in residuals]),
        median=median,
        median_error=np.array([median_error(inside) for inside in residuals]),
        p2_5=p2_5,
        p16=p16,
        p84=p84,
        p97_5=p97_5,
    )


def median_error(values: ArrayLike) -> float:
    """Standard error of the median of `values`, (n,) -> scalar in their units; `nan` where n < 2.

    Half the distance between the quantiles 1/2 ± 1/(2 √n). The rank of the true median among n values is
    binomial, mean n/2 and standard deviation √n/2, so these two are one standard deviation to either side,
    whatever the distribution (David & Nagaraja 2003, "Order Statistics", section 7.1). For a Normal it gives
    the familiar 1.2533 σ/√n; for the heavy tails that interlopers cause, that formula would not hold.
    """
    values = np.asarray(values, float)
    if len(values) < 2:
        return float("nan")
    half = 0.5 / np.sqrt(len(values))
    low, high = np.quantile(values, [0.5 - half, 0.5 + half])
    return float(high - low) / 2


def pit(log_density: ArrayLike, grid: ArrayLike, y: ArrayLike) -> Array:
    """Probability integral transform, (b,): the posterior probability of a mass below the true one.

    Flat over many clusters if the posteriors are calibrated (Dawid 1984; Gneiting et al. 2007). The
    cumulative distribution is summed by trapezia and read at `y` linearly between grid points.

    Args:
        log_density: log posterior on the grid, (b, g); it need not be normalised, and may be -inf in places.
        grid: rising masses, (g,), units of `y`. Let it start well below the lightest cluster: posterior mass
            that is cut off looks like miscalibration (a KS distance of 0.08 instead of 0.04 when cut at
            10^13.5).
        y: true masses, (b,) or (b, 1).

    Raises:
        ValueError: shapes do not fit, the grid does not rise, or a posterior is empty or not a number.
    """
    log_density, grid, truth = np.asarray(log_density, float), np.asarray(grid, float), _column(y, "y")
    if log_density.shape != (len(truth), grid.size):
        raise ValueError(
            f"log_density must be (b, g) = ({len(truth)}, {grid.size}) here; got {log_density.shape}."
        )
    if grid.ndim != 1 or len(grid) < 2 or (np.diff(grid) <= 0).any():
        raise ValueError("grid must be one-dimensional and rise, with at least two points.")
    return _read_rows(_cumulative(log_density, grid), grid, truth)


def ks_distance(values: ArrayLike) -> float:
    """Largest distance between the empirical distribution of `values`, (b,) in [0, 1], and the flat one.

    The statistic of Kolmogorov and Smirnov: 0 for a perfect match; about 0.87/√b expected from b values that
    are flat.
    """
    ordered = np.sort(_column(values, "values"))
    steps = np.arange(len(ordered) + 1) / len(ordered)
    return float(max((steps[1:] - ordered).max(), (ordered - steps[:-1]).max()))


def _column(values: ArrayLike, name: str) -> Array:
    """(b,) from (b,) or (b, 1): subtracting one from the other would silently give (b, b)."""
    array = np.asarray(values, float)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1 or not len(array):
        raise ValueError(f"{name} must have shape (b,) or (b, 1) with at least one value; got {array.shape}.")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds {int((~np.isfinite(array)).sum())} values that are NaN or infinite.")
    return array


def _split_by_bin(positions: Array, values: Array, edges: Array) -> list[Array]:
    bins = np.searchsorted(edges, positions, side="right") - 1
    bins[positions == edges[-1]] = len(edges) - 2
    return [values[bins == i] for i in range(len(edges) - 1)]


def _percentiles(values: Array) -> Array:
    return np.percentile(values, [2.5, 16, 50, 84, 97.5]) if len(values) else np.full(5, np.nan)


def _cumulative(log_density: Array, grid: Array) -> Array:
    """Cumulative distribution at the grid points, (b, g), from 0 to 1 in each row."""
    peak = log_density.max(axis=1, keepdims=True)
    if not np.isfinite(peak).all():
        raise ValueError("log_density holds a row that is empty (-inf everywhere), infinite or NaN.")
    density = np.exp(log_density - peak)
    areas = (density[:, 1:] + density[:, :-1]) / 2 * np.diff(grid)
    cumulative = np.pad(np.cumsum(areas, axis=1), ((0, 0), (1, 0)))
    return cumulative / cumulative[:, -1:]


def _read_rows(cumulative: Array, grid: Array, positions: Array) -> Array:
    """Row i of `cumulative`, (b, g), at `positions[i]`; 0 below the grid and 1 above it."""
    right = np.clip(np.searchsorted(grid, positions), 1, len(grid) - 1)
    rows, left = np.arange(len(positions)), right - 1
    fraction = np.clip((positions - grid[left]) / (grid[right] - grid[left]), 0, 1)
    return (1 - fraction) * cumulative[rows, left] + fraction * cumulative[rows, right]
