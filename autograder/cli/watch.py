"""`autograder watch`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.asking import stop

Where = Annotated[
    Path, typer.Argument(metavar="[NOTEBOOK|DIR]", help="A notebook, or your folder with the notebooks.")
]


def watch(where: Where = Path(".")) -> None:
    """Check answers whenever you save a notebook, until Ctrl-C. Only what has changed is checked."""
    from rich.console import Console

    from autograder.learning.folder import assignment_of, course_folder, make, notebooks
    from autograder.learning.watching import Watcher
    from autograder.report.watching import Screen

    def find() -> dict[str, Path]:
        if where.is_dir():
            return notebooks(where)
        name = assignment_of(where)
        return {name: where} if name else {}

    if not where.exists():
        stop("watch", f"there is no {where}.")
    there = find()
    if not there:
        stop("watch", f"no notebook of the course at {where}; `autograder start DIR` gives you them.")
    if folder := course_folder(next(iter(there.values())).parent):
        make(folder)
    screen = Screen(Console(highlight=False), where)
    try:
        screen.begin(there.values())
        Watcher(find, screen).run()
    except KeyboardInterrupt:
        screen.end()
