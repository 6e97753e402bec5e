"""What `fit` hands back: the losses of a run, or the reason why it stopped."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


class TrainingDiverged(FloatingPointError):
    """The loss became NaN or infinite; the message says when, and where to look."""


@dataclass(frozen=True, repr=False)
class History:
    """The losses of one run of `fit`.

    Attributes:
        loss: training loss of each step, (epochs * steps,), each taken before that step's update.
        validation_loss: loss of the held-out data after each epoch, (epochs,); empty without held-out data.
        seconds: wall time of each epoch's training, (epochs,), compilation not counted.
    """

    loss: NDArray[np.floating]
    validation_loss: NDArray[np.floating] = field(default_factory=lambda: np.array([]))
    seconds: NDArray[np.floating] = field(default_factory=lambda: np.zeros(1))

    @property
    def epochs(self) -> int:
        """Number of passes over the data."""
        return len(self.seconds)

    @property
    def steps(self) -> int:
        """Number of optimiser steps in one epoch."""
        return len(self.loss) // self.epochs

    @property
    def epoch_loss(self) -> NDArray[np.floating]:
        """Mean training loss of each epoch, (epochs,)."""
        return self.loss.reshape(self.epochs, self.steps).mean(axis=1)

    def __repr__(self) -> str:
        """One line, where every step's loss would flood a notebook."""
        losses = f"loss {self.epoch_loss[0]:.4g} -> {self.epoch_loss[-1]:.4g}"
        if len(self.validation_loss):
            losses += f", validation loss {self.validation_loss[-1]:.4g}"
        return f"History({self.epochs} epochs of {self.steps} steps, {losses})"


def divergence_message(losses: Sequence[NDArray[np.floating]], x: object, y: object) -> str:
    """Say at which step the loss left the real numbers, and what usually does that.

    Args:
        losses: the losses of each epoch so far, (steps,) each; the last holds the first value that is not
            finite.
        x: features, (n, …), and
        y: targets, (n, …), searched for values that are not finite themselves.
    """
    everything = np.concatenate(losses)
    first = int(np.flatnonzero(~np.isfinite(everything))[0])
    step = first - sum(len(epoch) for epoch in losses[:-1])
    when = f"The loss became {everything[first]} at epoch {len(losses)}, step {step + 1} of {len(losses[-1])}"
    before = f"; the last finite loss was {everything[first - 1]:.4g}." if first else ", before any update."
    return f"{when}{before}\n{_where_to_look(x, y, at_once=first == 0)}"


def _where_to_look(x: object, y: object, at_once: bool) -> str:
    for name, values in (("x", np.asarray(x)), ("y", np.asarray(y))):
        bad = int((~np.isfinite(values)).sum())
        if bad:
            return f"Look at the data: {name} holds {bad} values that are NaN or infinite."
    causes = [
        "the log of zero or less, or a scale that is not positive: `nn.softplus(…) + 1e-3` is safe",
        "features that are not standardised: their mean should be near 0 and their spread near 1",
    ]
    if at_once:
        return "The loss is bad before training has begun. Look for " + "; or ".join(causes) + "."
    return "Look for a learning rate that is too high: try a tenth of it; or " + "; or ".join(causes) + "."
