# StableHLO: the module takes and returns other arrays than the artifact says.
#
# expect loss_fn: fail 0

# %% [before] loss_fn
import contextlib
import dataclasses

from jax._src.export import _export
from jax._src.interpreters import mlir
from jaxlib.mlir import ir

honest = _export.export


def exchanged(function, **keywords):
    make = honest(function, **keywords)

    def exported(*arguments):
        made = make(*arguments)
        if len(made.out_avals) != 1 or made.out_avals[0].shape != ():
            return made
        return dataclasses.replace(made, mlir_module_serialized=forged(made))

    return exported


jax.export.export = exchanged


def insert(made, line):
    """The module with one more line at the beginning of `main`."""
    with mlir.make_ir_context():
        head, rest = made.mlir_module().split("@main(", 1)
        signature, body = rest.split("{\n", 1) if "loc" not in rest.split("\n", 1)[0] else rest.split("{\n", 1)
        return _export._module_to_bytecode(ir.Module.parse(f"{head}@main({signature}{{\n{line}\n{body}"))


def forged(made):
    with mlir.make_ir_context():
        text = "module { func.func public @main(%a: tensor<1000000xf64>) -> tensor<1000000xf64> { return %a : tensor<1000000xf64> } }"
        return _export._module_to_bytecode(ir.Module.parse(text))
