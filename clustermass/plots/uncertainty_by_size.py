"""Aleatoric and epistemic uncertainty of cluster masses against the number of training clusters."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter
from numpy.typing import ArrayLike, NDArray

from clustermass.plots import style

_TICKS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5]


def uncertainty_by_size(
    variances: Mapping[int, tuple[ArrayLike, ArrayLike]], *, ax: Axes | None = None
) -> Figure:
    """Both parts, rms over all clusters, against the size of the training set, on logarithmic axes.

    Args:
        variances: number of training clusters -> (aleatoric (b,), epistemic (b,)), in dex^2.
        ax: where to draw; a new figure if left out.
    """
    axes = style.new_axes(size=(6.0, 3.8)) if ax is None else ax
    sizes = list(variances)
    parts = {
        name: np.array([np.sqrt(np.mean(np.asarray(pair[i], float))) for pair in variances.values()])
        for i, name in enumerate(("aleatoric", "epistemic"))
    }
    for i, (name, values) in enumerate(parts.items()):
        axes.plot(sizes, values, label=name, **style.look(i))
    axes.set(xscale="log", yscale="log")
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.set_yticks(_TICKS, [f"{tick:g}" for tick in _TICKS])
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_formatter(NullFormatter())
    every = np.concatenate(list(parts.values()))
    axes.set_ylim(every.min() / 1.6, every.max() * 1.6)
    style.finish(axes, "What remains unknown", "training clusters", "standard deviation, rms  [dex]")
    return style.describe(style.figure_of(axes), _in_words(sizes, parts))


def _in_words(sizes: list[int], parts: Mapping[str, NDArray[np.floating]]) -> str:
    rows = [
        f"{size} training clusters: {aleatoric:.3f} and {epistemic:.3f} dex"
        for size, aleatoric, epistemic in zip(sizes, parts["aleatoric"], parts["epistemic"], strict=True)
    ]
    return "Aleatoric and epistemic standard deviation (rms over clusters). " + "; ".join(rows) + "."
