"""Which halos there are: the mass function, and how often each cluster is looked at."""

from __future__ import annotations

import functools
import threading

import numpy as np

from .parameters import Parameters

Array = np.ndarray
GPC3 = 1e9  # (h^-1 Gpc)^3 in (h^-1 Mpc)^3: the volume of the MultiDark Planck 2 box
_COLOSSUS = threading.Lock()  # its cosmology is a global, our chunks run in threads


def mass_function(log10_mass: Array, redshift: float) -> Array:
    """Halos per dex of M200c and (h^-1 Gpc)^3 in the MultiDark Planck cosmology, (n,) -> (n,).

    Tinker et al. (2008, arXiv:0803.2706), evaluated with Colossus (Diemer 2018, arXiv:1712.04512).
    """
    with _COLOSSUS:
        return np.exp(np.interp(log10_mass, *_tinker08(redshift)))


@functools.cache
def _tinker08(redshift: float) -> tuple[Array, Array]:
    """The mass function on a grid: log10 mass, ln density."""
    from colossus.cosmology import cosmology
    from colossus.lss import mass_function as colossus_mass_function

    grid = np.linspace(11.0, 15.7, 941)
    previous = cosmology.current_cosmo  # Colossus has one global cosmology: leave the user's as it was
    cosmology.setCosmology("multidark-planck", persistence="")  # "": neither reads nor writes files
    try:
        per_ln_mass = colossus_mass_function.massFunction(
            10.0**grid, redshift, mdef="200c", model="tinker08", q_out="dndlnM"
        )
    finally:
        cosmology.current_cosmo = previous
    return grid, np.log(per_ln_mass * np.log(10.0) * GPC3)


class MassQuantiles:
    """Inverse cumulative distribution of log10 mass on a fine grid: quantile in [0, 1] -> log10 mass."""

    def __init__(self, log10_mass: Array, density: Array):
        steps = 0.5 * (density[1:] + density[:-1]) * np.diff(log10_mass)
        self.total = float(steps.sum())
        self._grid = log10_mass
        self._cumulative = np.concatenate([[0.0], np.cumsum(steps) / self.total])

    def __call__(self, quantile: Array) -> Array:
        """log10 mass below which this fraction of halos lies, (n,) -> (n,)."""
        return np.interp(quantile, self._cumulative, self._grid)


@functools.cache
def cluster_masses(p: Parameters) -> MassQuantiles:
    """Masses of distinct clusters, between the catalogue's limits."""
    grid = np.linspace(p.log10_mass_low, p.log10_mass_high, 2049)
    return MassQuantiles(grid, mass_function(grid, p.redshift))


@functools.cache
def neighbour_masses(p: Parameters) -> MassQuantiles:
    """Masses of neighbouring halos: the mass function, tilted because massive halos cluster more."""
    grid = np.linspace(p.neighbour_log10_mass_low, p.log10_mass_high, 2049)
    tilt = 10.0 ** (p.neighbour_tilt * (grid - p.neighbour_log10_mass_low))
    return MassQuantiles(grid, mass_function(grid, p.redshift) * tilt)


@functools.cache
def _lines_of_sight_table(p: Parameters) -> tuple[Array, Array]:
    grid = np.linspace(p.log10_mass_low, p.log10_mass_high, 2049)
    lines = p.lines_of_sight_plateau / mass_function(grid, p.redshift)
    return grid, np.clip(lines, p.lines_of_sight, p.lines_of_sight_max)


def mean_lines_of_sight(log10_mass: Array, p: Parameters) -> Array:
    """Mean number of lines of sight of a cluster, (n,) -> (n,): as many as keep counts level at high mass."""
    return np.interp(log10_mass, *_lines_of_sight_table(p))


def radius_200c(log10_mass: Array, p: Parameters) -> Array:
    """Comoving R200c in h^-1 Mpc: M = 4/3 pi 200 rho_c(z) R^3, R comoving. (n,) -> (n,)."""
    critical = 2.775e11 * expansion(p) ** 2  # h^2 Msun / Mpc^3, physical
    physical = (3.0 * 10.0**log10_mass / (4.0 * np.pi * 200.0 * critical)) ** (1.0 / 3.0)
    return physical * (1.0 + p.redshift)


def velocity_dispersion(log10_mass: Array, p: Parameters) -> Array:
    """Line-of-sight velocity dispersion of galaxies in km/s, (n,) -> (n,).

    A bias times that of dark matter, 1082.9 km/s (h(z) M200c / 1e15 Msun)^0.3361 (Evrard et al. 2008,
    arXiv:astro-ph/0702241).
    """
    return p.sigma_bias * p.sigma_evrard * (expansion(p) * 10.0 ** (log10_mass - 15.0)) ** p.sigma_slope


def expansion(p: Parameters) -> float:
    """H(z) / H0 of flat Lambda CDM."""
    return float(np.sqrt(p.omega_matter * (1.0 + p.redshift) ** 3 + 1.0 - p.omega_matter))
