"""`autograder start`."""

from __future__ import annotations


def start() -> None:
    """To come."""
    raise NotImplementedError
