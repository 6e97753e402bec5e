"""From a verified program to a JAX function that can be called, compiled and differentiated."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import cache
from typing import Any

import jax
import numpy as np
from jax import export

from autograder.judge.verify import tangent
from autograder.wire.artifact import DTYPES, ArrayType, Module, Program


def exported(program: Program) -> export.Exported:
    """`program` as if this process had exported it; nothing but its verified parts is taken over.

    What else an `Exported` holds (platforms, devices, effects, shardings, trees, disabled checks) is that of an empty
    function, exported here.
    """
    vjp = None
    if program.vjp is not None:
        inputs = (*program.inputs, *(tangent(kind) for kind in program.outputs))
        vjp = _exported(program.vjp, inputs, [tangent(kind) for kind in program.inputs], None)
    return _exported(program.module, program.inputs, program.outputs, vjp)


def _exported(
    module: Module, inputs: Sequence[ArrayType], outputs: Sequence[ArrayType], vjp: export.Exported | None
) -> export.Exported:
    takes, gives = (None,) * len(inputs), (None,) * len(outputs)
    return dataclasses.replace(
        _empty(),
        fun_name="answer",
        in_tree=jax.tree.structure((tuple(0 for _ in inputs), {})),
        in_avals=tuple(_aval(kind) for kind in inputs),
        out_tree=jax.tree.structure([0 for _ in outputs]),
        out_avals=tuple(_aval(kind) for kind in outputs),
        _in_named_shardings=takes,
        _out_named_shardings=gives,
        in_shardings_hlo=takes,
        out_shardings_hlo=gives,
        mlir_module_serialized=module.stablehlo,
        module_kept_var_idx=module.kept,
        _get_vjp=None if vjp is None else lambda primal: vjp,
    )


@cache
def _empty() -> export.Exported:
    return export.export(jax.jit(list))()


def _aval(kind: ArrayType) -> Any:
    dtype: Any = jax.dtypes.float0 if kind.dtype == "float0" else DTYPES[kind.dtype]
    return jax.core.ShapedArray(kind.shape, np.dtype(dtype))
