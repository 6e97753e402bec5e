"""A catalogue against the published one, number by number: what `benchmarks/anchors/` says about it.

Used by `catalog_anchors.py`, which prints and draws, and by the tests.
"""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path

import numpy as np
from astropy.table import Table

ANCHORS = Path(__file__).parent / "anchors"
QUANTITIES = {"log10_richness": "Ngal", "log10_sigma_v": "sigv"}  # name in the anchors -> column of the table


@dataclasses.dataclass(frozen=True)
class Comparison:
    """Published and simulated values, (n, k) with a column per label, at `mass` (n,), log10 of h^-1 Msun."""

    mass: np.ndarray
    labels: tuple[str, ...]
    published: np.ndarray
    simulated: np.ndarray

    @property
    def deviation(self) -> np.ndarray:
        """Simulated minus published, (n, k)."""
        return self.simulated - self.published

    @property
    def rms(self) -> float:
        """Root mean square deviation over all bins and labels."""
        return float(np.sqrt(np.mean(self.deviation**2)))

    @property
    def worst(self) -> float:
        """Largest absolute deviation."""
        return float(np.abs(self.deviation).max())


def read_anchors(name: str) -> list[dict[str, str]]:
    """Rows of one anchor file, comments left out."""
    with open(ANCHORS / name) as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def compare_marginals(table: Table, quantity: str) -> Comparison:
    """Percentiles 16, 50, 84 of log10 richness or log10 sigma_v (dex) in bins of 0.1 dex of mass."""
    return _compare_percentiles(table, quantity, "mdpl2_marginals.csv", ("p16", "p50", "p84"), 0.1)


def compare_tails(table: Table, quantity: str) -> Comparison:
    """Percentiles 5, 95, 97.5 of log10 richness or log10 sigma_v (dex) in bins of 0.2 dex of mass."""
    return _compare_percentiles(table, quantity, "mdpl2_tails.csv", ("p05", "p95", "p97_5"), 0.2)


def compare_counts(table: Table) -> Comparison:
    """Clusters in each bin of mass; the deviation is in clusters."""
    rows = read_anchors("mdpl2_mass_counts.csv")
    low, high, published = (np.array([float(row[name]) for row in rows]) for name in rows[0])
    mass = log10_mass(table)
    counts = [np.sum((mass >= a) & (mass < b)) for a, b in zip(low, high, strict=True)]
    simulated = np.array(counts, dtype=float)
    return Comparison(0.5 * (low + high), ("clusters",), published[:, None], simulated[:, None])


def compare_residuals(mass: np.ndarray, residuals: dict[str, np.ndarray], width: float = 0.1) -> Comparison:
    """Median residual (dex) in bins of true mass against the tutorial's figures; names are its columns."""
    rows = read_anchors("tutorial_results.csv")
    centres = np.array([float(row["log10_mass"]) for row in rows])
    published = np.array([[float(row[name]) for name in residuals] for row in rows])
    inside = [np.abs(mass - centre) < width / 2 for centre in centres]
    simulated = [[np.median(r[rows_in]) for r in residuals.values()] for rows_in in inside]
    return Comparison(centres, tuple(residuals), published, np.array(simulated))


def log10_mass(table: Table) -> np.ndarray:
    """log10 M200c [h^-1 Msun], (n,)."""
    return np.log10(np.asarray(table["M200c"]))


def _compare_percentiles(
    table: Table, quantity: str, file: str, labels: tuple[str, ...], width: float
) -> Comparison:
    rows = [row for row in read_anchors(file) if row["quantity"] == quantity]
    centres = np.array([float(row["log10_mass"]) for row in rows])
    published = np.array([[float(row[label]) for label in labels] for row in rows])
    percents = [float(label[1:].replace("_", ".")) for label in labels]
    mass, values = log10_mass(table), np.log10(np.asarray(table[QUANTITIES[quantity]]))
    simulated = [np.percentile(values[np.abs(mass - c) < width / 2], percents) for c in centres]
    return Comparison(centres, labels, published, np.array(simulated))
