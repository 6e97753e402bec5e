"""The functions that an answer surely runs: its own, and helpers of the notebook that it surely calls by name."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from autograder.judge.source.cells import Cells, Function, bound_here
from autograder.judge.source.certain import certain_nodes

# Decorators that run the function they are given, or trace it.
_TRANSPARENT = {
    *("jax.jit", "jax.checkpoint", "jax.remat", "jax.ad_checkpoint.checkpoint"),
    *("flax.linen.compact", "flax.linen.nowrap"),
}
_DEPTH = 5


@dataclass(frozen=True)
class Body:
    """A function that is surely run when the answer is called.

    Attributes:
        function: its definition.
        name: what messages call it.
        is_answer: the answer itself, or a module's `__call__`: its parameters are the arguments.
        is_method: its first parameter is the module.
    """

    function: Function
    name: str
    is_answer: bool
    is_method: bool = False

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """What surely happens in it."""
        body = self.function.body
        return list(certain_nodes([ast.Return(body)] if isinstance(body, ast.expr) else body))

    @cached_property
    def bound(self) -> frozenset[str]:
        """Names that are bound anywhere inside, which may be local."""
        inside = (node for node in ast.walk(self.function) if node is not self.function)
        names = {name for node in inside for name in bound_here(node)}
        return frozenset(names - self.declared_global)

    @cached_property
    def declared_global(self) -> frozenset[str]:
        """Names that it declares global itself."""
        body = self.function.body
        statements = [] if isinstance(body, ast.expr) else body
        return frozenset(name for node in statements if isinstance(node, ast.Global) for name in node.names)

    @cached_property
    def parameters(self) -> list[str]:
        """Positional parameters, without `self`, that nothing binds anew."""
        arguments = self.function.args
        names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
        return names[1:] if self.is_method else names

    @cached_property
    def assigned(self) -> dict[str, list[ast.expr | None]]:
        """What each name is bound to inside, None for what only running would tell; arguments are left out."""
        found: dict[str, list[ast.expr | None]] = {}
        simple: set[ast.AST] = set()
        for node in ast.walk(self.function):
            for target, value in assignments(node):
                if isinstance(target, ast.Name):
                    simple.add(target)
                    found.setdefault(target.id, []).append(value)
            if isinstance(node, ast.Nonlocal):
                found |= {name: [None] for name in node.names}
        own = {argument for argument in ast.walk(self.function.args) if isinstance(argument, ast.arg)}
        for node in ast.walk(self.function):
            for name in bound_here(node):
                if node not in simple and node not in own and node is not self.function:
                    found.setdefault(name, []).append(None)
        return found

    def is_parameter(self, name: str) -> bool:
        """Whether `name` is a parameter, from the beginning to the end."""
        return name in self.parameters and name not in self.assigned

    def is_required(self, name: str) -> bool:
        """Whether `name` starts as what the caller hands in; a parameter with a default stays what it is."""
        arguments = self.function.args
        required = len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults) - self.is_method
        return self.is_answer and name in self.parameters[:required]

    def default_of(self, name: str) -> ast.expr | None:
        """The default of a positional parameter."""
        defaults = self.function.args.defaults
        with_default = self.parameters[len(self.parameters) - len(defaults) :] if defaults else []
        return dict(zip(with_default, defaults, strict=True)).get(name)

    def is_untouched(self, name: str, line: int) -> bool:
        """Whether the parameter `name` is still what came in when `line` is reached."""
        stores = [
            node.lineno
            for node in ast.walk(self.function)
            if isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
        ]
        plain = all(value is not None for value in self.assigned.get(name, []))
        return name in self.parameters and plain and all(store > line for store in stores)

    def is_global(self, name: str) -> bool:
        """Whether `name` surely means the notebook's."""
        return name not in self.bound


def assignments(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Targets and values of a plain or augmented assignment; `a += b` is `a = a + b`."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield target, node.value
    elif isinstance(node, ast.AnnAssign) and node.value:
        yield node.target, node.value
    elif isinstance(node, ast.AugAssign):
        yield node.target, ast.copy_location(ast.BinOp(node.target, node.op, node.value), node)


def bodies(cells: Cells, answer: str, others: Collection[str]) -> list[Body]:
    """The functions that `answer` surely runs; not those of `others`, the other answers and given names."""
    found: dict[int, Body] = {}
    waiting = [(body, 0) for body in _of_answer(cells, answer)]
    while waiting:
        body, depth = waiting.pop(0)
        if id(body.function) in found or _is_generator(body.function):
            continue
        found[id(body.function)] = body
        if depth < _DEPTH:
            waiting += [(helper, depth + 1) for helper in _helpers(cells, body, {answer, *others})]
    return list(found.values())


def path(cells: Cells, body: Body, expression: ast.expr) -> str:
    """The full name of something imported, where the function has no name of its own in the way."""
    root = expression
    while isinstance(root, ast.Attribute):
        root = root.value
    return cells.path(expression) if isinstance(root, ast.Name) and body.is_global(root.id) else ""


def _of_answer(cells: Cells, answer: str) -> Iterator[Body]:
    binding = cells.last(answer)
    if binding is None or answer in cells.rewired:
        return
    if isinstance(binding.node, ast.ClassDef) and answer not in cells.changed:
        yield from _of_class(cells, binding.node)
    elif isinstance(binding.node, ast.FunctionDef):
        if all(_is_transparent(cells, decorator) for decorator in binding.node.decorator_list):
            yield Body(binding.node, answer, is_answer=True)
    elif isinstance(binding.node, ast.expr):
        yield from _of_value(cells, binding.node, answer)


def _of_value(cells: Cells, value: ast.expr, answer: str) -> Iterator[Body]:
    """The function behind `answer = jax.jit(function)`, `answer = function` or `answer = lambda …`."""
    if isinstance(value, ast.Call) and cells.path(value.func) == "jax.jit" and len(value.args) == 1:
        value = value.args[0]
    if isinstance(value, ast.Lambda):
        yield Body(value, answer, is_answer=True)
    elif isinstance(value, ast.Name) and value.id not in cells.rewired:
        binding = cells.only(value.id)
        if binding and isinstance(binding.node, ast.FunctionDef) and not binding.node.decorator_list:
            yield Body(binding.node, value.id, is_answer=True)


def _of_class(cells: Cells, definition: ast.ClassDef) -> Iterator[Body]:
    if definition.decorator_list or definition.keywords:
        return
    methods = {node.name: node for node in definition.body if isinstance(node, ast.FunctionDef)}
    waiting, done = ["setup", "__call__"], set()
    while waiting:
        name = waiting.pop(0)
        if name in done or name not in methods:
            continue
        done.add(name)
        method = methods[name]
        if all(_is_transparent(cells, decorator) for decorator in method.decorator_list):
            body = Body(method, name, is_answer=name == "__call__", is_method=True)
            yield body
            waiting += _own_methods(body)


def _own_methods(body: Body) -> Iterator[str]:
    """Methods that are surely called as `self.method(…)`."""
    own = body.function.args.args[:1]
    for node in body.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and own:
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id == own[0].arg:
                yield node.func.attr


def _helpers(cells: Cells, body: Body, others: Collection[str]) -> Iterator[Body]:
    for node in body.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            name = node.func.id
            binding = cells.only(name)
            if name in {*others, *cells.rewired} or binding is None or not body.is_global(name):
                continue
            if isinstance(binding.node, ast.FunctionDef) and not binding.node.decorator_list:
                yield Body(binding.node, name, is_answer=False)


def _is_transparent(cells: Cells, decorator: ast.expr) -> bool:
    if not isinstance(decorator, ast.Call):
        return cells.path(decorator) in _TRANSPARENT
    if cells.path(decorator.func) == "functools.partial":
        return bool(decorator.args) and cells.path(decorator.args[0]) in _TRANSPARENT
    return cells.path(decorator.func) in _TRANSPARENT


def _is_generator(function: Function) -> bool:
    return isinstance(function, ast.AsyncFunctionDef) or any(
        isinstance(node, ast.Yield | ast.YieldFrom | ast.Await) for node in ast.walk(function)
    )
