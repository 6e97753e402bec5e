"""The student's names: which objects are theirs, which functions an answer is made of, which lines are whose."""

from __future__ import annotations

import ast
import functools
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.capture.functions import is_own, loaded_globals, root_functions
from autograder.exercises.spec import Assignment


class MissingName(KeyError):
    """The notebook has no such name."""


@dataclass
class StudentNames(Mapping[str, Any]):
    """The notebook's namespace, with what the assignment says of it.

    Attributes:
        namespace: the module dictionary that the cells ran in.
        assignment: whose questions and given names these are.
        sources: the cells' sources, to count how often a name is bound.
    """

    namespace: dict[str, Any]
    assignment: Assignment
    sources: Sequence[str] = ()
    _owners: dict[types.CodeType, str] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Note which question each function belongs to."""
        for question in self.assignment.automatic:
            for function in root_functions(self.namespace.get(question.name), self.namespace):
                self._owners[function.__code__] = question.name

    def __getitem__(self, name: str) -> Any:
        """The object called `name`."""
        try:
            return self.namespace[name]
        except KeyError:
            raise MissingName(name) from None

    def __iter__(self) -> Iterator[str]:
        """All names."""
        return iter(self.namespace)

    def __len__(self) -> int:
        """How many names."""
        return len(self.namespace)

    def is_student_frame(self, frame: types.FrameType) -> bool:
        """Whether `frame` runs code of a notebook cell, or of what a cell brought along."""
        return is_own(frame.f_globals, self.namespace)

    def owner(self, code: types.CodeType) -> str | None:
        """The question whose answer `code` is, if it is one's."""
        return self._owners.get(code)

    def functions_of(self, question: str) -> list[types.FunctionType]:
        """The functions that `question` is made of: its answer's, and the helpers that they reach.

        Other questions' answers and given names are not helpers: each answers for itself.
        """
        found: dict[types.CodeType, types.FunctionType] = {}
        waiting = root_functions(self.namespace.get(question), self.namespace)
        while waiting:
            function = waiting.pop()
            if self.owner(function.__code__) not in (None, question) or function.__code__ in found:
                continue
            found[function.__code__] = function
            for name in self.globals_of(function):
                waiting += root_functions(function.__globals__[name], self.namespace)
        return list(found.values())

    def globals_of(self, function: types.FunctionType) -> dict[str, int]:
        """Names that `function` loads from its globals and that are there, given names left out; with their lines."""
        scope = function.__globals__
        return {
            name: line
            for name, line in loaded_globals(function.__code__).items()
            if name in scope
            and not (name in self.assignment.given and scope[name] is self.namespace.get(name))
        }

    def times_bound(self, name: str) -> int:
        """How many statements of the notebook bind `name` at module level, or declare it global."""
        return sum(_bindings(source, name) for source in self.sources)


@functools.lru_cache(maxsize=512)
def _parsed(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except SyntaxError:  # a magic or a syntax error: nothing is bound that we could count
        return None


def _bindings(source: str, name: str) -> int:
    tree = _parsed(source)
    return 0 if tree is None else sum(_binds(node, name) for node in tree.body)


def _binds(node: ast.AST, name: str) -> int:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
        declared = any(isinstance(inner, ast.Global) and name in inner.names for inner in ast.walk(node))
        return int(declared)
    own = isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
    return int(own) + sum(_binds(child, name) for child in ast.iter_child_nodes(node))
