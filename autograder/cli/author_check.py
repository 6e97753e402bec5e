"""`autograder author-check`."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder.cli.asking import stop

Names = Annotated[
    list[str] | None, typer.Argument(metavar="[ASSIGNMENT]...", help="All of them, if left out.")
]
Run = Annotated[
    bool, typer.Option("--run/--no-run", help="Grade stubs and references too (half a minute each).")
]


def author_check(assignments: Names = None, run: Run = True) -> None:
    """Check that assignments are as they have to be: each stub fails as it should, each reference passes,
    hints, points, ids, links and files are in order. Exit status 1 if there is anything to mend."""
    from rich.console import Console

    from autograder import places
    from autograder.exercises import ASSIGNMENTS

    try:
        from autograder.authors.author_check import author_check as check
        from autograder.report.author_check import show_findings

        root = places.checkout()
    except ModuleNotFoundError as error:
        if str(error.name).startswith("autograder"):
            raise
        stop("author-check", f"{error.name} is missing: pip install 'clustermass[instructor]'", 1)
    except places.NoCheckoutError as error:
        stop("author-check", str(error))
    if root != places.PACKAGE.parent:
        stop(
            "author-check",
            f"this is the checkout {root}, but the program that runs is {places.PACKAGE.parent}'s, with other "
            "manifests and checks. Run `python -m autograder author-check` in the checkout that is meant.",
        )
    if unknown := [name for name in assignments or () if name not in ASSIGNMENTS]:
        stop("author-check", f"there is no assignment `{unknown[0]}`; there are {', '.join(ASSIGNMENTS)}.")
    console = Console(highlight=False)
    with console.status("checking …") as status:
        checked = list(
            check(root, assignments or (), run=run, report=lambda of, rule: status.update(f"{of}: {rule} …"))
        )
    show_findings(console, checked)
    raise typer.Exit(1 if any(outcome.findings for outcome in checked) else 0)
