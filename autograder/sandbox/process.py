"""Run one of our modules apart, watch what it takes, and read what it says, trusting none of it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import IO, Literal

from autograder.sandbox.channel import GO, Inbox, MalformedFrame, frame
from autograder.sandbox.inside import LIMITS
from autograder.sandbox.limits import STANDARD, Resources
from autograder.sandbox.running import Isolation, Running

# "malformed" and "flood": it sent what our modules do not send, or too much; the others are limits.
How = Literal["done", "died", "timeout", "too long", "memory", "cpu", "processes", "flood", "malformed"]

_POLL_SECONDS = 0.05
_LAST_WORDS = 4_000
_CHUNK = 1 << 16


@dataclass(frozen=True)
class Job:
    """What to run apart.

    Attributes:
        module: one of ours, which calls `inside.enter` first.
        given: what it gets, by name.
        stages: what it may announce, in order.
        results: what it may send back, with the most bytes of each.
        seconds: the time limit of a stage ("start" is the first).
        resources: what all its processes may take together.
    """

    module: str
    given: Mapping[str, bytes]
    stages: Sequence[str]
    results: Mapping[str, int]
    seconds: Callable[[str], float]
    resources: Resources = STANDARD


@dataclass(frozen=True)
class Ended:
    """How it ended, in which stage, and what it left.

    Attributes:
        how: "done" alone means that its results are all there.
        stage: the latest that it announced.
        status: the exit status where it died; negative for a signal.
        results: what came, by name.
        said: the last line on its stderr.
        detail: what was malformed.
    """

    how: How
    stage: str
    status: int | None = None
    results: Mapping[str, bytes] = field(default_factory=dict)
    said: str = ""
    detail: str = ""

    @property
    def by_signal(self) -> bool:
        """Whether a signal ended it: its own crash, or somebody outside."""
        return self.how == "died" and self.status is not None and self.status < 0


class Abandoned(RuntimeError):
    """What runs apart is of no use any more: the grading has stopped."""


_abandoned = threading.Event()


@contextmanager
def abandoned() -> Iterator[None]:
    """While this lasts, whatever runs apart ends at once, with `Abandoned` for those who wait for it."""
    _abandoned.set()
    try:
        yield
    finally:
        _abandoned.clear()


def run_apart(job: Job, isolation: Isolation) -> Ended:
    """Run `job`; when this returns, nothing that it started is alive.

    Raises:
        Abandoned: see `abandoned`.
    """
    running = isolation.start(job.module, job.resources)
    watch = None
    try:
        given = {LIMITS: json.dumps(isolation.settings(job.resources)).encode(), **job.given}
        watch = _Watch(job, running, given)
        return watch.until_the_end()
    finally:
        running.stop()
        if watch:
            watch.close()


class _Watch:
    """One run under watch: three threads serve its pipes, the caller's own looks at the clock and the meters."""

    def __init__(self, job: Job, running: Running, given: Mapping[str, bytes]) -> None:
        self.job, self.running = job, running
        self.inbox = Inbox(job.stages, job.results)
        self.malformed = ""
        self.said, self.said_bytes = b"", 0
        self.news = threading.Event()
        process = running.process
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self.giver = _serve(self._give, process.stdin, given)
        self.reader = _serve(self._hear, process.stdout)
        self.listener = _serve(self._listen, process.stderr)

    def until_the_end(self) -> Ended:
        started = since = time.monotonic()
        stage = self.inbox.stage
        while not _abandoned.is_set():
            status = self.running.process.poll()
            if status is not None:
                self.reader.join(2)  # what it said last may still be in the pipe
            if self.inbox.stage != stage:
                stage, since = self.inbox.stage, time.monotonic()
            how = self._verdict(status, time.monotonic() - since, time.monotonic() - started)
            if how is not None:
                return self._ended(how, status)
            self.news.wait(_POLL_SECONDS)
            self.news.clear()
        raise Abandoned("the grading was stopped")

    def _verdict(self, status: int | None, in_stage: float, in_all: float) -> How | None:
        if self.malformed:
            return "malformed"
        if self.inbox.done:
            return "done"
        if status is not None:
            return "memory" if self.running.out_of_memory() else "died"
        if in_stage > self.job.seconds(self.inbox.stage):
            return "timeout"
        if in_all > self.job.resources.wall_seconds:
            return "too long"
        return self._exceeded()

    def _exceeded(self) -> How | None:
        most, usage = self.job.resources, self.running.usage()
        if self.said_bytes > most.stderr:
            return "flood"
        if usage.processes > most.processes or usage.threads > most.threads:
            return "processes"
        if usage.cpu_seconds > most.cpu_seconds:
            return "cpu"
        if usage.memory > most.memory and self.running.exact().memory > most.memory:
            return "memory"
        return None

    def _ended(self, how: How, status: int | None) -> Ended:
        if how == "died":
            self.listener.join(1)
        # A sandbox passes a signal on as shells do.
        code = 128 - status if status is not None and status > 128 else status
        lines = self.said.decode("utf-8", "replace").strip().splitlines()
        said = lines[-1][:300] if lines else "nothing on stderr"
        return Ended(how, self.inbox.stage, code, dict(self.inbox.results), said, self.malformed)

    def close(self) -> None:
        """Close the pipes that nobody holds any more; without isolation, someone may have escaped with one."""
        process = self.running.process
        threads = (self.giver, self.reader, self.listener)
        for thread, pipe in zip(threads, (process.stdin, process.stdout, process.stderr), strict=True):
            thread.join(1)
            if pipe is not None and not thread.is_alive():
                with suppress(OSError):
                    pipe.close()

    def _give(self, pipe: IO[bytes], given: Mapping[str, bytes]) -> None:
        """Hand over the request. The pipe stays open: its end is how the process learns that we are gone."""
        with suppress(OSError, ValueError):  # it died, or was stopped, before it had read all
            for name, content in given.items():
                pipe.write(frame(name, content))
            pipe.write(frame(GO))
            pipe.flush()

    def _hear(self, pipe: IO[bytes]) -> None:
        while data := _read(pipe):
            try:
                self.inbox.feed(data)
            except MalformedFrame as problem:
                self.malformed = str(problem)
                break
            self.news.set()
        self.news.set()

    def _listen(self, pipe: IO[bytes]) -> None:
        while data := _read(pipe):
            self.said_bytes += len(data)
            self.said = (self.said + data)[-_LAST_WORDS:]


def _serve(target: Callable[..., None], *arguments: object) -> threading.Thread:
    thread = threading.Thread(target=target, args=arguments, daemon=True)
    thread.start()
    return thread


def _read(pipe: IO[bytes]) -> bytes:
    try:
        return pipe.read1(_CHUNK)  # type: ignore[attr-defined]
    except (OSError, ValueError):  # closed under our hands: the run is over
        return b""
