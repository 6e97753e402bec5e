"""No isolation: a process with the rights of whoever grades. For one's own code, or by name."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from autograder.sandbox.environment import quiet
from autograder.sandbox.limits import Resources
from autograder.sandbox.running import RunningTree, spawn
from autograder.sandbox.tree import Tree, Usage

GIVES_UP = (
    "student code runs with your own rights: it can read and change what you can, the gradebook included, and use the "
    "network; only time, memory and processes are watched"
)


@dataclass(frozen=True)
class Local:
    """`--isolation none`."""

    name: str = "none"

    def describe(self) -> str:
        """In words."""
        return GIVES_UP

    def start(self, module: str, resources: Resources) -> RunningLocal:
        """Run `python -m module` in a temporary folder."""
        folder = tempfile.TemporaryDirectory(prefix="autograder-", ignore_cleanup_errors=True)
        # What would change a grade stays behind; the rest of the environment is whoever grades'.
        environment = {key: value for key, value in os.environ.items() if key != "CLUSTERMASS_CATALOG"}
        command = [sys.executable, "-P", "-m", module]
        return RunningLocal(spawn(command, environment | quiet(), Path(folder.name)), folder)

    def settings(self, resources: Resources) -> dict[str, Any]:
        """It ends with the coordinator, and leaves no memory dump behind."""
        return {"resource": {"RLIMIT_CORE": 0}, "parent": os.getpid()}


NO_ISOLATION = Local()


@dataclass
class RunningLocal(RunningTree):
    """A process, and everything that was once seen below it."""

    folder: tempfile.TemporaryDirectory[str]
    _seen: dict[int, psutil.Process] = field(default_factory=dict)

    def usage(self) -> Usage:
        """What it uses, with all that it started; remembers who they are."""
        for pid in Tree(self.process.pid).pids():
            if pid not in self._seen:
                with suppress(psutil.Error):
                    self._seen[pid] = psutil.Process(pid)
        return super().usage()

    def stop(self) -> None:
        """End it, its process group, and whoever was seen below it.

        A process that left the group before it was ever seen escapes: that is what having no isolation means.
        """
        self.usage()
        if sys.platform == "win32":
            self.process.kill()
        else:
            with suppress(ProcessLookupError):  # all of it has ended already
                os.killpg(self.process.pid, signal.SIGKILL)
        for process in self._seen.values():
            with suppress(psutil.Error):  # ended, or the number is somebody else's by now
                process.kill()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        self.folder.cleanup()
