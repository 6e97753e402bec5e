"""From a call of the student's answer to a program: flat leaves in, flat leaves out."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
from jax import export

from autograder import why
from autograder.exercises.spec import Call, Unfit
from autograder.wire.artifact import DTYPES, MAX_MODULE_BYTES, ArrayType, Finding, Module, Program, Variant
from autograder.wire.plain_text import first_line

ACCELERATORS = ("cuda", "rocm", "tpu")


def export_call(call: Call, eager: Any | None, variant: Variant) -> Program:
    """Export `call` for this machine's platform, with its VJP where it has one.

    Args:
        call: what to export, at the shapes of its example arguments.
        eager: what plain Python gave for them; None where it was not run.
        variant: whose answers are below it.

    Raises:
        Unfit: it is too large, because of arrays that are written into it, or returns arrays of an exotic type.
    """
    leaves, structure = jax.tree.flatten(call.args)
    result_trees: list[Any] = []
    exported = export.export(jax.jit(_flat(call, structure, result_trees)))(*leaves)
    return Program(
        name=call.program,
        variant=variant,
        module=_module(exported),
        vjp=_module(exported.vjp()) if call.differentiable else None,
        inputs=tuple(_type(aval) for aval in exported.in_avals),
        outputs=tuple(_type(aval) for aval in exported.out_avals),
        leaves=tuple(len(jax.tree.leaves(argument)) for argument in call.args),
        trees=tuple(str(jax.tree.structure(argument)) for argument in call.args),
        result_tree=str(result_trees[0]),
        arguments=() if eager is None else tuple(_portable(leaf) for leaf in leaves),
        eager=tuple(_portable(leaf) for leaf in jax.tree.leaves(eager)),
    )


def _module(exported: export.Exported) -> Module:
    stablehlo = exported.mlir_module_serialized
    if len(stablehlo) > MAX_MODULE_BYTES:
        raise Unfit(
            f"becomes a program of {len(stablehlo) / 1e6:.0f} MB; at most {MAX_MODULE_BYTES / 1e6:.0f} are judged. An "
            "array that is used as a constant (a global, say) is written into the program: take it as an argument."
        )
    return Module(stablehlo, tuple(exported.module_kept_var_idx))


def _type(aval: Any) -> ArrayType:
    if aval.dtype.name not in DTYPES:
        raise Unfit(
            f"returns an array of type {aval.dtype.name}, which cannot be judged. Convert it to float32."
        )
    return ArrayType(tuple(aval.shape), aval.dtype.name)


def _portable(leaf: Any) -> np.ndarray:
    """`leaf` in a type that NumPy calculates with: bfloat16 and its like become float32."""
    array = np.asarray(leaf)
    return array if array.dtype.name in DTYPES and array.dtype.kind in "fiubc" else array.astype(np.float32)


def lowering_failure(call: Call, question: str) -> list[Finding]:
    """A finding where `call` cannot be lowered for the accelerators that this machine may not have."""
    leaves, structure = jax.tree.flatten(call.args)
    try:
        export.export(jax.jit(_flat(call, structure, [])), platforms=ACCELERATORS)(*leaves)
    except Exception as error:
        message = (
            f"`{question}` does not lower for {', '.join(ACCELERATORS)}: {first_line(error)}. {why.LOWERS}"
        )
        return [Finding("lowers", f"{message} Use operations that JAX has on every platform.")]
    return []


def _flat(call: Call, structure: Any, result_trees: list[Any]) -> Any:
    """`call` on flat leaves; the structure of its result is noted while it is traced."""

    def flat(*leaves: Any) -> list[Any]:
        results, result_tree = jax.tree.flatten(call.function(*jax.tree.unflatten(structure, leaves)))
        result_trees.append(result_tree)
        return results

    return flat
