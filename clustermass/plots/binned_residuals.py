"""The lecture's plot: residuals in bins of true mass, where the bias of a mean shows."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from clustermass import statistics
from clustermass.plots import style

WIDE_BINS = np.round(np.arange(-0.4, 1.21, 0.2), 10)
"""A bin more on either side than `MASS_BINS`: the plot shows where the test stops and why."""


def binned_residuals(
    y_true: ArrayLike,
    predictions: ArrayLike | Mapping[str, ArrayLike],
    edges: ArrayLike = WIDE_BINS,
    *,
    tolerance: float | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Median residual against true mass, with the bands that hold 68 % and 95 % of the clusters.

    An unbiased estimator follows the zero line; a network trained with a mean squared error lies below it
    where the mass function is steep. The error bar is the standard error of the median, the bands are the
    clusters' own scatter.

    Args:
        y_true: true masses, (b,) or (b, 1), log10(M200c / 1e14 h^-1 Msun).
        predictions: predicted masses, (b,) or (b, 1), same units; or several by name. The wide band, 95 %, is
            drawn for a single one.
        edges: bin edges, (bins + 1,), units of `y`.
        tolerance: half width, dex, of a strip around zero in which a median counts as unbiased.
        ax: where to draw; a new figure if left out.

    Raises:
        ValueError: as `clustermass.statistics.binned_residuals`.
    """
    named = predictions if isinstance(predictions, Mapping) else {"prediction": predictions}
    summaries = {name: statistics.binned_residuals(y_true, values, edges) for name, values in named.items()}
    axes = style.new_axes() if ax is None else ax
    axes.axhline(0, color=style.INK, linewidth=1.2, zorder=1)
    if tolerance is not None:
        axes.axhspan(
            -tolerance, tolerance, color=style.GRID_GREY, zorder=0, label=f"within {tolerance:g} dex"
        )
    shift = 0.012 * (np.arange(len(summaries)) - (len(summaries) - 1) / 2)
    for i, (name, summary) in enumerate(summaries.items()):
        _draw(axes, i, name, summary, shift[i], alone=len(summaries) == 1)
    if len(summaries) > 1:
        axes.plot([], [], color=style.INK, linewidth=0.9, label="thin lines: 68 % of clusters")
    style.finish(
        axes,
        "Residuals in bins of true mass",
        f"true {style.MASS_LABEL}",
        r"$\log_{10} M_{\rm predicted} - \log_{10} M_{\rm true}$  [dex]",
        legend="below",
    )
    return style.describe(style.figure_of(axes), _in_words(summaries))


def _draw(
    axes: Axes, i: int, name: str, summary: statistics.BinnedResiduals, shift: float, alone: bool
) -> None:
    x, colour = summary.centres + style.LOG_M_UNIT, style.COLOURS[i % len(style.COLOURS)]
    if alone:
        axes.fill_between(
            x, summary.p2_5, summary.p97_5, color=colour, alpha=0.13, linewidth=0, label="95 % of clusters"
        )
        axes.fill_between(
            x, summary.p16, summary.p84, color=colour, alpha=0.28, linewidth=0, label="68 % of clusters"
        )
    else:  # several filled bands would mix into colours that mean nothing
        for edge in (summary.p16, summary.p84):
            axes.plot(
                x, edge, color=colour, linewidth=0.9, linestyle=style.LINES[i % len(style.LINES)], alpha=0.8
            )
    axes.errorbar(
        x + shift,
        summary.median,
        yerr=summary.median_error,
        color=colour,
        linestyle=style.LINES[i % len(style.LINES)],
        marker=style.MARKERS[i % len(style.MARKERS)],
        markersize=5,
        linewidth=1.8,
        capsize=2.5,
        label=f"{name}: median",
        zorder=3,
    )


def _in_words(summaries: Mapping[str, statistics.BinnedResiduals]) -> str:
    sentences = []
    for name, summary in summaries.items():
        bins = zip(summary.centres + style.LOG_M_UNIT, summary.median, strict=True)
        values = ", ".join(
            f"{median:+z.2f} at {centre:.1f}" for centre, median in bins if np.isfinite(median)
        )
        sentences.append(f"{name}: {values}")
    return (
        "Median residual, log10 M predicted minus true in dex, in bins of true log10 mass. "
        + "; ".join(sentences)
        + "."
    )
