"""What every kind of isolation can do: start one of our modules apart, say what it uses, and end all of it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from autograder.sandbox.limits import Resources
from autograder.sandbox.tree import Tree, Usage


class Running(Protocol):
    """A module that runs apart, its standard streams in our hands."""

    process: subprocess.Popen[bytes]

    def usage(self) -> Usage:
        """What it uses, with all that it started."""

    def exact(self) -> Usage:
        """As `usage`, memory that several share counted once."""

    def out_of_memory(self) -> bool:
        """Whether something else than us ended it for its memory."""

    def stop(self) -> None:
        """End it and all that it started; nothing of it lives when this returns."""


class Isolation(Protocol):
    """A way to run what is not trusted."""

    @property
    def name(self) -> str:
        """Of `choice.ISOLATIONS`."""

    def describe(self) -> str:
        """In words, for `doctor`: what it is, of which version, from where."""

    def start(self, module: str, resources: Resources) -> Running:
        """Run `python -m module` apart.

        Raises:
            OSError: it cannot be started at all.
        """

    def settings(self, resources: Resources) -> dict[str, Any]:
        """The limits that the process sets for itself (`inside.LIMITS`)."""


@dataclass
class RunningTree:
    """A process that is watched as a tree; how to stop it is up to the kind of isolation."""

    process: subprocess.Popen[bytes]

    def usage(self) -> Usage:
        """What it uses, with all that it started."""
        return Tree(self.process.pid).usage()

    def exact(self) -> Usage:
        """As `usage`, memory that several share counted once."""
        return Tree(self.process.pid).exact()

    def out_of_memory(self) -> bool:
        """Nobody else watches its memory."""
        return False


def spawn(
    command: list[str], environment: dict[str, str], folder: Path, handles: tuple[int, ...] = ()
) -> subprocess.Popen[bytes]:
    """Start a command in a session of its own with pipes for its three standard streams."""
    return subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        pass_fds=handles,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
