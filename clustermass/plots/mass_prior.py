"""The distribution of masses in the training data, which is the prior that a network learns."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from clustermass.plots import style

BIN_WIDTH = 0.1


def mass_prior(y: ArrayLike, *, ax: Axes | None = None) -> Figure:
    """Number of clusters per 0.1 dex of mass, on a logarithmic axis.

    Args:
        y: masses of the training set, (b,) or (b, 1), log10(M200c / 1e14 h^-1 Msun).
        ax: where to draw; a new figure if left out.
    """
    masses = np.ravel(y) + style.LOG_M_UNIT
    first, last = np.floor(masses.min() / BIN_WIDTH), np.floor(masses.max() / BIN_WIDTH)
    edges = np.arange(first, last + 2) * BIN_WIDTH
    axes = style.new_axes(size=(6.0, 3.8)) if ax is None else ax
    counts, _ = np.histogram(masses, edges)
    look: dict[str, Any] = {"color": style.COLOURS[0], "edgecolor": "white", "linewidth": 0.5}
    axes.bar(edges[:-1], counts, BIN_WIDTH, align="edge", label="training set", **look)
    axes.set_yscale("log")
    style.finish(axes, "Masses in the training data", style.MASS_LABEL, f"clusters per {BIN_WIDTH:g} dex")
    peak = edges[counts.argmax()]
    return style.describe(
        style.figure_of(axes),
        f"Histogram of the masses of {len(masses)} clusters, log10 M200c from {masses.min():.2f} to "
        f"{masses.max():.2f}: {counts.max():.0f} in the fullest bin, {peak:.1f} to {peak + BIN_WIDTH:.1f}, "
        f"and {counts[-1]:.0f} in the heaviest.",
    )
