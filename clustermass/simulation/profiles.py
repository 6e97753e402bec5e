"""Inverse cumulative distributions as tables: a galaxy is drawn by looking up a random 16-bit integer.

A table lookup costs a few nanoseconds, needs no rejection and gives the same numbers on every machine. 4096
quantiles are plenty for clusters of at most a few thousand galaxies.
"""

from __future__ import annotations

import functools

import numpy as np

from .parameters import Parameters

Array = np.ndarray
QUANTILES = 4096
SHIFT = 4  # 16 random bits -> 12-bit index
CONCENTRATIONS = np.geomspace(1.0, 16.0, 25)  # rows of the radius table


def draw(rng: np.random.Generator, table: Array, n: int, row_start: Array | int = 0) -> Array:
    """Draw n values from the rows of a table that begin at `row_start`, () or (n,), in flat order."""
    quantile = rng.integers(0, 2**16, n, dtype=np.uint16) >> SHIFT
    return table.ravel()[row_start + quantile]


def levels() -> Array:
    """Midpoints of the quantiles, (QUANTILES,)."""
    return (np.arange(QUANTILES) + 0.5) / QUANTILES


def concentration_row(concentration: Array) -> Array:
    """Row of the radius table nearest in log concentration. (n,) -> (n,) integers."""
    step = np.log(CONCENTRATIONS[1] / CONCENTRATIONS[0])
    row = np.rint(np.log(concentration / CONCENTRATIONS[0]) / step)
    return np.clip(row, 0, len(CONCENTRATIONS) - 1).astype(np.int32)


@functools.cache
def radius_table() -> Array:
    """Projected radius / outer radius of NFW spheres by concentration, (rows, QUANTILES) float32."""
    return np.asarray([_projected_nfw(c) for c in CONCENTRATIONS], dtype=np.float32)


def _projected_nfw(concentration: float) -> Array:
    """Quantiles of the projected radius of an NFW sphere (Navarro, Frenk & White 1997) cut at radius 1.

    A shell of radius r has the fraction 1 - sqrt(1 - (R / r)^2) of its galaxies inside the cylinder of radius
    R < r.
    """
    edges = np.linspace(0.0, 1.0, 601) ** 2
    enclosed = np.log1p(concentration * edges) - concentration * edges / (1.0 + concentration * edges)
    shell = np.diff(enclosed) / enclosed[-1]
    r = 0.5 * (edges[1:] + edges[:-1])
    outside = np.sqrt(np.clip(1.0 - (edges[:, None] / r) ** 2, 0.0, None))
    return np.interp(levels(), (1.0 - outside) @ shell, edges)


@functools.cache
def normal_table() -> Array:
    """Standard normal, (QUANTILES,) float32."""
    from scipy.special import ndtri

    return ndtri(levels()).astype(np.float32)


@functools.cache
def stellar_mass_table(p: Parameters) -> Array:
    """log10 stellar mass of satellites and interlopers, (QUANTILES,) float32: Schechter (1976), cut below."""
    m = np.linspace(p.stellar_mass_low, p.stellar_mass_knee + 1.2, 4001)
    x = 10.0 ** (m - p.stellar_mass_knee)
    density = x ** (p.stellar_mass_slope + 1.0) * np.exp(-x)
    cumulative = np.cumsum(density)
    return np.interp(levels(), cumulative / cumulative[-1], m).astype(np.float32)


@functools.cache
def cosine_table() -> Array:
    """Cosine of a uniform angle, (QUANTILES,) float32."""
    return np.cos(np.pi * levels()).astype(np.float32)
