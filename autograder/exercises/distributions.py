"""What a module that returns a distribution must return: one distribution over numbers for each cluster."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import jax

from autograder.exercises.spec import Unfit


def distribution_of(result: Any, batch: int, remedy: str) -> Any:
    """`result`, if it has `log_prob` and `mean` and does not say itself that its shapes are others.

    Args:
        result: what the student's module returned for `batch` clusters.
        batch: number of clusters.
        remedy: how batch shape (b,) comes about, one sentence for the message.

    Raises:
        Unfit: it is none, or its batch shape is not (b,), or its event shape not ().
    """
    for method in ("log_prob", "mean"):
        if not callable(getattr(result, method, None)):
            what = f"an array of shape {result.shape}" if isinstance(result, jax.Array) else _kind(result)
            raise Unfit(f"returns {what}, which has no method `{method}`. It must return a distribution.")
    shapes = [getattr(result, name, None) for name in ("batch_shape", "event_shape")]
    if not all(isinstance(shape, Iterable) for shape in shapes):
        return result  # another library's, or the student's own: its log_prob and mean will show
    batch_shape, event_shape = (tuple(shape or ()) for shape in shapes)
    if (batch_shape, event_shape) != ((batch,), ()):
        raise Unfit(
            f"returns a distribution with batch shape {batch_shape} and event shape {event_shape} for {batch} "
            f"clusters; expected ({batch},) and (). {remedy}"
        )
    return result


def _kind(result: Any) -> str:
    return "nothing (`None`)" if result is None else f"a `{type(result).__name__}`"
