"""Aleatoric and epistemic uncertainty of cluster masses against the number of training clusters."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter
from numpy.typing import ArrayLike, NDArray

from clustermass.plots import style
from clustermass.statistics import MASS_BINS


def uncertainty_by_size(
    y: ArrayLike, variances: Mapping[int, tuple[ArrayLike, ArrayLike]], *, ax: NDArray[Any] | None = None
) -> Figure:
    """Left: both parts, rms over all clusters, against the size of the training set. Right: epistemic against mass.

    Args:
        y: true masses of the clusters, (b,) or (b, 1), log10(M200c / 1e14 h^-1 Msun).
        variances: number of training clusters -> (aleatoric (b,), epistemic (b,)), in dex^2.
        ax: two axes; new ones if left out.
    """
    left, right = style.new_axes(1, 2, (8.4, 3.6)) if ax is None else np.asarray(ax).ravel()
    sizes = list(variances)
    parts = {
        name: [float(np.sqrt(np.mean(pair[i]))) for pair in variances.values()]
        for i, name in enumerate(("aleatoric", "epistemic"))
    }
    for i, (name, values) in enumerate(parts.items()):
        left.plot(sizes, values, label=name, **_look(i))
    left.set(xscale="log", yscale="log")
    left.set_xticks(sizes, [f"{size:,}" for size in sizes])
    left.xaxis.set_minor_formatter(NullFormatter())
    left.yaxis.set_major_formatter("{x:g}")
    left.yaxis.set_minor_formatter("{x:g}")
    style.finish(left, "All clusters", "training clusters", "standard deviation, rms  [dex]")
    _against_mass(right, np.ravel(y), variances)
    return style.describe(style.figure_of(left), _in_words(sizes, parts))


def _against_mass(axes: Axes, y: NDArray[Any], variances: Mapping[int, tuple[ArrayLike, ArrayLike]]) -> None:
    edges = np.asarray(MASS_BINS)
    centres = (edges[1:] + edges[:-1]) / 2 + style.LOG_M_UNIT
    place = np.digitize(y, edges) - 1
    for i, (size, (_, epistemic)) in enumerate(variances.items()):
        values = [
            np.sqrt(np.mean(np.ravel(epistemic)[place == k])) if np.any(place == k) else np.nan
            for k in range(len(centres))
        ]
        axes.plot(centres, values, label=f"{size:,} training clusters", **_look(i))
    axes.set_ylim(bottom=0)
    style.finish(axes, "Epistemic part against true mass", style.MASS_LABEL, "standard deviation, rms  [dex]")


def _look(i: int) -> dict[str, Any]:
    i %= len(style.COLOURS)
    return {"color": style.COLOURS[i], "linestyle": style.LINES[i], "marker": style.MARKERS[i]}


def _in_words(sizes: list[int], parts: Mapping[str, list[float]]) -> str:
    rows = [
        f"{size} training clusters: {aleatoric:.3f} and {epistemic:.3f} dex"
        for size, aleatoric, epistemic in zip(sizes, parts["aleatoric"], parts["epistemic"], strict=True)
    ]
    return "Aleatoric and epistemic standard deviation (rms over clusters). " + "; ".join(rows) + "."
