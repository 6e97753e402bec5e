"""The whole chain of 04, from the artifact: train the student's network with the student's loss, reweight, estimate."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from autograder.exercises.clusters import Clusters, clusters
from autograder.exercises.examples import example_inputs, example_key
from autograder.exercises.mdn import GRID, stand_ins
from autograder.exercises.spec import BATCH
from clustermass.statistics import BinnedResiduals, binned_residuals, pit
from clustermass.training import fit

TRAIN, CALIBRATION, TEST = 160 * BATCH, 16 * BATCH, 16 * BATCH
EPOCHS = 5
# Posteriors under the training prior are integrated from well below the catalogue's lightest cluster, 10^13.5: a
# Normal's tail reaches there. Cut at 13.5, a right MDN has a KS distance of 0.08. What lies inside GRID is not
# tabulated again: calibration and masses must come from one and the same density.
_HALF = len(GRID) // 2
_BELOW = np.linspace(-1.5, GRID[0], _HALF + 1, dtype=np.float32)[:-1]
_ABOVE = np.linspace(GRID[-1], 2.0, _HALF + 1, dtype=np.float32)[1:]

# Above 10^15.2 a training set has a few dozen clusters, seen again and again: dividing by so lumpy a density moves
# masses to its gaps. With an unsmoothed prior to the very end, 31 of 72 right chains were off, by up to 1.4 dex.
HEAVIEST = 1.2

# Two estimates of one cluster count as the same within this, in dex (or probability): batches round differently.
_SAME = 0.01

Array = np.ndarray
Leaves = list[Any]


@dataclasses.dataclass(frozen=True)
class Parts:
    """The four answers, as functions of leaves; each the student's own where it is right, else a public formula."""

    init: Callable[[Array, Array], Leaves]
    loss: Callable[[Leaves, Any, Any], Any]
    log_density: Callable[[Leaves, Array, Array], Array]
    reweight: Callable[..., Array]
    estimate_mass: Callable[[Array, Array], Array]


@dataclasses.dataclass(frozen=True)
class Chain:
    """A trained network, and what follows from it."""

    parts: Parts
    leaves: Leaves
    data: Clusters
    uses_own_parts: bool
    seed: int

    @classmethod
    def train(
        cls, answer: Any, needed: Mapping[str, Any], seed: int, progress: Callable[[str, float], None]
    ) -> Chain:
        """Train the student's own network if it is right, else the stand-in.

        Args:
            answer: programs of `estimate_mass`.
            needed: programs of `MDN`, `loss_fn` and `reweight`, those that are right.
            seed: of the data and of the training.
            progress: told how far it is.
        """
        own = "MDN" in needed
        parts = _own_parts(answer, needed) if own else _stand_in_parts(answer, needed)
        return cls.of_parts(parts, seed, progress, own)

    def with_stand_ins(self, progress: Callable[[str, float], None]) -> Chain:
        """The same estimate on top of the stand-in network: who is to blame?"""
        parts = dataclasses.replace(
            _stand_in_network(), reweight=self.parts.reweight, estimate_mass=self.parts.estimate_mass
        )
        return self.of_parts(parts, self.seed, progress, own=False)

    @classmethod
    def of_parts(
        cls,
        parts: Parts,
        seed: int,
        progress: Callable[[str, float], None] = lambda what, done: None,
        own: bool = False,
    ) -> Chain:
        """Train the network of `parts` on clusters made from `seed`."""
        progress("simulating clusters", 0.0)
        data = clusters(seed, TRAIN + CALIBRATION, TEST)
        x, y = data.x_train[:TRAIN], data.y_train[:TRAIN, None]
        key = jax.random.PRNGKey(seed % 2**31)
        leaves = parts.init(np.asarray(key), x[:BATCH])
        progress("training your network" if own else "training the stand-in network", 0.2)
        steps = EPOCHS * (TRAIN // BATCH)
        optimizer = optax.adam(optax.cosine_decay_schedule(1e-3, steps))
        trained, _ = fit(
            parts.loss,
            leaves,
            x,
            y,
            optimizer=optimizer,
            epochs=EPOCHS,
            batch_size=BATCH,
            key=key,
            progress=False,
        )
        progress("weighing clusters", 0.8)
        return cls(parts, [np.asarray(leaf) for leaf in trained], data, own, seed)

    def residuals(self) -> BinnedResiduals:
        """Residuals (dex) in 0.2 dex bins of true mass, of clusters flat in log mass, under a flat prior."""
        return binned_residuals(self.data.y_test, self._weighed[0])

    def pit(self) -> Array:
        """Probability integral transform of held-out clusters of the training population, (CALIBRATION,)."""
        return self._weighed[1]

    def changed_by_company(self) -> float:
        """The share of clusters whose mass or transform changes when they are weighed among other clusters.

        It is asked of the very clusters that residuals and calibration are taken from: a program can tell those from
        the synthetic rows of other checks.
        """
        pairs = zip(self._weighed, self._weigh(1), strict=True)
        return max(float(np.mean(~(np.abs(a - b) <= _SAME))) for a, b in pairs)

    def density_twice(self, mdn: Any) -> tuple[Array, Array]:
        """Log densities of some of the weighed clusters at random points of GRID, each (BATCH,): as they were
        tabulated for the masses, and by `log_prob`."""
        batch, grid = self._order(0)[:BATCH], np.asarray(GRID)
        points = np.random.default_rng([self.seed, 3]).integers(len(grid), size=BATCH)
        tabulated = self.parts.log_density(self.leaves, self._rows[batch], grid)[np.arange(BATCH), points]
        return tabulated, mdn("log_prob", self.leaves, self._rows[batch], grid[points])

    @property
    def _rows(self) -> Array:
        """Calibration and test clusters, (CALIBRATION + TEST, 14)."""
        return np.concatenate([self.data.x_train[TRAIN:], self.data.x_test])

    def _order(self, shuffle: int) -> Array:
        """The order in which they are weighed, from the seed and `shuffle`.

        Both kinds come in the same batches, so that no batch shows by its distribution what is being asked of it.
        """
        return np.random.default_rng([self.seed, 2, shuffle]).permutation(CALIBRATION + TEST)

    @cached_property
    def _weighed(self) -> tuple[Array, Array]:
        return self._weigh(0)

    def _weigh(self, shuffle: int) -> tuple[Array, Array]:
        """Masses of the test clusters, (TEST,), and transforms of the calibration clusters, (CALIBRATION,)."""
        rows, grid, tails = self._rows, np.asarray(GRID), np.concatenate([_BELOW, _ABOVE])
        prior, flat = log_prior(self.data.y_train, grid), log_flat_prior(grid)
        masses, densities = np.empty(len(rows)), np.empty((len(rows), 2 * len(grid)), np.float32)
        for batch in np.split(self._order(shuffle), len(rows) // BATCH):
            density = self.parts.log_density(self.leaves, rows[batch], grid)
            outside = self.parts.log_density(self.leaves, rows[batch], tails)
            masses[batch] = self.parts.estimate_mass(self.parts.reweight(density, prior, flat, grid), grid)
            densities[batch] = np.hstack([outside[:, :_HALF], density, outside[:, _HALF:]])
        wide = np.concatenate([_BELOW, grid, _ABOVE])
        transform = pit(densities[:CALIBRATION], wide, self.data.y_train[TRAIN:])
        return masses[CALIBRATION:], np.asarray(transform)


def log_prior(y_train: Array, grid: Array) -> Array:
    """Log density (g,) of the training masses: a histogram smoothed by 0.03 dex, over the masses that there are.

    The population ends sharply at 10^13.5, so it is mirrored there: smeared over the edge, the density would fall where
    the posteriors do not. Above the heaviest cluster it stays as it is there.
    """
    step, reach = 0.01, 12
    edges = np.arange(y_train.min(), y_train.max() + step, step)
    counts = np.histogram(y_train, edges)[0]
    mirrored = np.concatenate([counts[:reach][::-1], counts, counts[-reach:][::-1]])
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) * step / 0.03) ** 2)
    density = np.convolve(mirrored, kernel / kernel.sum(), mode="valid") / (counts.sum() * step)
    return np.interp(grid, (edges[1:] + edges[:-1]) / 2, np.log(density + 1e-6)).astype(np.float32)


def log_flat_prior(grid: Array) -> Array:
    """The new prior (g,): flat in log mass, as far as there are enough clusters to train on; finite beyond."""
    return np.where(grid <= HEAVIEST, 0.0, -20.0).astype(np.float32)


def _own_parts(answer: Any, needed: Mapping[str, Any]) -> Parts:
    mdn, loss_fn = needed["MDN"], needed.get("loss_fn")

    def negative_log_likelihood(leaves: Leaves, x: Any, y: Any) -> Any:
        if loss_fn is not None and loss_fn.variant == "own":
            return loss_fn.jax_function("loss_fn", leaves, x, y)(*leaves, x, y)[0]
        return -jnp.mean(mdn.jax_function("log_prob", leaves, x, y[:, 0])(*leaves, x, y[:, 0])[0])

    return Parts(
        init=lambda key, x: mdn.leaves("init", key, x),
        loss=negative_log_likelihood,
        log_density=lambda leaves, x, grid: mdn("log_density", leaves, x, grid),
        reweight=_reweight_of(needed),
        estimate_mass=lambda log_posterior, grid: answer("estimate_mass", log_posterior, grid),
    )


def _stand_in_parts(answer: Any, needed: Mapping[str, Any]) -> Parts:
    return dataclasses.replace(
        _stand_in_network(),
        reweight=_reweight_of(needed),
        estimate_mass=lambda log_posterior, grid: answer("estimate_mass", log_posterior, grid),
    )


def _reweight_of(needed: Mapping[str, Any]) -> Callable[..., Array]:
    if "reweight" in needed:
        return lambda *arguments: needed["reweight"]("reweight", *arguments)
    return bayes


def bayes(log_posterior: Array, log_prior: Array, log_new_prior: Array, grid: Array) -> Array:
    """Bayes' theorem on a grid: the public formula that stands in for `reweight`, (b, g) log densities."""
    unnormalised = log_posterior - log_prior + log_new_prior
    peak = unnormalised.max(axis=1, keepdims=True)
    return unnormalised - peak - np.log(np.trapezoid(np.exp(unnormalised - peak), grid, axis=1))[:, None]


def _stand_in_network() -> Parts:
    module = stand_ins.model()["model"]
    structure = jax.tree.structure(jax.eval_shape(module.init, example_key(), example_inputs()[0]))

    def distribution(leaves: Leaves, x: Any) -> Any:
        return module.apply(jax.tree.unflatten(structure, leaves), x)

    @jax.jit
    def log_density(leaves: Leaves, x: Any, grid: Any) -> Any:
        return distribution(leaves, x).log_prob(grid[:, None]).T

    return Parts(
        init=lambda key, x: jax.tree.leaves(module.init(key, x)),
        loss=lambda leaves, x, y: -jnp.mean(distribution(leaves, x).log_prob(y[:, 0])),
        log_density=lambda leaves, x, grid: np.asarray(log_density(leaves, x, grid)),
        reweight=bayes,
        estimate_mass=lambda log_posterior, grid: np.asarray(jax.nn.softmax(log_posterior, axis=1) @ grid),
    )
