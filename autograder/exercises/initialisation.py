"""What every module's `init` must be: random, from the key, and untrained."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.exercises.checking import fail
from autograder.exercises.clusters import clusters
from autograder.exercises.spec import BATCH

_KEYS = 4


def expect_random_init(answer: Any, keys: Sequence[np.ndarray], x: np.ndarray) -> list[list[np.ndarray]]:
    """Fail unless `init` depends on its key; returns its parameters for each of the `keys`, at least two."""
    starts = [answer.leaves("init", key, x) for key in keys]
    if all(np.array_equal(a, b) for a, b in zip(starts[0], starts[1], strict=True)):
        fail(
            "`init` gives the same parameters for every key. Let Flax draw them (`nn.Dense`, `self.param` with an "
            "initialiser): equal starts hide how much training depends on luck."
        )
    return starts


def expect_fresh_init(
    answer: Any, seed: int, error: Callable[[list[np.ndarray], np.ndarray, np.ndarray], float]
) -> None:
    """Fail unless `init` depends on its key and gives a network that knows nothing yet.

    Args:
        answer: programs with `init(key, x)`.
        seed: of the clusters.
        error: of given parameters on x (b, 14), y (b,): 1 for a prediction no better than the mean of y, 0 for a
            perfect one. A random network may do well once by chance, so all keys must do well to be called trained.
    """
    data = clusters(seed, BATCH, BATCH)
    keys = [np.array([seed >> 32 & 0xFFFFFFFF, (seed + i) & 0xFFFFFFFF], np.uint32) for i in range(_KEYS)]
    starts = expect_random_init(answer, keys, data.x_train)
    if all(error(start, data.x_train, data.y_train) < 0.5 for start in starts):
        fail(
            "`init` gives parameters that are trained already: for every key they predict masses well. A network "
            "must start from random parameters and learn from the data that it is given."
        )
