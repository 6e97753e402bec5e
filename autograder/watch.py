"""Run a process that may hang or die, and know what it was doing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Ended:
    """How a watched process ended, and the stage that it was in."""

    how: Literal["done", "died", "timeout"]
    stage: str
    status: int | None = None


def run_watched(
    module: str, folder: Path, events: str, seconds_for: Callable[[str], float], stdin: str = ""
) -> Ended:
    """Run `python -m module folder` until it says "done", dies, or stays in one stage too long.

    Args:
        module: which to run.
        folder: its working folder; `events` in it is the file that it writes its stages to, as JSON lines.
        events: that file's name.
        seconds_for: the time limit of a stage, by its name.
        stdin: what it may read.

    The whole process group is killed at the end, whatever happened: nothing that it started goes on.
    """
    log = folder / events
    log.unlink(missing_ok=True)
    with (folder / "stderr.txt").open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", module, str(folder)],
            cwd=folder,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            start_new_session=True,
        )
    try:
        assert process.stdin is not None
        with process.stdin as pipe:
            pipe.write(stdin.encode())
        return _watch(process, log, seconds_for)
    finally:
        _kill_group(process)


def _watch(process: subprocess.Popen[bytes], log: Path, seconds_for: Callable[[str], float]) -> Ended:
    stage, since = "start", time.monotonic()
    while True:
        status = process.poll()
        latest = _last_stage(log)
        if latest != stage:
            stage, since = latest, time.monotonic()
        if stage == "done":
            return Ended("done", stage)
        if status is not None:
            return Ended("died", stage, status)
        if time.monotonic() - since > seconds_for(stage):
            return Ended("timeout", stage)
        time.sleep(_POLL_SECONDS)


def _last_stage(log: Path) -> str:
    try:
        lines = log.read_text(errors="replace").splitlines()
        return str(json.loads(lines[-1])) if lines else "start"
    except (OSError, ValueError):  # not there yet, or half a line
        return "start"


def _environment() -> dict[str, str]:
    """The parent's environment without what would change a grade."""
    kept = {name: value for name, value in os.environ.items() if name != "CLUSTERMASS_CATALOG"}
    return kept | {"MPLBACKEND": "Agg", "PYTHONWARNINGS": "ignore", "TQDM_DISABLE": "1"}


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError):  # all of it has ended already
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
