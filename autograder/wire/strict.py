"""JSON that crosses from a sandbox: each value is of the kind and size that we write, or one error is raised."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Hashable, Sequence
from typing import Any, NoReturn, TypeVar

from autograder.wire.plain_text import is_plain

T = TypeVar("T")

MAX_LINE = 1_000_000
MAX_NUMBER = 1e6


class Malformed(ValueError):
    """Something that we do not write; the message says what was expected."""


def dumps(value: Any) -> str:
    """`value` as JSON in ASCII, one way of writing for each value."""
    return json.dumps(value, allow_nan=False)


def loads(text: str) -> Any:
    """What `dumps` wrote.

    Raises:
        Malformed: if it is no JSON, nested too deeply, or not written as `dumps` writes (a key twice, say).
    """
    try:
        value = json.loads(text, parse_constant=_refuse)
        if dumps(value) != text:
            raise Malformed("JSON that is not written as we write it")
    except Malformed:
        raise
    except (ValueError, RecursionError) as error:
        raise Malformed(f"no JSON, or nested too deeply ({type(error).__name__})") from None
    return value


def _refuse(constant: str) -> NoReturn:
    raise Malformed(f"{constant} is no number")


def fields(raw: Any, names: Collection[str]) -> dict[str, Any]:
    """`raw`, if it is an object with exactly these fields."""
    if not isinstance(raw, dict) or raw.keys() != set(names):
        raise Malformed(f"expected an object with the fields {', '.join(sorted(names))}")
    return raw


def items(raw: Any, limit: int, read: Callable[[Any], T]) -> tuple[T, ...]:
    """A list of at most `limit`, each read by `read`."""
    if not isinstance(raw, list) or len(raw) > limit:
        raise Malformed(f"expected a list of at most {limit}")
    return tuple(read(item) for item in raw)


def table(raw: Any, limit: int, read: Callable[[Any], T], key_limit: int = 200) -> dict[str, T]:
    """An object of at most `limit` fields with any names, each value read by `read`."""
    if not isinstance(raw, dict) or len(raw) > limit:
        raise Malformed(f"expected an object of at most {limit}")
    return {text(key, key_limit): read(value) for key, value in raw.items()}


def text(raw: Any, limit: int) -> str:
    """A text of at most `limit` characters, without control characters, escape codes and lone surrogates."""
    if not isinstance(raw, str) or len(raw) > limit or not is_plain(raw):
        raise Malformed(f"expected a plain text of at most {limit} characters")
    return raw


def word(raw: Any, words: Collection[str]) -> Any:
    """One of a few words."""
    if not isinstance(raw, str) or raw not in words:
        raise Malformed(f"expected one of {', '.join(words)}")
    return raw


def count(raw: Any, limit: int) -> int:
    """A whole number from 0 to `limit`; True is none."""
    if type(raw) is not int or not 0 <= raw <= limit:
        raise Malformed(f"expected a whole number from 0 to {limit}")
    return raw


def number(raw: Any) -> float:
    """A number of at most MAX_NUMBER, as Python writes floats."""
    if type(raw) is not float or not abs(raw) <= MAX_NUMBER:
        raise Malformed("expected a finite number")
    return raw


def line(raw: Any) -> int | None:
    """A line number, or nothing."""
    if raw is None:
        return None
    if type(raw) is not int or not 0 < raw < MAX_LINE:
        raise Malformed("expected a line number")
    return raw


def distinct(names: Sequence[Hashable], what: str) -> None:
    """Refuse a name that occurs twice."""
    if len(set(names)) != len(names):
        raise Malformed(f"{what} named twice")
