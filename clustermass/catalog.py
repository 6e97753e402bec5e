"""The catalogue of galaxy clusters that every assignment starts from."""

from __future__ import annotations

import dataclasses
import functools
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from . import cache, columns
from .columns import MOMENTS, CatalogError

if TYPE_CHECKING:
    from astropy.table import Table

FEATURE_NAMES = ("log10 Ngal", "log10 sigv", *MOMENTS)
PIVOT_MASS = 1e14  # h^-1 Msun; y = log10(M200c / PIVOT_MASS)
CLIP = 5.0  # standard deviations; a handful of extreme kurtoses must not steer a network


@dataclasses.dataclass(frozen=True)
class Standardizer:
    """Mean and standard deviation of the 14 features of some catalogue, both (14,) float64."""

    mean: np.ndarray
    std: np.ndarray

    @classmethod
    def of(cls, features: np.ndarray) -> Standardizer:
        """Statistics of `features` (n, 14); a feature that never varies is left unscaled."""
        std = features.std(axis=0)
        return cls(features.mean(axis=0), np.where(std > 0, std, 1.0))

    def __call__(self, features: np.ndarray) -> np.ndarray:
        """(features - mean) / std, clipped to [-5, 5]. (n, 14) -> (n, 14) float32."""
        return np.clip((features - self.mean) / self.std, -CLIP, CLIP).astype(np.float32)


class Catalog:
    """A table of galaxy clusters, and the arrays that models learn from.

    Args:
        table: astropy Table with the published columns: M200c [h^-1 Msun], Ngal, sigv [km/s], and mean, std,
            skew and kurt of R [h^-1 Mpc], m [log10 of stellar mass in h^-1 Msun] and v [km/s]. A column
            `cluster_id`, where there is one, tells which rows are lines of sight of one cluster. It is not
            changed; its data are shared.
        standardizer: statistics for `arrays`; by default the table's own.
        source: what to call the table in messages.

    Raises:
        CatalogError: a column is missing, the table is empty, or a value is NaN, infinite or negative where
            it cannot be.
    """

    def __init__(self, table: Table, standardizer: Standardizer | None = None, source: str = "this table"):
        columns.check_table(table, source)
        self.table = columns.with_units(table)
        self.source = source
        self._given_standardizer = standardizer

    def __len__(self) -> int:
        """Number of rows, i.e. of lines of sight."""
        return len(self.table)

    def __repr__(self) -> str:
        """Size, range of masses and origin on one line."""
        mass = np.log10(np.asarray(self.table["M200c"]))
        limits = f"log10 M200c {mass.min():.2f} to {mass.max():.2f} [h^-1 Msun]"
        return f"<Catalog of {len(self):,} clusters, {limits}, from {self.source}>"

    @functools.cached_property
    def standardizer(self) -> Standardizer:
        """The statistics that `arrays` uses: the training set's after `split`, else this catalogue's own."""
        return self._given_standardizer or Standardizer.of(self.features())

    def features(self) -> np.ndarray:
        """The 14 features of `FEATURE_NAMES` before standardising, (n, 14) float64."""
        t = self.table
        logarithms = [np.log10(np.asarray(t[name], dtype=np.float64)) for name in ("Ngal", "sigv")]
        return np.stack([*logarithms, *(np.asarray(t[name], dtype=np.float64) for name in MOMENTS)], axis=1)

    def arrays(self, like: Catalog | Standardizer | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Features and target for a model.

        Args:
            like: standardise with the statistics of this catalogue (or `Standardizer`) instead.

        Returns:
            x (n, 14) float32, standardised and clipped to [-5, 5];
            y (n, 1) float32 = log10(M200c / 1e14 h^-1 Msun).
        """
        chosen = self if like is None else like
        standardizer = chosen if isinstance(chosen, Standardizer) else chosen.standardizer
        mass = np.asarray(self.table["M200c"], dtype=np.float64)
        return standardizer(self.features()), np.log10(mass / PIVOT_MASS).astype(np.float32)[:, None]

    def split(self, train: int = 200_000, seed: int = 0) -> tuple[Catalog, Catalog]:
        """Split at random into training and test catalogues, both standardised with the former's statistics.

        Lines of sight of one cluster never end up on both sides, or a network could remember clusters rather
        than weigh them. They are recognised by `cluster_id` or, where the table has none, by exactly equal
        masses. If the last cluster of the training set does not fit whole, its other lines of sight are in
        neither part.

        Args:
            train: number of rows to train on, exactly.
            seed: the same seed gives the same split.

        Returns:
            (train, test) catalogues.

        Raises:
            ValueError: `train` is not between 1 and the number of rows, or leaves nothing to test on.
        """
        if not 1 <= train < len(self):
            raise ValueError(
                f"split(train={train:_}): {self.source} has {len(self):,} clusters; at least 1 must be "
                f"trained and 1 tested on. Try split(train={int(0.8 * len(self)):_}) or a larger catalogue."
            )
        known = "cluster_id" if "cluster_id" in self.table.colnames else "M200c"
        _, cluster = np.unique(np.asarray(self.table[known]), return_inverse=True)
        rng = np.random.default_rng(seed)
        rank = rng.permutation(cluster.max() + 1)
        rows = np.argsort(rank[cluster], kind="stable")  # whole clusters, one after another in random order
        straddling = cluster[rows[train - 1]]
        test_rows = rows[train:][cluster[rows[train:]] != straddling]
        if not len(test_rows):
            raise ValueError(
                f"split(train={train:_}): all other rows of {self.source} are lines of sight of clusters "
                f"in the training set (equal {known}), so none is left to test on. Train on fewer rows."
            )
        train_table, test_table = (self.table[rng.permutation(part)] for part in (rows[:train], test_rows))
        training = Catalog(train_table, source=f"the training part of {self.source}")
        return training, Catalog(test_table, training.standardizer, f"the test part of {self.source}")


def load_catalog(path: str | os.PathLike[str] | None = None, size: int = 261_287, seed: int = 0) -> Catalog:
    """Load the cluster catalogue: the published table if you have it, a simulated one otherwise.

    Args:
        path: FITS file of the published table (Ho et al. 2019, arXiv:1902.05950; 261,287 clusters). By
            default the environment variable CLUSTERMASS_CATALOG; if that is empty too, a simulation.
        size: number of clusters to simulate (a published table is always read whole).
        seed: seed of the simulation. The first call with some size and seed takes about two seconds and is
            kept in the user's cache directory (or CLUSTERMASS_CACHE).

    Returns:
        The catalogue; see `Catalog`.

    Raises:
        FileNotFoundError: `path` or CLUSTERMASS_CATALOG names no file.
        CatalogError: the file is no FITS table or its content cannot be used; the message says what to do.
        ValueError: `size` or `seed` cannot be used.
    """
    path = path or os.environ.get("CLUSTERMASS_CATALOG")
    if path:
        return Catalog(columns.read_fits(path), source=str(Path(path)))
    return Catalog(cache.simulated_table(size, seed), source=f"a simulation (seed {seed})")


__all__ = ["CLIP", "FEATURE_NAMES", "PIVOT_MASS", "Catalog", "CatalogError", "Standardizer", "load_catalog"]
