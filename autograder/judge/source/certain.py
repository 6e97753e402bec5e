"""Which statements and expressions of a body are reached whenever it runs to its end."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

_JUMPS = (ast.Return, ast.Raise, ast.Break, ast.Continue)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_SIMPLE = (
    *(ast.Expr, ast.Assign, ast.AugAssign, ast.Delete),
    *(ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.Pass),
)


def certain_nodes(body: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    """Statements and expressions that are surely executed if the body is, in order, as far as that is certain.

    An exception ends the whole answer, which then fails for that; so it needs no thought, except inside `try`.
    """
    for statement in body:
        if isinstance(statement, _SIMPLE):
            yield statement
            yield from _children(statement)
        elif isinstance(statement, ast.AnnAssign):
            yield statement  # a local annotation is not evaluated
            if statement.value is not None:
                yield from expressions(statement.value)
        elif isinstance(statement, ast.Assert):
            yield from expressions(statement.test)
        elif isinstance(statement, _SCOPES):
            continue  # a definition runs nothing of its body
        else:
            head = _head(statement)
            if head is not None:
                yield from expressions(head)
            if _may_leave(statement):
                return


def _head(statement: ast.stmt) -> ast.expr | None:
    """What a compound statement evaluates first, whatever comes of it; of `return`, all."""
    if isinstance(statement, ast.If | ast.While):
        return statement.test
    if isinstance(statement, ast.For):
        return statement.iter
    if isinstance(statement, ast.Match):
        return statement.subject
    if isinstance(statement, ast.Return):
        return statement.value
    if isinstance(statement, ast.With):
        return statement.items[0].context_expr
    return None


def _may_leave(node: ast.AST) -> bool:
    """Whether the body may end here: what follows is no longer certain."""
    if isinstance(node, _JUMPS):
        return True
    return not isinstance(node, _SCOPES) and any(_may_leave(child) for child in ast.iter_child_nodes(node))


def expressions(expression: ast.expr) -> Iterator[ast.expr]:
    """`expression` and the parts of it that are surely evaluated with it."""
    yield expression
    if isinstance(expression, ast.BoolOp):
        yield from expressions(expression.values[0])
    elif isinstance(expression, ast.IfExp):
        yield from expressions(expression.test)
    elif isinstance(expression, ast.Compare):
        yield from expressions(expression.left)
        yield from expressions(expression.comparators[0])
    elif isinstance(expression, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        yield from expressions(expression.generators[0].iter)
    elif not isinstance(expression, ast.Lambda):
        yield from _children(expression)


def _children(node: ast.AST) -> Iterator[ast.expr]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield from expressions(child)
        elif isinstance(child, ast.keyword):
            yield from expressions(child.value)
