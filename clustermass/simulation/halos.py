"""Which halos there are: the mass function, and how often each cluster is looked at."""

from __future__ import annotations

import functools

import numpy as np

from .parameters import Parameters

Array = np.ndarray
GPC3 = 1e9  # (h^-1 Gpc)^3 in (h^-1 Mpc)^3: the volume of the MultiDark Planck 2 box


def mass_function(log10_mass: Array, redshift: float) -> Array:
    """Halos per dex of M200c and (h^-1 Gpc)^3, Tinker et al. (2008), MultiDark Planck cosmology. (n,) -> (n,)."""
    from colossus.cosmology import cosmology
    from colossus.lss import mass_function as colossus_mass_function

    previous = cosmology.current_cosmo
    cosmology.setCosmology("multidark-planck", persistence="")  # "": neither reads nor writes files
    try:
        per_ln_mass = colossus_mass_function.massFunction(
            10.0**log10_mass, redshift, mdef="200c", model="tinker08", q_out="dndlnM"
        )
    finally:
        cosmology.current_cosmo = previous
    return per_ln_mass * np.log(10.0) * GPC3


class MassQuantiles:
    """Inverse cumulative distribution of log10 mass on a fine grid: quantile in [0, 1] -> log10 mass."""

    def __init__(self, log10_mass: Array, density: Array):
        steps = 0.5 * (density[1:] + density[:-1]) * np.diff(log10_mass)
        self.total = float(steps.sum())
        self._grid = log10_mass
        self._cumulative = np.concatenate([[0.0], np.cumsum(steps) / self.total])

    def __call__(self, quantile: Array) -> Array:
        return np.interp(quantile, self._cumulative, self._grid)


@functools.cache
def cluster_masses(p: Parameters) -> MassQuantiles:
    """Masses of distinct clusters, between the catalogue's limits."""
    grid = np.linspace(p.log10_mass_low, p.log10_mass_high, 2049)
    return MassQuantiles(grid, mass_function(grid, p.redshift))


@functools.cache
def neighbour_masses(p: Parameters) -> MassQuantiles:
    """Masses of neighbouring halos: the mass function, tilted towards the massive by their stronger clustering."""
    grid = np.linspace(p.neighbour_log10_mass_low, p.log10_mass_high, 2049)
    tilt = 10.0 ** (p.neighbours_boost * (grid - p.neighbour_log10_mass_low))
    return MassQuantiles(grid, mass_function(grid, p.redshift) * tilt)


@functools.cache
def _lines_of_sight_table(p: Parameters) -> tuple[Array, Array]:
    grid = np.linspace(p.log10_mass_low, p.log10_mass_high, 2049)
    lines = p.plateau_per_gpc3 / mass_function(grid, p.redshift)
    return grid, np.clip(lines, p.lines_of_sight, p.lines_of_sight_max)


def mean_lines_of_sight(log10_mass: Array, p: Parameters) -> Array:
    """Mean number of lines of sight of a cluster: as many as keep the counts level at high mass. (n,) -> (n,)."""
    return np.interp(log10_mass, *_lines_of_sight_table(p))


def radius_200c(log10_mass: Array, p: Parameters) -> Array:
    """Comoving R200c in h^-1 Mpc: M = 4/3 pi 200 rho_c(z) R^3, R comoving. (n,) -> (n,)."""
    critical = 2.775e11 * expansion(p) ** 2  # h^2 Msun / Mpc^3, physical
    physical = (3.0 * 10.0**log10_mass / (4.0 * np.pi * 200.0 * critical)) ** (1.0 / 3.0)
    return physical * (1.0 + p.redshift)


def velocity_dispersion(log10_mass: Array, p: Parameters) -> Array:
    """Line-of-sight dispersion of galaxies in km/s: bias times Evrard et al. (2008, eq. 6 and table 4). (n,) -> (n,)."""
    return p.sigma_bias * p.sigma_evrard * (expansion(p) * 10.0 ** (log10_mass - 15.0)) ** p.sigma_slope


def expansion(p: Parameters) -> float:
    """H(z) / H0 of flat Lambda CDM."""
    return float(np.sqrt(p.omega_matter * (1.0 + p.redshift) ** 3 + 1.0 - p.omega_matter))
