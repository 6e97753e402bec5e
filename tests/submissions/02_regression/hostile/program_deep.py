# StableHLO: regions within regions within regions, for parsers that call themselves.
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


def loops(depth, value, name):
    """Loops inside loops, which give `name` for `value`."""
    inner = f"%w{depth}" if depth > 1 else f"%i{depth}"
    inside = loops(depth - 1, f"%i{depth}", inner) if depth > 1 else ""
    return (
        f"{name} = stablehlo.while(%i{depth} = {value}) : tensor<f32>\n cond {{\n"
        "%t = stablehlo.constant dense<true> : tensor<i1>\nstablehlo.return %t : tensor<i1>\n} do {\n"
        f"{inside}\nstablehlo.return {inner} : tensor<f32>\n}}"
    )


def forged(made):
    """The module with loops around its result, which nothing that simplifies it can leave out."""
    with mlir.make_ir_context():
        before, after = str(made.mlir_module()).split("\n    return ", 1)
        value, rest = after.split(" ", 1)
        text = f"{before}\n{loops(400, value, '%deep')}\nreturn %deep {rest}"
        return _export._module_to_bytecode(ir.Module.parse(text))
