"""Run one of nbgrader's converters without its log on the terminal."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nbgrader.utils import capture_log
from sqlalchemy.exc import SAWarning
from traitlets.log import get_logger


def run_quietly(converter: Any) -> str | None:
    """Run a converter of nbgrader; None if all went well, else the end of its log."""
    with _silence():
        converter.log.setLevel(logging.WARNING)
        result = capture_log(converter)
    if result["success"]:
        return None
    text = str(result.get("log") or result.get("error") or "nbgrader says nothing")
    return "\n".join(text.strip().splitlines()[-12:])


@contextmanager
def _silence() -> Iterator[None]:
    """Keep what nbgrader logs off the terminal; `capture_log` adds its own handler meanwhile."""
    log = get_logger()
    handlers, propagate, level = log.handlers[:], log.propagate, log.level
    log.handlers, log.propagate = [logging.NullHandler()], False
    try:
        with warnings.catch_warnings():
            # nbgrader 0.9 builds its rows in an order that SQLAlchemy 2 warns of; nothing is lost.
            warnings.simplefilter("ignore", SAWarning)
            yield
    finally:
        log.handlers, log.propagate = handlers, propagate
        log.setLevel(level)
