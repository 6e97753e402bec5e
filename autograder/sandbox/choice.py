"""Which isolation is used here, and what to do where there is none."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from autograder.sandbox import bwrap, container, remedies
from autograder.sandbox.bwrap import Bwrap
from autograder.sandbox.catalogue import public_catalogue
from autograder.sandbox.container import Container
from autograder.sandbox.local import NO_ISOLATION
from autograder.sandbox.paths import UnfitPrefixError
from autograder.sandbox.probe import leaks
from autograder.sandbox.running import Isolation

# "auto" takes the first of the others that works; "none" only by name.
ISOLATIONS = ("auto", "bwrap", "container", "none")


class NoIsolationError(RuntimeError):
    """Student code cannot be isolated here as asked for; the message says why and what to do."""


@dataclass(frozen=True)
class Tried:
    """One way to isolate, and what is wrong with it here: nothing if it works."""

    isolation: Isolation | None
    what: str
    problem: str
    remedy: str = ""


def choose(name: str = "auto", hidden: Sequence[Path] = ()) -> Isolation:
    """The isolation called `name`, tried out.

    Args:
        name: of `ISOLATIONS`.
        hidden: what no sandbox may see (the course).

    Raises:
        NoIsolationError: if it does not work here; with "auto", if none does.
    """
    if name == "none":
        return NO_ISOLATION
    tried = []
    for attempt in attempts(name):
        if attempt.isolation is not None and not attempt.problem:
            return _ready(attempt.isolation, tuple(hidden))
        tried.append(attempt)
    raise NoIsolationError(_refusal(name, tried))


@cache
def _attempts(name: str) -> tuple[Tried, ...]:
    found: list[Tried] = []
    for attempt in _try_bwrap() if name in {"auto", "bwrap"} else ():
        found.append(attempt)
        if not attempt.problem:
            return tuple(found)
    if name in {"auto", "container"}:
        found += _try_containers()
    return tuple(found)


def attempts(name: str = "auto") -> tuple[Tried, ...]:
    """What was tried, in order, up to the first that works; once for each process."""
    return _attempts(name)


def _try_bwrap() -> Iterator[Tried]:
    if sys.platform != "linux":
        yield Tried(None, "bubblewrap", "it is for Linux")
        return
    there = list(bwrap.candidates())
    if not there:
        yield Tried(None, "bubblewrap", "there is no `bwrap`", remedies.INSTALL_BWRAP)
    for binary, origin in there:
        isolation = Bwrap(binary, origin)
        try:
            problem = leaks(isolation)
        except UnfitPrefixError as error:
            problem = str(error)
        yield Tried(isolation, f"{binary} ({origin})", problem, remedies.for_bwrap(problem, binary))


def _try_containers() -> Iterator[Tried]:
    for engine in container.engines():
        problem = container.problem(engine) or leaks(Container(engine))
        yield Tried(
            Container(engine), engine, problem, remedies.for_container(problem, engine, container.IMAGE)
        )


def _ready(isolation: Isolation, hidden: tuple[Path, ...]) -> Isolation:
    """With what this run must hide, and the catalogue to read."""
    if isinstance(isolation, Bwrap | Container):
        return replace(isolation, hidden=hidden, catalogue=public_catalogue())
    return isolation


def _refusal(name: str, tried: Sequence[Tried]) -> str:
    what = (
        "student code cannot be isolated here"
        if name == "auto"
        else f"`--isolation {name}` does not work here"
    )
    lines = [f"{what}, so nothing was graded."]
    for attempt in tried:
        lines.append(f"  {attempt.what}: {attempt.problem}")
        lines += [f"    {line}" for line in attempt.remedy.splitlines()]
    if not tried:
        lines.append("  There is neither docker nor podman.")
    return "\n".join([*lines, remedies.LAST_RESORT])
