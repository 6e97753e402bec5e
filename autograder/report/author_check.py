"""What `autograder author-check` shows: a table of rules, then each finding."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.authors.author_check import Checked


def show_findings(console: Console, checked: Sequence[Checked]) -> None:
    """Print which rules hold, and below what does not, with its place and its remedy."""
    console.print(_table(checked))
    for outcome in checked:
        for finding in outcome.findings or ():
            console.print(f"\n{finding}", markup=False, soft_wrap=True)
    count = sum(len(outcome.findings or ()) for outcome in checked)
    console.print(f"\n{count} to mend." if count else "\nNothing to mend.", style="red" if count else "green")


def _table(checked: Sequence[Checked]) -> Table:
    rules = list(dict.fromkeys(outcome.rule for outcome in checked))
    table = Table(box=None, padding=(0, 1, 0, 0))
    table.add_column("")
    for rule in rules:
        table.add_column(rule)
    for of in dict.fromkeys(outcome.of for outcome in checked):
        cells = {outcome.rule: _cell(outcome) for outcome in checked if outcome.of == of}
        table.add_row(Text(of), *(cells.get(rule, Text("")) for rule in rules))
    return table


def _cell(outcome: Checked) -> Text:
    if outcome.findings is None:
        return Text("not run", "dim")
    return Text(f"✘ {len(outcome.findings)}", "red") if outcome.findings else Text("✔", "green")
