"""A question's programs, as the checks call them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from autograder.exercises.checking import CheckFailed, NotExported, compile_quickly
from autograder.judge.executable import exported
from autograder.judge.verify import Refused, verify
from autograder.wire.artifact import DTYPES, ArrayType, CapturedQuestion, Program, Variant
from autograder.wire.plain_text import first_line

_POOL = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="compile")


class Programs:
    """The programs of one question in one variant. Arguments and results are lists of leaves, or single arrays.

    They are verified before anything else is done with them: where one is refused there are none, and `refusal` says
    why. A program that fails while it runs fails the check that called it.
    """

    def __init__(self, captured: CapturedQuestion, variant: Variant, seed: int = 0) -> None:
        """Take and verify the programs of `variant`; `seed` is of the weights that make a number of an array."""
        self.question = captured.name
        self.variant = variant
        self._seed = seed
        self.refusal = ""
        self._programs = [program for program in captured.programs if program.variant == variant]
        try:
            verify(self._programs)
        except Refused as refused:
            self.refusal, self._programs = f"The program of `{self.question}` {refused}", []
        self._compiled: dict[tuple[int, int], Future[Any]] = {}
        self._kept: dict[str, Any] = {}

    def once(self, what: str, make: Callable[[], Any]) -> Any:
        """What `make` makes, made once for all checks of this answer."""
        if what not in self._kept:
            self._kept[what] = make()
        return self._kept[what]

    def prefetch(self, gradients: Sequence[str] = ()) -> None:
        """Start compiling every program, and the gradients of some, on all cores: XLA leaves Python free meanwhile."""
        for program in self._programs:
            self._compile(program, 0)
            if program.name in gradients and program.arguments:
                self._compile(program, program.leaves[0])

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._programs)

    def __call__(self, name: str, *arguments: Any) -> Any:
        """Run program `name` at the shapes of `arguments`; one result comes back as an array, several as a list."""
        results = self.leaves(name, *arguments)
        return results[0] if len(results) == 1 else results

    def leaves(self, name: str, *arguments: Any) -> list[np.ndarray]:
        """Run program `name` at the shapes of `arguments`; results come back as a list, a single one too."""
        leaves = [np.asarray(leaf) for leaf in _leaves(arguments)]
        return self.run_leaves(self._find(name, leaves), leaves)

    def run_leaves(self, program: Program, leaves: Sequence[Any]) -> list[np.ndarray]:
        """Run one program on flat leaves, compiled quickly."""
        with _Failing(self.question):
            run = self._compile(program, 0).result()
            return [np.asarray(leaf) for leaf in run(*self._typed(program, leaves))]

    def results(self, name: str) -> Sequence[ArrayType]:
        """Shapes and types of the results of the (first) program called `name`."""
        return self.programs_of(name)[0].outputs

    def argument_shapes(self, name: str, position: int = 0) -> list[tuple[int, ...]]:
        """Shapes of the leaves of one positional argument of program `name`."""
        program = self.programs_of(name)[0]
        start = sum(program.leaves[:position])
        return [kind.shape for kind in program.inputs[start : start + program.leaves[position]]]

    def programs_of(self, name: str) -> list[Program]:
        """The programs called `name`, one per batch size."""
        found = [program for program in self._programs if program.name == name]
        if not found:
            raise NotExported(f"`{self.question}` could not be exported as `{name}`: see the checks above.")
        return found

    def with_examples(self) -> Iterator[Program]:
        """Programs that come with example arguments and what plain Python gave for them."""
        return (program for program in self._programs if program.arguments)

    def returns_something(self) -> bool:
        """Whether every program has a result: where a `return` is missing, there is nothing to compare."""
        return all(program.outputs for program in self._programs)

    def jax_function(self, name: str, *arguments: Any) -> Any:
        """Program `name` at the shapes of `arguments`, as a differentiable JAX function of flat leaves."""
        return exported(self._find(name, list(_leaves(arguments)))).call

    def value(self, program: Program, point: Sequence[Any], rest: Sequence[Any]) -> float:
        """The program's result at `point`, summed with hidden random weights if it is an array."""
        return sum(
            float((leaf * _weights(leaf.shape, self._seed)).sum(dtype=np.float64))
            for leaf in self.run_leaves(program, [*point, *rest])
        )

    def value_and_gradient(
        self, program: Program, point: Sequence[Any], rest: Sequence[Any]
    ) -> tuple[float, list[np.ndarray]]:
        """`value` at `point`, and its gradient with respect to the leaves of the first argument."""
        with _Failing(self.question):
            run = self._compile(program, len(point)).result()
            value, gradient = run(*self._typed(program, [*point, *rest]))
            return float(value), [np.asarray(leaf) for leaf in gradient]

    def _typed(self, program: Program, leaves: Sequence[Any]) -> list[np.ndarray]:
        """Leaves in the types that the program takes: checks think in float32, a network may keep bfloat16."""
        return [
            np.asarray(leaf, DTYPES[kind.dtype]) for leaf, kind in zip(leaves, program.inputs, strict=True)
        ]

    def _compile(self, program: Program, differentiate: int) -> Future[Any]:
        key = id(program), differentiate
        if key not in self._compiled:
            self._compiled[key] = _POOL.submit(_compile, program, differentiate, self._seed)
        return self._compiled[key]

    def _find(self, name: str, leaves: Sequence[Any]) -> Program:
        wanted = [np.shape(leaf) for leaf in leaves]
        candidates = self.programs_of(name)
        for program in candidates:
            if [kind.shape for kind in program.inputs] == wanted:
                return program
        raise NotExported(
            f"`{self.question}` could not be exported for the shapes {wanted}: see the checks above."
        )


def _compile(program: Program, differentiate: int, seed: int) -> Any:
    """Compile a program, or value and gradient of its weighted sum with respect to the first leaves."""
    call = exported(program).call
    shapes = [jax.ShapeDtypeStruct(kind.shape, DTYPES[kind.dtype]) for kind in program.inputs]
    function: Callable[..., Any] = call
    if differentiate:

        def scalar(point: Any, rest: Any) -> jax.Array:
            return sum(
                (jnp.vdot(leaf, _weights(leaf.shape, seed)) for leaf in call(*point, *rest)), jnp.zeros(())
            )

        def function(*leaves: Any) -> Any:
            return jax.value_and_grad(scalar)(leaves[:differentiate], leaves[differentiate:])

    return compile_quickly(function, *shapes)


def _weights(shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Weights of order one over the number of entries, so that a sum of many is of order one; 1 for a single number.

    A VJP might be right for the weights that a check uses and for no others: so they are hidden, and a loss is
    differentiated as training does it.
    """
    if not shape:
        return np.ones((), np.float32)
    weights = np.random.default_rng([seed, 7]).uniform(0.5, 1.5, size=shape)
    return (weights / max(int(np.prod(shape)), 1)).astype(np.float32)


def _leaves(arguments: Iterable[Any]) -> Iterator[Any]:
    for argument in arguments:
        if isinstance(argument, list | tuple):
            yield from argument
        else:
            yield argument


class _Failing:
    """Turn what XLA raises while running a student's program into a failed check."""

    def __init__(self, question: str) -> None:
        self._question = question

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, traceback: Any) -> None:
        if isinstance(error, Exception) and not isinstance(error, CheckFailed):
            raise CheckFailed(
                f"The program of `{self._question}` failed while it ran: {first_line(error)}."
            ) from None
