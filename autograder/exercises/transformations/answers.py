"""Answers that are no function of arrays: told in words that Python and JAX do not have for a beginner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograder.exercises.spec import Unfit


def function_of(answer: Any) -> Callable[..., Any]:
    """The function that is the student's answer; what is no array of numbers is refused, with the reason.

    Raises:
        Unfit: `answer` is no function, and, when it is called: it gives a function, calls itself without end, or
            differentiates something with more than one value.
    """
    if not callable(answer):
        kind = (
            f"an array of shape {answer.shape}" if hasattr(answer, "shape") else f"a {type(answer).__name__}"
        )
        raise Unfit(
            f"is {kind}; it must be a function. A transformation gives a function: keep it, and leave calling it to "
            "whoever uses it."
        )

    def function(*args: Any) -> Any:
        try:
            result = answer(*args)
        except RecursionError:
            raise Unfit(
                "calls itself, and never ends. If a function of JAX with this name is meant, write it in full, with "
                "`jax.` in front."
            ) from None
        except TypeError as error:
            if "scalar-output" not in str(error):
                raise
            raise Unfit(
                "takes the gradient of something that has more than one value: `jax.grad` is for functions whose value "
                f"is one number. JAX says: {str(error).splitlines()[0]} All derivatives of several values make a "
                "Jacobian; and `jax.vmap` lets a function see one number at a time."
            ) from None
        if callable(result):
            raise Unfit(
                "returns a function, not numbers. A transformation such as `jax.grad(g)` makes a new function; its "
                "values come from calling that one, too: `jax.grad(g)(x)`."
            )
        return result

    return function
