"""What `elbo_loss` did for many keys: losses, gradients, and the weights that it must have drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from autograder.exercises.checking import compile_quickly
from autograder.exercises.epistemic.line import POINTS, LineData, MeanField

Array = np.ndarray
# Keys that the loss is tried with.
DRAWS = 4_096
# Steps of the training of the approximation, and how fast.
STEPS, RATE = 8_000, 0.05


@dataclass(frozen=True)
class Draws:
    """The loss of one q on one training set, for DRAWS keys.

    Attributes:
        data: the training set.
        q: the approximation.
        losses: (n,).
        gradients: with respect to the leaves (loc, rho), (n, 4).
    """

    data: LineData
    q: MeanField
    losses: Array
    gradients: Array

    @property
    def weights(self) -> Array:
        """Weights (n, 2), intercept and slope, that follow from the gradients with respect to loc."""
        return self.data.implied_weights(self.gradients[:, :2], self.q)

    @property
    def noise(self) -> Array:
        """The same as (weights - loc) / scale, (n, 2): draws from N(0, 1)."""
        return (self.weights - self.q.loc) / self.q.scale

    @classmethod
    def take(cls, answer: Any, random: np.random.Generator) -> Draws:
        """Draw a training set and a q, and call the answer with DRAWS keys."""
        data = LineData.draw(random, POINTS)
        q = MeanField(loc=random.normal(size=2), rho=random.uniform(-2, 0, size=2))
        run = answer.once("losses of many keys", lambda: _compiled(answer, _losses))
        losses, gradients = run(q.leaves, *data.arguments, jax.random.PRNGKey(random.integers(2**31)))
        return cls(data, q, np.asarray(losses, np.float64), np.asarray(gradients, np.float64))


def trained(answer: Any, random: np.random.Generator) -> tuple[LineData, MeanField]:
    """A training set, and the q that Adam finds by the answer's gradients."""
    data = LineData.draw(random, POINTS)
    run = answer.once("training", lambda: _compiled(answer, _train))
    start = MeanField(loc=np.zeros(2), rho=np.full(2, -1.0))
    leaves = run(start.leaves, *data.arguments, jax.random.PRNGKey(random.integers(2**31)))
    leaves = np.asarray(leaves, np.float64)
    return data, MeanField(loc=leaves[:2], rho=leaves[2:])


def _compiled(answer: Any, make: Callable[[Any], Any]) -> Any:
    x, y = np.zeros((POINTS, 1), np.float32), np.zeros(POINTS, np.float32)
    leaves, key = [np.float32(0)] * 4, np.zeros(2, np.uint32)
    program = answer.jax_function("elbo_loss", leaves, key, x, y)

    def loss(leaves: Any, key: jax.Array, x: jax.Array, y: jax.Array) -> jax.Array:
        return program(*leaves, key, x, y)[0]

    return compile_quickly(make(jax.value_and_grad(loss)), leaves, x, y, key)


def _losses(value_and_gradient: Any) -> Any:
    def losses(leaves: Any, x: jax.Array, y: jax.Array, key: jax.Array) -> Any:
        def one(key: jax.Array) -> Any:
            loss, gradient = value_and_gradient(leaves, key, x, y)
            return loss, jnp.stack(gradient)

        return jax.lax.map(one, jax.random.split(key, DRAWS))

    return losses


def _train(value_and_gradient: Any) -> Any:
    optimizer = optax.adam(optax.cosine_decay_schedule(RATE, STEPS))

    def train(leaves: Any, x: jax.Array, y: jax.Array, key: jax.Array) -> Any:
        def step(state: Any, key: jax.Array) -> Any:
            leaves, memory = state
            _, gradient = value_and_gradient(leaves, key, x, y)
            updates, memory = optimizer.update(gradient, memory)
            return (optax.apply_updates(leaves, updates), memory), None

        keys = jax.random.split(key, STEPS)
        (leaves, _), _ = jax.lax.scan(step, (leaves, optimizer.init(leaves)), keys)
        return jnp.stack(leaves)

    return train
