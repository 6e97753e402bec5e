"""What a function changes outside itself: its arguments, globals, attributes; and tracers that it leaves behind."""

from __future__ import annotations

import dis
import random
import types
import zlib
from collections.abc import Iterator
from typing import Any

import jax
import numpy as np

from autograder import why
from autograder.capture.functions import loaded_globals, nested_code
from autograder.capture.names import StudentNames
from autograder.findings import changes
from autograder.wire.artifact import Finding

_DEPTH = 5
_ITEMS = 2_000


class Snapshot:
    """Fingerprints of everything that `question` could change: globals, containers it names, its own attributes."""

    def __init__(self, names: StudentNames, question: str, arguments: tuple[Any, ...]) -> None:
        """Fingerprint the state before a run."""
        self._names, self._question, self._arguments = names, question, arguments
        self._before = self._take()

    def findings(self) -> list[Finding]:
        """One finding for each thing that has changed since."""
        after = self._take()
        changed = [key for key in {**self._before, **after} if self._before.get(key) != after.get(key)]
        return [changes(self._question, self._line_of(key), key) for key in changed]

    def _take(self) -> dict[str, Any]:
        names = self._names
        state: dict[str, Any] = {
            f"global `{name}`": id(value)
            for name, value in names.namespace.items()
            if not name.startswith("_")
        }
        for function in names.functions_of(self._question):
            label = f"attributes of `{function.__name__}`"
            attributes = [
                *vars(function).items(),
                *enumerate(function.__defaults__ or ()),
                function.__kwdefaults__,
            ]
            state[label] = [fingerprint(item) for item in attributes if item is not None]
            state[f"closure of `{function.__name__}`"] = [fingerprint(cell) for cell in _cells(function)]
            scope = function.__globals__
            for name in loaded_globals(function.__code__):
                if name in scope and not isinstance(scope[name], types.ModuleType):
                    key = f"global `{name}`"
                    state[key] = (state.get(key), id(scope[name]), fingerprint(scope[name]))
        # NumPy's global generator, the one that students use: its position moves with every draw.
        state["NumPy's random state"] = repr(tuple(np.random.get_state())[2:])  # noqa: NPY002
        state["Python's random state"] = hash(random.getstate())
        for position, argument in enumerate(self._arguments, start=1):
            state[f"argument {position}"] = fingerprint(argument)
        return state

    def _line_of(self, what: str) -> int | None:
        wanted = what.split("`")[1] if "`" in what else None
        for function in self._names.functions_of(self._question):
            for code in nested_code(function.__code__):
                lines = stores_and_loads(code, wanted) if wanted else []
                if lines:
                    return lines[0]
        return None


def stores_and_loads(code: types.CodeType, name: str) -> list[int]:
    """Lines of `code` that name `name`, those that store it first."""
    hits = [
        (not instruction.opname.startswith(("STORE", "DELETE")), instruction.positions.lineno)
        for instruction in dis.get_instructions(code)
        if instruction.argval == name and instruction.positions and instruction.positions.lineno
    ]
    return [line for _, line in sorted(hits)]


def _cells(function: types.FunctionType) -> Iterator[Any]:
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # not yet assigned
            yield None


def fingerprint(value: Any, depth: int = _DEPTH) -> Any:
    """Something that differs when `value` was changed in place; arrays by content, unknown objects by identity."""
    if isinstance(value, np.ndarray):
        return (
            id(value),
            value.shape,
            zlib.crc32(np.ascontiguousarray(value).view(np.uint8).data) if value.size else 0,
        )
    if isinstance(value, str | bytes | int | float | complex | bool | type(None)):
        return value
    if depth == 0 or isinstance(value, jax.Array | type | types.ModuleType | types.FunctionType):
        return id(value)
    if isinstance(value, dict):
        return (
            id(value),
            len(value),
            tuple((str(k), fingerprint(v, depth - 1)) for k, v in _first(value.items())),
        )
    if isinstance(value, tuple):
        return tuple(fingerprint(item, depth - 1) for item in _first(value))
    if isinstance(value, list | set | frozenset):
        return id(value), len(value), tuple(fingerprint(item, depth - 1) for item in _first(value))
    attributes = getattr(value, "__dict__", None)
    if type(value).__module__ == "__main__" and isinstance(attributes, dict):
        return id(value), fingerprint(dict(attributes), depth - 1)[2]
    return id(value)


def _first(items: Any) -> Iterator[Any]:
    for count, item in enumerate(items):
        if count == _ITEMS:
            return
        yield item


class TracerWatch:
    """Tracers that can be reached from globals, attributes or arguments after a trace has ended.

    Those that an earlier version of an answer left in the notebook are not charged to this one.
    """

    def __init__(self, names: StudentNames, question: str) -> None:
        """Note the tracers that are there already; kept, so that no new one gets the id of an old one."""
        self._names, self._question = names, question
        self._before = [tracer for value in self._places(()).values() for tracer in _tracers(value)]

    def findings(self, arguments: tuple[Any, ...]) -> list[Finding]:
        """One finding for each place where a tracer has been left since."""
        before = {id(tracer) for tracer in self._before}
        return [
            Finding(
                "no_leaked_tracers",
                f"`{self._question}` leaves a tracer in {place}. {why.LEAK} Return the value instead.",
            )
            for place, value in self._places(arguments).items()
            if any(id(tracer) not in before for tracer in _tracers(value))
        ]

    def _places(self, arguments: tuple[Any, ...]) -> dict[str, Any]:
        places = {
            f"the global `{name}`": value
            for name, value in self._names.namespace.items()
            if not name.startswith("_")
        }
        for function in self._names.functions_of(self._question):
            places[f"an attribute of `{function.__name__}`"] = [dict(vars(function)), function.__defaults__]
            places[f"the closure of `{function.__name__}`"] = list(_cells(function))
        for position, argument in enumerate(arguments, start=1):
            places[f"argument {position}"] = argument
        return places


def _tracers(value: Any, depth: int = _DEPTH) -> Iterator[Any]:
    if isinstance(value, jax.core.Tracer):
        yield value
        return
    if depth == 0:
        return
    inside: Any = ()
    if isinstance(value, dict):
        inside = value.values()
    elif isinstance(value, list | tuple | set | frozenset):
        inside = value
    elif type(value).__module__ == "__main__" and not isinstance(value, type):
        attributes = getattr(value, "__dict__", None)
        inside = (dict(attributes),) if isinstance(attributes, dict) else ()
    for item in _first(inside):
        yield from _tracers(item, depth - 1)
