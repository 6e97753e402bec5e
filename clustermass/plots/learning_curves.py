"""Loss against step: has the training converged, does it overfit?"""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from clustermass.history import History
from clustermass.plots import style


def learning_curves(history: History | Mapping[str, History], *, ax: Axes | None = None) -> Figure:
    """Training loss of each step (pale), its mean over each epoch (line) and the validation loss (markers).

    Args:
        history: what `fit` returned, or several by name.
        ax: where to draw; a new figure if left out.
    """
    named = history if isinstance(history, Mapping) else {"training": history}
    axes = style.new_axes() if ax is None else ax
    for i, (name, one) in enumerate(named.items()):
        _draw(axes, i, name, one)
    _scale(axes, list(named.values()))
    style.finish(axes, "Learning curves", "epoch", "loss", legend="below")
    return style.describe(style.figure_of(axes), _in_words(named))


def _draw(axes: Axes, i: int, name: str, history: History) -> None:
    colour, epochs = style.COLOURS[i % len(style.COLOURS)], np.arange(1, history.epochs + 1)
    steps = np.arange(1, len(history.loss) + 1) / history.steps
    axes.plot(steps, history.loss, color=colour, alpha=0.25, linewidth=0.6, label=f"{name}: each step")
    line = style.LINES[i % len(style.LINES)]
    # The mean over an epoch belongs to its middle, the validation loss to its end.
    axes.plot(
        epochs - 0.5,
        history.epoch_loss,
        color=colour,
        linestyle=line,
        linewidth=1.8,
        label=f"{name}: mean of an epoch",
    )
    if len(history.validation_loss):
        marker = style.MARKERS[i % len(style.MARKERS)]
        axes.plot(
            epochs,
            history.validation_loss,
            color=colour,
            marker=marker,
            linestyle=":",
            markeredgecolor=style.INK,
            label="validation" if name == "training" else f"{name}: validation",
        )


def _scale(axes: Axes, histories: list[History]) -> None:
    """Show what happens after the first half epoch, whose steep fall would flatten all the rest."""
    losses = np.concatenate(
        [
            np.concatenate([one.loss[one.steps // 2 :], one.epoch_loss, one.validation_loss])
            for one in histories
        ]
    )
    low, high = losses.min(), losses.max()
    axes.set_xlim(left=0)
    if low > 0:  # a negative log likelihood can be negative
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 1.5, 2, 3, 5, 7)))
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_formatter(NullFormatter())
        axes.set_ylim(low / 1.1, high * 1.2)
    else:
        axes.set_ylim(low - 0.05 * (high - low), high + 0.1 * (high - low))


def _in_words(named: Mapping[str, History]) -> str:
    parts = []
    for name, history in named.items():
        first, last = history.epoch_loss[[0, -1]]
        part = f"{name}: mean loss {first:.4g} in the first epoch, {last:.4g} in the last of {history.epochs}"
        if len(history.validation_loss):
            part += f", validation loss {history.validation_loss[-1]:.4g}"
        parts.append(part)
    return "Loss against epoch. " + "; ".join(parts) + "."
