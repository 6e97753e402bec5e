"""What a process and all its descendants use, seen from outside."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

import psutil

_FRESH_SECONDS = 0.08


@dataclass(frozen=True)
class Usage:
    """Bytes in use, CPU seconds so far (children that have ended included), processes and threads alive."""

    memory: int = 0
    cpu_seconds: float = 0.0
    processes: int = 0
    threads: int = 0

    def __add__(self, other: Usage) -> Usage:
        """Both together."""
        return Usage(
            self.memory + other.memory,
            self.cpu_seconds + other.cpu_seconds,
            self.processes + other.processes,
            self.threads + other.threads,
        )


@dataclass(frozen=True)
class _Seen:
    parent: int
    usage: Usage


class Tree:
    """The descendants of one process, itself included."""

    def __init__(self, root: int) -> None:
        """Watch the process `root`."""
        self.root = root

    def usage(self) -> Usage:
        """What all of them use now. Memory that several share is counted in each."""
        seen = _snapshot()
        return sum((seen[pid].usage for pid in _descendants(self.root, seen)), Usage())

    def exact(self) -> Usage:
        """As `usage`, but memory that several share is counted once; slower."""
        seen = _snapshot()
        pids = list(_descendants(self.root, seen))
        usage = sum((seen[pid].usage for pid in pids), Usage())
        return replace(usage, memory=sum(map(_proportional, pids)))

    def pids(self) -> list[int]:
        """Who is alive."""
        return list(_descendants(self.root, _snapshot()))


def _descendants(root: int, seen: dict[int, _Seen]) -> Iterable[int]:
    children: dict[int, list[int]] = {}
    for pid, process in seen.items():
        children.setdefault(process.parent, []).append(pid)
    waiting = [root] if root in seen else []
    while waiting:
        pid = waiting.pop()
        yield pid
        waiting += children.get(pid, [])


# One look at all processes serves every sandbox that is watched at that moment.
_lock = threading.Lock()
_latest: tuple[float, dict[int, _Seen]] = (0.0, {})


def _snapshot() -> dict[int, _Seen]:
    global _latest
    with _lock:
        if time.monotonic() - _latest[0] > _FRESH_SECONDS:
            _latest = (time.monotonic(), _look_in_proc() if sys.platform == "linux" else _look())
        return _latest[1]


def _look_in_proc() -> dict[int, _Seen]:
    """Linux: one small file for each process. psutil would open three."""
    page, tick = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")
    seen = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:
                # man 5 proc; the command's name, in brackets, may hold anything. The first field here is the state.
                fields = file.read().rpartition(b")")[2].split()
                cpu = sum(map(int, fields[11:15])) / tick
                seen[int(name)] = _Seen(
                    int(fields[1]), Usage(int(fields[21]) * page, cpu, 1, int(fields[17]))
                )
    return seen


def _look() -> dict[int, _Seen]:
    """macOS and Windows."""
    seen = {}
    for process in psutil.process_iter():
        with suppress(psutil.Error), process.oneshot():
            times = process.cpu_times()
            usage = Usage(process.memory_info().rss, times.user + times.system, 1, process.num_threads())
            seen[process.pid] = _Seen(process.ppid(), usage)
    return seen


def _proportional(pid: int) -> int:
    """Memory of one process, shared pages divided by those who share them; all of it where that is not told."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", "rb") as file:
            for line in file:
                if line.startswith(b"Pss:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0
