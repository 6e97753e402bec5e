"""Galaxies drawn from groups, cut to the cylinder, and summarised into the catalogue's columns."""

from __future__ import annotations

import dataclasses

import numpy as np

from . import profiles
from .groups import Groups, groups_along
from .moments import grouped_moments
from .parameters import Parameters

Array = np.ndarray
FEATURES = tuple(f"{q}_{moment}" for q in "Rmv" for moment in ("mean", "std", "skew", "kurt"))


@dataclasses.dataclass(frozen=True)
class Sightlines:
    """Lines of sight that passed the cut: `index` (n,) into those asked for, `columns` name -> (n,)."""

    index: Array
    columns: dict[str, Array]


def observe(rng: np.random.Generator, log10_mass: Array, lines: Array, p: Parameters) -> Sightlines:
    """Look at each cluster i along lines[i] lines of sight; keep those with enough galaxies in the cut."""
    groups = groups_along(rng, log10_mass, lines, p)
    line, radius, velocity = _in_cylinder(rng, groups, p)
    count = np.bincount(line, minlength=int(lines.sum()))
    seen = count >= p.min_galaxies
    keep = seen[line]
    count, radius, velocity = count[seen], radius[keep], velocity[keep]
    mass = _stellar_masses(rng, np.repeat(log10_mass, lines)[seen], count, p)
    return Sightlines(np.flatnonzero(seen), _summarise(count, radius, mass, velocity))


def _in_cylinder(rng: np.random.Generator, g: Groups, p: Parameters) -> tuple[Array, Array, Array]:
    """Line of sight, projected radius and velocity of every galaxy within aperture and velocity cut."""
    of = np.repeat(np.arange(len(g.count)), g.count)
    row_start = (g.radius_row * np.int32(profiles.QUANTILES))[of]
    radius = profiles.draw(rng, profiles.radius_table(), len(of), row_start) * g.radius.astype(np.float32)[of]
    _add_offset(rng, radius, g.offset.astype(np.float32)[of])
    velocity = profiles.draw(rng, profiles.normal_table(), len(of)) * g.dispersion.astype(np.float32)[of]
    velocity += g.velocity.astype(np.float32)[of]
    inside = (radius < p.aperture) & (np.abs(velocity) < p.velocity_cut)
    return g.line[of[inside]], radius[inside], velocity[inside]


def _add_offset(rng: np.random.Generator, radius: Array, offset: Array) -> None:
    """Move galaxies of displaced groups, in place: |r + offset| at a uniform angle between the two."""
    moved = np.flatnonzero(offset)
    cosine = profiles.draw(rng, profiles.cosine_table(), len(moved))
    r, d = radius[moved], offset[moved]
    radius[moved] = np.sqrt(np.maximum(r * r + d * d + 2.0 * r * d * cosine, 0.0))


def _stellar_masses(rng: np.random.Generator, log10_mass: Array, count: Array, p: Parameters) -> Array:
    """log10 stellar mass of every galaxy; the first of each line of sight is the cluster's central one."""
    mass = profiles.draw(rng, profiles.stellar_mass_table(p), int(count.sum()))
    central = p.central_stellar_mass + p.central_slope * (log10_mass - 14.0)
    first = np.cumsum(count) - count
    mass[first] = central + p.central_scatter * rng.standard_normal(len(count))
    return mass


def _summarise(count: Array, radius: Array, mass: Array, velocity: Array) -> dict[str, Array]:
    columns = {"Ngal": count.astype(np.int32)}
    moments = [m for values in (radius, mass, velocity) for m in grouped_moments(values, count)]
    features = {name: m.astype(np.float32) for name, m in zip(FEATURES, moments, strict=True)}
    return columns | {"sigv": features["v_std"]} | features
