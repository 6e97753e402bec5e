"""Progress from inside a notebook: which file the kernel belongs to, and what to remember of its checks.

Only in a student's own session. A kernel of nbgrader's (autograding, validation), of the build or of nbconvert runs
`autograder.check` too, and must leave nothing behind: those have no session, so no notebook is found, and nothing is
written.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.learning import progress
from autograder.learning.answers import Answers
from autograder.learning.folder import remembering
from autograder.learning.hints import Hint, next_hint
from autograder.learning.outline import outline
from autograder.learning.progress import Record
from autograder.wire.verdict import Verdict

# What this kernel knows itself, for notebooks without a folder that remembers, or with one that cannot be written.
_KERNEL: dict[str, Record] = {}


def notebook_path(shell: Any) -> Path | None:
    """The notebook that a person has open on this kernel, as Jupyter's server or VS Code tells it."""
    if getattr(shell, "kernel", None) is None:
        return None
    told = os.environ.get("JPY_SESSION_NAME") or shell.user_ns.get("__vsc_ipynb_file__")
    path = Path(told) if isinstance(told, str) and told.endswith(".ipynb") else None
    return path if path is None or path.is_absolute() else Path.cwd() / path.name


def remember_check(shell: Any, verdict: Verdict, sources: Mapping[str, str]) -> None:
    """Note the outcome of a check."""
    answers = Answers.of_session(sources, outline(verdict.assignment))
    fingerprints = {result.name: answers.fingerprint(result.name) for result in verdict.questions}
    _remember(_folder(shell, verdict.assignment), progress.checked(verdict, fingerprints))


def give_hint(shell: Any, assignment: str, question: str, sources: Mapping[str, str]) -> Hint:
    """The next hint, counted in the student's folder as the terminal counts it, else in this kernel."""
    name = progress.key(assignment, question)
    folder = _folder(shell, assignment)
    record = _record(folder, name)
    answer = Answers.of_session(sources, outline(assignment)).fingerprint(question)
    hint, changed = next_hint(assignment, question, record, record.passed(answer))
    _remember(folder, {name: lambda _: changed})
    return hint


def _folder(shell: Any, assignment: str) -> Path | None:
    path = notebook_path(shell)
    return remembering(path, assignment) if path is not None else None


def _record(folder: Path | None, name: str) -> Record:
    kernel = _KERNEL.get(name, Record())
    if folder is None:
        return kernel
    record = progress.load(folder)[name]
    return replace(record, hints=max(record.hints, kernel.hints), told=record.told or kernel.told)


def _remember(folder: Path | None, changes: Mapping[str, Callable[[Record], Record]]) -> None:
    for name, change in changes.items():
        _KERNEL[name] = change(_KERNEL.get(name, Record()))
    if folder is not None:
        with suppress(OSError):  # read-only, full, or another program's: the kernel remembers
            progress.update(folder, changes)
