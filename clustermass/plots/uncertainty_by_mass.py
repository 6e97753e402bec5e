"""How uncertain masses are, in bins of true mass."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from clustermass.plots import style
from clustermass.statistics import MASS_BINS


def uncertainty_by_mass(
    y: ArrayLike, variances: Mapping[str, ArrayLike], *, ax: Axes | None = None
) -> Figure:
    """Root of the mean variance in bins of true mass, one line for each entry.

    Args:
        y: true masses of the clusters, (b,) or (b, 1), log10(M200c / 1e14 h^-1 Msun).
        variances: name -> variances of their log masses (b,), in dex^2.
        ax: where to draw; a new figure if left out.
    """
    axes = style.new_axes(size=(6.0, 3.8)) if ax is None else ax
    edges = np.asarray(MASS_BINS)
    centres = (edges[1:] + edges[:-1]) / 2 + style.LOG_M_UNIT
    place = np.digitize(np.ravel(y), edges) - 1
    rows = []
    for i, (name, values) in enumerate(variances.items()):
        inside = [np.ravel(values)[place == k] for k in range(len(centres))]
        widths = np.array([np.sqrt(np.mean(each)) if each.size else np.nan for each in inside])
        axes.plot(centres, widths, label=name, **style.look(i))
        known = widths[np.isfinite(widths)]
        rows.append(
            f"{name}: {known[0]:.3f} to {known[-1]:.3f} dex"
            if known.size
            else f"{name}: no cluster in any bin"
        )
    axes.set_ylim(bottom=0)
    style.finish(axes, "Uncertainty against true mass", style.MASS_LABEL, "standard deviation, rms  [dex]")
    words = "Standard deviation of log mass from the lightest to the heaviest bin of true mass. " + "; ".join(
        rows
    )
    return style.describe(style.figure_of(axes), words + ".")
