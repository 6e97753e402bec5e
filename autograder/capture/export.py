"""From a call of the student's answer to a program: flat leaves in, flat leaves out."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
from jax import export

from autograder.artifact import Finding, Program, Variant, shorten
from autograder.capture import why
from autograder.capture.tracing import first_line
from autograder.exercises.spec import Call

ACCELERATORS = ("cuda", "rocm", "tpu")
# Characters of a tree's text: a network of a thousand layers.
_TREE = 200_000


def export_call(call: Call, eager: Any | None, variant: Variant) -> Program:
    """Export `call` for this machine's platform, with its VJP where it has one.

    Args:
        call: what to export, at the shapes of its example arguments.
        eager: what plain Python gave for them; None where it was not run.
        variant: whose answers are below it.
    """
    leaves, structure = jax.tree.flatten(call.args)
    result_trees: list[Any] = []
    exported = export.export(jax.jit(_flat(call, structure, result_trees)))(*leaves)
    return Program(
        name=call.program,
        variant=variant,
        stablehlo=bytes(exported.serialize(vjp_order=1 if call.differentiable else 0)),
        leaves=tuple(len(jax.tree.leaves(argument)) for argument in call.args),
        trees=tuple(shorten(str(jax.tree.structure(argument)), _TREE) for argument in call.args),
        result_tree=shorten(str(result_trees[0]), _TREE),
        arguments=() if eager is None else tuple(_portable(leaf) for leaf in leaves),
        eager=tuple(_portable(leaf) for leaf in jax.tree.leaves(eager)),
    )


def _portable(leaf: Any) -> np.ndarray:
    """`leaf` in a type that NumPy's file format knows: bfloat16 and its like become float32."""
    array = np.asarray(leaf)
    return array if array.dtype.kind in "fiubc" else array.astype(np.float32)


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
