"""`autograder doctor`."""

from __future__ import annotations

import typer

MARKS = {"ok": "[green]✔[/]", "note": "[yellow]–[/]", "bad": "[red]✘[/]"}


def doctor() -> None:
    """Say what works here, and what to do about the rest. Exit status 1 if something that is needed does not."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from autograder.cli.examination import examine

    console = Console(highlight=False)
    with console.status("examining …"):
        facts = list(examine())
    table = Table(show_header=False, box=None, padding=(0, 1))
    for fact in facts:
        table.add_row(MARKS[fact.state], Text(fact.what, style="bold"), Text(fact.found))
        if fact.remedy:
            table.add_row("", "", Text(f"→ {fact.remedy}", style="cyan"))
    console.print(table)
    raise typer.Exit(1 if any(fact.state == "bad" for fact in facts) else 0)
