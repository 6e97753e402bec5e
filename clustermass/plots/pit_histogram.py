"""Are the posteriors calibrated? If so, this histogram is flat."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from scipy.stats import binom

from clustermass import statistics
from clustermass.plots import style


def pit_histogram(pit: ArrayLike, *, bins: int = 20, ax: Axes | None = None) -> Figure:
    """Histogram of the probability integral transform, with the band that 95 % of the bars keep to if flat.

    A heap in the middle: posteriors too wide. Heaps at both ends: too narrow. A slope: biased.

    Args:
        pit: posterior probability of a mass below the true one, (b,), in [0, 1], of
            `clustermass.statistics.pit`.
        bins: number of bars.
        ax: where to draw; a new figure if left out.

    Raises:
        ValueError: a value outside [0, 1].
    """
    values = np.ravel(pit)
    if not ((values >= 0) & (values <= 1)).all():
        raise ValueError("pit holds probabilities: every value must lie between 0 and 1.")
    axes = style.new_axes(size=(6.0, 3.8)) if ax is None else ax
    expected = len(values) / bins
    low, high = binom.interval(0.95, len(values), 1 / bins)  # a bar of a flat histogram is a binomial count
    axes.axhspan(
        low / expected, high / expected, color=style.COLOURS[1], alpha=0.35, label="95 % of bars, if flat"
    )
    axes.axhline(1, color=style.INK, linestyle="--", linewidth=1.2, label="flat: calibrated")
    counts, edges = np.histogram(values, bins, range=(0, 1))
    axes.stairs(
        counts / expected, edges, color=style.COLOURS[0], linewidth=2, baseline=None, label="posteriors"
    )
    axes.set_xlim(0, 1)
    axes.set_ylim(bottom=0)
    distance = statistics.ks_distance(values)
    style.finish(
        axes,
        f"Calibration (KS distance {distance:.3f})",
        "posterior probability of a mass below the true one",
        "clusters, relative to flat",
    )
    return style.describe(
        style.figure_of(axes),
        f"Histogram of the probability integral transform of {len(values)} clusters in {bins} bars: "
        f"{counts.min() / expected:.2f} to {counts.max() / expected:.2f} times a flat one; "
        f"Kolmogorov-Smirnov distance {distance:.3f}.",
    )
