"""`autograder demo`."""

from __future__ import annotations


def demo() -> None:
    """To come."""
    raise NotImplementedError
