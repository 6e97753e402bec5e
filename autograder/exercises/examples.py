"""Public example inputs: what capture calls an answer with, and what messages may quote."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from autograder.exercises.spec import BATCH, Unfit

FEATURES = 14


def example_key() -> jax.Array:
    """The public example key."""
    return jax.random.PRNGKey(2019)


def flax_module(make: Callable[..., Any], **fields: Any) -> Any:
    """The module that the student's class, or a function in its place, makes.

    Raises:
        Unfit: it makes none.
    """
    call = f"({', '.join(f'{name}={value}' for name, value in fields.items())})"
    wanted = f"must be a class that inherits from `nn.Module` and can be built by calling it with {call}"
    if not callable(make):
        raise Unfit(f"is a {type(make).__name__}; it {wanted}.")
    try:
        module = make(**fields)
    except NotImplementedError:  # the stub
        raise
    except Exception as error:
        raise Unfit(f"{wanted}; this raised {type(error).__name__}: {str(error)[:200]}") from None
    if not all(callable(getattr(module, method, None)) for method in ("init", "apply")):
        raise Unfit(f"{wanted}; that gave a `{type(module).__name__}` without `init` and `apply`.")
    return module


def example_inputs(batch: int = BATCH) -> tuple[jax.Array, jax.Array]:
    """Standardised features x (batch, 14) and targets y (batch, 1), in log10(M200c / 1e14 h^-1 Msun)."""
    random = np.random.default_rng(14)
    x = np.clip(random.normal(size=(BATCH, FEATURES)), -5, 5)
    y = -0.2 + 0.3 * x[:, :1] + 0.1 * random.normal(size=(BATCH, 1))
    return jnp.asarray(x[:batch], jnp.float32), jnp.asarray(y[:batch], jnp.float32)
