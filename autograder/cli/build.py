"""`autograder build`."""

from __future__ import annotations


def build() -> None:
    """To come."""
    raise NotImplementedError
