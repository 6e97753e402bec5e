"""One rule for each kind of impurity: from a node that is surely reached to findings."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.exercises.spec import Assignment
from autograder.findings import calls_python, changes, gives_different_results, reads, says
from autograder.judge.source import values
from autograder.judge.source.answers import Body, assignments, path
from autograder.judge.source.cells import Cells
from autograder.wire.artifact import Finding

_CALLBACKS = frozenset(
    {"jax.debug.print", "jax.debug.callback", "jax.pure_callback", "jax.experimental.io_callback"}
)
_LOGGED = frozenset(f"logging.{level}" for level in ("warning", "error", "critical", "exception"))
_NUMPY_DRAWS = frozenset(
    f"numpy.random.{name}"
    for name in (
        *("normal", "rand", "randn", "uniform", "randint", "random", "random_sample", "standard_normal"),
        *("permutation", "exponential", "binomial", "poisson"),
    )
)
_PYTHON_DRAWS = frozenset(
    f"random.{name}" for name in ("random", "gauss", "normalvariate", "uniform", "randint", "getrandbits")
)
_CLOCKS = frozenset(
    f"time.{name}{suffix}"
    for name in ("time", "perf_counter", "monotonic", "process_time")
    for suffix in ("", "_ns")
)


def output(
    cells: Cells, body: Body, node: ast.AST, question: str, assignment: Assignment
) -> Iterator[Finding]:
    """Prints, warnings and log records with something in them."""
    if not isinstance(node, ast.Call) or not node.args or isinstance(node.args[0], ast.Starred):
        return
    called = path(cells, body, node.func)
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    shown = _shown(body, node.args[0])
    if shown is None:
        return
    if name == "print" and body.is_global(name) and cells.is_builtin(name):
        verb = _stream(cells, body, node)
        if verb:
            yield says(question, node.lineno, f"{verb}{shown}")
    elif called == "warnings.warn":
        yield says(question, node.lineno, f"warns{shown and f' ({ast.literal_eval(shown.strip())})'}")
    elif called in _LOGGED and "logging" not in cells.changed and not _logging_is_set_up(cells):
        yield says(question, node.lineno, f"logs{shown}")
    elif called in ("sys.stdout.write", "sys.stderr.write"):
        verb = "prints" if "stdout" in called else "writes to stderr"
        yield says(question, node.lineno, f"{verb}{shown}")


def _stream(cells: Cells, body: Body, node: ast.Call) -> str:
    """What a print does; empty where it may go elsewhere."""
    if any(keyword.arg is None for keyword in node.keywords) or "sys" in cells.changed:
        return ""
    files = [keyword.value for keyword in node.keywords if keyword.arg == "file"]
    if not files:
        return "prints"
    return {"sys.stdout": "prints", "sys.stderr": "writes to stderr"}.get(path(cells, body, files[0]), "")


def _shown(body: Body, value: ast.expr) -> str | None:
    """ " 'text'" of what is said; empty where only running would tell; None where it may be blank."""
    if isinstance(value, ast.Constant):
        text = str(value.value).strip()
        return f" {text.splitlines()[0][:60]!r}" if text else None
    if isinstance(value, ast.JoinedStr):
        constant = "".join(str(part.value) for part in value.values if isinstance(part, ast.Constant))
        return "" if constant.strip() else None
    if isinstance(value, ast.Name):
        return "" if body.is_parameter(value.id) else None
    if (
        isinstance(value, ast.Attribute)
        and isinstance(value.value, ast.Name)
        and value.attr in ("shape", "dtype")
    ):
        return "" if body.is_parameter(value.value.id) else None
    return None


def _logging_is_set_up(cells: Cells) -> bool:
    return bool(cells.attributes & {"disable", "setLevel", "basicConfig", "getLogger"})


def callbacks(
    cells: Cells, body: Body, node: ast.AST, question: str, assignment: Assignment
) -> Iterator[Finding]:
    """Calls from the compiled program back to Python."""
    if isinstance(node, ast.Call):
        called = path(cells, body, node.func)
        if called in _CALLBACKS:
            yield calls_python(question, node.lineno, called)


def random_state(
    cells: Cells, body: Body, node: ast.AST, question: str, assignment: Assignment
) -> Iterator[Finding]:
    """Draws from NumPy's or Python's global generator, which move it."""
    if isinstance(node, ast.Call):
        called = path(cells, body, node.func)
        if called in _NUMPY_DRAWS and not _draws_nothing(node):
            yield changes(question, node.lineno, "NumPy's random state")
        elif called in _PYTHON_DRAWS:
            yield changes(question, node.lineno, "Python's random state")


def _draws_nothing(node: ast.Call) -> bool:
    """Whether the size that is asked for may be zero."""
    sizes = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "size")]
    named = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    last = sizes if named in ("rand", "randn", "random", "standard_normal") else sizes[2:]
    return any(isinstance(part, ast.Constant) and part.value == 0 for size in last for part in ast.walk(size))


def changed_globals(
    cells: Cells, body: Body, node: ast.AST, question: str, assignment: Assignment
) -> Iterator[Finding]:
    """Names declared global that are bound anew, and changes of lists and dictionaries outside, and of the function."""
    for target, value in assignments(node):
        is_new = values.is_traced(cells, body, value) or _counts_on(target, value)
        what = _outside(cells, body, target, question) if is_new else ""
        if what:
            yield changes(question, target.lineno, what)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        owner = node.func.value
        if isinstance(owner, ast.Name) and node.func.attr in ("append", "insert"):
            if values.global_container(cells, body, owner.id):
                yield changes(question, node.lineno, f"global `{owner.id}`")
            elif body.is_parameter(owner.id) and isinstance(body.default_of(owner.id), ast.List):
                yield changes(question, node.lineno, f"attributes of `{body.name}`")


def _outside(cells: Cells, body: Body, target: ast.expr, question: str) -> str:
    """What an assignment to `target` changes outside the function; empty if nothing, or if that is not certain."""
    if isinstance(target, ast.Name):
        return f"global `{target.id}`" if target.id in body.declared_global else ""
    owner = target.value if isinstance(target, ast.Subscript | ast.Attribute) else None
    if not isinstance(owner, ast.Name):
        return ""
    if isinstance(target, ast.Subscript):
        return f"global `{owner.id}`" if values.global_container(cells, body, owner.id) else ""
    is_itself = owner.id == body.name == question and body.is_global(owner.id)
    return f"attributes of `{owner.id}`" if is_itself else ""


def _counts_on(target: ast.expr, value: ast.expr) -> bool:
    """Whether this is `target = target + 1` or the like."""
    if not (isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add | ast.Sub)):
        return False
    if not values.is_number(value.right) or ast.literal_eval(value.right) == 0:
        return False
    before = ast.unparse(value.left)
    if isinstance(target, ast.Attribute) and isinstance(value.left, ast.Call):  # getattr(f, "calls", 0)
        return before.startswith(f"getattr({ast.unparse(target.value)}, {target.attr!r}, ")
    return before == ast.unparse(target)


def changed_arguments(
    cells: Cells, body: Body, node: ast.AST, question: str, assignment: Assignment
) -> Iterator[Finding]:
    """Entries of an argument that are set to something new."""
    if not body.is_answer or body.is_method:
        return
    for target, value in assignments(node):
        if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            name = target.value.id
            is_new = isinstance(value, ast.Constant) or values.is_traced(cells, body, value)
            if is_new and body.is_required(name) and body.is_untouched(name, target.lineno):
                yield changes(question, target.lineno, f"argument {body.parameters.index(name) + 1}")


def clock(
    cells: Cells, body: Body, node: ast.AST, question: str, assignment: Assignment
) -> Iterator[Finding]:
    """Sums and products of an argument and the time."""
    if isinstance(node, ast.BinOp):
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if values.is_traced(cells, body, one) and _has_clock(cells, body, other):
                yield gives_different_results(
                    question, "gives different results for the same arguments", node.lineno
                )


def _has_clock(cells: Cells, body: Body, value: ast.expr) -> bool:
    """Whether a term is the time, plus or modulo something."""
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add | ast.Sub | ast.Mod):
        return _has_clock(cells, body, value.left)
    return isinstance(value, ast.Call) and path(cells, body, value.func) in _CLOCKS


def read_globals(
    cells: Cells, body: Body, node: ast.AST, question: str, assignment: Assignment
) -> Iterator[Finding]:
    """Arrays, lists and changing numbers of the notebook that go into the program."""
    if not cells.values_are_certain():
        return
    for name, kind in values.read_values(cells, body, node, assignment.globals_are_the_lesson):
        if name not in assignment.given:
            yield reads(question, node.lineno, body.name, name, kind)  # type: ignore[attr-defined]
