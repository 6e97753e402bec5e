# StableHLO: functions that call two others that call two others, a billion operations once written out.
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
        text = made.mlir_module()
        functions = ["func.func private @bomb0(%a: tensor<f32>) -> tensor<f32> { return %a : tensor<f32> }"]
        for level in range(1, 31):
            call = f"func.call @bomb{level - 1}"
            functions.append(
                f"func.func private @bomb{level}(%a: tensor<f32>) -> tensor<f32> {{\n"
                f"%b = {call}(%a) : (tensor<f32>) -> tensor<f32>\n%c = {call}(%b) : (tensor<f32>) -> tensor<f32>\n"
                "return %c : tensor<f32>\n}"
            )
        head, rest = text.split("@main(", 1)
        signature, body = rest.split("{\n", 1)
        line = "%s = stablehlo.constant dense<1.0> : tensor<f32>\n%e = func.call @bomb30(%s) : (tensor<f32>) -> tensor<f32>\n"
        start = head.rindex("  func.func")
        bombs = "\n".join(functions)
        return _export._module_to_bytecode(
            ir.Module.parse(f"{head[:start]}\n{bombs}\n{head[start:]}@main({signature}{{\n{line}{body}")
        )
