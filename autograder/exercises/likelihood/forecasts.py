"""What the student's classifier says of clusters that it has not seen, once the judge has trained it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from autograder.exercises.clusters import clusters
from autograder.exercises.spec import BATCH
from clustermass.reliability import reliability
from clustermass.training import fit

TRAIN, TEST = 160 * BATCH, 48 * BATCH
EPOCHS, RATE = 8, 1e-2

# Float32 knows no probability between this and 1 on the other side.
_SMALLEST = 1e-7
# Two probabilities of one cluster count as the same within this: batches round differently.
_SAME = 0.01

Array = np.ndarray
Leaves = list[Any]


@dataclass(frozen=True)
class Network:
    """A classifier as functions of leaves: the student's programs, or a benchmark's network.

    Attributes:
        init: key, x (b, 14) -> leaves.
        log_prob: leaves, x (b, 14), labels (b,) -> (b,); JAX can differentiate it.
        mean: leaves, x (b, 14) -> (b,), the probability of label 1.
    """

    init: Callable[[Array, Array], Leaves]
    log_prob: Callable[[Leaves, Any, Any], Any]
    mean: Callable[[Leaves, Array], Array]

    @classmethod
    def of_programs(cls, answer: Any) -> Network:
        """The student's.

        Raises:
            NotExported: a program is missing; said before anything is simulated.
        """
        for name in ("init", "log_prob", "mean"):
            answer.programs_of(name)

        def log_prob(leaves: Leaves, x: Any, labels: Any) -> Any:
            (result,) = answer.jax_function("log_prob", leaves, x, labels)(*leaves, x, labels)
            return result

        return cls(
            init=lambda key, x: answer.leaves("init", key, x),
            log_prob=log_prob,
            mean=lambda leaves, x: answer("mean", leaves, x),
        )


@dataclass(frozen=True)
class Forecasts:
    """Probabilities that clusters are above 10^14 h^-1 Msun, and whether they are: all (n,).

    Attributes:
        probability: from `log_prob`.
        again: from `mean`, of the same clusters among others.
        labels: 1 above, 0 below.
    """

    probability: Array
    again: Array
    labels: Array

    @classmethod
    def train(
        cls, network: Network, seed: int, progress: Callable[[str, float], None] = lambda what, done: None
    ) -> Forecasts:
        """Train `network` by maximum likelihood on clusters made from `seed`, and ask it about TEST others.

        Raises:
            TrainingDiverged: the negative log likelihood became NaN or infinite.
        """
        progress("simulating clusters", 0.0)
        data = clusters(seed, TRAIN + TEST, BATCH)
        x, labels = data.x_train, (data.y_train > 0).astype(np.float32)
        key = jax.random.PRNGKey(seed % 2**31)
        progress("training your classifier", 0.2)
        leaves, _ = fit(
            lambda leaves, x, labels: -jnp.mean(network.log_prob(leaves, x, labels)),
            network.init(np.asarray(key), x[:BATCH]),
            x[:TRAIN],
            labels[:TRAIN],
            optimizer=optax.adam(optax.cosine_decay_schedule(RATE, EPOCHS * (TRAIN // BATCH))),
            epochs=EPOCHS,
            batch_size=BATCH,
            key=key,
            progress=False,
        )
        progress("asking it about other clusters", 0.8)
        leaves = [np.asarray(leaf) for leaf in leaves]
        random = np.random.default_rng([seed, 2])
        log_prob = jax.jit(network.log_prob)

        def from_log_prob(rows: Array) -> Array:
            # Asked with labels drawn at random, so that no batch shows by its labels that it is no training.
            asked = random.integers(2, size=len(rows)).astype(np.float32)
            probability = np.exp(np.asarray(log_prob(leaves, rows, asked), np.float64))
            return np.where(asked == 1, probability, 1 - probability)

        x, labels = x[TRAIN:], labels[TRAIN:]
        return cls(
            probability=_in_batches(from_log_prob, x, random.permutation(TEST)),
            again=_in_batches(lambda rows: network.mean(leaves, rows), x, random.permutation(TEST)),
            labels=labels,
        )

    @property
    def calibration_error(self) -> float:
        """Expected calibration error in ten bins of probability."""
        return reliability(self.probability, self.labels).calibration_error

    @property
    def information(self) -> float:
        """By how much the loss is below that of the base rate, as a fraction: 0 knows nothing, 1 knows all."""
        base = float(self.labels.mean())
        entropy = -base * np.log(base) - (1 - base) * np.log(1 - base)
        of_truth = np.where(self.labels == 1, self.probability, 1 - self.probability)
        return float(1 + np.mean(np.log(np.maximum(of_truth, _SMALLEST))) / entropy)

    @property
    def changed(self) -> float:
        """The share of clusters whose probability is another one when they are asked about again."""
        return float(np.mean(~(np.abs(self.probability - self.again) <= _SAME)))


def _in_batches(function: Callable[[Array], Array], x: Array, order: Array) -> Array:
    """Probabilities (n,) of the rows of x (n, 14), asked for in `order`, in batches."""
    result = np.empty(len(x))
    for batch in np.split(order, len(x) // BATCH):
        result[batch] = function(x[batch])
    return np.clip(result, 0, 1)
