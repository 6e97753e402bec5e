"""`autograder doctor`."""

from __future__ import annotations


def doctor() -> None:
    """To come."""
    raise NotImplementedError
