"""The published catalogue and the simulated one, side by side, in six panels."""

from __future__ import annotations

from pathlib import Path

import matplotlib
from anchor_comparison import Comparison

matplotlib.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.lines import Line2D

# Okabe & Ito's palette, told apart by colour-blind readers; styles differ too, for print in black and white.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
MARKERS = ("v", "o", "^", "D", "s", "P")
MASS = r"$\log_{10} M_{200c}\ [h^{-1} M_\odot]$"
NAMES = {
    "log10_richness": ("Richness", r"$\log_{10} N_{\rm gal}$"),
    "log10_sigma_v": ("Velocity dispersion", r"$\log_{10} \sigma_v\ [{\rm km\,s^{-1}}]$"),
}
RESIDUAL_NAMES = {
    "mse_regression": "squared error",
    "mdn_mean_training_prior": "MDN, mean, training prior",
    "mdn_mode_flat_prior": "MDN, mode, flat prior",
}


def draw(
    marginals: dict[str, Comparison],
    tails: dict[str, Comparison],
    counts: Comparison,
    residuals: Comparison,
    path: Path,
) -> None:
    """Save the figure as PNG: values above, deviations below; markers are published, lines simulated."""
    figure, axes = plt.subplots(2, 3, figsize=(15, 9), layout="constrained")
    for column, quantity in enumerate(marginals):
        title, unit = NAMES[quantity]
        both = marginals[quantity], tails[quantity]
        _draw_values(axes[0, column], both, f"{title} at a given mass", unit)
        _draw_deviations(axes[1, column], both, f"{title}: simulated minus published")
    _draw_counts(axes[0, 2], counts)
    _draw_residuals(axes[1, 2], residuals)
    for axis in axes.flat:
        axis.set_xlabel(MASS)
        axis.grid(alpha=0.25)
    figure.suptitle("Cluster catalogue: published (markers) and simulated (lines)")
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _draw_values(axis, comparisons: tuple[Comparison, ...], title: str, unit: str) -> None:
    styles = iter(zip(COLOURS, MARKERS, strict=True))
    for comparison in comparisons:
        for j, label in enumerate(comparison.labels):
            colour, marker = next(styles)
            axis.plot(comparison.mass, comparison.published[:, j], marker, color=colour, ms=5)
            axis.plot(comparison.mass, comparison.simulated[:, j], color=colour, label=_percentile(label))
    axis.set(title=title, ylabel=unit)
    axis.legend(fontsize=8, title="percentile", title_fontsize=8)


def _draw_deviations(axis, comparisons: tuple[Comparison, ...], title: str) -> None:
    styles = iter(zip(COLOURS, MARKERS, strict=True))
    for comparison in comparisons:
        for j, label in enumerate(comparison.labels):
            colour, marker = next(styles)
            options = {"color": colour, "marker": marker, "ms": 4, "lw": 1, "label": _percentile(label)}
            axis.plot(comparison.mass, comparison.deviation[:, j], **options)
    axis.axhline(0, color="black", lw=0.8)
    axis.axhspan(-0.02, 0.02, color="black", alpha=0.08, label="± 0.02 dex")
    axis.set(title=title, ylabel="deviation [dex]", ylim=(-0.08, 0.08))
    axis.legend(fontsize=8, ncols=4, loc="lower center")


def _draw_counts(axis, counts: Comparison) -> None:
    axis.plot(counts.mass, counts.published[:, 0], "o", color=COLOURS[1], label="published")
    axis.plot(counts.mass, counts.simulated[:, 0], color=COLOURS[0], label="simulated")
    for x, y, ratio in zip(
        counts.mass, counts.simulated[:, 0], (counts.simulated / counts.published)[:, 0], strict=True
    ):
        axis.annotate(f"{100 * (ratio - 1):+.0f} %", (x, y), (0, 9), textcoords="offset points", fontsize=8)
    axis.set(title="Clusters (lines of sight) in each bin of mass", ylabel="clusters", yscale="log")
    axis.margins(x=0.08, y=0.1)
    axis.legend(fontsize=8)


def _draw_residuals(axis, residuals: Comparison) -> None:
    handles = []
    for j, label in enumerate(residuals.labels):
        style = ("-", "--", ":")[j]
        axis.plot(residuals.mass, residuals.published[:, j], MARKERS[j + 1], color=COLOURS[j], ms=6)
        axis.plot(residuals.mass, residuals.simulated[:, j], style, color=COLOURS[j])
        key = {"color": COLOURS[j], "ls": style, "marker": MARKERS[j + 1], "label": RESIDUAL_NAMES[label]}
        handles.append(Line2D([], [], **key))
    axis.axhline(0, color="black", lw=0.8)
    axis.set(title="Networks: median residual at a given true mass", ylabel="predicted - true [dex]")
    axis.set_ylim(-0.2, 0.2)
    axis.legend(handles=handles, fontsize=8, loc="upper left")


def _percentile(label: str) -> str:
    return f"{float(label[1:].replace('_', '.')):g}"
