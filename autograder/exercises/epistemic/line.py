"""The line of 05 in closed form: prior N(0, 1) on its weights, Gaussian noise, a mean-field Normal as approximation.

Everything is exact here, in float64, so that answers can be judged without a second simulation. Weights are arrays
(2,) in the order of the tree's leaves: intercept, slope.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np

Array = np.ndarray

NOISE_SCALE = 0.5
# How many points programs are exported for, beside a single one: few, since many keys are tried.
POINTS = 96


def predict(weights: Any, x: jax.Array) -> jax.Array:
    """The line at x (b, 1), -> (b,): what the notebook gives."""
    return weights["slope"] * x[:, 0] + weights["intercept"]


def softplus(rho: Array) -> Array:
    """log(1 + exp(rho)), without overflow or cancellation."""
    return np.logaddexp(np.asarray(rho, np.float64), 0.0)


def joined(leaves: Sequence[Array]) -> Array:
    """All entries of some leaves in one float64 array."""
    return np.concatenate([np.ravel(leaf) for leaf in leaves]).astype(np.float64)


def kl(loc: Array, scale: Array) -> float:
    """KL(N(loc, scale^2) || N(0, 1)), summed over all entries."""
    loc, scale = np.asarray(loc, np.float64), np.asarray(scale, np.float64)
    return float(np.sum((scale**2 + loc**2 - 1) / 2 - np.log(scale)))


@dataclass(frozen=True)
class MeanField:
    """Independent Normals for intercept and slope: `loc` (2,), `rho` (2,), scale = softplus(rho)."""

    loc: Array
    rho: Array

    @property
    def scale(self) -> Array:
        """Standard deviations (2,)."""
        return softplus(self.rho)

    @property
    def leaves(self) -> list[Array]:
        """Float32 leaves of {"loc": {"intercept", "slope"}, "rho": {…}}."""
        return [np.asarray(value, np.float32) for value in (*self.loc, *self.rho)]


@dataclass(frozen=True)
class LineData:
    """A training set x (b,), y (b,), and what the linear Gaussian model says of it."""

    x: Array
    y: Array

    @classmethod
    def draw(cls, random: np.random.Generator, batch: int) -> LineData:
        """Points well off centre, so that slope and intercept are correlated in the posterior."""
        x = (random.uniform(0.5, 1.5) + random.uniform(0.5, 1.0) * random.normal(size=batch)).astype(
            np.float32
        )
        slope, intercept = random.normal(size=2)
        y = slope * x + intercept + NOISE_SCALE * random.normal(size=batch)
        return cls(x, y.astype(np.float32))

    @property
    def arguments(self) -> tuple[Array, Array]:
        """As an answer takes them, x (b, 1) and y (b,)."""
        return self.x[:, None], self.y

    @property
    def design(self) -> Array:
        """Columns that multiply intercept and slope, (b, 2)."""
        return np.stack([np.ones_like(self.x), self.x], axis=1).astype(np.float64)

    def negative_log_likelihood(self, weights: Array, noise: float = NOISE_SCALE) -> Array:
        """-sum log Normal(y; line, noise) for weights (…, 2), -> (…,)."""
        residuals = self.y - np.asarray(weights, np.float64) @ self.design.T
        constant = len(self.y) * np.log(noise * np.sqrt(2 * np.pi))
        return np.asarray((residuals**2).sum(axis=-1) / (2 * noise**2) + constant)

    def loss_at(self, q: MeanField, weights: Array) -> Array:
        """The loss if `weights` (…, 2) are what was drawn from q, -> (…,)."""
        return (kl(q.loc, q.scale) + self.negative_log_likelihood(weights)) / len(self.y)

    def expected_loss(self, q: MeanField) -> float:
        """The loss averaged over draws from q: E (r - d·e)^2 = r^2 + sum (d scale)^2 for each point."""
        spread = ((self.design * q.scale) ** 2).sum() / (2 * NOISE_SCALE**2)
        return float(self.loss_at(q, q.loc) + spread / len(self.y))

    def expected_gradient(self, q: MeanField) -> Array:
        """Its gradient with respect to the leaves (loc, rho), (4,)."""
        design, b = self.design, len(self.y)
        loc = q.loc + design.T @ (design @ q.loc - self.y) / NOISE_SCALE**2
        scale = q.scale - 1 / q.scale + q.scale * (design**2).sum(axis=0) / NOISE_SCALE**2
        return np.concatenate([loc, scale / (1 + np.exp(-q.rho))]) / b

    def implied_weights(self, gradient: Array, q: MeanField) -> Array:
        """The weights (n, 2) that were drawn, from the gradients (n, 2) of the loss with respect to loc.

        A reparameterised draw w = loc + scale e moves with loc, so the gradient is that of the joint density at w:
        b g = loc - D^T (y - D w) / noise^2, which is linear in w.
        """
        design = self.design
        right = NOISE_SCALE**2 * (len(self.y) * np.asarray(gradient, np.float64) - q.loc) + design.T @ self.y
        return np.linalg.solve(design.T @ design, right.T).T

    def posterior(self) -> tuple[Array, Array]:
        """The exact posterior's mean (2,) and covariance (2, 2)."""
        precision = np.eye(2) + self.design.T @ self.design / NOISE_SCALE**2
        return np.linalg.solve(precision, self.design.T @ self.y / NOISE_SCALE**2), np.linalg.inv(precision)

    def best_mean_field(self) -> tuple[Array, Array]:
        """The mean-field optimum: the posterior's mean, and one over the root of the diagonal of its precision."""
        mean, covariance = self.posterior()
        return mean, 1 / np.sqrt(np.diag(np.linalg.inv(covariance)))
