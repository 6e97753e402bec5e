"""What the checks are written with: families, failing with a message, and comparing on public and hidden data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NoReturn

import jax
import numpy as np
import pytest

from autograder.wire.verdict import Family


class CheckFailed(AssertionError):
    """A check that the student's answer does not pass; the message is for the student."""

    def __init__(self, message: str, line: int | None = None, figure: dict[str, Any] | None = None) -> None:
        """Note what to say, the line to blame, and numbers that a report may draw."""
        super().__init__(message)
        self.message, self.line, self.figure = message, line, figure


class WrongForm(CheckFailed):
    """The answer's result is no array of the right shape and type: whatever is asked of its values has to wait."""


class NotExported(CheckFailed):
    """A check needs a program that could not be exported, which an earlier check has told as a rule."""


def family(name: Family) -> pytest.MarkDecorator:
    """Mark a check, or a module of checks, as one of a family."""
    return pytest.mark.family(name)


def asked_by(field: str) -> pytest.MarkDecorator:
    """Mark a check that is made only of questions with this field set ("gradients", "compiled")."""
    return pytest.mark.asked_by(field)


def fail(message: str, **details: Any) -> NoReturn:
    """Fail the check with `message`."""
    raise CheckFailed(message, **details)


@dataclass(frozen=True)
class Probe:
    """Random numbers to try an answer on. Public ones may be quoted; hidden ones only say that it failed."""

    random: np.random.Generator
    public: bool

    def compare(
        self, seen: Any, expected: Any, what: str, hint: str = "", rtol: float = 1e-3, atol: float = 1e-4
    ) -> None:
        """Fail unless `seen` equals `expected` within float32 tolerance.

        Args:
            seen: what the answer gave.
            expected: what an independent formula gives.
            what: the quantity, for the message ("the loss").
            hint: what usually causes this.
            rtol: relative tolerance.
            atol: absolute tolerance.
        """
        seen, expected = np.asarray(seen), np.asarray(expected)
        if seen.shape != expected.shape:
            fail(f"{what} has shape {seen.shape}; expected {expected.shape}. {hint}".rstrip())
        wrong = ~np.isclose(seen, expected, rtol=rtol, atol=atol)
        if not wrong.any():
            return
        if not self.public:
            fail(f"{what} is right on the public example, but wrong on other data. {hint}".rstrip())
        first = tuple(int(i) for i in np.argwhere(wrong)[0]) if wrong.ndim else ()
        place = f" at index {first if len(first) > 1 else first[0]}" if first else ""
        numbers = f"seen {seen[first]:.6g}, expected {expected[first]:.6g}{place}"
        fail(f"{what} is wrong: {numbers}. {hint}".rstrip())

    def require(self, condition: Any, message: str, details: str = "") -> None:
        """Fail with `message` unless `condition` holds; `details` are added on public data alone."""
        if not condition:
            fail(f"{message} {details}".rstrip() if self.public else message)


def expect_result(
    answer: Any,
    program: str,
    shape: tuple[int, ...],
    what: str,
    mistakes: Mapping[Any, str] = MappingProxyType({}),
) -> None:
    """Fail unless `program` gives one float32 array of `shape`, where b is the batch that it was exported at.

    Args:
        answer: whose program it is.
        program: its name.
        shape: the right one.
        what: names the result.
        mistakes: another shape -> what usually gives it, one sentence.
    """
    results = answer.results(program)
    if not results:
        raise WrongForm(f"{what} is missing: nothing is returned. Is there a `return`?")
    if len(results) != 1:
        raise WrongForm(f"{what} must be one array; it is {len(results)} arrays.")
    (result,) = results
    if tuple(result.shape) != shape:
        cause = mistakes.get(tuple(result.shape), "")
        raise WrongForm(
            f"{what} has shape {tuple(result.shape)}; expected {shape} for these inputs. {cause}".rstrip()
        )
    if str(result.dtype) != "float32":
        raise WrongForm(f"{what} has type {result.dtype}; expected float32.")


def likely_cause(seen: Any, mistakes: Mapping[str, Any], otherwise: str = "") -> str:
    """The sentence of that mistake which would have given `seen`, else `otherwise`."""
    for sentence, value in mistakes.items():
        if np.shape(seen) == np.shape(value) and np.allclose(seen, value, rtol=1e-3, atol=1e-4):
            return sentence
    return otherwise


# For a check that calls a program a few times, compiling costs more than running: level 0 is 2 to 4 times quicker.
_QUICK: dict[str, Any] = {"xla_backend_optimization_level": 0}


def compile_quickly(function: Callable[..., Any], *arguments: Any) -> Any:
    """Compile `function` for arguments of these shapes, with little optimisation."""
    return jax.jit(function).lower(*arguments).compile(compiler_options=_QUICK)


def random_like(random: np.random.Generator, shapes: list[tuple[int, ...]], scale: float) -> list[np.ndarray]:
    """Normal random parameters of the given shapes."""
    return [np.float32(scale) * random.normal(size=shape).astype(np.float32) for shape in shapes]


def nudged(random: np.random.Generator, leaves: list[np.ndarray], scale: float = 0.1) -> list[np.ndarray]:
    """Parameters near `leaves`, so that no bias is zero any more."""
    return [
        np.asarray(leaf) + step
        for leaf, step in zip(
            leaves, random_like(random, [np.shape(leaf) for leaf in leaves], scale), strict=True
        )
    ]


def expect_rows_apart(
    probe: Probe,
    function: Callable[..., np.ndarray],
    rows: tuple[np.ndarray, ...],
    what: str,
    atol: float = 1e-3,
    row: str = "cluster",
) -> None:
    """Fail unless each row's result depends on that row alone: permuted, among others, and in a batch of one.

    Args:
        probe: where the permutation comes from.
        function: takes the row arrays (b, …) and gives (b, …).
        rows: arrays with equally many rows.
        what: names the result.
        atol: absolute tolerance; batches of different size round differently.
        row: names what a row describes.
    """
    batch = len(rows[0])
    whole = np.asarray(function(*rows))
    order = probe.random.permutation(batch)
    others = tuple(np.concatenate([array[: batch // 2], array[: batch - batch // 2]]) for array in rows)
    trials = {
        "in another order": (np.asarray(function(*(array[order] for array in rows))), whole[order]),
        "among other rows": (np.asarray(function(*others))[: batch // 2], whole[: batch // 2]),
        "alone": (
            np.concatenate([np.asarray(function(*(array[i : i + 1] for array in rows))) for i in range(4)]),
            whole[:4],
        ),
    }
    for circumstances, (seen, expected) in trials.items():
        if seen.shape != expected.shape or not np.allclose(
            seen, expected, rtol=1e-3, atol=atol, equal_nan=True
        ):
            fail(
                f"{what} of a {row} changes when the same {row} is given {circumstances}. Each row must be "
                "predicted from its own features: look for a mean, a sort or a normalisation over the batch axis."
            )
