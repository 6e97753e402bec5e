"""Mutations of programs, for fuzz_programs.py: bytes, StableHLO text, and what the artifact says of a program."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from random import Random

from fuzz_mutations import byte_changes
from jax.interpreters.mlir import make_ir_context
from jaxlib.mlir.dialects import stablehlo

from autograder.wire.artifact import DTYPES, ArrayType, Module, Program


class NotWritten(Exception):
    """Text that MLIR does not accept, so that there are no bytes to hand in."""


Mutation = Callable[[Program, Sequence[Program], Random], Program]

UNARY = (
    "abs",
    "cosine",
    "sine",
    "exponential",
    "log",
    "negate",
    "sqrt",
    "rsqrt",
    "tanh",
    "floor",
    "sign",
    "tan",
)
BINARY = ("add", "subtract", "multiply", "divide", "maximum", "minimum", "power", "remainder", "atan2")
NUMBERS = ("0", "1", "-1", "2", "7", "9999999", "4294967295", "9223372036854775807")
ELEMENTS = (
    "f32",
    "f64",
    "f16",
    "bf16",
    "i1",
    "i8",
    "i32",
    "i64",
    "ui32",
    "complex<f32>",
    "i4",
    "f8E4M3FN",
    "index",
)
# Put at the beginning of main; %X is an argument of type TYPE.
INJECTED = {
    "custom call": "%zz = stablehlo.custom_call @TARGET(%X) : (TYPE) -> TYPE",
    "callback": (
        "%zz = stablehlo.custom_call @xla_ffi_python_cpu_callback(%X) {mhlo.backend_config = {index = 0 : ui64}} : "
        "(TYPE) -> TYPE"
    ),
    "endless loop": (
        "%zz = stablehlo.while(%zi = %X) : TYPE cond {\n%zt = stablehlo.constant dense<true> : tensor<i1>\n"
        "stablehlo.return %zt : tensor<i1>\n} do {\nstablehlo.return %zi : TYPE\n}"
    ),
    "memory": "%zz = stablehlo.broadcast_in_dim %X, dims = [1, 2] : (TYPE) -> tensor<LARGE>",
    "constant": "%zz = stablehlo.constant dense<0.0> : tensor<LARGE>",
    "token": "%zz = stablehlo.create_token : !stablehlo.token",
    "infeed": (
        "%zt = stablehlo.create_token : !stablehlo.token\n"
        '%zz, %zu = "stablehlo.infeed"(%zt) <{infeed_config = ""}> : '
        "(!stablehlo.token) -> (TYPE, !stablehlo.token)"
    ),
    "dynamic": (
        "%zs = stablehlo.constant dense<4> : tensor<2xi32>\n"
        "%zz = stablehlo.dynamic_reshape %X, %zs : (TYPE, tensor<2xi32>) -> tensor<?x?xf32>"
    ),
    "random": (
        "%za = stablehlo.constant dense<0.0> : tensor<f32>\n%zs = stablehlo.constant dense<4> : tensor<1xi64>\n"
        "%zz = stablehlo.rng %za, %za, %zs, distribution = UNIFORM : "
        "(tensor<f32>, tensor<f32>, tensor<1xi64>) -> tensor<4xf32>"
    ),
    "partition": "%zz = stablehlo.partition_id : tensor<ui32>",
    "host computation": '%zz = stablehlo.add %X, %X {mhlo.frontend_attributes = {_xla_compute_type = "host"}} : TYPE',
    "order that is none": (
        '%zz = "stablehlo.sort"(%X) <{dimension = 0 : i64}> ({\n^bb0(%za: tensor<f32>, %zb: tensor<f32>):\n'
        "%zt = stablehlo.constant dense<true> : tensor<i1>\nstablehlo.return %zt : tensor<i1>\n}) : (TYPE) -> TYPE"
    ),
}
LARGE = ("100x8x3xf32", "1000000000x8x3xf32", "400000000xf32", "50000000x3x4xf32")
TARGETS = (
    "system",
    "lapack_spotrf_ffi",
    "lapack_sgees_ffi",
    "Sharding",
    "xla_python_cpu_callback",
    "ApproxTopK",
    "TopK",
    "",
)


def module_bytes(program: Program, others: Sequence[Program], random: Random) -> Program:
    """Bytes of the module, or of its VJP, changed."""
    if random.random() < 0.5 and program.vjp is not None:
        return dataclasses.replace(
            program, vjp=_with_bytes(program.vjp, byte_changes(program.vjp.stablehlo, random))
        )
    return dataclasses.replace(
        program, module=_with_bytes(program.module, byte_changes(program.module.stablehlo, random))
    )


def bit_flips(program: Program, others: Sequence[Program], random: Random) -> Program:
    """One to three bits of the module turned."""
    raw = bytearray(program.module.stablehlo)
    for _ in range(random.randint(1, 3)):
        raw[random.randrange(len(raw))] ^= 1 << random.randrange(8)
    return dataclasses.replace(program, module=_with_bytes(program.module, bytes(raw)))


def spliced(program: Program, others: Sequence[Program], random: Random) -> Program:
    """The beginning of one module and the end of another."""
    one, other = program.module.stablehlo, random.choice(others).module.stablehlo
    cut = random.randrange(len(one))
    return dataclasses.replace(program, module=_with_bytes(program.module, one[:cut] + other[cut:]))


def other_words(program: Program, others: Sequence[Program], random: Random) -> Program:
    """Operations, numbers, types, names and lines of the text exchanged, left out or doubled."""
    text = _text(program.module.stablehlo)
    for _ in range(random.choice((1, 1, 2, 3))):
        text = random.choice(_EDITS)(text, random)
    return dataclasses.replace(program, module=_with_bytes(program.module, _written(text)))


def injected(program: Program, others: Sequence[Program], random: Random) -> Program:
    """An operation that does not belong in front of some line of main."""
    text = _text(program.module.stablehlo)
    argument = random.choice(re.findall(r"(%arg\d+): (tensor<[^>]*>)", text))
    added = INJECTED[random.choice(list(INJECTED))].replace("%X", argument[0]).replace("TYPE", argument[1])
    added = added.replace("TARGET", random.choice(TARGETS)).replace("LARGE", random.choice(LARGE))
    lines = text.splitlines()
    begin = next(number for number, line in enumerate(lines) if "@main" in line)
    lines.insert(begin + 1, added)
    return dataclasses.replace(program, module=_with_bytes(program.module, _written("\n".join(lines))))


def other_signature(program: Program, others: Sequence[Program], random: Random) -> Program:
    """What is said of the program: its inputs, outputs, kept arguments, VJP."""
    what = random.randrange(7)
    if what == 0:
        return dataclasses.replace(program, inputs=_other_types(program.inputs, random))
    if what == 1:
        return dataclasses.replace(program, outputs=_other_types(program.outputs, random))
    if what == 2:
        kept = tuple(sorted(random.sample(range(4), random.randint(0, 4))))
        return dataclasses.replace(program, module=dataclasses.replace(program.module, kept=kept))
    if what == 3 and program.vjp is not None:
        kept = tuple(sorted(random.sample(range(6), random.randint(0, 6))))
        return dataclasses.replace(program, vjp=dataclasses.replace(program.vjp, kept=kept))
    if what == 4:
        return dataclasses.replace(program, vjp=random.choice(others).vjp)
    if what == 5:
        return dataclasses.replace(program, module=random.choice(others).module)
    return dataclasses.replace(program, module=program.vjp or program.module, vjp=program.module)


def _other_types(types: tuple[ArrayType, ...], random: Random) -> tuple[ArrayType, ...]:
    changed = list(types)
    what = random.randrange(4)
    if what == 0 and changed:
        del changed[random.randrange(len(changed))]
    elif what == 1 or not changed:
        changed.append(ArrayType((random.choice((0, 1, 3, 1 << 20)),), "float32"))
    elif what == 2:
        at = random.randrange(len(changed))
        changed[at] = ArrayType(changed[at].shape, random.choice(list(DTYPES)))
    else:
        at = random.randrange(len(changed))
        shape = list(changed[at].shape) or [1]
        shape[random.randrange(len(shape))] = random.choice((0, 1, 2, 5, 1_000_000))
        changed[at] = ArrayType(tuple(shape), changed[at].dtype)
    return tuple(changed)


def _with_bytes(module: Module, stablehlo_bytes: bytes) -> Module:
    return Module(stablehlo_bytes, module.kept)


def _text(module: bytes) -> str:
    with make_ir_context() as context:
        return str(stablehlo.deserialize_portable_artifact(context, module))


def _written(text: str) -> bytes:
    try:
        return bytes(stablehlo.serialize_portable_artifact_str(text, stablehlo.get_current_version()))
    except Exception as error:
        raise NotWritten from error


def _replace_one(text: str, pattern: str, other: Callable[[re.Match[str]], str], random: Random) -> str:
    found = list(re.finditer(pattern, text))
    if not found:
        return text
    match = random.choice(found)
    return text[: match.start()] + other(match) + text[match.end() :]


def _operation(text: str, random: Random) -> str:
    group = random.choice((UNARY, BINARY))
    return _replace_one(
        text, rf"stablehlo\.({'|'.join(group)})\b", lambda m: f"stablehlo.{random.choice(group)}", random
    )


def _number(text: str, random: Random) -> str:
    return _replace_one(text, r"(?<=[\[ =<x])-?\d+(?=[\],> x:])", lambda m: random.choice(NUMBERS), random)


def _dimension(text: str, random: Random) -> str:
    """One size exchanged everywhere, so that the module may still fit together."""
    sizes = sorted(set(re.findall(r"(?<=[<x])\d+(?=x)", text)))
    if not sizes:
        return text
    size, other = random.choice(sizes), random.choice(("0", "1", "5", "1000", "100000"))
    return re.sub(rf"(?<=[<x]){size}(?=x)", other, text)


def _element(text: str, random: Random) -> str:
    one, other = random.choice(("f32", "i32", "i1", "ui32")), random.choice(ELEMENTS)
    if random.random() < 0.5:
        return re.sub(rf"\b{one}\b", other, text)
    return _replace_one(text, rf"\b{one}\b", lambda m: other, random)


def _value(text: str, random: Random) -> str:
    """One value exchanged for another."""
    values = re.findall(r"%[\w#]+", text)
    return _replace_one(text, r"(?<=[ (])%[\w#]+(?=[, ):])", lambda m: random.choice(values), random)


def _literal(text: str, random: Random) -> str:
    literals = ("0.0", "-1.0", "0x7F800000", "0x7FC00000", "1.0e38", "true", "false", "1", "-2147483648")
    return _replace_one(text, r"(?<=dense<)[^<>\[\]\"]+(?=>)", lambda m: random.choice(literals), random)


def _word(text: str, random: Random) -> str:
    """A direction, a kind of comparison, a precision, a flag."""
    words = (
        "LT",
        "GT",
        "LE",
        "EQ",
        "NE",
        "TOTALORDER",
        "FLOAT",
        "SIGNED",
        "UNSIGNED",
        "HIGHEST",
        "true",
        "false",
    )
    return _replace_one(
        text,
        r"\b(LT|GT|LE|GE|EQ|NE|TOTALORDER|FLOAT|SIGNED|UNSIGNED|DEFAULT|HIGHEST|true|false)\b",
        lambda m: random.choice(words),
        random,
    )


def _line(text: str, random: Random) -> str:
    lines = text.splitlines()
    at = random.randrange(len(lines))
    what = random.randrange(3)
    if what == 0:
        del lines[at]
    elif what == 1:
        lines.insert(at, lines[at])
    else:
        other = random.randrange(len(lines))
        lines[at], lines[other] = lines[other], lines[at]
    return "\n".join(lines)


_EDITS = (_operation, _number, _number, _dimension, _element, _value, _value, _literal, _word, _line)

MUTATIONS: dict[str, Mutation] = {
    "bytes": module_bytes,
    "bit flips": bit_flips,
    "spliced bytes": spliced,
    "other operations, numbers, types, values": other_words,
    "injected operations": injected,
    "signature, VJP": other_signature,
}
