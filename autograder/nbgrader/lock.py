"""One grading run at a time in a course."""

from __future__ import annotations

import errno
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from autograder.nbgrader.course import Course
from autograder.nbgrader.staging import sweep

# A file system that knows no locks, as some network file systems.
_NO_LOCKS = {errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, errno.EINVAL}


_LOCK = "lock"
_POLL_SECONDS = 0.05


class LockedError(RuntimeError):
    """Another process has the lock; the message names it."""


@contextmanager
def alone(course: Course) -> Iterator[None]:
    """Be the only one who grades in `course`; what a run that was killed has left there is swept up first.

    Raises:
        LockedError: another process is grading.
    """
    with locked(course.private / _LOCK, "`autograder grade`"):
        sweep(course)
        yield


@contextmanager
def beside_others(course: Course) -> Iterator[None]:
    """Judge one submission for nbgrader, as others may at the same time, but not while `autograder grade` works.

    Raises:
        LockedError: `autograder grade` works.
    """
    with locked(course.private / _LOCK, "`nbgrader autograde`", shared=True):
        yield


@contextmanager
def locked(path: Path, what: str, shared: bool = False, patience: float = 0.0) -> Iterator[None]:
    """Hold the lock in the file `path`. The system lets go of it when the process ends, however it ends.

    Args:
        path: of the lock; what is in the file only says who has it.
        what: is done under the lock, for whoever waits ("`autograder grade`").
        shared: several may hold it at a time, but none beside one who holds it alone.
        patience: seconds to wait for it.

    Raises:
        LockedError: another process holds it.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = time.monotonic() + patience
        while not _taken(handle, shared):
            if time.monotonic() >= deadline:
                raise LockedError(_who(handle))
            time.sleep(_POLL_SECONDS)
        if not shared:
            _sign(
                handle, {"process": os.getpid(), "host": socket.gethostname(), "what": what, "since": _now()}
            )
        yield
        if not shared:
            _sign(handle, {})
    finally:
        os.close(handle)


def _taken(handle: int, shared: bool) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno in _NO_LOCKS
    return True


def _sign(handle: int, who: dict[str, object]) -> None:
    os.ftruncate(handle, 0)
    os.lseek(handle, 0, os.SEEK_SET)
    os.write(handle, json.dumps(who).encode())


def _who(handle: int) -> str:
    try:
        who = json.loads(os.read(handle, 10_000))
        where = f"process {who['process']} on {who['host']}"
        return f"{who['what']} is at work in this course: {where}, since {who['since']}"
    except (ValueError, KeyError, TypeError, OSError):
        return "another process is at work in this course"


def _now() -> str:
    return datetime.now(UTC).astimezone().isoformat(timespec="seconds")
