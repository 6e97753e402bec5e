"""Do clusters called 70 % probable turn out to be so in 70 % of cases? If so, the points lie on the diagonal."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from clustermass.plots import style
from clustermass.reliability import Reliability, reliability


def reliability_diagram(
    probability: ArrayLike | Mapping[str, ArrayLike],
    labels: ArrayLike,
    *,
    bins: int = 10,
    ax: Axes | None = None,
) -> Figure:
    """Fraction of labels that are 1 against forecast probability, with the line of perfect calibration.

    Points below the diagonal: probabilities too high. Above: too low. The error bars are those of a binomial count.

    Args:
        probability: forecast probability of label 1, (b,), in [0, 1]; or several by name.
        labels: what happened, (b,), 0 or 1.
        bins: number of bins of the probability.
        ax: where to draw; a new figure if left out.

    Raises:
        ValueError: as `clustermass.reliability.reliability`.
    """
    named = probability if isinstance(probability, Mapping) else {"forecast": probability}
    summaries = {name: reliability(values, labels, bins) for name, values in named.items()}
    axes = style.new_axes(size=(5.4, 4.8)) if ax is None else ax
    axes.plot([0, 1], [0, 1], color=style.INK, linewidth=1.2, label="calibrated", zorder=1)
    for i, (name, summary) in enumerate(summaries.items()):
        _draw(axes, i, f"{name} (error {summary.calibration_error:.3f})", summary)
    style.finish(axes, "Reliability diagram", "forecast probability", "fraction of labels that are 1")
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    axes.set_aspect("equal")
    return style.describe(style.figure_of(axes), _in_words(summaries))


def _draw(axes: Axes, i: int, label: str, summary: Reliability) -> None:
    axes.errorbar(
        summary.predicted,
        summary.observed,
        yerr=summary.error,
        color=style.COLOURS[i % len(style.COLOURS)],
        linestyle=style.LINES[(i + 1) % len(style.LINES)],  # the diagonal is the solid line
        marker=style.MARKERS[i % len(style.MARKERS)],
        markersize=5,
        linewidth=1.4,
        capsize=2.5,
        label=label,
        zorder=3,
    )


def _in_words(summaries: Mapping[str, Reliability]) -> str:
    sentences = []
    for name, summary in summaries.items():
        filled = np.flatnonzero(summary.counts)
        points = ", ".join(f"{summary.observed[i]:.2f} at {summary.predicted[i]:.2f}" for i in filled)
        sentences.append(f"{name}: {points}; expected calibration error {summary.calibration_error:.3f}")
    return "Fraction of labels that are 1, at each forecast probability. " + ". ".join(sentences) + "."
