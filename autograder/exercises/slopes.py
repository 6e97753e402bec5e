"""Is a gradient the slope of its value? Finite differences, at points and along directions that nobody knows before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

# Relative steps of finite differences: the first suits most answers, a narrow density needs smaller ones, and what is
# calculated in bfloat16 a larger one.
STEPS = (1e-2, 1e-3, 1e-1, 1e-4)
# Right answers are well inside: benchmarks/tolerances.py prints by how much (docs/decisions/0005).
RTOL, ATOL = 0.1, 1e-3
# An entry of zero, a fresh bias, is moved as if it were of this size.
_LEAST = 0.1
_NUDGE = 0.05
# A fraction of what is allowed at which no other step is tried.
_NEAR = 0.2
# How many times further an array moves for which the gradient is small.
_FURTHER = 10.0

Leaves = list[np.ndarray]


@dataclass(frozen=True)
class Comparison:
    """What the gradient says along one direction, and what finite differences say for each step.

    Attributes:
        gradient: scalar product of gradient and direction.
        slopes: central differences of the value, for each of STEPS until one is near enough.
        typical: how large the scalar product is for a direction like this one.
    """

    gradient: float
    slopes: tuple[float, ...]
    typical: float

    @property
    def distance(self) -> float:
        """How far gradient and slope are apart at the best step, as a fraction of what is allowed."""
        return min(_distance(slope, self.gradient, self.typical) for slope in self.slopes)


def along_gradient(
    answer: Any, program: Any, point: Leaves, rest: Leaves, gradient: Leaves
) -> Comparison | None:
    """Compare along the gradient itself, per unit length; None where it is zero."""
    length = _length(gradient)
    if length == 0:
        return None
    size = max(1.0, float(np.sqrt(sum((leaf**2).mean() for leaf in point) / max(len(point), 1))))
    direction = [leaf / length for leaf in gradient]
    return _compared(
        lambda step: _slope(answer, program, point, rest, direction, step * size), length, length
    )


def along_random(
    answer: Any, program: Any, point: Leaves, rest: Leaves, gradient: Leaves, random: np.random.Generator
) -> Comparison:
    """Compare along a random direction, in which each entry moves by about its own size.

    A gradient in which parts are missing or made up can be right along itself, but not along this: arrays for which it
    is small move up to ten times further. Not for a point at which a value may sit exactly on a kink, as those of fresh
    networks may.
    """
    steps = [_scale(leaf) * random.normal(size=leaf.shape) for leaf in map(np.asarray, point)]
    sizes = [_length([leaf * step]) for leaf, step in zip(gradient, steps, strict=True)]
    largest = max(sizes, default=0.0)
    reach = [np.clip(largest / size, 1, _FURTHER) if size else _FURTHER for size in sizes]
    direction = [(far * step).astype(np.float32) for far, step in zip(reach, steps, strict=True)]
    terms = [leaf.astype(np.float64) * step for leaf, step in zip(gradient, direction, strict=True)]
    says = float(sum(term.sum() for term in terms))
    return _compared(lambda step: _slope(answer, program, point, rest, direction, step), says, _length(terms))


def elsewhere(random: np.random.Generator, leaves: Leaves) -> Leaves:
    """Another point like `leaves`: each entry mixed with another one of its array, and moved a little.

    No entry stays as it is, a bias of zero neither, and none gets far out of the range that its array had.
    """
    share = random.uniform(0.2, 0.8)
    return [_mixed(random, np.asarray(leaf), share) for leaf in leaves]


def rearranged(random: np.random.Generator, leaves: Leaves) -> Leaves:
    """The same rows in another order, each array in its own: data that nobody has seen, of values that were there."""
    return [
        random.permutation(leaf) if leaf.ndim and leaf.dtype.kind == "f" else leaf
        for leaf in map(np.asarray, leaves)
    ]


def _compared(slope: Callable[[float], float], gradient: float, typical: float) -> Comparison:
    """Try one step after the other: the program is run twice for each."""
    slopes: list[float] = []
    for step in STEPS:
        slopes.append(slope(step))
        if _distance(slopes[-1], gradient, typical) <= _NEAR:
            break
    return Comparison(gradient, tuple(slopes), typical)


def _distance(slope: float, gradient: float, typical: float) -> float:
    allowed = RTOL * max(abs(slope), abs(gradient), typical) + ATOL * max(typical, 1.0)
    return abs(slope - gradient) / allowed


def _length(leaves: Leaves) -> float:
    return float(np.sqrt(sum((leaf.astype(np.float64) ** 2).sum() for leaf in leaves)))


def _mixed(random: np.random.Generator, leaf: np.ndarray, share: float) -> np.ndarray:
    other = random.permutation(leaf.ravel()).reshape(leaf.shape)
    step = _NUDGE * _scale(leaf) * random.normal(size=leaf.shape)
    return np.asarray((1 - share) * leaf + share * other + step, leaf.dtype)


def _scale(leaf: np.ndarray) -> float:
    return max(float(np.sqrt((leaf.astype(np.float64) ** 2).mean())) if leaf.size else 0.0, _LEAST)


def _slope(answer: Any, program: Any, point: Leaves, rest: Leaves, direction: Leaves, step: float) -> float:
    ahead = [leaf + np.float32(step) * along for leaf, along in zip(point, direction, strict=True)]
    behind = [leaf - np.float32(step) * along for leaf, along in zip(point, direction, strict=True)]
    return float((answer.value(program, ahead, rest) - answer.value(program, behind, rest)) / (2 * step))
