"""What a function says while it runs: prints, warnings and log records, with the student's line that caused them."""

from __future__ import annotations

import io
import logging
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from autograder.capture.names import StudentNames
from autograder.findings import says
from autograder.wire.artifact import Finding

Note = Callable[[types.FrameType | None, str], None]


@contextmanager
def recorded_output(names: StudentNames, question: str) -> Iterator[list[Finding]]:
    """Collect, as findings, what student code of `question` says; nothing reaches the notebook meanwhile.

    Output of other questions' answers and of libraries is swallowed and charged to nobody here.
    """
    findings: list[Finding] = []

    def note(frame: types.FrameType | None, what: str) -> None:
        culprit = blamed(frame, names)
        if culprit is None or names.owner(culprit.f_code) not in (None, question):
            return
        if owner_on_stack(culprit, names) not in (None, question):
            return
        findings.append(says(question, culprit.f_lineno, what))

    def warn(message: Warning, category: type[Warning], filename: str, *_: object, **__: object) -> None:
        note(_frame_in(filename), f"warns ({message})")

    handler = _LogTap(note)
    root = logging.getLogger()
    root.addHandler(handler)
    stdout, stderr = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _StreamTap(note, "prints"), _StreamTap(note, "writes to stderr")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.showwarning = warn  # type: ignore[assignment]
            yield findings
    finally:
        sys.stdout, sys.stderr = stdout, stderr
        root.removeHandler(handler)


def blamed(frame: types.FrameType | None, names: StudentNames) -> types.FrameType | None:
    """The innermost frame of the notebook, where it is the direct cause.

    What a library says of itself deep inside is not the student's doing: between the student's line and the
    output there may be only a few frames.
    """
    for _ in range(8):
        if frame is None:
            return None
        if names.is_student_frame(frame):
            return frame
        frame = frame.f_back
    return None


def _frame_in(filename: str) -> types.FrameType | None:
    """The innermost frame of the file that a warning or log record names as its origin."""
    frame: types.FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename != filename:
        frame = frame.f_back
    return frame


def owner_on_stack(frame: types.FrameType | None, names: StudentNames) -> str | None:
    """The question whose answer is the innermost on the stack, `frame` included: a helper is its caller's."""
    while frame is not None:
        if names.is_student_frame(frame) and (owner := names.owner(frame.f_code)):
            return owner
        frame = frame.f_back
    return None


class _StreamTap(io.TextIOBase):
    def __init__(self, note: Note, verb: str) -> None:
        self._note, self._verb = note, verb

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if text.strip():
            shown = text.strip().splitlines()[0][:60]
            self._note(sys._getframe(1), f"{self._verb} {shown!r}")
        return len(text)


class _LogTap(logging.Handler):
    def __init__(self, note: Note) -> None:
        super().__init__()
        self._note = note

    def emit(self, record: logging.LogRecord) -> None:
        self._note(_frame_in(record.pathname), f"logs {record.getMessage()[:60]!r}")
