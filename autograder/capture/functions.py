"""Which of the student's own functions an object is made of, and which globals they load."""

from __future__ import annotations

import dis
import functools
import inspect
import os
import sys
import sysconfig
import types
from collections.abc import Iterator, Mapping
from typing import Any

# Where installed code lies: nothing there is a student's.
_INSTALLED = tuple(
    os.path.join(os.path.realpath(place), "")
    for place in (
        *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
        os.path.dirname(__file__),
    )
)


def is_own(scope: Mapping[str, Any], namespace: dict[str, Any]) -> bool:
    """Whether functions with the globals `scope` are the student's, given the notebook's `namespace`.

    They are if they were defined in the notebook, or in something that it made or brought along: by `exec`, in a module
    of its own, in a file in its folder. Everything else has been installed.
    """
    if scope is namespace:
        return True
    if scope is vars(sys.modules["__main__"]) or str(scope.get("__name__", "")).startswith("namedtuple_"):
        return False
    origin = getattr(scope.get("__spec__"), "origin", None)
    if origin is None:
        return True
    beside = os.path.join(os.getcwd(), "")
    return str(origin).startswith(beside) and not os.path.realpath(origin).startswith(_INSTALLED)


def root_functions(answer: Any, namespace: dict[str, Any]) -> list[types.FunctionType]:
    """The student's own functions inside `answer`: behind jit, grad and partial, in a class, or bound."""
    found: list[types.FunctionType] = []
    seen: set[int] = set()

    def visit(value: Any) -> None:
        if id(value) in seen:
            return
        seen.add(id(value))
        if isinstance(value, types.FunctionType) and is_own(value.__globals__, namespace):
            found.append(value)
        if isinstance(value, functools.partial):
            visit(value.func)
        elif isinstance(value, types.MethodType | classmethod | staticmethod):
            visit(value.__func__)
        elif isinstance(value, property):
            visit(value.fget)
        elif inspect.isclass(value):
            if _is_own_class(value, namespace):
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


def _is_own_class(kind: type, namespace: dict[str, Any]) -> bool:
    if kind.__module__ == namespace.get("__name__"):
        return True
    module = sys.modules.get(kind.__module__)
    return module is None or is_own(vars(module), namespace)


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
