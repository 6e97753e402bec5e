"""Posteriors of a few clusters under the training prior and under a new one."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from clustermass.plots import style

TRAINING, NEW = 0, 4  # entries of the shared colours: blue and vermilion


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
    training, new = (
        np.atleast_2d(np.asarray(log, float)) for log in (log_posterior_training, log_posterior_new)
    )
    if training.shape != new.shape or training.shape[1] != len(grid) or len(training) > 8:
        raise ValueError(
            f"both posteriors must be (b, g) with g = {len(grid)} grid points, and b at most 8 clusters; "
            f"got {training.shape} and {new.shape}."
        )
    true_masses = np.full(len(training), np.nan) if truth is None else np.ravel(truth)
    panels = _new_panels(len(training)) if ax is None else np.atleast_1d(np.asarray(ax)).ravel()
    top = 1.1 * max(_density(training, grid).max(), _density(new, grid).max())
    for i, panel in enumerate(panels):
        _draw(panel, grid, training[i], log_prior, TRAINING)
        _draw(panel, grid, new[i], log_new_prior, NEW)
        _mark_truth(panel, true_masses[i])
        style.finish(panel, f"cluster {i + 1}", style.MASS_LABEL, r"density  [dex$^{-1}$]", legend="none")
        panel.set(xlim=grid[[0, -1]] + style.LOG_M_UNIT, ylim=(0, top))  # a prior may rise above it
    _add_legend(panels[0])
    return style.describe(style.figure_of(panels[0]), _in_words(grid, training, new, true_masses))


def _new_panels(clusters: int) -> NDArray[Any]:
    columns = min(clusters, 3)
    rows = -(-clusters // columns)
    panels = style.new_axes(rows, columns, (2.6 * columns + 1.2, 2.5 * rows + 0.9), squeeze=False).ravel()
    for unused in panels[clusters:]:
        unused.remove()
    return panels[:clusters]


def _draw(panel: Axes, grid: Any, log_posterior: Any, log_prior: ArrayLike | None, look: int) -> None:
    masses, name = grid + style.LOG_M_UNIT, "training prior" if look == TRAINING else "new prior"
    line: dict[str, Any] = {"color": style.COLOURS[look], "linestyle": "-" if look == TRAINING else "--"}
    panel.plot(masses, _density(log_posterior, grid), linewidth=2, label=f"posterior, {name}", **line)
    if log_prior is not None:
        panel.plot(masses, _density(log_prior, grid), linewidth=0.9, label=name, **line)


def _mark_truth(panel: Axes, true_mass: float) -> None:
    if np.isfinite(true_mass):
        panel.axvline(
            true_mass + style.LOG_M_UNIT, color=style.INK, linestyle=":", linewidth=1.5, label="true mass"
        )


def _add_legend(panel: Axes) -> None:
    figure = style.figure_of(panel)
    figure.suptitle("Posterior mass of single clusters", fontsize=11, color=style.INK)
    figure.legend(
        *panel.get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=9, frameon=False
    )


def _density(log_density: ArrayLike, grid: Any) -> Any:
    """Densities with area one on the grid (trapezia), (…, g)."""
    log_density = np.asarray(log_density, float)
    density = np.exp(log_density - log_density.max(axis=-1, keepdims=True))
    return density / np.trapezoid(density, grid)[..., None]


def _in_words(grid: Any, training: Any, new: Any, true_masses: Any) -> str:
    parts = []
    for i, (before, after, true_mass) in enumerate(zip(training, new, true_masses, strict=True), start=1):
        peaks = [grid[curve.argmax()] + style.LOG_M_UNIT for curve in (before, after)]
        known = f", truth {true_mass + style.LOG_M_UNIT:.2f}" if np.isfinite(true_mass) else ""
        parts.append(f"cluster {i}: {peaks[0]:.2f} and {peaks[1]:.2f}{known}")
    return (
        "Posterior densities of log10 mass; their peaks under the training and the new prior: "
        + "; ".join(parts)
        + "."
    )
