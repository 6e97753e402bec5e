"""What notebooks call: `begin`, `check`, `hint`, `needs`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from autograder.errors import CheckError, Waiting
from autograder.notebook.session import SESSION, ipython, namespace, version_note

# Checks in a notebook run on this seed's data: the same for everyone, so that a result can be talked about.
VISIBLE_SEED = 2_019


def begin(assignment: str, version: str) -> None:
    """Say which notebook this is, and for which version of the kit it was made.

    Args:
        assignment: its nbgrader name, "04_mdn".
        version: of the kit that built it; another version is told, but not refused.
    """
    SESSION.begin(assignment)
    if note := version_note(version):
        print(note)


def check(question: str | None = None) -> Any:
    """Check the notebook's answer to `question`, on public data, the way grading does it.

    Returns:
        A `Score`: the points as a number and as plain text, a table in a notebook.

    Raises:
        CheckError: there is no such question, or the check itself failed.
    """
    names = namespace()
    question = _expect_name(question, "check")
    from autograder.exercises import UnknownQuestion, find
    from autograder.grading.self_check import self_check
    from autograder.learning.in_notebook import remember_check
    from autograder.quiet import stderr_silenced
    from autograder.report.score import Score

    try:
        assignment, spec = find(question, within=SESSION.assignment)
    except UnknownQuestion as unknown:
        raise CheckError(str(unknown)) from None
    try:
        with stderr_silenced(), _ProgressLine() as progress:
            sources = list(SESSION.sources.values()) or list(names.get("In", []))
            verdict = self_check(names, assignment, spec.name, sources, VISIBLE_SEED, progress)
            # Progress is a convenience: no check fails, or says a word, because of it.
            with suppress(Exception):
                remember_check(ipython(), verdict, SESSION.sources)
    except KeyboardInterrupt:
        raise CheckError("the check was interrupted; run the cell again for an answer.") from None
    if verdict.error:
        raise CheckError(
            f"The autograder itself failed while it checked `{question}`; your answer is not to blame. Please tell "
            f"your instructor: {verdict.error}"
        )
    return Score(verdict[spec.name], spec)


def hint(question: str | None = None) -> None:
    """Show a hint for `question`; one more at each call.

    Raises:
        CheckError: there is no such question.
    """
    question = _expect_name(question, "hint")
    from autograder.exercises import UnknownQuestion
    from autograder.learning.in_notebook import give_hint
    from autograder.learning.names import resolve
    from autograder.report.hint import hint_html, hint_text

    try:
        outline, task = resolve(question, SESSION.assignment if "/" not in question else None)
    except UnknownQuestion as unknown:
        raise CheckError(str(unknown)) from None
    shell = ipython()
    given = give_hint(shell, outline.assignment, task.name, SESSION.sources)
    again = f'autograder.hint("{question}")'
    if shell is None:
        print(hint_text(given, again))
        return
    from IPython.display import display

    display({"text/plain": hint_text(given, again), "text/html": hint_html(given, again)}, raw=True)


def _expect_name(question: Any, function: str) -> str:
    if isinstance(question, str):
        return question
    called = getattr(question, "__name__", None) or _first_question()
    raise CheckError(f'name the question as text, in quotes: autograder.{function}("{called}").')


def _first_question() -> str:
    from autograder.exercises import ASSIGNMENTS, assignment

    return assignment(SESSION.assignment or next(iter(ASSIGNMENTS))).questions[0].name


def needs(*names: str) -> None:
    """Stop this cell, with one clear line, unless every one of `names` is there and is no stub.

    Raises:
        Waiting: naming what the cell waits for.
    """
    there = namespace()
    for name in names:
        if name not in there:
            raise Waiting(f"this cell waits for `{name}`: run the cell above that makes it.")
        if task := _open_task(name, there):
            raise Waiting(f"this cell waits for your `{name}`. {task}")


def _open_task(name: str, there: dict[str, Any]) -> str | None:
    """The task of the question called `name`, if its answer is still the stub."""
    from autograder.capture.functions import root_functions
    from autograder.exercises import UnknownQuestion, find
    from autograder.exercises.stubs import is_stub

    try:
        _, question = find(name, within=SESSION.assignment)
    except UnknownQuestion:
        return None
    return question.stub_message if is_stub(question, root_functions(there[name], there)) else None


class _ProgressLine:
    """One line in the notebook that says how far a long check is, and is gone when it is done."""

    def __init__(self) -> None:
        self._handle: Any = None

    def __enter__(self) -> Callable[[str, float], None]:
        return self._show

    def __exit__(self, *_: object) -> None:
        if self._handle is not None:
            self._handle.update({"text/html": "", "text/plain": ""}, raw=True)

    def _show(self, what: str, done: float) -> None:
        if ipython() is None:
            return
        from IPython.display import display

        bar = "█" * round(20 * done) + "░" * (20 - round(20 * done))
        bundle = {"text/plain": f"{bar} {what} …", "text/html": f"<code>{bar}</code> {what} …"}
        if self._handle is None:
            self._handle = display(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)
