"""What is wrong with an assignment: where, what, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.exercises.spec import Assignment


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to mend. `file` is relative to the checkout; `line` is 0 where the whole file is meant."""

    file: str
    line: int
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        """As compilers write it."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}" + (f"\n    → {self.remedy}" if self.remedy else "")


# A rule looks at one assignment of a checkout.
Rule = Callable[[Path, Assignment], Iterator[Finding]]


def manifest_file(root: Path, assignment: Assignment) -> str:
    """The manifest of an assignment, relative to the checkout."""
    return f"autograder/exercises/{assignment.checks.name}/__init__.py"


def line_of(path: Path, pattern: str) -> int:
    """The first line of a file in which the regular expression is found; 0 if there is none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((number for number, line in enumerate(lines, 1) if re.search(pattern, line)), 0)


def parsed(text: str) -> Iterator[Finding]:
    """Findings out of a message whose lines read `file:line: what is wrong`."""
    for line in text.splitlines():
        match = re.match(r"(?P<file>[^:]+):(?P<line>\d+): (?P<message>.*)", line)
        if match:
            yield Finding(match["file"], int(match["line"]), match["message"])
        else:
            yield Finding("", 0, line)
