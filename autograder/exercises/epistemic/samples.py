"""What is measured of predictions with dropout: their mean and their spread, over keys."""

from __future__ import annotations

import numpy as np

from autograder.exercises.epistemic.network import DropoutNetwork, keys

Array = np.ndarray


def slope_over_masks(
    network: DropoutNetwork, x: Array, random: np.random.Generator, networks: int, masks: int
) -> float:
    """Slope of the prediction averaged over masks against the prediction without dropout.

    One slope for several random parameters together: those whose curve is flat say little, and weigh little.
    """
    together = alone = 0.0
    for _ in range(networks):
        params = network.draw(random, x)
        plain = network.apply(params, x).astype(np.float64)
        drawn = [network.apply_dropout(params, key, x) for key in keys(random, masks)]
        mean = np.mean(drawn, axis=0, dtype=np.float64)
        centred = plain - plain.mean()
        together, alone = together + centred @ (mean - mean.mean()), alone + centred @ centred
    return float(together / max(alone, 1e-12))


def departure(drawn: Array, reference: Array) -> float:
    """How far the mean over samples (n, s, b) is from that of a reference (m, b), point by point.

    Rms over the points, in units of the standard deviation of all of the reference.
    """
    apart = drawn.mean(axis=(0, 1)) - reference.mean(axis=0)
    return float(np.sqrt(np.mean(apart**2)) / max(np.std(reference), 1e-12))


def relative_spread(drawn: Array, reference: Array) -> float:
    """Standard deviation within one call, samples (n, s, b), relative to that of a reference (m, b)."""
    within = np.mean(drawn.var(axis=1, ddof=1))
    return float(np.sqrt(within / max(np.mean(reference.var(axis=0, ddof=1)), 1e-12)))
