"""Compile a function once per *program*, recognised by its text."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import jax
from jax.stages import Compiled, Lowered


def compile_once(function: Callable[..., Any], *arguments: Any, donate: bool = False) -> Callable[..., Any]:
    """Compile `function` for arguments of these shapes, unless the same program was compiled before.

    `jax.jit` remembers by the identity of the function. That is wrong twice in a notebook: running the cell
    that defines `loss_fn` again makes a new function, hence a needless compilation; and running the cell that
    defines the global `model` again leaves `loss_fn` the same object, hence the *old* model is trained
    without a word. Tracing is cheap (30 ms for a network of this course; compiling takes half a second), so
    we trace every time and remember by what was traced.

    Args:
        function: any function that `jax.jit` takes.
        arguments: example arguments; only shapes, dtypes and placement matter.
        donate: hand the first argument's buffers over to the result (they are deleted after the call).

    Returns:
        The compiled function, for arguments like those given.
    """
    # A fresh wrapper each time: jit would otherwise reuse an older trace of the same function object.
    jitted = jax.jit(lambda *args: function(*args), donate_argnums=(0,) if donate else ())
    return _compile(_Program(jitted.lower(*arguments), jax.tree.structure(arguments)))


class _Program:
    """A traced function that equals another if its text and the trees of its arguments do."""

    def __init__(self, lowered: Lowered, arguments: Any) -> None:
        self.lowered = lowered
        self.identity = (lowered.as_text(), arguments, jax.devices()[0])

    def __hash__(self) -> int:
        return hash(self.identity)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Program) and self.identity == other.identity


@lru_cache(maxsize=32)
def _compile(program: _Program) -> Compiled:
    return program.lowered.compile()
