"""Curves by name: functions, orbits, a fit through points."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from clustermass.plots import style

Pair = tuple[ArrayLike, ArrayLike]


def curves(
    named: Mapping[str, Pair],
    *,
    points: Mapping[str, Pair] | None = None,
    title: str,
    xlabel: str,
    ylabel: str,
    equal_scale: bool = False,
    ax: Axes | None = None,
) -> Figure:
    """Curves, each with a colour and a line style of its own, over points if there are any.

    Args:
        named: name to (x, y), both (n,), drawn in that order.
        points: name to (x, y), both (n,), drawn as small markers behind the curves.
        title: of the figure.
        xlabel: of the horizontal axis, with its unit.
        ylabel: of the vertical axis, with its unit.
        equal_scale: whether both axes have the same scale, as a map needs it; the start of a curve is then marked.
        ax: where to draw; a new figure if left out.
    """
    axes = style.new_axes(size=(6.0, 5.4) if equal_scale else (6.4, 4.0)) if ax is None else ax
    for i, (name, (x, y)) in enumerate((points or {}).items()):
        marker = style.MARKERS[i % len(style.MARKERS)]
        axes.plot(np.ravel(x), np.ravel(y), marker, color="#8c8c8c", markersize=3, alpha=0.6, label=name)
    for i, (name, (x, y)) in enumerate(named.items()):
        colour, line = style.COLOURS[i % len(style.COLOURS)], style.LINES[i % len(style.LINES)]
        axes.plot(np.ravel(x), np.ravel(y), color=colour, linestyle=line, linewidth=2, label=name)
        if equal_scale:
            marker = style.MARKERS[i % len(style.MARKERS)]
            axes.plot(np.ravel(x)[0], np.ravel(y)[0], marker, color=colour, markeredgecolor=style.INK)
    if equal_scale:
        axes.set_aspect("equal", adjustable="datalim")
    style.finish(axes, title, xlabel, ylabel)
    described = [_in_words(name, pair, ordered=False) for name, pair in (points or {}).items()]
    described += [_in_words(name, pair, ordered=True) for name, pair in named.items()]
    words = f"{title}: {ylabel} against {xlabel}. {'; '.join(described)}."
    return style.describe(style.figure_of(axes), words.replace("$", ""))


def _in_words(name: str, pair: Pair, ordered: bool) -> str:
    x, y = (np.ravel(values) for values in pair)
    ends = f" from ({x[0]:.3g}, {y[0]:.3g}) to ({x[-1]:.3g}, {y[-1]:.3g})," if ordered else ""
    return f"{name}, {len(y)} points{ends} between {y.min():.3g} and {y.max():.3g}"
