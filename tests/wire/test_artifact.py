"""Artifacts are parsed strictly: what is not as written raises one error of ours, never another."""

from __future__ import annotations

import contextlib
import io
import json
import re
import struct
import warnings
import zipfile
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from json_trees import anything, few, lines, places, replaced, texts

from autograder.wire import artifact as artifacts
from autograder.wire.artifact import (
    ArrayType,
    Artifact,
    CapturedQuestion,
    Finding,
    MalformedArtifact,
    Module,
    Program,
)
from autograder.wire.container import pack

variants = st.sampled_from(["own", "stand_in"])


arrays = st.sampled_from(
    [np.float32(1.5), np.zeros((2, 3), np.float32), np.arange(3), np.ones(1, bool), np.ones(2, complex)]
).map(np.asarray)


findings = st.builds(Finding, texts, texts, lines, st.sampled_from(["fail", "advice"]), variants)


modules = st.builds(
    Module,
    st.binary(max_size=50),
    st.sets(st.integers(0, 9), max_size=3).map(lambda kept: tuple(sorted(kept))),
)


types = st.builds(
    ArrayType,
    st.lists(st.integers(0, 9), max_size=3).map(tuple),
    st.sampled_from(["float32", "bfloat16", "bool"]),
)


@st.composite
def programs(draw: Any) -> Program:
    """A program whose parts fit together."""
    arguments = tuple(draw(st.lists(arrays, max_size=3)))
    inputs = tuple(ArrayType(array.shape, array.dtype.name) for array in arguments)
    return Program(
        name=draw(texts),
        variant=draw(variants),
        module=draw(modules),
        vjp=draw(st.none() | modules),
        inputs=inputs,
        outputs=tuple(draw(st.lists(types, max_size=3))),
        leaves=(len(inputs),),
        trees=(draw(texts),),
        result_tree=draw(texts),
        arguments=draw(st.sampled_from([(), arguments])),
        eager=tuple(draw(st.lists(arrays, max_size=2))),
    )


captured = st.builds(
    CapturedQuestion,
    texts,
    st.sampled_from(["captured", "missing", "error"]),
    texts,
    lines,
    st.lists(findings, max_size=2).map(tuple),
    st.lists(programs(), max_size=2, unique_by=lambda p: (p.name, p.variant, p.inputs)).map(tuple),
)


all_artifacts = st.builds(
    Artifact,
    texts,
    st.lists(captured, max_size=2, unique_by=lambda question: question.name).map(tuple),
    texts,
    st.dictionaries(texts, texts, max_size=2),
)


def an_artifact() -> Artifact:
    """A small artifact with one of everything."""
    kind, module = ArrayType((2,), "float32"), Module(b"stablehlo", (0,))
    program = Program(
        *("apply", "own", module, module, (kind,), (kind,), (1,), ("*",), "*"),
        arguments=(np.ones(2, np.float32),),
        eager=(np.zeros(2),),
    )
    finding = Finding("silent", "prints", 3)
    return Artifact("02_regression", (CapturedQuestion("MLP", "captured", "", 1, (finding,), (program,)),))


def entries(data: bytes) -> dict[str, bytes]:
    """What the container holds."""
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        return {name: container.read(name) for name in container.namelist()}


def with_manifest(change: Any) -> bytes:
    """The container of `an_artifact` with its manifest changed, packed and written as we do."""
    held = entries(an_artifact().to_bytes())
    return pack(held | {"manifest.json": json.dumps(change(json.loads(held["manifest.json"]))).encode()})


def plain(captured: Artifact) -> Any:
    """An artifact as something that `==` can compare."""
    return repr(captured)


@given(all_artifacts)
@few
def test_artifact_survives_its_bytes(captured):
    """What is written is read back."""
    assert plain(Artifact.from_bytes(captured.to_bytes())) == plain(captured)


@given(st.data())
@settings(few, max_examples=200)
def test_mutated_artifact_raises_one_error(data):
    """Bytes that were changed, cut or put in are refused as malformed, or harmless; nothing else is raised."""
    raw = bytearray(an_artifact().to_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    with contextlib.suppress(MalformedArtifact):
        Artifact.from_bytes(bytes(raw))


@given(st.data())
@settings(few, max_examples=150)
def test_artifact_with_another_value_raises_one_error(data):
    """Any value of the manifest, replaced by anything, is refused as malformed, or harmless."""
    manifest: Any = None

    def change(found: Any) -> Any:
        nonlocal manifest
        manifest = found
        return replaced(found, data.draw(st.sampled_from(places(found))), data.draw(anything))

    try:
        read = Artifact.from_bytes(with_manifest(change))
    except MalformedArtifact:
        return
    Artifact.from_bytes(read.to_bytes())  # what was let in has only types that can be written


@pytest.mark.parametrize(
    "place", [("questions", 0), ("questions", 0, "programs", 0), ("questions", 0, "findings", 0), ()]
)
def test_unknown_field_of_an_artifact_is_refused(place):
    """A field that we do not write is refused, wherever it is."""

    def change(manifest: Any) -> Any:
        inner = manifest
        for key in place:
            inner = inner[key]
        return replaced(manifest, place, {**inner, "bonus": 1})

    with pytest.raises(MalformedArtifact):
        Artifact.from_bytes(with_manifest(change))


@pytest.mark.parametrize(
    "place", [("format_version",), ("questions", 0, "programs", 0, "leaves"), ("questions",)]
)
def test_deep_manifest_is_refused(place):
    """A manifest nested ten thousand deep is refused, not a crash."""
    held = entries(with_manifest(lambda manifest: replaced(manifest, place, "HERE")))
    deep = b"[" * 10_000 + b"]" * 10_000
    with pytest.raises(MalformedArtifact):
        Artifact.from_bytes(pack(held | {"manifest.json": held["manifest.json"].replace(b'"HERE"', deep)}))


def test_oversize_is_refused_unread(monkeypatch):
    """More bytes than are read are refused before anything is parsed."""
    monkeypatch.setattr(artifacts, "MAX_BYTES", 100)
    with pytest.raises(MalformedArtifact, match="at most"):
        Artifact.from_bytes(an_artifact().to_bytes())


def zipped(change: Any, held: dict[str, bytes] | None = None, **options: Any) -> bytes:
    """A container written with zipfile, `change` adding to it."""
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", **options) as container:
        warnings.simplefilter("ignore")  # zipfile warns of names given twice
        for name, data in (entries(an_artifact().to_bytes()) if held is None else held).items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            container.writestr(info, data, options.get("compression"))
        change(container)
    return buffer.getvalue()


def overlapping(data: bytes) -> bytes:
    """The container with its first two directory entries pointing to one and the same file."""
    starts = [match.start() for match in re.finditer(b"PK\x01\x02", data)]
    (offset,) = struct.unpack_from("<I", data, starts[0] + 42)
    changed = bytearray(data)
    struct.pack_into("<I", changed, starts[1] + 42, offset)
    return bytes(changed)


def sized(data: bytes, size: int) -> bytes:
    """The container whose first entry says that it has `size` bytes."""
    changed = bytearray(data)
    struct.pack_into("<II", changed, 18, size, size)
    return bytes(changed)


GOOD = an_artifact().to_bytes()


TRICKS = {
    "nothing": b"",
    "no zip": b"manifest.json",
    "empty zip": pack({}),
    "no manifest": pack({"arrays/x": b""}),
    "prefix": b"#!/bin/sh\n" + GOOD,
    "suffix": GOOD + b"\n",
    "cut off": GOOD[:-1],
    "comment": zipped(lambda container: setattr(container, "comment", b"hello")),
    "compressed": zipped(lambda container: None, compression=zipfile.ZIP_DEFLATED),
    "a name twice": zipped(lambda container: container.writestr("manifest.json", "{}")),
    "an entry too many": zipped(lambda container: container.writestr("../../etc/passwd", "")),
    "overlapping entries": overlapping(GOOD),
    "a size beyond the end": sized(GOOD, 2**32 - 1),
    "a size too small": sized(GOOD, 10),
    "two thousand million entries": GOOD[:-12] + b"\xff" * 12,
    "bomb": zipped(
        lambda container: container.writestr("bomb", "0" * 50_000_000), {}, compression=zipfile.ZIP_DEFLATED
    ),
}


@pytest.mark.parametrize("trick", TRICKS)
def test_zip_tricks_are_refused(trick):
    """A container packed in any other way than ours is refused, quickly."""
    with pytest.raises(MalformedArtifact):
        Artifact.from_bytes(TRICKS[trick])


def a_program(**changes: Any) -> Any:
    """Changes fields of the only program of the manifest."""

    def change(manifest: Any) -> Any:
        manifest["questions"][0]["programs"][0].update(changes)
        return manifest

    return change


LIES = {
    "huge shape": a_program(inputs=[{"shape": [2**28, 2**28], "dtype": "float32"}]),
    "negative shape": a_program(inputs=[{"shape": [-1], "dtype": "float32"}]),
    "true as a number": a_program(inputs=[{"shape": [True], "dtype": "float32"}]),
    "number as text": a_program(leaves=["1"]),
    "objects": a_program(inputs=[{"shape": [2], "dtype": "object"}]),
    "another dtype": a_program(outputs=[{"shape": [2], "dtype": "datetime64[s]"}]),
    "more leaves than inputs": a_program(leaves=[1, 1], trees=["*", "*"]),
    "arguments of another shape": a_program(inputs=[{"shape": [3], "dtype": "float32"}]),
    "kept out of order": a_program(vjp={"stablehlo": "programs/x", "kept": [1, 0]}),
    "bytes that are not there": a_program(module={"stablehlo": "programs/0", "kept": [0]}),
    "a path": a_program(module={"stablehlo": "/etc/passwd", "kept": [0]}),
    "the manifest as a module": a_program(module={"stablehlo": "manifest.json", "kept": [0]}),
    "control characters": a_program(name="\x1b[2J"),
    "lone surrogate": a_program(name="\ud800"),
    "text that runs backwards": a_program(name="\u202eterces"),
    "too long": a_program(name="a" * 3_000),
    "another format": lambda manifest: manifest | {"format_version": 1},
    "a question twice": lambda manifest: manifest | {"questions": 2 * manifest["questions"]},
    "a thousand questions": lambda manifest: (
        manifest | {"questions": [{**manifest["questions"][0], "name": str(n)} for n in range(1_000)]}
    ),
    "a program twice": lambda manifest: replaced(
        manifest, ("questions", 0, "programs"), 2 * manifest["questions"][0]["programs"]
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_lies_in_the_manifest_are_refused(lie):
    """Sizes, names, types and counts that capture does not write are refused."""
    with pytest.raises(MalformedArtifact):
        Artifact.from_bytes(with_manifest(LIES[lie]))


def respelled(pattern: str, other: str) -> bytes:
    """The manifest written in another way: the same JSON to a lenient reader."""
    held = entries(GOOD)
    text = held["manifest.json"].decode()
    assert pattern in text
    return pack(held | {"manifest.json": text.replace(pattern, other, 1).encode()})


@pytest.mark.parametrize(
    ("pattern", "other"),
    [
        ('{"format_version"', '{"assignment": "04_mdn", "format_version"'),
        ('"format_version": 2', '"format_version":  2'),
        ('"format_version": 2', '"format_version": 2.0'),
        ('"own"', '"\\u006fwn"'),
        ('"line": 1', '"line": 1e0'),
        ('"line": 1', f'"line": {"9" * 5_000}'),
        ('"line": 1', '"line": NaN'),
        ('"line": 1', '"line": Infinity'),
    ],
)
def test_json_has_one_spelling(pattern, other):
    """Keys given twice, spaces, escapes and numbers in other spellings are refused."""
    with pytest.raises(MalformedArtifact):
        Artifact.from_bytes(respelled(pattern, other))


def test_array_of_another_size_is_refused():
    """The bytes of an array must be as many as its shape says."""
    held = entries(GOOD)
    name = next(name for name in held if name.startswith("arrays"))
    with pytest.raises(MalformedArtifact, match="size"):
        Artifact.from_bytes(pack(held | {name: held[name][:-1]}))


def test_artifact_of_another_assignment_is_refused():
    """An artifact is asked for by name, and so are its questions."""
    read = Artifact.from_bytes(GOOD)
    read.expect("02_regression", ["MLP", "loss_fn"])
    with pytest.raises(MalformedArtifact, match="04_mdn"):
        read.expect("04_mdn", ["MLP"])
    with pytest.raises(MalformedArtifact, match="no question MLP"):
        read.expect("02_regression", ["loss_fn"])
