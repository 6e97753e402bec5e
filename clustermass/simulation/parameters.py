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

    The values marked "fitted" were tuned to the anchors in `benchmarks/anchors/`; the others come from the papers
    named in this package's README.
    """

    # Clusters
    log10_mass_low: float = 13.5
    log10_mass_high: float = 15.33
    redshift: float = 0.117
    omega_matter: float = 0.3071
    lines_of_sight: float = 3.0  # of every cluster (Ho et al. 2019)
    lines_of_sight_max: float = 50.0
    plateau_per_gpc3: float = 9600.0  # lines of sight per dex and (h^-1 Gpc)^3 where massive clusters are repeated; fitted

    # Observer: a cylinder around the central galaxy (Ho et al. 2019), and the cut on what it holds
    aperture: float = 1.6
    velocity_cut: float = 2200.0
    min_galaxies: int = 11

    # Members
    richness: float = 36.0  # mean number of satellites at 10^14; fitted
    richness_slope: float = 0.85  # fitted
    richness_scatter: float = 0.09  # dex, on top of Poisson noise, shared by all lines of sight; fitted
    concentration: float = 4.0  # of galaxies, at 10^14 (shallower than dark matter's)
    concentration_slope: float = -0.1
    concentration_scatter: float = 0.15  # dex
    sigma_evrard: float = 1082.9  # km/s at 10^15 Msun / h(z), Evrard et al. (2008)
    sigma_slope: float = 0.3361
    sigma_bias: float = 0.95  # of galaxies against dark matter; fitted
    sigma_scatter: float = 0.06  # dex, one line of sight against another; fitted

    # Interlopers: neighbouring halos, and galaxies in the field between them
    neighbours: float = 2.0  # mean number above 10^12.3 around a 10^14 cluster; fitted
    neighbours_slope: float = 0.2  # massive clusters live among more neighbours; fitted
    neighbours_boost: float = 0.3  # power of mass by which clustering favours massive neighbours; fitted
    neighbour_log10_mass_low: float = 12.3
    infall_fraction: float = 0.4  # neighbours close in velocity; the others are spread over the cylinder; fitted
    infall_velocity: float = 500.0  # km/s
    field_galaxies: float = 5.0  # mean number in the cylinder; fitted

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
