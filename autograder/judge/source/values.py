"""What an expression surely is: an array of the notebook, something traced, something new."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.judge.source.answers import Body, path
from autograder.judge.source.cells import Cells

_SHAPED = ("zeros", "ones", "full", "empty")
_ALWAYS = ("linspace", "arange", "eye", "identity", "logspace")
_FROM_LITERAL = ("array", "asarray")
_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.MatMult)
# Functions that use the values of what they are given, and give something traced.
_CALCULATES = frozenset(
    f"jax.numpy.{name}"
    for name in (
        *(
            "abs",
            "absolute",
            "add",
            "cos",
            "divide",
            "dot",
            "exp",
            "log",
            "log1p",
            "matmul",
            "maximum",
            "mean",
        ),
        *("minimum", "multiply", "power", "sin", "sqrt", "square", "std", "subtract", "sum", "tanh", "var"),
    )
)
_DRAWS = frozenset(
    f"jax.random.{name}" for name in ("bernoulli", "categorical", "gumbel", "normal", "uniform")
)


def is_number(value: ast.AST) -> bool:
    """Whether it is a literal number, with or without a sign."""
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub | ast.UAdd):
        value = value.operand
    return isinstance(value, ast.Constant) and type(value.value) in (int, float)


def is_traced(cells: Cells, body: Body, value: ast.expr, names: frozenset[str] | None = None) -> bool:
    """Whether `value` is an array that JAX traces: an argument, what `jnp` makes of anything, and what follows.

    A name is one if everything that it is ever bound to is one. `names` are those that are known to be, or assumed.
    """
    if names is None:
        names = _traced_names(cells, body)
    if isinstance(value, ast.Name):
        return value.id in names
    if isinstance(value, ast.BinOp) and isinstance(value.op, _ARITHMETIC):
        return is_traced(cells, body, value.left, names) or is_traced(cells, body, value.right, names)
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
        return is_traced(cells, body, value.operand, names)
    return isinstance(value, ast.Call) and path(cells, body, value.func) in _CALCULATES


def _traced_names(cells: Cells, body: Body) -> frozenset[str]:
    """Local names that are traced: all that may be, without those that are bound to something else, until none is left.

    They may be used to show each other: what is executed first has nothing but arguments to start from.
    """
    key = (body.function, body.is_answer)
    if key not in cells.traced:
        names = frozenset(name for name in {*body.assigned, *body.parameters} if _may_be_traced(body, name))
        while (kept := frozenset(name for name in names if _stays(cells, body, name, names))) != names:
            names = kept
        cells.traced[key] = names
    return cells.traced[key]


def _may_be_traced(body: Body, name: str) -> bool:
    if body.is_global(name) or not (body.assigned.get(name) or body.is_required(name)):
        return False
    return name not in body.parameters or body.is_required(name)


def _stays(cells: Cells, body: Body, name: str, names: frozenset[str]) -> bool:
    bound = body.assigned.get(name, [])
    return all(part is not None and is_traced(cells, body, part, names) for part in bound)


def global_container(cells: Cells, body: Body, name: str) -> bool:
    """Whether `name` is a list or dictionary of the notebook, bound once."""
    binding = cells.only(name)
    return (
        body.is_global(name)
        and cells.values_are_certain()
        and binding is not None
        and binding.kind == "assign"
        and (isinstance(binding.node, ast.List | ast.Dict) or _is_empty_call(cells, binding.node))
    )


def _is_empty_call(cells: Cells, node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("list", "dict")
        and cells.is_builtin(node.func.id)
    )


def read_values(cells: Cells, body: Body, node: ast.AST, numbers_count: bool) -> Iterator[tuple[str, str]]:
    """Globals whose values surely go into the program at `node`, with what they are ("a list").

    Args:
        cells: what the names are.
        body: the function.
        node: what is evaluated.
        numbers_count: whether a number that is bound once counts, too.
    """
    for one, other in _operands(node):
        traced = is_traced(cells, body, other)
        if isinstance(one, ast.Name):
            kind = _kind(cells, body, one.id, numbers_count)
            if kind == "jax" or (kind and traced and kind != "list"):
                yield one.id, _describe(cells, one.id, kind)
        elif traced and isinstance(one, ast.Subscript) and (name := _picked_list(cells, body, one)):
            yield name, "a list"
    if isinstance(node, ast.Call):
        called = path(cells, body, node.func)
        given = node.args if called in _CALCULATES else node.args[:1] if called in _DRAWS else []
        for argument in given:
            if isinstance(argument, ast.Name) and _kind(cells, body, argument.id, numbers_count) in (
                "jax",
                "key",
            ):
                yield argument.id, "an array"


def _operands(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Each operand of a calculation, with the other one."""
    if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, _ARITHMETIC):
        left, right = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.target, node.value)
        yield left, right
        yield right, left


def _kind(cells: Cells, body: Body, name: str, numbers_count: bool) -> str:
    """ "jax", "numpy", "key", "list" or "number"; empty where that is not certain, or where it may be read."""
    if not body.is_global(name):
        return ""
    found = cells.bindings.get(name, [])
    if not found or any(not binding.certain or binding.kind != "assign" for binding in found):
        return ""
    if all(is_number(binding.node) for binding in found):
        return "number" if len(found) > 1 or numbers_count else ""
    return _kind_of_value(cells, found[0].node) if len(found) == 1 else ""


def _kind_of_value(cells: Cells, value: ast.AST) -> str:
    if isinstance(value, ast.List):
        return "list" if value.elts else ""
    if not isinstance(value, ast.Call):
        return ""
    library, _, name = cells.path(value.func).rpartition(".")
    if (library, name) in (("jax.random", "PRNGKey"), ("jax.random", "key")):
        return "key"
    kind = {"jax.numpy": "jax", "numpy": "numpy"}.get(library, "")
    return kind if kind and _has_axes(name, value) else ""


def _has_axes(name: str, call: ast.Call) -> bool:
    """Whether the array has at least one axis, and is of numbers: one without is as good as a number."""
    if any(keyword.arg in (None, "dtype") for keyword in call.keywords) or not call.args:
        return False
    first = call.args[0]
    if name in _ALWAYS:
        return all(is_number(argument) for argument in call.args)
    if name in _SHAPED:
        sizes = first.elts if isinstance(first, ast.Tuple | ast.List) else [first]
        return bool(sizes) and all(is_number(size) for size in sizes)
    return name in _FROM_LITERAL and isinstance(first, ast.List) and _numbers(first)


def _numbers(value: ast.List) -> bool:
    return bool(value.elts) and all(
        is_number(item) or (isinstance(item, ast.List) and _numbers(item)) for item in value.elts
    )


def _picked_list(cells: Cells, body: Body, subscript: ast.Subscript) -> str:
    """The name of the global list, if `name[0]` is a number that it was written with."""
    if not isinstance(subscript.value, ast.Name) or _kind(cells, body, subscript.value.id, False) != "list":
        return ""
    binding, index = cells.only(subscript.value.id), subscript.slice
    items = binding.node.elts if binding and isinstance(binding.node, ast.List) else []
    if (
        not isinstance(index, ast.Constant)
        or type(index.value) is not int
        or not 0 <= index.value < len(items)
    ):
        return ""
    return subscript.value.id if is_number(items[index.value]) else ""


def _describe(cells: Cells, name: str, kind: str) -> str:
    if kind != "number":
        return "an array"
    value = cells.bindings[name][-1].node
    if isinstance(value, ast.UnaryOp):
        value = value.operand
    return f"a {type(value.value).__name__}"  # type: ignore[attr-defined]
