"""What the two polynomials are compared with, in float64, for x of shapes (b,) and ()."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.exercises.checking import Probe, expect_result, likely_cause
from autograder.exercises.transformations import LENGTH, at_one_number

Formula = Callable[..., Any]


def expect_shapes(answer: Any) -> None:
    """Fail unless the result has the shape of x, for x of shapes (b,) and ()."""
    cause = {(): "Each entry of x has a value of its own: nothing is summed."}
    expect_result(answer, answer.question, (LENGTH,), "The result for x of shape (b,)", cause)
    expect_result(answer, at_one_number(answer.question), (), "The result for a single number x")


def expect_formula(
    answer: Any, probe: Probe, formula: Formula, mistakes: dict[str, Formula], constants: int = 0
) -> None:
    """Fail unless the answer is `formula`, naming the mistake that it is instead.

    Args:
        answer: the answer's programs.
        probe: where the numbers come from.
        formula: of x and the constants.
        mistakes: what to say -> the formula that gives it away.
        constants: how many arguments of shape () follow x.
    """
    for program, shape in ((answer.question, (LENGTH,)), (at_one_number(answer.question), ())):
        x, *rest = (
            np.asarray(probe.random.uniform(-2, 2, size=size), np.float32)
            for size in (shape, *[()] * constants)
        )
        seen = answer(program, x, *rest)
        wide = [np.float64(argument) for argument in (x, *rest)]
        wrong = {sentence: other(*wide) for sentence, other in mistakes.items()}
        what = "The value" if shape else "The value for a single number x"
        probe.compare(seen, formula(*wide), what, likely_cause(seen, wrong))
