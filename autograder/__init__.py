"""Checks that JAX code is pure, jittable, correct and gives unbiased masses. This is all that a notebook needs.

autograder.begin("04_mdn")      which notebook this is, made for which version of the kit
autograder.check("MDN")         check one answer; shows a table, and its plain text is the points
autograder.hint("MDN")          a hint; one more at each call
autograder.needs("MDN", ...)    stop a cell, with one clear line, that waits for something above it
"""

from __future__ import annotations

from typing import Any

from clustermass._version import __version__

__all__ = ["__version__", "begin", "check", "hint", "needs"]


def __getattr__(name: str) -> Any:
    # Lazy, so that `import autograder` costs a notebook nothing before the first check.
    if name in {"begin", "check", "hint", "needs"}:
        from autograder.notebook import calls

        return getattr(calls, name)
    raise AttributeError(f"module 'autograder' has no attribute '{name}'")
