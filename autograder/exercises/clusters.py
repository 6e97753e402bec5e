"""Clusters to try answers on: a training set as the catalogue has it, and a test set flat in log mass."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class Clusters:
    """Standardised features x (n, 14) and y (n,) = log10(M200c / 1e14 h^-1 Msun), for training and for testing."""

    x_train: Array
    y_train: Array
    x_test: Array
    y_test: Array


@lru_cache(maxsize=4)
def clusters(seed: int, train: int, test: int) -> Clusters:
    """Simulate `train` clusters of the catalogue's mass distribution and `test` clusters flat in log10 mass.

    Both are standardised with the training set's mean and standard deviation.
    """
    from clustermass.catalog import Catalog
    from clustermass.simulation import simulate, simulate_flat

    training = Catalog(simulate(train, seed))
    x_train, y_train = training.arrays()
    x_test, y_test = Catalog(simulate_flat(test, seed + 1)).arrays(like=training)
    return Clusters(x_train, y_train[:, 0], x_test, y_test[:, 0])
