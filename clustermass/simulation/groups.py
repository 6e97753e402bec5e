"""Who stands in the cylinder: groups of galaxies that share a place, a velocity and a spread.

A line of sight holds a central galaxy, the cluster's satellites, neighbouring halos with their own galaxies, and a field.
Each of these is one group; `galaxies.py` turns groups into galaxies.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from . import halos, profiles
from .parameters import Parameters

Array = np.ndarray


@dataclasses.dataclass(frozen=True)
class Groups:
    """Groups of galaxies, each field (g,); lengths in h^-1 Mpc, velocities in km/s relative to the cluster."""

    line: Array  # which line of sight it belongs to
    count: Array  # number of galaxies, before the cylinder is cut
    radius_row: Array  # row of profiles.radius_table
    radius: Array  # outer radius
    offset: Array  # projected distance of the group's centre from the cluster's
    velocity_row: Array  # row of profiles.velocity_table
    velocity: Array  # of the group's centre
    dispersion: Array  # velocity = centre + dispersion * draw from the row

    def sorted(self) -> Groups:
        """The same groups, line of sight after line of sight, each in its present order (central first)."""
        order = np.argsort(self.line, kind="stable")
        return Groups(*(getattr(self, f.name)[order] for f in dataclasses.fields(self)))


def groups_along(rng: np.random.Generator, log10_mass: Array, lines: Array, p: Parameters) -> Groups:
    """Draw the groups seen along `lines[i]` lines of sight of each cluster i.

    What belongs to the cluster (number of satellites, concentration) is drawn once and shared by its lines of sight; what
    belongs to the direction (apparent dispersion, neighbours, field) is drawn for each.
    """
    members = _members(rng, log10_mass, lines, p)
    mass_of_line = np.repeat(log10_mass, lines)
    parts = [_centrals(len(mass_of_line)), members, _field(rng, len(mass_of_line), p)]
    parts.append(_neighbours(rng, mass_of_line, p))
    columns = ([getattr(part, f.name) for part in parts] for f in dataclasses.fields(Groups))
    return Groups(*(np.concatenate(column) for column in columns)).sorted()


def _centrals(n: int) -> Groups:
    zero = np.zeros(n)
    row = np.zeros(n, dtype=np.int32)
    return Groups(np.arange(n), np.ones(n, dtype=np.int64), row, zero, zero, row, zero, zero)


def _members(rng: np.random.Generator, log10_mass: Array, lines: Array, p: Parameters) -> Groups:
    n = len(log10_mass)
    scatter = p.richness_scatter * rng.standard_normal(n)
    count = rng.poisson(_mean_richness(log10_mass, p) * 10.0**scatter)
    row = profiles.concentration_row(_concentration(rng, log10_mass, p))
    line = np.arange(lines.sum())
    shared = [np.repeat(a, lines) for a in (count, row, halos.radius_200c(log10_mass, p))]
    spread = 10.0 ** (p.sigma_scatter * rng.standard_normal(len(line)))
    dispersion = np.repeat(halos.velocity_dispersion(log10_mass, p), lines) * spread
    zero = np.zeros(len(line))
    return Groups(line, *shared, zero, np.full(len(line), profiles.NORMAL_ROW, np.int32), zero, dispersion)


def _field(rng: np.random.Generator, n: int, p: Parameters) -> Groups:
    count = rng.poisson(p.field_galaxies, n)
    disc = np.full(n, profiles.DISC_ROW, np.int32)
    uniform = np.full(n, profiles.UNIFORM_ROW, np.int32)
    zero = np.zeros(n)
    return Groups(np.arange(n), count, disc, zero + p.aperture, zero, uniform, zero, zero + p.velocity_cut)


def _neighbours(rng: np.random.Generator, mass_of_line: Array, p: Parameters) -> Groups:
    """Halos whose centre lies in the cylinder, near in velocity (infall) or anywhere along it."""
    number = rng.poisson(p.neighbours * 10.0 ** (p.neighbours_slope * (mass_of_line - 14.0)))
    line = np.repeat(np.arange(len(mass_of_line)), number)
    n = len(line)
    log10_mass = halos.neighbour_masses(p)(rng.random(n))
    count = 1 + rng.poisson(_mean_richness(log10_mass, p))  # its own central galaxy, and satellites
    row = profiles.concentration_row(_concentration(rng, log10_mass, p))
    offset = p.aperture * np.sqrt(rng.random(n))
    falling = rng.random(n) < p.infall_fraction
    near, far = p.infall_velocity * rng.standard_normal(n), p.velocity_cut * (2.0 * rng.random(n) - 1.0)
    normal = np.full(n, profiles.NORMAL_ROW, np.int32)
    dispersion = halos.velocity_dispersion(log10_mass, p)
    radius = halos.radius_200c(log10_mass, p)
    return Groups(line, count, row, radius, offset, normal, np.where(falling, near, far), dispersion)


def _mean_richness(log10_mass: Array, p: Parameters) -> Array:
    return p.richness * 10.0 ** (p.richness_slope * (log10_mass - 14.0))


def _concentration(rng: np.random.Generator, log10_mass: Array, p: Parameters) -> Array:
    mean = p.concentration * 10.0 ** (p.concentration_slope * (log10_mass - 14.0))
    return mean * 10.0 ** (p.concentration_scatter * rng.standard_normal(len(log10_mass)))
