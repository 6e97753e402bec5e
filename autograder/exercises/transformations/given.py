"""The names that 01's locked cells give: capture binds them anew, so that a changed given cell changes nothing."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp


def f(x: Any) -> Any:
    """The polynomial 2 x^2 + 3 x + 2; its derivative is 4 x + 3."""
    return 2 * x**2 + 3 * x + 2


def vector_func(x: jax.Array) -> jax.Array:
    """A function of three numbers with two values: (3,) -> (2,)."""
    return jnp.array([x[0] * x[1], jnp.sin(x[2]) + x[0] ** 2])


def scalar_func(x: jax.Array) -> jax.Array:
    """A function of three numbers with one value: (3,) -> ()."""
    return jnp.exp(x[0]) * x[1] ** 2 + x[1] * x[2] ** 3


def names() -> dict[str, Any]:
    """What answers may read. The global `C` is not among it: reading that is the mistake to mend."""
    m = jnp.eye(10)

    def my_func(x: jax.Array) -> jax.Array:
        return m.dot(x).sum()

    return {"m": m, "my_func": my_func, "f": f, "vector_func": vector_func, "scalar_func": scalar_func}
