"""Verify a program before anything compiles it: parsed, every operation looked at, its real signature compared.

What crosses from capture was made beside student code and may be anything. MLIR's parser can still crash on hostile
bytes: that is why the judge has a sandbox and a process of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from jax.interpreters.mlir import make_ir_context
from jaxlib.mlir import ir
from jaxlib.mlir.dialects import stablehlo

from autograder.judge import allowed, custom_calls, sorting, tensors
from autograder.judge.tensors import Tensor
from autograder.wire.artifact import ArrayType, Module, Program

# Each array that the program makes on its way; arguments and results are bounded where the artifact is read.
MAX_TENSOR_BYTES = 1 << 30
MAX_ARGUMENT_BYTES = 1 << 30
# Counted with each call of a function as its body again, as XLA compiles it.
MAX_OPERATIONS = 100_000
_MAX_CALL_DEPTH = 100
_MAX_REGION_DEPTH = 50
_KEPT = 512
# MLIR bytecode; the text form would be another parser to trust.
_MAGIC = b"ML\xefR"


class Refused(Exception):
    """A program that is not run; the message, for the student, goes on after "The program of `loss_fn`"."""


def verify(programs: Iterable[Program]) -> None:
    """Check programs and their VJPs.

    Raises:
        Refused: saying what is wrong with the first that is refused.
    """
    verifier = _Verifier()
    for program in programs:
        inputs, outputs = program.inputs, program.outputs
        if sum(kind.nbytes for kind in (*inputs, *outputs)) > MAX_ARGUMENT_BYTES:
            raise Refused("takes and returns more than 1 GB of arrays; at most 1 GB can be judged.")
        verifier.verify(program.module, inputs, outputs)
        if program.vjp is not None:
            cotangents = (*inputs, *(tangent(kind) for kind in outputs))
            verifier.verify(program.vjp, cotangents, tuple(tangent(kind) for kind in inputs))


def tangent(kind: ArrayType) -> ArrayType:
    """The type of an array's cotangent: its own for floats, float0 for what has no derivative."""
    floats = kind.dtype.startswith(("float", "bfloat", "complex"))
    return kind if floats else ArrayType(kind.shape, "float0")


Types = tuple[ArrayType, ...]
# What was accepted in this process: in a notebook, an answer that others need is verified once.
_ACCEPTED: set[tuple[Module, Types, Types]] = set()


class _Verifier:
    """Verifies modules in one MLIR context, which is made when it is needed: that takes as long as a small module."""

    @cached_property
    def context(self) -> Any:
        return make_ir_context()

    def verify(self, module: Module, inputs: Types, outputs: Types) -> None:
        if (module, inputs, outputs) in _ACCEPTED:
            return
        _Verification(module, inputs, outputs).run(self.context)
        if len(_ACCEPTED) >= _KEPT:
            _ACCEPTED.clear()
        _ACCEPTED.add((module, inputs, outputs))


class _Verification:
    """One module: its functions, and how often each is called."""

    def __init__(self, module: Module, inputs: Types, outputs: Types) -> None:
        self._module, self._inputs, self._outputs = module, inputs, outputs
        self._sizes: dict[str, int] = {}
        self._calls: dict[str, list[str]] = {}
        self._expanded: dict[str, int] = {}

    def run(self, context: Any) -> None:
        if not self._module.stablehlo.startswith(_MAGIC):
            raise Refused("is no StableHLO.")
        with context, ir.Location.unknown(context):
            try:
                parsed = stablehlo.deserialize_portable_artifact(context, self._module.stablehlo)
                parsed.operation.verify()
            except Exception as error:  # MLIR's own kinds of error
                raise Refused(
                    f"is no StableHLO that this version of JAX reads ({type(error).__name__})."
                ) from None
            try:
                self._verify(parsed)
            except Refused:
                raise
            except (
                Exception
            ) as error:  # names that are no text, attributes that are missing or of another kind
                raise Refused(f"is no StableHLO that JAX writes ({type(error).__name__}).") from None

    def _verify(self, parsed: Any) -> None:
        for name in parsed.operation.attributes:
            expected = allowed.MODULE_ATTRIBUTES.get(name)
            if name != "sym_name" and str(parsed.operation.attributes[name]) != expected:
                raise Refused(f"has the attribute `{name}`, which programs that are judged do not have.")
        for function in parsed.body.operations:
            self._function(function.operation)
        if "main" not in self._sizes:
            raise Refused("has no function `main`.")
        if self._expand("main", 0) > MAX_OPERATIONS:
            raise Refused(
                f"has more than {MAX_OPERATIONS} operations. A Python loop is written out when it is traced: use "
                "`jax.lax.scan`, `jax.lax.fori_loop` or `jax.vmap`."
            )

    def _function(self, function: Any) -> None:
        if function.name != "func.func":
            raise Refused(allowed.refusal(function.name))
        name = function.attributes["sym_name"].value
        for attribute in function.attributes:
            if attribute not in allowed.FUNCTION_ATTRIBUTES:
                raise Refused(
                    f"has a function with the attribute `{attribute}`, which JAX does not write here."
                )
        for attributes in ("arg_attrs", "res_attrs"):
            for entries in function.attributes.get(attributes, ()):
                if any(entry.name not in allowed.VALUE_ATTRIBUTES for entry in entries):
                    raise Refused("says how its arguments are laid out or shared, which cannot be judged.")
        blocks = list(function.regions[0].blocks)
        if len(blocks) != 1:
            raise Refused("has a function without a body, or with jumps.")
        if name == "main":
            self._signature(function)
        self._calls[name] = []
        self._sizes[name] = sum(1 for operation in self._operations(blocks[0], name))

    def _signature(self, function: Any) -> None:
        """Hold the types that `main` really has against those that the artifact says."""
        inputs = [tensors.of(kind.shape, kind.dtype) for kind in self._inputs]
        if self._module.kept and self._module.kept[-1] >= len(inputs):
            raise Refused("takes arguments that there are not.")
        kind = function.attributes["function_type"].value
        takes = [tensors.parse(str(given)) for given in kind.inputs]
        gives = [tensors.parse(str(given)) for given in kind.results]
        if takes != [inputs[position] for position in self._module.kept] or gives != [
            tensors.of(kind.shape, kind.dtype) for kind in self._outputs
        ]:
            raise Refused("takes or returns other arrays than it was captured with.")

    def _operations(self, block: Any, function: str) -> Iterator[Any]:
        """Every operation of a function's body, each looked at."""
        waiting = [(block, 0)]
        while waiting:
            block, depth = waiting.pop()
            for argument in block.arguments:
                _tensor(argument)
            for operation in block.operations:
                operation = operation.operation
                self._operation(operation, function)
                yield operation
                for region in operation.regions:
                    inner = list(region.blocks)
                    if len(inner) != 1 or depth >= _MAX_REGION_DEPTH:
                        raise Refused("has jumps, or loops and branches nested too deeply.")
                    waiting.append((inner[0], depth + 1))

    def _operation(self, operation: Any, function: str) -> None:
        name = operation.name
        if name not in allowed.OPERATIONS or name == "func.func":
            raise Refused(allowed.refusal(name))
        results = [_tensor(result) for result in operation.results]
        if name == "stablehlo.custom_call":
            _custom_call(operation, results)
            return
        for attribute in operation.attributes:
            if "." in attribute:
                raise Refused(f"has the attribute `{attribute}`, which programs that are judged do not have.")
        if name in _SPECIAL:
            getattr(self, _SPECIAL[name])(operation, function)

    def _constant(self, operation: Any, function: str) -> None:
        """Written out, so that the size of the module bounds it; a reference to a resource is refused."""
        try:
            is_written_out = isinstance(operation.attributes["value"], ir.DenseElementsAttr)
        except TypeError:  # the Python binding has no class for complex ones
            is_written_out = "complex" in str(operation.results[0].type)
        if not is_written_out:
            raise Refused("has a constant that JAX does not write.")

    def _call(self, operation: Any, function: str) -> None:
        self._calls[function].append(operation.attributes["callee"].value)

    def _composite(self, operation: Any, function: str) -> None:
        name = operation.attributes["name"].value
        if name not in allowed.COMPOSITES:
            raise Refused(allowed.refusal(name))
        self._calls[function].append(operation.attributes["decomposition"].value)

    def _sort(self, operation: Any, function: str) -> None:
        if not sorting.is_order(operation.regions[0].blocks[0]):
            raise Refused("sorts by a comparison that is no order, which JAX does not write.")

    def _expand(self, function: str, depth: int) -> int:
        """Operations of a function, with those of the functions that it calls."""
        if function in self._expanded:
            if self._expanded[function] < 0:
                raise Refused(f"has a function that calls itself (`{function}`).")
            return self._expanded[function]
        if function not in self._sizes or depth > _MAX_CALL_DEPTH:
            raise Refused(f"calls `{function}`, which is not there or nested too deeply.")
        self._expanded[function] = -1
        total = self._sizes[function] + sum(self._expand(name, depth + 1) for name in self._calls[function])
        self._expanded[function] = total
        return total


# Operations that need more than being on the list, and the method that looks at them.
_SPECIAL: Mapping[str, str] = {
    "stablehlo.constant": "_constant",
    "func.call": "_call",
    "stablehlo.composite": "_composite",
    "stablehlo.sort": "_sort",
}


def _tensor(value: Any) -> Tensor:
    """The type of a value, if it is an array of fixed shape and of bearable size."""
    kind = tensors.parse(str(value.type))
    if kind is None:
        raise Refused(f"has a value of type `{value.type}`; only arrays of fixed shape can be judged.")
    if kind.nbytes > MAX_TENSOR_BYTES:
        raise Refused(
            f"makes an array of shape {kind.shape}, {kind.nbytes / 1e9:.0f} GB; at most "
            f"{MAX_TENSOR_BYTES / 1e9:.0f} GB are allowed. Was something broadcast that should not be?"
        )
    return kind


def _custom_call(operation: Any, results: list[Tensor]) -> None:
    target = operation.attributes["call_target_name"].value
    attributes = {name: operation.attributes[name] for name in operation.attributes}
    operands = [_tensor(operand) for operand in operation.operands]
    if problem := custom_calls.problem(target, attributes, operands, results):
        raise Refused(problem)
