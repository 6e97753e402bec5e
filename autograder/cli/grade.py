"""`autograder grade`."""

from __future__ import annotations


def grade() -> None:
    """To come."""
    raise NotImplementedError
