"""Which of the student's own functions an object is made of, and which globals they load."""

from __future__ import annotations

import dis
import functools
import inspect
import types
from collections.abc import Iterator
from typing import Any


def root_functions(answer: Any, namespace: dict[str, Any]) -> list[types.FunctionType]:
    """The student's own functions inside `answer`: behind jit, grad and partial, in a class, or bound."""
    found: list[types.FunctionType] = []
    seen: set[int] = set()

    def visit(value: Any) -> None:
        if id(value) in seen:
            return
        seen.add(id(value))
        if isinstance(value, types.FunctionType) and value.__globals__ is namespace:
            found.append(value)
        if isinstance(value, functools.partial):
            visit(value.func)
        elif isinstance(value, types.MethodType | classmethod | staticmethod):
            visit(value.__func__)
        elif isinstance(value, property):
            visit(value.fget)
        elif inspect.isclass(value):
            if value.__module__ == namespace.get("__name__"):
                for base in value.__mro__:
                    if base.__module__ == value.__module__:
                        for member in vars(base).values():
                            if not inspect.isclass(member):
                                visit(member)
        elif callable(value):
            visit(getattr(value, "__wrapped__", None))  # jit, grad, vmap, functools.wraps
            for attribute in ("fun", "fwd", "bwd", "jvp"):  # custom_vjp, custom_jvp
                visit(_instance_attribute(value, attribute))
            if not isinstance(value, types.FunctionType):
                visit(type(value))
        # What a factory bound: functions in closure cells are helpers too.
        for cell in getattr(value, "__closure__", None) or ():
            try:
                content = cell.cell_contents
            except ValueError:  # not yet assigned
                continue
            if callable(content):
                visit(content)

    visit(answer)
    return found


def _instance_attribute(value: Any, attribute: str) -> Any:
    try:
        return vars(value).get(attribute)
    except TypeError:
        return None


def nested_code(code: types.CodeType) -> Iterator[types.CodeType]:
    """`code` and all code defined inside it: lambdas, inner functions, comprehensions."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from nested_code(constant)


def loaded_globals(code: types.CodeType) -> dict[str, int]:
    """Names that `code` loads from its globals, with the first line where it does."""
    found: dict[str, int] = {}
    for inner in nested_code(code):
        for instruction in dis.get_instructions(inner):
            if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
                line = instruction.positions.lineno if instruction.positions else None
                found.setdefault(instruction.argval, line or inner.co_firstlineno)
    return found
