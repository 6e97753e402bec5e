"""Predicted against true mass: the first look at a regression."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator
from numpy.typing import ArrayLike

from clustermass import statistics
from clustermass.plots import style
from clustermass.statistics import Array


def mass_prediction(y_true: ArrayLike, y_pred: ArrayLike, *, ax: Axes | None = None) -> Figure:
    """Two-dimensional histogram of predicted against true mass, the line of equality, and the running median.

    Args:
        y_true: true masses, (b,) or (b, 1), log10(M200c / 1e14 h^-1 Msun).
        y_pred: predicted masses, (b,) or (b, 1), same units.
        ax: where to draw; a new figure if left out.

    Raises:
        ValueError: as `clustermass.statistics.binned_residuals`.
    """
    truth, prediction = np.ravel(y_true), np.ravel(y_pred)
    low, high = _range(truth, prediction)
    shown = (low + style.LOG_M_UNIT, high + style.LOG_M_UNIT)
    summary = statistics.binned_residuals(y_true, y_pred, np.arange(low, high + 0.1, 0.1))
    axes = style.new_axes(size=(5.4, 4.6)) if ax is None else ax
    *_, mesh = axes.hist2d(
        truth + style.LOG_M_UNIT,
        prediction + style.LOG_M_UNIT,
        bins=70,
        range=[shown, shown],
        norm=LogNorm(),
        cmap="Greys",
        rasterized=True,
    )
    style.figure_of(axes).colorbar(mesh, ax=axes, label="clusters per cell")
    _draw_lines(axes, summary)
    style.finish(
        axes, "Predicted against true mass", f"true {style.MASS_LABEL}", f"predicted {style.MASS_LABEL}"
    )
    axes.set_aspect("equal")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MultipleLocator(0.5))
    axes.set(xlim=shown, ylim=shown)
    return style.describe(style.figure_of(axes), _in_words(truth, prediction, summary))


def _range(truth: Array, prediction: Array) -> tuple[float, float]:
    """Masses to show, in whole tenths: all true ones, and the predictions but for the odd outlier."""
    low = min(truth.min(), np.percentile(prediction, 0.1))
    high = max(truth.max(), np.percentile(prediction, 99.9))
    return np.floor(low * 10) / 10, np.floor(high * 10 + 1) / 10


def _draw_lines(axes: Axes, summary: statistics.BinnedResiduals) -> None:
    x = summary.centres + style.LOG_M_UNIT
    ends = [x[0] - 0.05, x[-1] + 0.05]
    axes.plot(
        ends, ends, color=style.INK, linewidth=1.5, path_effects=style.OUTLINE, label="predicted = true"
    )
    enough = summary.counts >= 10  # the median of a handful is noise
    axes.plot(
        x[enough],
        (x + summary.median)[enough],
        color=style.COLOURS[4],
        linewidth=2,
        linestyle="--",
        path_effects=style.OUTLINE,
        label="median",
    )


def _in_words(truth: Array, prediction: Array, summary: statistics.BinnedResiduals) -> str:
    scatter = np.std(prediction - truth)
    worst = np.argmax(np.where(summary.counts >= 10, abs(summary.median), 0))
    return (
        f"Histogram of predicted against true log10 mass of {len(truth)} clusters: the residuals scatter by "
        f"{scatter:.3f} dex around the line of equality; the median lies furthest from it at "
        f"{summary.centres[worst] + style.LOG_M_UNIT:.2f}, by {summary.median[worst]:+.2f} dex."
    )
