"""What is measured of predictions with dropout: their mean and their spread, over keys."""

from __future__ import annotations

import numpy as np

from autograder.exercises.epistemic.network import DropoutNetwork, keys

Array = np.ndarray


# Of small parameters a smooth activation makes a straight line.
SMALL = 0.3


def slopes_over_masks(
    network: DropoutNetwork, x: Array, random: np.random.Generator, networks: int, masks: int
) -> tuple[Array, Array]:
    """Slopes of the prediction averaged over masks against the prediction without dropout, and their standard errors.

    One for each of some random parameters. It is 1 where activations are straight lines, so the parameters are small;
    that of several layers of `relu` is still another one for each network, and 1 only on the whole.
    """
    slopes = np.array([_slopes(network, x, random, masks) for _ in range(networks)])
    return slopes.mean(axis=1), slopes.std(axis=1, ddof=1) / np.sqrt(masks)


def _slopes(network: DropoutNetwork, x: Array, random: np.random.Generator, masks: int) -> Array:
    params = [SMALL * leaf for leaf in network.draw(random, x)]
    plain = network.apply(params, x).astype(np.float64)
    drawn = np.stack([network.apply_dropout(params, key, x) for key in keys(random, masks)])
    centred = plain - plain.mean()
    return drawn.astype(np.float64) @ centred / max(centred @ centred, 1e-30)


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
