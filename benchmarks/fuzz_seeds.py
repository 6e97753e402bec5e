"""Small honest programs to mutate, for fuzz_programs.py: `python fuzz_seeds.py FILE` writes them as an artifact.

In a process of its own: exporting starts JAX's backend, which must not run where processes are forked.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from autograder.capture.export import export_call
from autograder.exercises.spec import Call
from autograder.wire.artifact import Artifact, CapturedQuestion, Program

_RANDOM = np.random.default_rng(0)
W, X = (jnp.asarray(_RANDOM.normal(size=shape), jnp.float32) for shape in ((3, 4), (8, 3)))


def _network(w: jax.Array, x: jax.Array) -> jax.Array:
    return jnp.mean(jax.nn.gelu(x @ w, approximate=False) ** 2)


def _mixture(w: jax.Array, x: jax.Array) -> jax.Array:
    logits, means = x @ w, jnp.tanh(x @ w)
    return jax.nn.logsumexp(jax.nn.log_softmax(logits) - 0.5 * (x[:, :1] - means) ** 2, axis=1)


def _sorts(w: jax.Array, x: jax.Array) -> tuple[jax.Array, ...]:
    return jnp.sort(x, axis=0), *lax.top_k(x @ w, 2), jnp.argsort(x[0]).astype(jnp.float32)


def _algebra(w: jax.Array, x: jax.Array) -> jax.Array:
    matrix = x.T @ x + jnp.eye(3)
    return jnp.linalg.solve(matrix, w) + jnp.linalg.cholesky(matrix) @ w


def _loops(w: jax.Array, x: jax.Array) -> jax.Array:
    carry, _ = lax.scan(lambda c, row: (c + jnp.sin(row @ w), None), jnp.zeros(4), x)
    return lax.fori_loop(0, 3, lambda i, c: c * 0.5 + i, carry)


def _random(w: jax.Array, x: jax.Array) -> jax.Array:
    key = jax.random.PRNGKey(3)
    return x @ w + jax.random.normal(key, (8, 4)) * jax.random.bernoulli(key, 0.3, (8, 4))


def _indexing(w: jax.Array, x: jax.Array) -> jax.Array:
    return jnp.cumsum(x.at[jnp.array([1, 5])].add(w[0, 0])[::-1], axis=0)[jnp.array([0, 7, 3])] ** 2


def _convolution(w: jax.Array, x: jax.Array) -> jax.Array:
    smooth = lax.conv(x[None, None], w[None, None, :2, :2], (1, 1), "SAME")
    return jnp.abs(jnp.fft.fft(smooth[0, 0])).max(axis=1)


SEEDS: tuple[Callable[..., Any], ...] = (
    *(_network, _mixture, _sorts, _algebra),
    *(_loops, _random, _indexing, _convolution),
)


def programs() -> list[Program]:
    """Each seed as capture exports it, with its VJP."""
    found = []
    for function in SEEDS:
        call = Call(function.__name__.strip("_"), function, (W, X))
        found.append(export_call(call, function(W, X), "own"))
    return found


if __name__ == "__main__":
    seeds = CapturedQuestion("seeds", "captured", programs=tuple(programs()))
    Path(sys.argv[1]).write_bytes(Artifact("seeds", (seeds,)).to_bytes())
