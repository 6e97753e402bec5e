"""What a notebook's kernel knows: which assignment it is, and the sources of the cells that ran."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any

from clustermass._version import __version__


@dataclass
class Session:
    """One notebook in one kernel."""

    assignment: str | None = None
    sources: dict[str, str] = field(default_factory=dict)

    def begin(self, assignment: str) -> None:
        """Start to follow the notebook of `assignment`."""
        shell = ipython()
        if shell is not None and self.assignment is None:
            shell.events.register("pre_run_cell", self._remember)
        self.assignment = assignment

    def _remember(self, info: Any) -> None:
        # A cell that is run again replaces itself, so that its names do not count as bound twice; it ran last.
        cell = getattr(info, "cell_id", None) or info.raw_cell
        self.sources.pop(cell, None)
        self.sources[cell] = info.raw_cell


SESSION = Session()


def ipython() -> Any:
    """The running IPython shell, or None."""
    module = sys.modules.get("IPython")
    return module.get_ipython() if module else None


def namespace(depth: int = 2) -> dict[str, Any]:
    """The notebook's names: IPython's, else the globals of the caller `depth` frames up."""
    shell = ipython()
    return shell.user_ns if shell is not None else sys._getframe(depth).f_globals


def version_note(made_for: str) -> str:
    """What to say to a notebook that was made for another version of the kit; empty if there is nothing to say."""
    if made_for == __version__:
        return ""
    return (
        f"This notebook was made for clustermass {made_for}; installed is {__version__}. Checks may not fit it. "
        f"Install `clustermass=={made_for}`, or get the notebooks of this version with `autograder start DIR`: it "
        "keeps the answers that you have written."
    )
