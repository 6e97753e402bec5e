"""The dropout network below `mc_predict`: the student's own where it is right, else the public stand-in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np

from autograder.exercises.checking import compile_quickly, nudged
from autograder.exercises.epistemic.line import POINTS
from autograder.exercises.epistemic.stand_ins import StandInDropoutMLP
from autograder.exercises.examples import example_key

Array = np.ndarray


def keys(random: np.random.Generator, number: int) -> Array:
    """Raw PRNG keys, (number, 2)."""
    return random.integers(0, 2**32, size=(number, 2), dtype=np.uint32)


@dataclass(frozen=True)
class DropoutNetwork:
    """`apply(leaves, x)`, dropout off, and `apply_dropout(leaves, key, x)`, on: x (POINTS, 1) -> (POINTS,)."""

    init: Callable[[Array, Array], list[Array]]
    apply: Callable[[list[Array], Array], Array]
    apply_dropout: Callable[[list[Array], Array, Array], Array]

    def draw(self, random: np.random.Generator, x: Array) -> list[Array]:
        """Parameters near an initialisation, so that no bias is zero any more."""
        return nudged(random, self.init(keys(random, 1)[0], x))

    @classmethod
    def below(cls, answer: Any, needed: Mapping[str, Any]) -> DropoutNetwork:
        """The network that `answer` was captured with."""
        if answer.variant == "own" and "DropoutMLP" in needed:
            return cls.of_programs(needed["DropoutMLP"])
        return answer.once("stand-in network", cls._stand_in)

    @classmethod
    def of_programs(cls, programs: Any) -> DropoutNetwork:
        """The network whose programs these are."""
        return cls(
            init=lambda key, x: programs.leaves("init", key, x),
            apply=lambda leaves, x: programs("apply", leaves, x)[:, 0],
            apply_dropout=lambda leaves, key, x: programs("apply_dropout", leaves, key, x)[:, 0],
        )

    @classmethod
    def _stand_in(cls) -> DropoutNetwork:
        module, x = StandInDropoutMLP(), np.zeros((POINTS, 1), np.float32)
        params = module.init(example_key(), x, deterministic=True)
        leaves, structure = jax.tree.flatten(params)

        def on(leaves: list[Any], key: jax.Array, x: jax.Array) -> Any:
            params = jax.tree.unflatten(structure, leaves)
            return module.apply(params, x, deterministic=False, rngs={"dropout": key})[:, 0]

        def off(leaves: list[Any], x: jax.Array) -> Any:
            return module.apply(jax.tree.unflatten(structure, leaves), x, deterministic=True)[:, 0]

        run_on = compile_quickly(on, leaves, example_key(), x)
        run_off = compile_quickly(off, leaves, x)
        return cls(
            init=lambda key, x: jax.tree.leaves(module.init(key, x, deterministic=True)),
            apply=lambda leaves, x: np.asarray(run_off(leaves, x)),
            apply_dropout=lambda leaves, key, x: np.asarray(run_on(leaves, key, x)),
        )
