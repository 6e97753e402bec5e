"""From a seed to a table: chunks of clusters, each with a random stream of its own, on two threads."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from . import halos
from .galaxies import observe
from .parameters import DEFAULT, Parameters

if TYPE_CHECKING:
    from astropy.table import Table

Array = np.ndarray
Columns = dict[str, Array]
CLUSTERS_PER_CHUNK = 1024
GOLDEN = (np.sqrt(5.0) - 1.0) / 2.0
CATALOGUE, FLAT, ORDER = 0, 1, 2  # streams of one seed that must not meet


def simulate(size: int = 261_287, seed: int = 0, parameters: Parameters = DEFAULT) -> Table:
    """Simulate a catalogue as an observer would publish it.

    Args:
        size: number of rows, i.e. of lines of sight with at least 11 galaxies; at least 1.
        seed: any non-negative integer. The same seed gives the same table on every machine (to float32
            rounding), whatever the number of threads.
        parameters: the model universe; see `Parameters`.

    Returns:
        A table of `size` rows with the published columns (masses in h^-1 Msun, radii in h^-1 Mpc, velocities
        in km/s, m = log10 stellar mass) and `cluster_id`, which lines of sight of one cluster have in common.

    Raises:
        ValueError: `size` or `seed` cannot be used.
    """
    _check(size, seed)
    parts: list[Columns] = []
    rows = chunks = 0
    per_chunk = 0.80 * CLUSTERS_PER_CHUNK * _mean_lines(parameters)
    while rows < size:
        wanted = max(1, int((size - rows) / per_chunk))
        jobs = range(chunks, chunks + wanted)
        new = _in_threads(lambda i: _catalogue_chunk(seed, i, parameters), jobs)
        parts, chunks = parts + new, chunks + wanted
        rows = sum(len(part["Ngal"]) for part in parts)
        per_chunk = rows / chunks
    order = _stream(seed, ORDER, 0).permutation(size)
    return _table({name: np.concatenate([part[name] for part in parts])[:size][order] for name in parts[0]})


def simulate_flat(
    size: int, seed: int, low: float = 13.5, high: float = 15.33, parameters: Parameters = DEFAULT
) -> Table:
    """Simulate clusters whose masses are uniform in log10 mass after the cut at 11 galaxies.

    At a given mass the other columns are distributed as in `simulate`; every row is a cluster of its own. A
    cluster that fails the cut is observed again, at the same mass, until it passes: that is p(features |
    mass, selected).

    Args:
        size: number of rows, at least 1.
        seed: any non-negative integer.
        low, high: limits of log10 M200c [h^-1 Msun], within 13.3 to 15.6.
        parameters: as in `simulate`.

    Returns:
        A table like that of `simulate`.

    Raises:
        ValueError: `size`, `seed` or the limits cannot be used.
    """
    _check(size, seed)
    if not 13.3 <= low < high <= 15.6:
        raise ValueError(
            f"simulate_flat: low={low} and high={high} must satisfy 13.3 <= low < high <= 15.6. They are "
            "log10 of M200c in h^-1 Msun, and poorer clusters would hardly ever have 11 galaxies."
        )
    starts = range(0, size, CLUSTERS_PER_CHUNK)

    def chunk(start: int) -> Columns:
        rng = _stream(seed, FLAT, start // CLUSTERS_PER_CHUNK)
        masses = low + (high - low) * rng.random(CLUSTERS_PER_CHUNK)
        return _observe_until_selected(rng, masses, parameters)

    parts = _in_threads(chunk, starts)
    columns = {name: np.concatenate([part[name] for part in parts])[:size] for name in parts[0]}
    return _table(columns | {"cluster_id": np.arange(size)})


def _mean_lines(p: Parameters) -> float:
    """Mean number of lines of sight of a cluster."""
    masses = halos.cluster_masses(p)((np.arange(4096) + 0.5) / 4096)
    return float(halos.mean_lines_of_sight(masses, p).mean())


def _catalogue_chunk(seed: int, chunk: int, p: Parameters) -> Columns:
    rng = _stream(seed, CATALOGUE, chunk)
    cluster_id = chunk * CLUSTERS_PER_CHUNK + np.arange(CLUSTERS_PER_CHUNK)
    # Masses are spread evenly (a golden-ratio sequence), so that the few most massive clusters, each seen
    # along many lines of sight, do not make the counts of the plateau jump from seed to seed.
    start = _stream(seed, CATALOGUE, 2**31).random()
    log10_mass = halos.cluster_masses(p)((start + GOLDEN * cluster_id) % 1.0)
    mean_lines = halos.mean_lines_of_sight(log10_mass, p)
    lines = np.floor(mean_lines + rng.random(CLUSTERS_PER_CHUNK)).astype(np.int64)
    seen = observe(rng, log10_mass, lines, p)
    row = np.repeat(np.arange(CLUSTERS_PER_CHUNK), lines)[seen.index]
    return {"M200c": 10.0 ** log10_mass[row], **seen.columns, "cluster_id": cluster_id[row]}


def _observe_until_selected(rng: np.random.Generator, log10_mass: Array, p: Parameters) -> Columns:
    columns: Columns = {"M200c": 10.0**log10_mass}
    pending = np.arange(len(log10_mass))
    while len(pending):
        seen = observe(rng, log10_mass[pending], np.ones(len(pending), dtype=np.int64), p)
        for name, values in seen.columns.items():
            columns.setdefault(name, np.empty(len(log10_mass), values.dtype))[pending[seen.index]] = values
        pending = np.delete(pending, seen.index)
    return columns


def _stream(seed: int, purpose: int, chunk: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(purpose, chunk))))


def _in_threads(function, jobs) -> list[Columns]:
    with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        return list(pool.map(function, jobs))


def _table(columns: Columns) -> Table:
    from astropy.table import Table

    return Table(columns, copy=False)


def _check(size: int, seed: int) -> None:
    if size < 1:
        raise ValueError(f"simulate: size={size}; ask for at least 1 cluster.")
    if seed < 0:
        raise ValueError(f"simulate: seed={seed}; a seed is a non-negative integer.")
