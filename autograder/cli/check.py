"""`autograder check`."""

from __future__ import annotations


def check() -> None:
    """To come."""
    raise NotImplementedError
