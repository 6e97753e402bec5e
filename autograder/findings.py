"""How a finding is put into words, wherever it is found: beside the student's code, or from its source alone."""

from __future__ import annotations

from autograder import why
from autograder.wire.artifact import Finding


def says(question: str, line: int | None, what: str) -> Finding:
    """Something is printed, logged or warned; `what` is "prints 'training'"."""
    message = f"{_where(question, line)} {what}. {why.SILENT} Return what you want to see instead."
    return Finding("silent", message, line)


def reads(question: str, line: int, function: str, name: str, described: str) -> Finding:
    """A global that changes the result is read, in `function`; it is `described` as "a list"."""
    where = f"`{question}`, line {line}{_inside(question, function)}"
    message = (
        f"{where}, reads the global `{name}` ({described}); it must use its argument. {why.GLOBALS} Take what the "
        "function needs from its arguments, or bind it with a default argument or `functools.partial`."
    )
    return Finding("reads_no_globals", message, line)


def reads_number(question: str, line: int, function: str, name: str) -> Finding:
    """A global number, bound once, is read: advice."""
    where = f"`{question}`, line {line}{_inside(question, function)}"
    message = (
        f"{where}, reads the global number `{name}`. It costs nothing here, but under `jax.jit` it is frozen at the "
        "first call; an argument, a default argument or a constant inside the function is safer."
    )
    return Finding("reads_no_globals", message, line, "advice")


def changes(question: str, line: int | None, what: str) -> Finding:
    """Something outside is changed; `what` is "global `losses`", "argument 1" or "NumPy's random state"."""
    is_argument = what.startswith("argument")
    rule = "arguments are only read" if is_argument else "nothing outside the function may change"
    changed = what if is_argument or what.startswith(("NumPy", "Python")) else f"the {what}"
    message = (
        f"{_where(question, line)} changes {changed}; {rule}. {why.MUTATION} Return the new value instead."
    )
    return Finding("changes_nothing", message, line)


def gives_different_results(question: str, deed: str, line: int | None = None) -> Finding:
    """It is not deterministic; `deed` is "gives different results for the same arguments"."""
    message = f"{_where(question, line)} {deed}. {why.DETERMINISTIC}"
    return Finding(
        "deterministic", f"{message} Look for `np.random`, a clock, or something it remembers.", line
    )


def calls_python(question: str, line: int | None, primitive: str) -> Finding:
    """The compiled program calls back, by the primitive of that name."""
    what = "prints or calls Python" if "debug" in primitive else "calls Python"
    message = f"{_where(question, line)} {what} from the compiled program (`{primitive}`). {why.CALLBACK}"
    return Finding("no_callbacks", f"{message} Remove it, or keep it out of the answer.", line)


def _where(question: str, line: int | None) -> str:
    return f"`{question}`" + (f", line {line}," if line else "")


def _inside(question: str, function: str) -> str:
    return "" if function in (question, "__call__") else f" (in `{function}`)"
