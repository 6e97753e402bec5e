"""Types of arrays, as StableHLO writes them."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import NamedTuple

from autograder.judge.allowed import ELEMENTS, OF_DTYPE

_TENSOR = re.compile(r"tensor<((?:\d+x)*)([a-zA-Z][\w<>]*)>")


class Tensor(NamedTuple):
    """An array of fixed shape, with StableHLO's name for the type of its elements ("f32")."""

    shape: tuple[int, ...]
    element: str

    @property
    def nbytes(self) -> int:
        """Bytes that it takes."""
        return math.prod(self.shape) * ELEMENTS[self.element]


@lru_cache(maxsize=10_000)
def parse(text: str) -> Tensor | None:
    """The type that `text` ("tensor<512x14xf32>") says; None for tokens, tuples, unknown shapes and exotic elements."""
    match = _TENSOR.fullmatch(text)
    if match is None or match[2] not in ELEMENTS:
        return None
    return Tensor(tuple(int(size) for size in match[1].split("x")[:-1]), match[2])


def of(shape: tuple[int, ...], dtype: str) -> Tensor:
    """The type of an array with NumPy's name for its elements; float0, the tangent of an integer, is passed as i1."""
    return Tensor(shape, "i1" if dtype == "float0" else OF_DTYPE[dtype])
