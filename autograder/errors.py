"""Errors that a person sees as one clear line, not as a traceback."""

from __future__ import annotations


class PlainError(Exception):
    """An error whose message is all that a notebook shows of it."""

    def _render_traceback_(self) -> list[str]:  # IPython shows these lines instead of a traceback
        return [f"{type(self).__name__}: {self}"]


class Waiting(PlainError):
    """The cell waits for an answer, or for a cell, above it."""


class CheckError(PlainError):
    """The check could not be done, through no fault of the answer."""
