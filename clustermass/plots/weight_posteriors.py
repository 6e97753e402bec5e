"""What is known of two weights: Gaussians as ellipses."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from clustermass.plots import style

# Radii, in standard deviations, of ellipses that hold 68 % and 95 % of a Gaussian of two variables.
RADII = tuple(np.sqrt(-2 * np.log(1 - share)) for share in (0.68, 0.95))
# Mean (2,) and covariance (2, 2).
Gaussian = tuple[ArrayLike, ArrayLike]


def weight_posteriors(
    posteriors: Mapping[str, Mapping[str, Gaussian]],
    names: tuple[str, str] = ("slope", "intercept"),
    *,
    ax: Axes | NDArray[Any] | None = None,
) -> Figure:
    """One panel for each entry: ellipses that hold 68 % and 95 % of each of its Gaussians.

    Args:
        posteriors: title of the panel -> name -> (mean (2,), covariance (2, 2)); up to six Gaussians a panel.
        names: of the two weights.
        ax: one axes a panel; new ones if left out.
    """
    number = len(posteriors)
    size = (3.9 * number + 0.6 * (number == 1), 4.0)
    panels = (
        style.new_axes(1, number, size, squeeze=False).ravel()
        if ax is None
        else np.atleast_1d(np.asarray(ax)).ravel()
    )
    for panel, (title, gaussians) in zip(panels, posteriors.items(), strict=False):
        for i, (name, (mean, covariance)) in enumerate(gaussians.items()):
            _draw(panel, i, name, np.ravel(mean), np.asarray(covariance))
        style.finish(panel, title, names[0], names[1], legend="none")
    figure = style.figure_of(panels[0])
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, fontsize=9, frameon=False)
    return style.describe(figure, _in_words(posteriors, names))


def _draw(panel: Axes, i: int, name: str, mean: NDArray[Any], covariance: NDArray[Any]) -> None:
    angle = np.linspace(0, 2 * np.pi, 200)
    circle = np.linalg.cholesky(covariance) @ np.stack([np.cos(angle), np.sin(angle)])
    look: dict[str, Any] = {"color": style.COLOURS[i % 6], "linestyle": style.LINES[i % 6]}
    for radius, width in zip(RADII, (2.0, 1.2), strict=True):
        label = name if radius == RADII[0] else None
        panel.plot(*(mean[:, None] + radius * circle), linewidth=width, label=label, **look)
    panel.plot(*mean, marker=style.MARKERS[i % 6], color=style.COLOURS[i % 6], markersize=5)


def _in_words(posteriors: Mapping[str, Mapping[str, Gaussian]], names: tuple[str, str]) -> str:
    parts = []
    for title, gaussians in posteriors.items():
        for name, (_, covariance) in gaussians.items():
            first, second = np.sqrt(np.diag(np.asarray(covariance)))
            correlation = np.asarray(covariance)[0, 1] / (first * second)
            parts.append(
                f"{title}, {name}: standard deviations {first:.3f} ({names[0]}) and {second:.3f} ({names[1]}), "
                f"correlation {correlation:+.2f}"
            )
    return "Ellipses that hold 68 % and 95 % of each Gaussian. " + "; ".join(parts) + "."
