"""The artifact: the only thing that crosses from student code to the judge. Programs (StableHLO) and facts (JSON)."""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args

import ml_dtypes
import numpy as np

from autograder.wire import container, strict
from autograder.wire.plain_text import plain, shorten
from autograder.wire.strict import Malformed

FORMAT_VERSION = 2
MAX_BYTES = 64_000_000
# Of one module: a right answer's constants are a few kB; more is an array that should have been an argument.
MAX_MODULE_BYTES = 2_000_000
MAX_TEXT = 2_000
# A tree's text names every layer: a network of a thousand layers.
MAX_TREE = 200_000
# An argument or a result of a program.
MAX_ARRAY_BYTES = 1 << 28
MAX_RANK = 32
_MAX_MANIFEST = 8_000_000
_MAX_QUESTIONS, _MAX_PROGRAMS, _MAX_FINDINGS, _MAX_LEAVES = 50, 100, 200, 10_000

Variant = Literal["own", "stand_in"]
CapturedStatus = Literal["captured", "missing", "error"]
Level = Literal["fail", "advice"]

# Types that arrays of a program may have: those of XLA and NumPy alike, and bfloat16.
DTYPES: dict[str, np.dtype[Any]] = {
    **{
        name: np.dtype(name)
        for name in (
            *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
            *("float16", "float32", "float64", "complex64", "complex128"),
        )
    },
    "bfloat16": np.dtype(ml_dtypes.bfloat16),
}


class MalformedArtifact(ValueError):
    """A container that capture did not write, or wrote for another version."""


@dataclass(frozen=True)
class Finding:
    """A fact against an answer, found beside the student's code: it can take points away, never give them.

    `check` names the check that it fails ("silent"); `line` is the line in the student's cell.
    """

    check: str
    message: str
    line: int | None = None
    level: Level = "fail"
    variant: Variant = "own"


@dataclass(frozen=True)
class ArrayType:
    """Shape and type of an argument or a result."""

    shape: tuple[int, ...]
    dtype: str

    @property
    def nbytes(self) -> int:
        """Bytes of an array of this type."""
        return math.prod(self.shape) * DTYPES[self.dtype].itemsize


@dataclass(frozen=True)
class Module:
    """A StableHLO module, and which of the program's arguments its main function takes: unused ones are dropped."""

    stablehlo: bytes
    kept: tuple[int, ...]


@dataclass(frozen=True)
class Program:
    """One exported function of flat leaves, with the example it was traced at and what plain Python gave for it.

    `jax.export` could serialise all of it, but reading that is trusting it: only StableHLO crosses, and what is said of
    it here the judge compares with the module's own signature.

    Attributes:
        name: what its question calls it ("log_prob").
        variant: with the student's own answers below it, or with public stand-ins.
        module: for the platform of the machine that captured it.
        vjp: takes the inputs and a cotangent for each output, gives one for each input; None where none is needed.
        inputs: types of the arguments' leaves.
        outputs: types of the results' leaves.
        leaves: number of array leaves of each positional argument.
        trees: structure of each positional argument, as text.
        result_tree: structure of the result, as text.
        arguments: the example's leaves, where plain Python was run on them.
        eager: the leaves of what it gave, without jit.
    """

    name: str
    variant: Variant
    module: Module
    vjp: Module | None
    inputs: tuple[ArrayType, ...]
    outputs: tuple[ArrayType, ...]
    leaves: tuple[int, ...]
    trees: tuple[str, ...]
    result_tree: str
    arguments: tuple[np.ndarray, ...] = ()
    eager: tuple[np.ndarray, ...] = ()


@dataclass(frozen=True)
class CapturedQuestion:
    """What was found of one question: its programs, or why there are none."""

    name: str
    status: CapturedStatus
    message: str = ""
    line: int | None = None
    findings: tuple[Finding, ...] = ()
    programs: tuple[Program, ...] = ()


@dataclass(frozen=True)
class Artifact:
    """All that was captured of one notebook."""

    assignment: str
    questions: tuple[CapturedQuestion, ...]
    platform: str = "cpu"
    versions: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> CapturedQuestion:
        """The captured question called `name`; one that was never reached is missing."""
        for question in self.questions:
            if question.name == name:
                return question
        return CapturedQuestion(name, "missing", f"`{name}` was not captured.")

    def to_bytes(self) -> bytes:
        """The artifact as a container: a zip of one manifest and its arrays and modules, each stored once."""
        pool = Pool()
        manifest = {
            "format_version": FORMAT_VERSION,
            "assignment": self.assignment,
            "platform": self.platform,
            "versions": self.versions,
            "questions": [_pack_question(question, pool) for question in self.questions],
        }
        return container.pack({"manifest.json": strict.dumps(manifest).encode(), **pool.entries})

    @classmethod
    def from_bytes(cls, data: bytes) -> Artifact:
        """Read a container, trusting nothing: no pickle, bounded sizes, known fields, and only what `to_bytes` writes.

        Raises:
            MalformedArtifact: if anything is not as capture writes it.
        """
        if len(data) > MAX_BYTES:
            raise MalformedArtifact(f"the artifact has {len(data)} bytes; at most {MAX_BYTES} are read")
        try:
            artifact = _unpack_artifact(container.unpack(data))
            if artifact.to_bytes() != data:
                raise Malformed("written in another way than capture writes")
        except Exception as error:  # Malformed, as a rule; else what hostile bytes make Python or NumPy raise
            reason = str(error) if isinstance(error, Malformed) else type(error).__name__
            raise MalformedArtifact(f"the artifact is not what capture writes: {reason}") from error
        return artifact

    def expect(self, assignment: str, questions: Collection[str]) -> None:
        """Check that it is about `assignment` and about no other than its `questions`.

        Raises:
            MalformedArtifact: naming what does not belong.
        """
        if self.assignment != assignment:
            raise MalformedArtifact(f"the artifact is of {self.assignment!r}; expected {assignment!r}")
        strange = {question.name for question in self.questions} - set(questions)
        if strange:
            raise MalformedArtifact(f"{assignment} has no question {', '.join(sorted(strange))}")


class Pool:
    """The bytes beside the manifest, named after their content."""

    def __init__(self, entries: dict[str, bytes] | None = None) -> None:
        """Start empty, or with what a container holds."""
        self.entries = entries or {}

    def put(self, kind: str, data: bytes) -> str:
        """Keep `data`; the name that it has from now on."""
        name = f"{kind}/{hashlib.sha256(data).hexdigest()[:32]}"
        self.entries[name] = data
        return name

    def get(self, raw: Any) -> bytes:
        """What is kept under a name."""
        if not isinstance(raw, str) or raw not in self.entries:
            raise Malformed("a name of bytes that are not there")
        return self.entries[raw]


def _unpack_artifact(entries: dict[str, bytes]) -> Artifact:
    manifest = entries.get("manifest.json", b"")
    if len(manifest) > _MAX_MANIFEST:
        raise Malformed(f"a manifest of {len(manifest)} bytes; at most {_MAX_MANIFEST} are read")
    raw = strict.loads(manifest.decode("ascii"))
    strict.fields(raw, ("format_version", "assignment", "platform", "versions", "questions"))
    if raw["format_version"] != FORMAT_VERSION:
        raise Malformed(f"format {raw['format_version']!r}; this judge reads {FORMAT_VERSION}")
    pool = Pool(entries)
    questions = strict.items(raw["questions"], _MAX_QUESTIONS, lambda item: _unpack_question(item, pool))
    strict.distinct([question.name for question in questions], "a question")
    return Artifact(
        assignment=_text(raw["assignment"]),
        questions=questions,
        platform=_text(raw["platform"]),
        versions=strict.table(raw["versions"], 50, _text),
    )


def _pack_question(question: CapturedQuestion, pool: Pool) -> dict[str, Any]:
    return {
        "name": question.name,
        "status": question.status,
        "message": _message(question.message),
        "line": question.line,
        "findings": [_pack_finding(finding) for finding in question.findings],
        "programs": [_pack_program(program, pool) for program in question.programs],
    }


def _unpack_question(raw: Any, pool: Pool) -> CapturedQuestion:
    strict.fields(raw, _names(CapturedQuestion))
    programs = strict.items(raw["programs"], _MAX_PROGRAMS, lambda item: _unpack_program(item, pool))
    strict.distinct([(p.name, p.variant, tuple(t.shape for t in p.inputs)) for p in programs], "a program")
    return CapturedQuestion(
        name=_text(raw["name"]),
        status=strict.word(raw["status"], get_args(CapturedStatus)),
        message=_text(raw["message"]),
        line=strict.line(raw["line"]),
        findings=strict.items(raw["findings"], _MAX_FINDINGS, _unpack_finding),
        programs=programs,
    )


def _pack_finding(finding: Finding) -> dict[str, Any]:
    return {
        "check": finding.check,
        "message": _message(finding.message),
        "line": finding.line,
        "level": finding.level,
        "variant": finding.variant,
    }


def _unpack_finding(raw: Any) -> Finding:
    strict.fields(raw, _names(Finding))
    return Finding(
        check=_text(raw["check"]),
        message=_text(raw["message"]),
        line=strict.line(raw["line"]),
        level=strict.word(raw["level"], get_args(Level)),
        variant=strict.word(raw["variant"], get_args(Variant)),
    )


def _pack_program(program: Program, pool: Pool) -> dict[str, Any]:
    return {
        "name": program.name,
        "variant": program.variant,
        "module": _pack_module(program.module, pool),
        "vjp": program.vjp and _pack_module(program.vjp, pool),
        "inputs": [_pack_type(kind) for kind in program.inputs],
        "outputs": [_pack_type(kind) for kind in program.outputs],
        "leaves": program.leaves,
        "trees": [_tree(tree) for tree in program.trees],
        "result_tree": _tree(program.result_tree),
        "arguments": [_pack_array(array, pool) for array in program.arguments],
        "eager": [_pack_array(array, pool) for array in program.eager],
    }


def _unpack_program(raw: Any, pool: Pool) -> Program:
    strict.fields(raw, _names(Program))
    types, arrays = _unpack_type, lambda item: _unpack_array(item, pool)
    program = Program(
        name=_text(raw["name"]),
        variant=strict.word(raw["variant"], get_args(Variant)),
        module=_unpack_module(raw["module"], pool),
        vjp=None if raw["vjp"] is None else _unpack_module(raw["vjp"], pool),
        inputs=strict.items(raw["inputs"], _MAX_LEAVES, types),
        outputs=strict.items(raw["outputs"], _MAX_LEAVES, types),
        leaves=strict.items(raw["leaves"], 100, lambda item: strict.count(item, _MAX_LEAVES)),
        trees=strict.items(raw["trees"], 100, lambda item: strict.text(item, MAX_TREE)),
        result_tree=strict.text(raw["result_tree"], MAX_TREE),
        arguments=strict.items(raw["arguments"], _MAX_LEAVES, arrays),
        eager=strict.items(raw["eager"], _MAX_LEAVES, arrays),
    )
    if sum(program.leaves) != len(program.inputs) or len(program.leaves) != len(program.trees):
        raise Malformed("a program whose leaves are not its inputs")
    if program.arguments and [a.shape for a in program.arguments] != [t.shape for t in program.inputs]:
        raise Malformed("example arguments of other shapes than the inputs")
    return program


def _pack_module(module: Module, pool: Pool) -> dict[str, Any]:
    return {"stablehlo": pool.put("programs", module.stablehlo), "kept": module.kept}


def _unpack_module(raw: Any, pool: Pool) -> Module:
    strict.fields(raw, _names(Module))
    stablehlo = pool.get(raw["stablehlo"])
    if len(stablehlo) > MAX_MODULE_BYTES:
        raise Malformed(f"a program of {len(stablehlo)} bytes; at most {MAX_MODULE_BYTES} are read")
    kept = strict.items(raw["kept"], _MAX_LEAVES, lambda item: strict.count(item, 2 * _MAX_LEAVES))
    if any(one >= other for one, other in itertools.pairwise(kept)):
        raise Malformed("kept arguments out of order")
    return Module(stablehlo, kept)


def _pack_type(kind: ArrayType) -> dict[str, Any]:
    return {"shape": kind.shape, "dtype": kind.dtype}


def _unpack_type(raw: Any) -> ArrayType:
    strict.fields(raw, _names(ArrayType))
    shape = strict.items(raw["shape"], MAX_RANK, lambda item: strict.count(item, MAX_ARRAY_BYTES))
    kind = ArrayType(shape, strict.word(raw["dtype"], DTYPES.keys()))
    if kind.nbytes > MAX_ARRAY_BYTES:
        raise Malformed(f"an array of {kind.nbytes} bytes; at most {MAX_ARRAY_BYTES} are allowed")
    return kind


def _pack_array(array: np.ndarray, pool: Pool) -> dict[str, Any]:
    return _pack_type(ArrayType(array.shape, array.dtype.name)) | {
        "data": pool.put("arrays", array.tobytes())
    }


def _unpack_array(raw: Any, pool: Pool) -> np.ndarray:
    """An array from its plain bytes: NumPy's own format has a header that would have to be parsed."""
    strict.fields(raw, ("shape", "dtype", "data"))
    kind, data = _unpack_type({"shape": raw["shape"], "dtype": raw["dtype"]}), pool.get(raw["data"])
    if len(data) != kind.nbytes:
        raise Malformed("an array of another size than it says")
    if kind.dtype == "bool" and not set(data) <= {0, 1}:
        raise Malformed("a bool that is neither true nor false")
    return np.frombuffer(data, DTYPES[kind.dtype]).reshape(kind.shape)


def _names(owner: Any) -> set[str]:
    return {entry.name for entry in fields(owner)}


def _text(raw: Any) -> str:
    return strict.text(raw, MAX_TEXT)


def _message(text: str) -> str:
    return shorten(plain(text), MAX_TEXT)


def _tree(text: str) -> str:
    return shorten(plain(text), MAX_TREE)


def versions(packages: Iterable[str] = ("jax", "flax", "optax", "tfp-nightly", "numpy")) -> dict[str, str]:
    """Installed versions, for artifacts, verdicts and `doctor`."""
    from importlib.metadata import PackageNotFoundError, version

    from clustermass._version import __version__

    found = {"clustermass": __version__}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found
