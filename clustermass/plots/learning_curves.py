"""Loss against step: has the training converged, does it overfit?"""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

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
    axes.set_xlim(left=0)
    axes.set_ylim(*_limits(list(named.values())))
    if all(one.loss.min() > 0 for one in named.values()):
        axes.set_yscale("log")  # a negative log likelihood can be negative
    style.finish(axes, "Learning curves", "epoch", "loss")
    return style.describe(style.figure_of(axes), _in_words(named))


def _draw(axes: Axes, i: int, name: str, history: History) -> None:
    colour, epochs = style.COLOURS[i % len(style.COLOURS)], np.arange(1, history.epochs + 1)
    steps = np.arange(1, len(history.loss) + 1) / history.steps
    axes.plot(steps, history.loss, color=colour, alpha=0.25, linewidth=0.6)
    line = style.LINES[i % len(style.LINES)]
    # The mean over an epoch belongs to its middle, the validation loss to its end.
    axes.plot(epochs - 0.5, history.epoch_loss, color=colour, linestyle=line, linewidth=1.8, label=name)
    if len(history.validation_loss):
        marker = style.MARKERS[i % len(style.MARKERS)]
        axes.plot(
            epochs, history.validation_loss, color=colour, marker=marker, linestyle=":", markeredgecolor=style.INK,
            label=f"{name}: validation" if name != "training" else "validation",
        )


def _limits(histories: list[History]) -> tuple[float, float]:
    """From the best loss to what the first steps reach, without the very first few, which dwarf all others."""
    losses = np.concatenate([np.append(one.loss[one.steps // 20 :], one.validation_loss) for one in histories])
    low, high = losses.min(), losses.max()
    return (low * 0.9, high * 1.1) if low > 0 else (low - 0.05 * (high - low), high + 0.05 * (high - low))


def _in_words(named: Mapping[str, History]) -> str:
    parts = []
    for name, history in named.items():
        part = f"{name}: mean loss {history.epoch_loss[0]:.4g} in the first epoch, {history.epoch_loss[-1]:.4g} in the last"
        if len(history.validation_loss):
            part += f", validation loss {history.validation_loss[-1]:.4g}"
        parts.append(f"{part} of {history.epochs}")
    return "Loss against epoch. " + "; ".join(parts) + "."
