"""Isolation by a container engine, docker or podman: for systems without bubblewrap."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from autograder.sandbox.environment import CATALOGUE, HOME, sandboxed
from autograder.sandbox.limits import MB, Resources
from autograder.sandbox.running import spawn
from autograder.sandbox.tree import Usage
from clustermass._version import __version__

# The environment of this version, made from `Dockerfile` beside this file; nothing of the machine is in it.
IMAGE = f"clustermass:{__version__}"
# Says who started a container, so that one whose coordinator was killed can be found and removed.
_LABEL = "clustermass.coordinator"
_SHARED_MEMORY = 64 * MB
_OPEN_FILES = 1_024
_ENGINE_SECONDS = 30.0


def engines() -> list[str]:
    """The engines whose command is there, whether they run or not."""
    return [engine for engine in ("docker", "podman") if shutil.which(engine)]


def problem(engine: str) -> str:
    """What keeps `engine` from being used; nothing if it runs and has the image."""
    try:
        said = _ask(engine, "info", "--format", "{{json .}}")
    except (OSError, subprocess.SubprocessError) as error:
        return f"it does not run ({_last_line(error)})"
    with suppress(ValueError):
        # docker's client answers, without an error, for a daemon that is not there
        if errors := json.loads(said).get("ServerErrors"):
            return f"it does not run ({errors[0]})"
    try:
        _ask(engine, "image", "inspect", IMAGE)
    except (OSError, subprocess.SubprocessError):
        return f"it has no image {IMAGE}"
    return ""


@dataclass(frozen=True)
class Container:
    """`--isolation container`.

    Attributes:
        engine: "docker" or "podman".
        hidden: nothing to do: a container sees nothing of the machine.
        catalogue: the simulated table that notebooks load, to be read and not to be written.
    """

    engine: str
    hidden: tuple[Path, ...] = ()
    catalogue: Path | None = None
    name: str = "container"

    def describe(self) -> str:
        """In words."""
        with suppress(OSError, subprocess.SubprocessError):
            return f"{_ask(self.engine, '--version').strip()}, image {IMAGE}"
        return f"{self.engine}, image {IMAGE}"

    def start(self, module: str, resources: Resources) -> RunningContainer:
        """Run `python -m module` in a new container."""
        sweep(self.engine)
        name = f"clustermass-{secrets.token_hex(8)}"
        command = [self.engine, *self.options(name, resources), IMAGE, *_program(module, resources)]
        return RunningContainer(spawn(command, dict(os.environ), Path("/")), self.engine, name)

    def options(self, name: str, resources: Resources) -> Iterator[str]:
        """`run` and its options."""
        yield from ("run", "--interactive", "--pull", "never", "--log-driver", "none")
        yield from ("--name", name, "--label", f"{_LABEL}={os.getpid()}", "--hostname", "sandbox")
        yield from ("--network", "none", "--ipc", "private", "--read-only", "--user", "1000:1000")
        yield from ("--cap-drop", "ALL", "--security-opt", "no-new-privileges")
        yield from ("--memory", str(resources.memory), "--memory-swap", str(resources.memory))
        yield from ("--pids-limit", str(resources.threads), "--shm-size", str(_SHARED_MEMORY))
        for limit, most in _user_limits(resources).items():
            yield from ("--ulimit", f"{limit}={most}:{most}")
        yield from ("--tmpfs", f"{HOME}:rw,nosuid,nodev,size={resources.disk},mode=1777", "--workdir", HOME)
        for key, value in sandboxed().items():
            if key not in {"PATH", "PYTHONPATH", "PYTHONUSERBASE"}:  # the image's own
                yield from ("--env", f"{key}={value}")
        if self.catalogue:
            place = f"{CATALOGUE}/{self.catalogue.name}"
            yield from ("--mount", f"type=bind,source={self.catalogue},target={place},readonly")

    def settings(self, resources: Resources) -> dict[str, Any]:
        """The engine sets all limits."""
        return {"resource": {}, "parent": None}


def _user_limits(resources: Resources) -> dict[str, int]:
    return {"core": 0, "cpu": int(resources.cpu_seconds), "fsize": resources.disk, "nofile": _OPEN_FILES}


def _program(module: str, resources: Resources) -> list[str]:
    """The module, as a child of a clock: where the coordinator was killed, a container ends by itself."""
    return ["timeout", "--signal=KILL", str(int(resources.wall_seconds) + 60), "python", "-P", "-m", module]


@dataclass
class RunningContainer:
    """The engine's client outside; the container itself is watched by the engine."""

    process: subprocess.Popen[bytes]
    engine: str
    container: str

    def usage(self) -> Usage:
        """Nothing that is seen from here: the engine keeps the limits."""
        return Usage()

    def exact(self) -> Usage:
        """As `usage`."""
        return Usage()

    def out_of_memory(self) -> bool:
        """Whether the engine ended it for its memory."""
        with suppress(OSError, subprocess.SubprocessError):
            said = _ask(self.engine, "inspect", "--format", "{{.State.OOMKilled}}", self.container)
            return said.strip() == "true"
        return False

    def stop(self) -> None:
        """Remove the container, with every process in it."""
        with suppress(OSError, subprocess.SubprocessError):
            _ask(self.engine, "rm", "--force", self.container)
        self.process.kill()
        self.process.wait()


def sweep(engine: str) -> None:
    """Remove the containers of coordinators that are gone."""
    with suppress(OSError, subprocess.SubprocessError):
        form = f'{{{{.ID}}}} {{{{.Label "{_LABEL}"}}}}'
        for line in _ask(engine, "ps", "--all", "--filter", f"label={_LABEL}", "--format", form).splitlines():
            container, _, pid = line.partition(" ")
            if pid.isdigit() and not psutil.pid_exists(int(pid)):
                _ask(engine, "rm", "--force", container)


def _ask(engine: str, *arguments: str) -> str:
    answer = subprocess.run(
        [engine, *arguments], capture_output=True, text=True, timeout=_ENGINE_SECONDS, check=True
    )
    return answer.stdout


def _last_line(error: BaseException) -> str:
    said = (getattr(error, "stderr", None) or str(error)).strip()
    return str(said.splitlines()[-1])[:200] if said else "it says nothing"
