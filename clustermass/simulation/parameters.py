"""Every physical number of the simulation, in one frozen object that travels with the catalogue."""

from __future__ import annotations

import dataclasses
import hashlib
import json

# Raise it whenever code changes what a seed gives; cached catalogues of another version are made anew.
SIMULATION_VERSION = 1


@dataclasses.dataclass(frozen=True)
class Parameters:
    """The model universe and its observer. Masses are M200c in h^-1 Msun, lengths h^-1 Mpc, velocities km/s.

    "Fitted" values were tuned to the anchors in `benchmarks/anchors/`; the README of this package names the
    sources of the others.
    """

    # Clusters
    log10_mass_low: float = 13.5
    log10_mass_high: float = 15.33
    redshift: float = 0.117
    omega_matter: float = 0.3071
    lines_of_sight: float = 3.0  # of every cluster (Ho et al. 2019)
    lines_of_sight_max: float = 50.0
    lines_of_sight_plateau: float = 9600.0  # per dex and (h^-1 Gpc)^3, kept up at high mass; fitted

    # Observer: a cylinder around the central galaxy (Ho et al. 2019), and the cut on what it holds
    aperture: float = 1.6
    velocity_cut: float = 2200.0
    min_galaxies: int = 11

    # Members
    richness: float = 29.713  # mean number of satellites at 10^14; fitted
    richness_slope: float = 0.921  # fitted
    richness_scatter: float = 0.094  # dex beyond Poisson noise, shared by all lines of sight; fitted
    richness_scatter_slope: float = -0.407  # power of mass: rich clusters vary less; fitted
    concentration: float = 4.0  # of galaxies, at 10^14: they trace a shallower profile than dark matter
    concentration_slope: float = -0.1
    concentration_scatter: float = 0.2  # dex
    extent: float = 1.1  # members reach this many R200c: bound galaxies splash back beyond it; fitted
    shape_scatter: float = (
        0.04  # dex in projected size, between lines of sight: clusters are triaxial; fitted
    )
    sigma_evrard: float = 1082.9  # km/s at 10^15 Msun / h(z), Evrard et al. (2008)
    sigma_slope: float = 0.3361
    sigma_bias: float = 1.014  # of galaxies against dark matter; fitted
    sigma_scatter: float = 0.056  # dex between lines of sight: orbits are not isotropic; fitted

    # Interlopers: galaxies of neighbouring halos whose centre is in the cylinder
    neighbours: float = 1.553  # mean number of halos above the limit; fitted
    neighbour_log10_mass_low: float = 12.3
    neighbour_tilt: float = 0.31  # power of mass by which clustering favours massive neighbours; fitted
    neighbour_profile: float = 0.8  # projected density falls as R^-0.8: a correlation function r^-1.8
    infall_fraction: float = (
        0.6  # of neighbours are near in velocity, the others anywhere in the cylinder; fitted
    )
    infall_velocity: float = 450.0  # dispersion of the near ones; fitted

    # Stellar masses, log10 of h^-1 Msun
    stellar_mass_low: float = 9.5
    stellar_mass_knee: float = 10.7
    stellar_mass_slope: float = -1.1
    central_stellar_mass: float = 11.2  # at 10^14
    central_slope: float = 0.35
    central_scatter: float = 0.2

    def fingerprint(self) -> str:
        """A short hash of all values and of the code's version: equal exactly where catalogues are equal."""
        text = json.dumps([SIMULATION_VERSION, dataclasses.asdict(self)], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


DEFAULT = Parameters()
