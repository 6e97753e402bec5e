"""The artifact: the only thing that crosses from student code to the judge. Programs (StableHLO) and facts (JSON)."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, TypeVar, get_args

import numpy as np

FORMAT_VERSION = 1
MAX_BYTES = 64_000_000
MAX_TEXT = 2_000
_MANIFEST = {"format_version", "assignment", "platform", "versions", "questions"}

Variant = Literal["own", "stand_in"]
CapturedStatus = Literal["captured", "missing", "error"]
Level = Literal["fail", "advice"]
T = TypeVar("T")


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
class Program:
    """One exported function of flat leaves, with the example it was traced at and what plain Python gave for it.

    Attributes:
        name: what its question calls it ("log_prob").
        variant: with the student's own answers below it, or with public stand-ins.
        stablehlo: `jax.export` serialisation, for the platform of the machine that captured it.
        leaves: number of array leaves of each positional argument.
        trees: structure of each positional argument, as text.
        result_tree: structure of the result, as text.
        arguments: the example's leaves, where plain Python was run on them.
        eager: the leaves of what it gave, without jit.
    """

    name: str
    variant: Variant
    stablehlo: bytes
    leaves: tuple[int, ...]
    trees: tuple[str, ...]
    result_tree: str
    arguments: tuple[np.ndarray, ...]
    eager: tuple[np.ndarray, ...]


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
        """The artifact as a container: a zip of one manifest and its arrays and programs, each stored once."""
        pool: dict[str, bytes] = {}
        manifest = {
            "format_version": FORMAT_VERSION,
            "assignment": self.assignment,
            "platform": self.platform,
            "versions": self.versions,
            "questions": [_pack_question(question, pool) for question in self.questions],
        }
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as container:
            container.writestr("manifest.json", json.dumps(manifest))
            for name, data in pool.items():
                container.writestr(name, data)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Artifact:
        """Read a container, trusting nothing: no pickle, bounded sizes, known fields.

        Raises:
            MalformedArtifact: if anything is not as capture writes it.
        """
        if len(data) > MAX_BYTES:
            raise MalformedArtifact(f"the artifact has {len(data)} bytes; at most {MAX_BYTES} are read")
        try:
            pool = _read_container(data)
            manifest = _fields(json.loads(pool["manifest.json"]), _MANIFEST)
            if manifest["format_version"] != FORMAT_VERSION:
                raise MalformedArtifact(
                    f"format {manifest['format_version']}; this judge reads {FORMAT_VERSION}"
                )
            return cls(
                assignment=_text(manifest["assignment"]),
                questions=tuple(_unpack_question(raw, pool) for raw in manifest["questions"]),
                platform=_text(manifest["platform"]),
                versions={_text(k): _text(v) for k, v in manifest["versions"].items()},
            )
        except MalformedArtifact:
            raise
        except Exception as error:  # whatever hostile bytes make zipfile, json or numpy raise
            raise MalformedArtifact(
                f"the artifact is not what capture writes: {type(error).__name__}"
            ) from error


def _read_container(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        entries = container.infolist()
        if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries) or len(entries) > 5_000:
            raise MalformedArtifact("compressed or too many entries")
        if sum(entry.file_size for entry in entries) > MAX_BYTES:
            raise MalformedArtifact("entries that overlap")
        return {entry.filename: container.read(entry) for entry in entries}


def _store(pool: dict[str, bytes], kind: str, data: bytes) -> str:
    name = f"{kind}/{hashlib.sha256(data).hexdigest()[:32]}"
    pool[name] = data
    return name


def _store_array(pool: dict[str, bytes], array: np.ndarray) -> str:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return _store(pool, "arrays", buffer.getvalue())


def _load_array(data: bytes) -> np.ndarray:
    array: np.ndarray = np.load(io.BytesIO(data), allow_pickle=False)
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "fiubc":
        raise MalformedArtifact("an array that is not numeric")
    return array


def _pack_question(question: CapturedQuestion, pool: dict[str, bytes]) -> dict[str, Any]:
    return {
        "name": question.name,
        "status": question.status,
        "message": question.message,
        "line": question.line,
        "findings": [asdict(finding) for finding in question.findings],
        "programs": [_pack_program(program, pool) for program in question.programs],
    }


def _pack_program(program: Program, pool: dict[str, bytes]) -> dict[str, Any]:
    return {
        "name": program.name,
        "variant": program.variant,
        "stablehlo": _store(pool, "programs", program.stablehlo),
        "leaves": program.leaves,
        "trees": program.trees,
        "result_tree": program.result_tree,
        "arguments": [_store_array(pool, array) for array in program.arguments],
        "eager": [_store_array(pool, array) for array in program.eager],
    }


def _unpack_question(raw: dict[str, Any], pool: dict[str, bytes]) -> CapturedQuestion:
    _fields(raw, _names(CapturedQuestion))
    return CapturedQuestion(
        name=_text(raw["name"]),
        status=_word(raw["status"], CapturedStatus),
        message=_text(raw["message"]),
        line=_line(raw["line"]),
        findings=_many(raw["findings"], _unpack_finding),
        programs=_many(raw["programs"], lambda item: _unpack_program(item, pool)),
    )


def _unpack_finding(raw: dict[str, Any]) -> Finding:
    _fields(raw, _names(Finding))
    return Finding(
        check=_text(raw["check"]),
        message=_text(raw["message"]),
        line=_line(raw["line"]),
        level=_word(raw["level"], Level),
        variant=_word(raw["variant"], Variant),
    )


def _unpack_program(raw: dict[str, Any], pool: dict[str, bytes]) -> Program:
    _fields(raw, _names(Program))
    return Program(
        name=_text(raw["name"]),
        variant=_word(raw["variant"], Variant),
        stablehlo=pool[raw["stablehlo"]],
        leaves=tuple(int(count) for count in raw["leaves"]),
        trees=tuple(str(tree) for tree in raw["trees"]),
        result_tree=str(raw["result_tree"]),
        arguments=tuple(_load_array(pool[name]) for name in raw["arguments"]),
        eager=tuple(_load_array(pool[name]) for name in raw["eager"]),
    )


def _names(owner: Any) -> set[str]:
    return {field.name for field in fields(owner)}


def _fields(raw: dict[str, Any], expected: set[str]) -> dict[str, Any]:
    """`raw`, if it has the expected fields and no others."""
    if raw.keys() != expected:
        raise MalformedArtifact("fields that capture does not write")
    return raw


def _many(raw: Sequence[Any], unpack: Any) -> tuple[Any, ...]:
    if not isinstance(raw, list) or len(raw) > 200:
        raise MalformedArtifact("expected a list of at most 200")
    return tuple(unpack(item) for item in raw)


def _text(raw: Any) -> str:
    if not isinstance(raw, str) or len(raw) > MAX_TEXT:
        raise MalformedArtifact(f"expected a text of at most {MAX_TEXT} characters")
    return raw


def _word(raw: Any, words: Any) -> Any:
    if raw not in get_args(words):
        raise MalformedArtifact(f"expected one of {', '.join(get_args(words))}")
    return raw


def _line(raw: Any) -> int | None:
    if raw is None or (type(raw) is int and 0 < raw < 1_000_000):
        return raw
    raise MalformedArtifact("expected a line number")


def shorten(text: str, limit: int = MAX_TEXT) -> str:
    """`text`, cut to what a container carries."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


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
