"""What a function reads from the notebook around it."""

from __future__ import annotations

import dataclasses
import numbers
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

import jax
import jax.numpy as jnp
import numpy as np

from autograder.capture.names import StudentNames
from autograder.findings import reads, reads_number
from autograder.wire.artifact import Finding

Kind = Literal["fine", "number", "state"]


def reads_of_globals(names: StudentNames, question: str, program_text: Callable[[], str]) -> list[Finding]:
    """Findings for each global that `question` reads and that changes its result.

    Args:
        names: the student's names.
        question: whose functions are read.
        program_text: traces the answer anew and returns its program as text; a global that can be changed without
            changing the text (only its shape is read, say) is no input of the function.
    """
    findings = []
    for name, (line, function) in _globals_read(names, question).items():
        value = function.__globals__[name]
        kind = classify(value)
        if kind == "fine" or not _changes(function.__globals__, name, program_text):
            continue
        lenient = (
            kind == "number" and not names.assignment.globals_are_the_lesson and names.times_bound(name) <= 1
        )
        if lenient:
            findings.append(reads_number(question, line, function.__name__, name))
        else:
            findings.append(reads(question, line, function.__name__, name, _describe(value)))
    return findings


def _globals_read(names: StudentNames, question: str) -> dict[str, tuple[int, types.FunctionType]]:
    found: dict[str, tuple[int, types.FunctionType]] = {}
    for function in names.functions_of(question):
        for name, line in names.globals_of(function).items():
            found.setdefault(name, (line, function))
    return found


def classify(value: Any) -> Kind:
    """Whether reading `value` from a global is fine, is a constant worth advice, or is hidden state."""
    if value is None or isinstance(value, str | bytes | bool | type | types.ModuleType | np.dtype):
        return "fine"
    if isinstance(value, numbers.Number | np.generic):
        return "number"
    if isinstance(value, np.ndarray | jax.Array):
        return (
            "number" if value.ndim == 0 and not jnp.issubdtype(value.dtype, jax.dtypes.prng_key) else "state"
        )
    if isinstance(value, tuple):  # named tuples of functions are Optax transformations
        kinds = {classify(item) for item in value}
        return "state" if "state" in kinds else "number" if "number" in kinds else "fine"
    if isinstance(value, list | dict | set | bytearray):
        return "state"
    if isinstance(value, frozenset | types.MappingProxyType):
        return "fine"
    if dataclasses.is_dataclass(value):  # Flax modules and frozen configuration
        parameters = getattr(type(value), "__dataclass_params__", None)
        return "fine" if getattr(parameters, "frozen", False) or _is_flax_module(value) else "state"
    if callable(value):
        return "fine"
    return "state" if isinstance(value, types.SimpleNamespace) else "fine"


def _is_flax_module(value: Any) -> bool:
    import flax.linen as nn

    return isinstance(value, nn.Module)


def _changes(scope: dict[str, Any], name: str, program_text: Callable[[], str]) -> bool:
    """Whether another value of the global makes another program."""
    before = program_text()
    with bound(scope, {name: _perturbed(scope[name])}):
        try:
            return program_text() != before
        except Exception:  # the other value does not even fit: it is an input
            return True


def _perturbed(value: Any) -> Any:
    """`value` with every number in it changed, its structure kept; what has no number is emptied."""
    leaves, structure = jax.tree.flatten(value)
    numeric = [isinstance(leaf, numbers.Number | np.ndarray | np.generic | jax.Array) for leaf in leaves]
    if not any(numeric):
        return type(value)()
    changed = [_next(leaf) if number else leaf for leaf, number in zip(leaves, numeric, strict=True)]
    return jax.tree.unflatten(structure, changed)


def _next(leaf: Any) -> Any:
    """Another number, array of numbers, or key."""
    if isinstance(leaf, jax.Array) and jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key):
        return jax.random.wrap_key_data(jax.random.key_data(leaf) + 1, impl=jax.random.key_impl(leaf))
    return leaf + 1


@contextmanager
def bound(namespace: dict[str, Any], values: dict[str, Any]) -> Iterator[None]:
    """Bind `values` in the student's namespace for a while."""
    missing = object()
    before = {name: namespace.get(name, missing) for name in values}
    namespace.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is missing:
                namespace.pop(name, None)
            else:
                namespace[name] = value


def _describe(value: Any) -> str:
    if isinstance(value, np.ndarray | jax.Array):
        return f"an array of shape {value.shape}"
    return f"a {type(value).__name__}"
