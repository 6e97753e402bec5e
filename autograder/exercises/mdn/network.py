"""The mixture below a loss: the student's own where it is right, else the public stand-in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jax
import numpy as np

from autograder.exercises.examples import example_inputs, example_key
from autograder.exercises.mdn.stand_ins import model

LogProb = Callable[[Any, Any, Any], Any]


def network_below(answer: Any, needed: Mapping[str, Any]) -> LogProb:
    """`log_prob(leaves, x (b, 14), y (b,)) -> (b,)` of the network that `answer` was captured with."""
    if answer.variant == "own" and "MDN" in needed:
        return lambda leaves, x, y: needed["MDN"]("log_prob", leaves, x, y)
    stand_in = model()["model"]
    structure = jax.tree.structure(jax.eval_shape(stand_in.init, example_key(), example_inputs()[0]))
    return lambda leaves, x, y: np.asarray(
        stand_in.apply(jax.tree.unflatten(structure, leaves), x).log_prob(y)
    )
