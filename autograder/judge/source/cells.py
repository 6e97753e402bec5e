"""The cells' sources: what each name is bound to at module level, where that is certain."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True)
class Binding:
    """One place where a name is bound.

    Attributes:
        kind: "assign" for `name = value` alone on the left.
        node: the definition, or the value.
        certain: whether it is a statement of the cell itself, not of a branch, loop or function.
        path: what an import binds ("jax.numpy").
    """

    kind: Literal["def", "class", "import", "assign", "other"]
    node: ast.AST
    certain: bool
    path: str = ""


@dataclass
class Cells:
    """What the notebook's cells say of their names, in the order in which they ran.

    Attributes:
        bindings: every place where a name is bound at module level, or by a function that declares it global.
        changed: names one of whose attributes is set somewhere (`np.random.normal = …`): they may be anything now.
        rewired: those whose `__code__` or its like is set.
        names: all that are mentioned.
        attributes: all that are mentioned.
        traced: local names that JAX traces, by function and whether its parameters are the arguments; kept once found.
    """

    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    rewired: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    traced: dict[tuple[Function, bool], frozenset[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, sources: Sequence[str]) -> Cells:
        """Parse the cells; one that is no Python did not run, and binds nothing."""
        return _read(tuple(sources))

    def only(self, name: str) -> Binding | None:
        """The binding of a name that is bound once, and surely."""
        found = self.bindings.get(name, [])
        return found[0] if len(found) == 1 and found[0].certain else None

    def last(self, name: str) -> Binding | None:
        """The binding that a name has in the end."""
        found = self.bindings.get(name, [])
        return found[-1] if found and all(binding.certain for binding in found) else None

    def is_builtin(self, name: str) -> bool:
        """Whether `name` is Python's own: bound nowhere, and nobody touches the builtins."""
        return name not in self.bindings and not self.names & {"builtins", "__builtins__", "__builtin__"}

    def values_are_certain(self) -> bool:
        """Whether names can only be bound by statements that are seen."""
        return "*" not in self.bindings and not self.names & {"exec", "eval", "globals", "vars", "locals"}

    def path(self, expression: ast.expr) -> str:
        """The full name of an imported thing ("jax.numpy.dot" for `jnp.dot`); empty if that is not certain."""
        if isinstance(expression, ast.Attribute):
            owner = self.path(expression.value)
            return f"{owner}.{expression.attr}" if owner else ""
        if not isinstance(expression, ast.Name) or expression.id in self.changed:
            return ""
        paths = {binding.path for binding in self.bindings.get(expression.id, [])}
        return paths.pop() if len(paths) == 1 else ""


@lru_cache(maxsize=8)
def _read(sources: tuple[str, ...]) -> Cells:
    cells = Cells()
    for source in sources:
        tree = _parse(source)
        if tree is None:
            continue
        for statement in tree.body:
            for name, binding in _bindings(statement, certain=True):
                cells.bindings.setdefault(name, []).append(binding)
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                cells.names.add(node.id)
            if isinstance(node, ast.Attribute):
                cells.attributes.add(node.attr)
            if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
                cells.changed |= _names(node)
                cells.rewired |= _names(node) if node.attr.startswith("__") else set()
            elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("setattr", "delattr"):
                cells.changed |= _names(node)
                cells.rewired |= _names(node)
    return cells


def _names(node: ast.AST) -> set[str]:
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}


def _parse(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    try:  # magics, `!` and `?`
        from IPython.core.inputtransformer2 import TransformerManager

        return ast.parse(TransformerManager().transform_cell(source))
    except Exception:
        return None


def _bindings(statement: ast.stmt, certain: bool) -> Iterator[tuple[str, Binding]]:
    """Names that a statement binds at module level."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        yield statement.name, Binding("def", statement, certain)
        yield from _declared_global(statement)
    elif isinstance(statement, ast.ClassDef):
        yield statement.name, Binding("class", statement, certain)
        yield from _declared_global(statement)
    elif isinstance(statement, ast.Import | ast.ImportFrom):
        yield from _imports(statement, certain)
    elif isinstance(statement, ast.Assign) and all(isinstance(t, ast.Name) for t in statement.targets):
        for target in statement.targets:
            assert isinstance(target, ast.Name)
            yield target.id, Binding("assign", statement.value, certain)
        yield from _stores(statement.value)
    elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
        yield statement.target.id, Binding("assign", statement.value, certain)
        yield from _stores(statement.value)
    else:
        yield from _stores(statement)


def _stores(node: ast.AST) -> Iterator[tuple[str, Binding]]:
    """Names that are bound somewhere inside: loops, branches, walrus, `del`, and functions that declare them global."""
    if isinstance(node, ast.stmt) and isinstance(
        node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom
    ):
        yield from _bindings(node, certain=False)
        return
    if isinstance(node, ast.Lambda):
        return
    for name in bound_here(node):
        yield name, Binding("other", node, certain=False)
    for child in ast.iter_child_nodes(node):
        yield from _stores(child)


def bound_here(node: ast.AST) -> Iterator[str]:
    """Names that one node binds, not looking inside it."""
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield (alias.asname or alias.name).split(".")[0]
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest
    elif isinstance(node, ast.arg):
        yield node.arg


def _declared_global(scope: ast.AST) -> Iterator[tuple[str, Binding]]:
    for node in ast.walk(scope):
        if isinstance(node, ast.Global):
            for name in node.names:
                yield name, Binding("other", node, certain=False)


def _imports(statement: ast.Import | ast.ImportFrom, certain: bool) -> Iterator[tuple[str, Binding]]:
    for alias in statement.names:
        if isinstance(statement, ast.ImportFrom):
            path = f"{statement.module}.{alias.name}" if statement.module and not statement.level else ""
            yield alias.asname or alias.name, Binding("import", statement, certain, path)
        elif alias.asname:
            yield alias.asname, Binding("import", statement, certain, alias.name)
        else:
            root = alias.name.split(".")[0]
            yield root, Binding("import", statement, certain, root)
