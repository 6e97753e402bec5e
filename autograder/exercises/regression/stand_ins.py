"""Public stand-ins for 02: what `loss_fn` and `update` are judged with where the student's `MLP` or loss fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flax.linen as nn
import jax
import jax.numpy as jnp


class StandInMLP(nn.Module):
    """A small network, unlike the one that is asked for."""

    @nn.compact
    def __call__(self, x: jax.Array) -> jax.Array:
        """Features (b, 14) to predictions (b, 1)."""
        return nn.Dense(1, name="stand_in_out")(nn.swish(nn.Dense(8, name="stand_in_hidden")(x)))


def model() -> dict[str, Any]:
    """The stand-in network, under the names that answers use."""
    return {"MLP": StandInMLP, "model": StandInMLP()}


def squared_error(apply: Callable[..., jax.Array]) -> Callable[..., jax.Array]:
    """The mean squared error of the network `apply(params, x)`: the formula that `loss_fn` is held against."""

    def loss(params: Any, x: jax.Array, y: jax.Array) -> jax.Array:
        residual = y.reshape(-1) - apply(params, x).reshape(-1)
        return jnp.dot(residual, residual) / residual.size

    return loss


def model_and_loss() -> dict[str, Any]:
    """The stand-in network and its loss."""
    return model() | {"loss_fn": squared_error(StandInMLP().apply)}
