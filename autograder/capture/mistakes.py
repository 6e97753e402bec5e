"""Mistakes that everybody makes once, and that JAX and Flax report in words of their own."""

from __future__ import annotations

import re

# What the exception's type and text look like, and what to do. The first that fits is taken.
_REMEDIES = (
    (
        r"^CallCompactUnboundModuleError",
        "A module holds no parameters. Hand them over: `model.apply(params, x)`, not `model(x)`.",
    ),
    (
        r"^TypeError: Expected a callable value",
        "A transformation takes the function, not its value: `jax.grad(f)(x)`, not `jax.grad(f(x))`.",
    ),
    (
        r"<class 'flax\.linen\.|unsupported operand type\(s\).*'(Dense|MLP|MDN|Dropout)'",
        "A layer is made first, and then called with its input: `nn.Dense(128)(x)`. Here one stands where an array "
        "belongs.",
    ),
    (
        r"^TypeError: unsupported operand type\(s\).*'(dict|FrozenDict)'",
        "Parameters and gradients are trees of arrays. `jax.tree.map` computes with each array in turn, "
        "`optax.apply_updates` adds one tree to another.",
    ),
    (
        r"^TypeError: .*(positional arguments? but \d+ (was|were) given|missing \d+ required positional argument)",
        "Compare the call with the first line of the function. An answer keeps the arguments that its stub has, in "
        "their order.",
    ),
    (
        r"^ValueError: The truth value of an array",
        "`if`, `and` and `or` need one truth value, and an array has one for each element. "
        "`jnp.where(condition, this, that)` chooses element by element, under `jax.jit` too.",
    ),
    (
        r"Array\.__contains__: unsupported operand type <class 'str'>",
        "An array stands where parameters belong. In which order does the function that you call take its arguments?",
    ),
)


def remedy(error: BaseException) -> str:
    """What to do about `error`, for someone who has not met it before; empty where there is nothing to add."""
    text = f"{type(error).__name__}: {error}"[:1000]
    return next((advice for pattern, advice in _REMEDIES if re.search(pattern, text)), "")
