"""What `autograder watch` shows: a line for each question, and of all that failed the first thing to mend."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.text import Text

from autograder.learning.folder import find
from autograder.learning.standing import standings
from autograder.report.progress import next_line
from autograder.report.terminal import SIGNS, STYLES, help_lines
from autograder.report.text import located, plain, points
from autograder.wire.verdict import QuestionResult, Verdict


class Screen:
    """A terminal that scrolls: the newest check is at the bottom."""

    def __init__(self, console: Console, where: Path) -> None:
        """`where` is what is watched, as it was typed."""
        self._console, self._where = console, where

    def begin(self, notebooks: Iterable[Path]) -> None:
        """Say what is watched."""
        names = ", ".join(path.name for path in notebooks)
        self._say(f"Watching {names}. Save a notebook, and what has changed in it is checked. Ctrl-C ends.")

    def end(self) -> None:
        """Say good-bye."""
        self._say("\nNo longer watching.")

    def checking(self, path: Path, questions: list[str]) -> None:
        """A check begins."""
        self._say(f"\n{time.strftime('%H:%M:%S')} {path.name}: checking {', '.join(questions)} …", "bold")

    def show(self, path: Path, verdict: Verdict) -> None:
        """A check has ended."""
        if verdict.error:
            self._say(f"The autograder itself failed; please tell your instructor: {verdict.error}", "red")
            return
        results = [result for result in verdict.questions if result.status != "manual"]
        for result in results:
            earned = f"{points(result.points)} of {points(result.max_points)} points"
            self._say(f"{SIGNS[result.status]} {result.name}  {earned}", STYLES[result.status])
        first = next((result for result in results if result.status != "pass"), None)
        if first is not None:
            self._say(_first_failure(first))
            for line in help_lines(verdict):
                self._console.print(line, soft_wrap=True)
        elif folder := find(path.parent):
            where = self._where if self._where.is_dir() else self._where.parent
            self._console.print(next_line(list(standings(folder)), where), soft_wrap=True)

    def unreadable(self, path: Path, reason: str) -> None:
        """There is no notebook to check, for now."""
        self._say(f"{path.name} cannot be checked: {reason}", "yellow")

    def _say(self, text: str, style: str = "") -> None:
        self._console.print(Text(plain(text), style=style), soft_wrap=True)


def _first_failure(result: QuestionResult) -> str:
    failed = next((check for check in result.checks if check.status == "fail"), None)
    if failed is None:
        return f"First to mend: {result.name}\n{located(result.message, result.line)}"
    return (
        f"First to mend: {result.name}, {failed.title or failed.name}\n{located(failed.message, failed.line)}"
    )
