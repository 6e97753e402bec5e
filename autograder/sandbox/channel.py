"""What crosses the wall: one stream of frames out of a sandbox, read with bounds, and one into it.

A frame is a line `NAME LENGTH` and LENGTH bytes. What a sandbox sends may come from student code, so the reader is told
beforehand which names may come, how large, and in which order; the first byte that does not fit ends the conversation.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

# Frames that every process may send: that it begins something, and that it is done.
STAGE, DONE = "stage", "done"
# The last frame that a process is given.
GO = "go"

_LONGEST_LINE = 64
_LONGEST_STAGE = 100


class MalformedFrame(ValueError):
    """The sandbox sent what none of our modules sends; the message says what, for a person."""


def frame(name: str, content: bytes = b"") -> bytes:
    """One frame."""
    return f"{name} {len(content)}\n".encode("ascii") + content


@dataclass
class Outbox:
    """The sandbox's end: what it has to say, in order."""

    handle: int

    def stage(self, name: str) -> None:
        """Say what begins now."""
        self.send(STAGE, name.encode())

    def send(self, name: str, content: bytes) -> None:
        """Send one result."""
        rest = memoryview(frame(name, content))
        while rest:
            rest = rest[os.write(self.handle, rest) :]

    def done(self) -> None:
        """Say that there is no more to come."""
        self.send(DONE, b"")


@dataclass
class Inbox:
    """The coordinator's end: takes bytes as they come, keeps stage and results, and refuses the rest.

    Attributes:
        stages: those that may be announced, each once at most, in this order.
        allowed: the results that may come, each once at most, with the most bytes that each may have.
        stage: the latest.
        results: those that came whole.
        done: whether the sandbox said so.
    """

    stages: Sequence[str]
    allowed: Mapping[str, int]
    stage: str = "start"
    results: dict[str, bytes] = field(default_factory=dict)
    done: bool = False
    _bytes: bytearray = field(default_factory=bytearray)
    _reached: int = 0

    def feed(self, data: bytes) -> None:
        """Take more bytes.

        Raises:
            MalformedFrame: if they are not frames, or frames that may not come.
        """
        self._bytes += data
        for name, content in self._frames():
            self._take(name, content)

    def _frames(self) -> Iterator[tuple[str, bytes]]:
        while (end := self._bytes.find(b"\n", 0, _LONGEST_LINE)) >= 0:
            name, length = self._heading(bytes(self._bytes[:end]))
            if len(self._bytes) < end + 1 + length:
                return
            content = bytes(self._bytes[end + 1 : end + 1 + length])
            del self._bytes[: end + 1 + length]
            yield name, content
        if len(self._bytes) >= _LONGEST_LINE:
            raise MalformedFrame("bytes that are no frame")

    def _heading(self, line: bytes) -> tuple[str, int]:
        name, _, length = line.decode("ascii", "replace").partition(" ")
        most = {**self.allowed, STAGE: _LONGEST_STAGE, DONE: 0}
        if name not in most or not (length.isascii() and length.isdigit()):
            raise MalformedFrame("bytes that are no frame")
        if int(length) > most[name]:
            raise MalformedFrame(f"{int(length):,} bytes of `{name}`, where at most {most[name]:,} are taken")
        return name, int(length)

    def _take(self, name: str, content: bytes) -> None:
        if self.done:
            raise MalformedFrame("something after its end")
        if name == STAGE:
            self._begin(content.decode("utf-8", "replace"))
        elif name == DONE:
            self.done = True
        elif name in self.results:
            raise MalformedFrame(f"`{name}` twice")
        else:
            self.results[name] = content

    def _begin(self, stage: str) -> None:
        rest = self.stages[self._reached :]
        if stage not in rest:
            raise MalformedFrame("a stage out of turn")
        self._reached += rest.index(stage) + 1
        self.stage = stage


def read_given(handle: int) -> dict[str, bytes]:
    """What the coordinator gives a process: every frame up to `go`.

    Raises:
        EOFError: the coordinator is gone.
    """
    given: dict[str, bytes] = {}
    with os.fdopen(handle, "rb", closefd=False) as file:
        while True:
            name, _, length = file.readline(_LONGEST_LINE).decode("ascii").partition(" ")
            if name == GO:
                return given
            if not name:
                raise EOFError("the coordinator is gone")
            given[name] = file.read(int(length))
            if len(given[name]) < int(length):
                raise EOFError("the coordinator is gone")
