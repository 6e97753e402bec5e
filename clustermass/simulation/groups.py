"""Who stands in the cylinder: groups of galaxies that share a place, a velocity and a spread.

A line of sight holds a central galaxy, the cluster's satellites, and neighbouring halos with their own
galaxies. Each of these is one group; `galaxies.py` turns groups into galaxies.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from . import halos, profiles
from .parameters import Parameters

Array = np.ndarray


@dataclasses.dataclass(frozen=True)
class Groups:
    """Groups of galaxies, each field (g,); h^-1 Mpc and km/s, relative to the cluster's centre."""

    line: Array  # which line of sight it belongs to
    count: Array  # number of galaxies, before the cylinder is cut
    radius_row: Array  # row of profiles.radius_table
    radius: Array  # outer radius
    offset: Array  # projected distance of the group's centre from the cluster's
    velocity: Array  # of the group's centre
    dispersion: Array  # of velocities within the group

    def sorted(self) -> Groups:
        """The same groups, line of sight after line of sight, each in its present order."""
        order = np.argsort(self.line, kind="stable")
        return Groups(*(getattr(self, f.name)[order] for f in dataclasses.fields(self)))


def groups_along(rng: np.random.Generator, log10_mass: Array, lines: Array, p: Parameters) -> Groups:
    """Draw the groups seen along `lines[i]` lines of sight of each cluster i, the central galaxy first.

    What belongs to the cluster (number of satellites, concentration) is drawn once and shared by its lines of
    sight; what belongs to the direction (apparent size and dispersion, neighbours) is drawn for each.
    """
    parts = [
        _centrals(int(lines.sum())),
        _satellites(rng, log10_mass, lines, p),
        _neighbours(rng, int(lines.sum()), p),
    ]
    columns = ([getattr(part, f.name) for part in parts] for f in dataclasses.fields(Groups))
    return Groups(*(np.concatenate(column) for column in columns)).sorted()


def _centrals(n: int) -> Groups:
    zero = np.zeros(n)
    return Groups(np.arange(n), np.ones(n, np.int64), np.zeros(n, np.int32), zero, zero, zero, zero)


def _satellites(rng: np.random.Generator, log10_mass: Array, lines: Array, p: Parameters) -> Groups:
    scatter = p.richness_scatter * 10.0 ** (p.richness_scatter_slope * (log10_mass - 14.0))
    scatter = scatter * rng.standard_normal(len(log10_mass))
    count = rng.poisson(_mean_richness(log10_mass, p) * 10.0**scatter)
    row = profiles.concentration_row(_concentration(rng, log10_mass, p))
    count, row, seen_mass = (np.repeat(a, lines) for a in (count, row, log10_mass))
    n = len(seen_mass)
    radius = p.extent * halos.radius_200c(seen_mass, p) * 10.0 ** (p.shape_scatter * rng.standard_normal(n))
    dispersion = halos.velocity_dispersion(seen_mass, p) * 10.0 ** (p.sigma_scatter * rng.standard_normal(n))
    return Groups(np.arange(n), count, row, radius, np.zeros(n), np.zeros(n), dispersion)


def _neighbours(rng: np.random.Generator, lines: int, p: Parameters) -> Groups:
    """Halos in the cylinder: falling in, hence near in velocity, or anywhere along it."""
    line = np.repeat(np.arange(lines), rng.poisson(p.neighbours, lines))
    n = len(line)
    log10_mass = halos.neighbour_masses(p)(rng.random(n))
    count = 1 + rng.poisson(_mean_richness(log10_mass, p))  # its own central galaxy, and satellites
    row = profiles.concentration_row(_concentration(rng, log10_mass, p))
    offset = p.aperture * rng.random(n) ** (1.0 / (2.0 - p.neighbour_profile))
    near = p.infall_velocity * rng.standard_normal(n)
    anywhere = p.velocity_cut * (2.0 * rng.random(n) - 1.0)
    velocity = np.where(rng.random(n) < p.infall_fraction, near, anywhere)
    radius, dispersion = p.extent * halos.radius_200c(log10_mass, p), halos.velocity_dispersion(log10_mass, p)
    return Groups(line, count, row, radius, offset, velocity, dispersion)


def _mean_richness(log10_mass: Array, p: Parameters) -> Array:
    return p.richness * 10.0 ** (p.richness_slope * (log10_mass - 14.0))


def _concentration(rng: np.random.Generator, log10_mass: Array, p: Parameters) -> Array:
    mean = p.concentration * 10.0 ** (p.concentration_slope * (log10_mass - 14.0))
    return mean * 10.0 ** (p.concentration_scatter * rng.standard_normal(len(log10_mass)))
