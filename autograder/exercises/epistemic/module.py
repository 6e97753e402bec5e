"""How a module with `deterministic` is called: `init`, `apply` (dropout off), `apply_dropout` (dropout on)."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import jax
from flax.errors import InvalidRngError

from autograder.exercises.examples import example_key, flax_module
from autograder.exercises.spec import SINGLE, Call, Unfit, exported_only


def calls_of(make: Callable[..., Any], x: jax.Array) -> Iterator[Call]:
    """The calls of the module that `make` makes, for points x (b, 1)."""
    module = flax_module(make)
    key = example_key()
    params = initial_params(module, key, x)

    def apply(params: Any, x: jax.Array) -> Any:
        try:
            return module.apply(params, x, **_deterministic(module, True))
        except InvalidRngError:
            raise Unfit(
                "asks for a random key although `deterministic` is True, when dropout must be off. Hand "
                "`deterministic` on to `nn.Dropout` as it comes: not negated, and not fixed to False."
            ) from None

    def apply_dropout(params: Any, key: jax.Array, x: jax.Array) -> Any:
        try:
            return module.apply(params, x, **_deterministic(module, False), rngs={"dropout": key})
        except InvalidRngError as error:
            raise Unfit(
                f'asks for a random key under another name than "dropout" ({str(error)[:100]}). '
                '`nn.Dropout`, and `self.make_rng("dropout")`, ask for the one that is handed over.'
            ) from None

    yield Call("apply", apply, (params, x))
    yield Call("apply_dropout", apply_dropout, (params, key, x))
    # The student's code in `init` is that of `apply`: facts about it are taken there, once.
    yield exported_only("init", lambda key, x: initial_params(module, key, x), key, x)
    yield exported_only("apply", apply, params, x[:SINGLE])
    yield exported_only("apply_dropout", apply_dropout, params, key, x[:SINGLE])


def initial_params(module: Any, key: jax.Array, x: jax.Array) -> Any:
    """What `init` gives with dropout off."""
    return module.init(key, x, **_deterministic(module, True))


def _deterministic(module: Any, value: bool) -> dict[str, bool]:
    """The argument under its name, or under the one that the student gave to the second argument."""
    names = list(inspect.signature(module.__call__).parameters)
    name = "deterministic" if "deterministic" in names or len(names) < 2 else names[1]
    return {name: value}
