"""How far a student is, for a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from autograder.learning.standing import Standing, State
from autograder.report.text import points

# Sign, words, style.
STATES: dict[State, tuple[str, str, str]] = {
    "absent": ("·", "the notebook is not here", "dim"),
    "unreadable": ("✘", "the notebook cannot be read", "red"),
    "open": ("·", "open", "dim"),
    "unchecked": ("?", "not checked yet", "yellow"),
    "changed": ("?", "not as it was last checked", "yellow"),
    "written": ("✎", "written; a person marks it", "green"),
    "pass": ("✔", "passed", "green"),
    "fail": ("✘", "not there yet", "red"),
    "error": ("✘", "did not run", "red"),
    "missing": ("✘", "nothing of that name there", "red"),
}


def progress_tables(standings: Sequence[Standing], where: Path) -> Group:
    """A table for each assignment, the sum, and what is next; `where` is the folder as it was typed."""
    parts: list[RenderableType] = []
    for _, group in groupby(standings, key=lambda standing: standing.outline.assignment):
        parts += [*_assignment(list(group)), Text()]
    automatic = [standing for standing in standings if not standing.task.manual]
    parts += [Text(f"In all {_sum(automatic)}.", style="bold"), next_line(standings, where)]
    return Group(*parts)


def _assignment(standings: Sequence[Standing]) -> tuple[Text, Table]:
    outline = standings[0].outline
    automatic = [standing for standing in standings if not standing.task.manual]
    heading = Text(f"{outline.assignment}  {outline.title}", style="bold")
    heading.append(f"\n  {_sum(automatic)}", style="not bold")
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 2))
    for standing in standings:
        sign, words, style = STATES[standing.state]
        full = points(standing.task.points)
        earned = f"{points(standing.points)} of {full}" if not standing.task.manual else f"{full}, by hand"
        hints = f"{standing.hints} hint{'s' * (standing.hints > 1)}" if standing.hints else ""
        table.add_row(
            Text(sign, style=style),
            Text(standing.task.name),
            earned,
            Text(words, style=style),
            Text(hints, "dim"),
        )
    return heading, table


def _sum(automatic: Sequence[Standing]) -> str:
    passed = sum(standing.state == "pass" for standing in automatic)
    earned = points(sum(standing.points for standing in automatic))
    full = points(sum(standing.task.points for standing in automatic))
    return f"{passed} of {len(automatic)} questions passed, {earned} of {full} points"


def next_line(standings: Sequence[Standing], where: Path) -> Text:
    """The first question that is not settled, and what to do about it."""
    standing = next((standing for standing in standings if not standing.settled), None)
    if standing is None:
        return Text("All done.", "green")
    name, task = standing.outline.assignment, standing.task.name
    course = "" if where == Path(".") else f" {shlex.quote(str(where))}"
    if standing.state == "absent":
        return Text(f"Next: {name}. Get its notebook: autograder start {course.strip() or '.'}")
    if standing.state in ("unchecked", "changed"):
        return Text(
            f"Next: {name}.ipynb, `{task}`: run its check in the notebook (and save), or: "
            f"autograder status{course} --check"
        )
    option = f" --dir{course}" if course else ""
    section = f", in “{standing.task.heading}”" if standing.task.heading else ""
    return Text(f"Next: {name}.ipynb, `{task}`{section}. A hint: autograder hint {name}/{task}{option}")
