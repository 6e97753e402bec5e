"""A curve and how sure it is: one band for what weights leave open, one for that and the noise together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from clustermass.plots import style

LINE, TOTAL, TRUTH = 0, 1, 4  # entries of the shared colours: blue, orange and vermilion


@dataclass(frozen=True)
class Prediction:
    """What a model of one variable says, and what it was told.

    Attributes:
        grid: where it was asked, rising, (g,).
        mean: its mean there, (g,).
        aleatoric: variance that would remain if the weights were known, (g,) or a number.
        epistemic: variance of the mean over the weights, (g,).
        x, y: the observations, (b,) or (b, 1).
        truth: the curve that they were made from, (g,).
    """

    grid: ArrayLike
    mean: ArrayLike
    aleatoric: ArrayLike
    epistemic: ArrayLike
    x: ArrayLike = ()
    y: ArrayLike = ()
    truth: ArrayLike | None = None


def predictive_bands(
    predictions: Prediction | Mapping[str, Prediction], *, ax: Axes | NDArray[Any] | None = None
) -> Figure:
    """One panel a prediction: the mean, the epistemic band and the total one, each two standard deviations wide.

    Args:
        predictions: one, or several by title; up to four.
        ax: one axes a prediction; new ones if left out.
    """
    named = predictions if isinstance(predictions, Mapping) else {"Prediction": predictions}
    panels = _new_panels(len(named)) if ax is None else np.atleast_1d(np.asarray(ax)).ravel()
    for panel, (title, prediction) in zip(panels, named.items(), strict=False):
        _draw(panel, prediction)
        style.finish(panel, title, "x", "y", legend="none")
    figure = style.figure_of(panels[0])
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, fontsize=9, frameon=False)
    return style.describe(figure, _in_words(named))


def _new_panels(number: int) -> NDArray[Any]:
    columns = min(number, 2)
    rows = -(-number // columns)
    size = (3.9 * columns + 0.6 * (number == 1), 2.5 * rows + 0.8)
    panels = style.new_axes(rows, columns, size, squeeze=False, sharex=True, sharey=True).ravel()
    for unused in panels[number:]:
        unused.remove()
    return panels[:number]


def _draw(panel: Axes, prediction: Prediction) -> None:
    grid, mean = np.ravel(prediction.grid), np.ravel(prediction.mean)
    epistemic, total = (2 * np.sqrt(variance) for variance in _variances(prediction))
    edge: dict[str, Any] = {"color": style.COLOURS[TOTAL], "linestyle": "--", "linewidth": 1.0}
    panel.fill_between(
        grid,
        mean - total,
        mean + total,
        color=style.COLOURS[TOTAL],
        alpha=0.25,
        linewidth=0,
        label="all (2 s.d.)",
    )
    panel.plot(grid, mean - total, **edge)
    panel.plot(grid, mean + total, **edge)
    look: dict[str, Any] = {
        "facecolor": "none",
        "edgecolor": style.COLOURS[LINE],
        "hatch": "////",
        "linewidth": 0.8,
    }
    panel.fill_between(grid, mean - epistemic, mean + epistemic, label="epistemic (2 s.d.)", **look)
    if prediction.truth is not None:
        panel.plot(
            grid,
            np.ravel(prediction.truth),
            color=style.COLOURS[TRUTH],
            linestyle=":",
            linewidth=1.8,
            label="truth",
        )
    panel.plot(grid, mean, color=style.COLOURS[LINE], linewidth=2, label="mean")
    panel.plot(
        np.ravel(prediction.x), np.ravel(prediction.y), ".", color=style.INK, markersize=5, label="observed"
    )
    panel.set_xlim(grid[0], grid[-1])


def _variances(prediction: Prediction) -> tuple[NDArray[Any], NDArray[Any]]:
    """Epistemic and total variance, (g,) each."""
    epistemic = np.ravel(prediction.epistemic).astype(float)
    return epistemic, epistemic + np.asarray(prediction.aleatoric, float)


def _in_words(named: Mapping[str, Prediction]) -> str:
    parts = []
    for title, prediction in named.items():
        epistemic, total = (np.sqrt(variance) for variance in _variances(prediction))
        parts.append(
            f"{title}: epistemic standard deviation {epistemic.min():.2g} to {epistemic.max():.2g}, all together "
            f"{total.min():.2g} to {total.max():.2g}, from {np.size(prediction.x)} observations"
        )
    return "Predicted curves with bands of two standard deviations. " + "; ".join(parts) + "."
