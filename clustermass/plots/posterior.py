"""Posteriors of a few clusters under the training prior and under a new one."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from clustermass.plots import style

TRAINING, NEW = 0, 4  # entries of the shared colours and lines


def posterior(
    grid: ArrayLike,
    log_posterior_training: ArrayLike,
    log_posterior_new: ArrayLike,
    *,
    truth: ArrayLike | None = None,
    log_prior: ArrayLike | None = None,
    log_new_prior: ArrayLike | None = None,
    ax: Axes | NDArray[Any] | None = None,
) -> Figure:
    """One panel a cluster: its posterior under either prior, the priors (thin), and its true mass.

    Args:
        grid: rising masses, (g,), log10(M200c / 1e14 h^-1 Msun).
        log_posterior_training: log density under the training prior, (b, g) or (g,); need not be normalised.
        log_posterior_new: the same under the new prior.
        truth: true masses, (b,), (b, 1) or a number.
        log_prior, log_new_prior: log densities of the priors themselves, (g,).
        ax: one axes a cluster; new ones if left out.

    Raises:
        ValueError: shapes do not fit, or there are more than eight clusters.
    """
    grid = np.asarray(grid, float)
    training, new = (np.atleast_2d(np.asarray(log, float)) for log in (log_posterior_training, log_posterior_new))
    if training.shape != new.shape or training.shape[1] != len(grid) or len(training) > 8:
        raise ValueError(
            f"both posteriors must be (b, g) with g = {len(grid)} grid points, and b at most 8 clusters; "
            f"got {training.shape} and {new.shape}."
        )
    true_masses = np.full(len(training), np.nan) if truth is None else np.ravel(truth)
    panels = np.ravel(_new_panels(len(training)) if ax is None else ax)
    priors = {TRAINING: log_prior, NEW: log_new_prior}
    for panel, *curves, true_mass in zip(panels, training, new, true_masses, strict=True):
        _draw(panel, grid, dict(zip((TRAINING, NEW), curves, strict=True)), priors, true_mass)
    _finish(panels)
    return style.describe(style.figure_of(panels[0]), _in_words(grid, training, new, true_masses))


def _new_panels(clusters: int) -> NDArray[Any]:
    columns = min(clusters, 3)
    rows = -(-clusters // columns)
    panels = style.new_axes(
        rows, columns, (2.6 * columns + 1.2, 2.4 * rows + 0.9), sharex=True, sharey=True, squeeze=False
    ).ravel()
    for unused in panels[clusters:]:
        unused.remove()
    return panels[:clusters]


def _draw(panel: Axes, grid: Any, posteriors: dict[int, Any], priors: dict[int, Any], true_mass: float) -> None:
    masses = grid + style.LOG_M_UNIT
    for i, name in ((TRAINING, "training prior"), (NEW, "new prior")):
        look: dict[str, Any] = {"color": style.COLOURS[i], "linestyle": "-" if i == TRAINING else "--"}
        panel.plot(masses, _density(posteriors[i], grid), linewidth=2, label=f"posterior, {name}", **look)
        if priors[i] is not None:
            panel.plot(masses, _density(priors[i], grid), linewidth=0.9, alpha=0.8, label=name, **look)
    if np.isfinite(true_mass):
        panel.axvline(true_mass + style.LOG_M_UNIT, color=style.INK, linestyle=":", linewidth=1.5, label="true mass")


def _finish(panels: NDArray[Any]) -> None:
    for i, panel in enumerate(panels, start=1):
        style.finish(panel, f"cluster {i}", "", "", legend=False)
        panel.set_ylim(bottom=0)
    figure = style.figure_of(panels[0])
    figure.suptitle("Posterior mass of single clusters", fontsize=11, color=style.INK)
    figure.supxlabel(style.MASS_LABEL, fontsize=10)
    figure.supylabel(r"density  [dex$^{-1}$]", fontsize=10)
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=9, frameon=False)


def _density(log_density: ArrayLike, grid: Any) -> Any:
    """Density with area one on the grid (trapezia), (g,)."""
    log_density = np.asarray(log_density, float)
    density = np.exp(log_density - log_density.max())
    return density / np.trapezoid(density, grid)


def _in_words(grid: Any, training: Any, new: Any, true_masses: Any) -> str:
    parts = []
    for i, (before, after, true_mass) in enumerate(zip(training, new, true_masses, strict=True), start=1):
        peaks = [grid[curve.argmax()] + style.LOG_M_UNIT for curve in (before, after)]
        known = f", truth {true_mass + style.LOG_M_UNIT:.2f}" if np.isfinite(true_mass) else ""
        parts.append(f"cluster {i} peaks at {peaks[0]:.2f} under the training prior, {peaks[1]:.2f} under the new{known}")
    return "Posterior densities of log10 mass: " + "; ".join(parts) + "."
