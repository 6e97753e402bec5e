"""Public example inputs: what capture calls an answer with, and what messages may quote."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from autograder.exercises.spec import BATCH

FEATURES = 14


def example_key() -> jax.Array:
    """The public example key."""
    return jax.random.PRNGKey(2019)


def example_inputs(batch: int = BATCH) -> tuple[jax.Array, jax.Array]:
    """Standardised features x (batch, 14) and targets y (batch, 1), in log10(M200c / 1e14 h^-1 Msun)."""
    random = np.random.default_rng(14)
    x = np.clip(random.normal(size=(BATCH, FEATURES)), -5, 5)
    y = -0.2 + 0.3 * x[:, :1] + 0.1 * random.normal(size=(BATCH, 1))
    return jnp.asarray(x[:batch], jnp.float32), jnp.asarray(y[:batch], jnp.float32)
