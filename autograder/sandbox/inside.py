"""The first steps of a sandboxed process, before anything that is not ours runs in it."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from autograder.sandbox.channel import Outbox, read_given

# Frame with the limits that a process sets for itself; the rest of what it is given is its module's own.
LIMITS = "limits"
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Given:
    """What the process was given, and where it answers."""

    parts: Mapping[str, bytes]
    outbox: Outbox


def enter() -> Given:
    """Take the request and the way back out of reach of standard input and output, then accept the limits.

    From here on standard input is empty and standard output goes nowhere. The process ends with the coordinator:
    it keeps the end of a pipe that the other side never writes to again, and ends when that pipe does.
    """
    lifeline, answers = _put_away(0, os.O_RDONLY), _put_away(1, os.O_WRONLY)
    try:
        parts = read_given(lifeline)
    except EOFError:
        os._exit(1)
    _accept(json.loads(parts.pop(LIMITS)))
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
    return Given(parts, Outbox(answers))


def _put_away(standard: int, flags: int) -> int:
    """A handle of our own for a standard stream, which itself leads nowhere from now on."""
    own = os.dup(standard)
    nowhere = os.open(os.devnull, flags)
    os.dup2(nowhere, standard)
    os.close(nowhere)
    return own


def _end_with(lifeline: int) -> None:
    with suppress(OSError):
        os.read(lifeline, 1)
    os._exit(1)


def _accept(limits: Mapping[str, Any]) -> None:
    """Set the limits, which nothing in here can raise again."""
    if sys.platform == "win32":
        return
    import resource

    for name, most in limits["resource"].items():
        _lower(getattr(resource, name), most)
    if sys.platform == "linux":
        # Where memory runs short, the kernel takes it from here and not from the coordinator.
        with suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")
    if limits["parent"] and sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != limits["parent"]:
            os._exit(1)


def _lower(which: int, most: int) -> None:
    import resource

    _, hard = resource.getrlimit(which)
    bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(which, (bound, bound))
