"""Artifacts and verdicts are parsed strictly: what is not as written raises one error of ours, never another."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import re
import struct
import warnings
import zipfile
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from autograder.exercises import assignment
from autograder.wire import artifact as artifacts
from autograder.wire import verdict as verdicts
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
from autograder.wire.plain_text import is_plain
from autograder.wire.verdict import CheckResult, MalformedVerdict, QuestionResult, Verdict

few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
texts = st.text(max_size=30).filter(is_plain)
lines = st.none() | st.integers(1, 999_999)
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

numbers = st.floats(0, 100, allow_nan=False)
checks = st.builds(
    CheckResult,
    texts,
    st.sampled_from(verdicts.FAMILIES),
    st.sampled_from(["pass", "fail", "skip"]),
    texts,
    lines,
    texts,
    st.none() | st.dictionaries(texts, st.lists(numbers, max_size=3), max_size=2),
    texts,
)
results = st.builds(
    QuestionResult,
    texts,
    st.sampled_from(["pass", "fail", "error", "missing", "manual"]),
    numbers,
    st.just(100.0),
    texts,
    lines,
    st.lists(checks, max_size=3).map(tuple),
)
all_verdicts = st.builds(
    Verdict, texts, st.lists(results, max_size=3).map(tuple), texts, st.dictionaries(texts, texts, max_size=2)
)
anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | texts,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(texts, inside, max_size=3),
    max_leaves=5,
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


def a_verdict() -> dict[str, Any]:
    """A small verdict with one of everything, as plain JSON."""
    check = CheckResult("traces", "jittable", "fail", "message", 3, "title", {"median": [0.1]}, "advice")
    question = QuestionResult("MLP", "fail", 1.0, 3.0, "message", 2, (check,))
    return dict(json.loads(Verdict("02_regression", (question,), "", {"jax": "1"}).to_json()))


def places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths to every value in a JSON tree."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path, *(place for key, value in items for place in places(value, (*path, key)))]


def replaced(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    """`tree` with another value at `path`."""
    if not path:
        return value
    copy = dict(tree) if isinstance(tree, dict) else list(tree)
    copy[path[0]] = replaced(tree[path[0]], path[1:], value)
    return copy


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


@given(all_verdicts)
@few
def test_verdict_survives_its_json(verdict):
    """What is written is read back."""
    assert Verdict.from_json(verdict.to_json()) == verdict


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


@given(st.data())
@settings(few, max_examples=200)
def test_verdict_with_another_value_raises_one_error(data):
    """Any value of a verdict, replaced by anything, is refused as malformed, or harmless."""
    good = a_verdict()
    raw = json.dumps(replaced(good, data.draw(st.sampled_from(places(good))), data.draw(anything)))
    try:
        read = Verdict.from_json(raw)
    except MalformedVerdict:
        return
    assert 0 <= read.score <= read.max_score < float("inf")
    assert Verdict.from_json(read.to_json()) == read


@given(st.binary(max_size=200) | st.text(max_size=200))
@example(b"\xff\xfe{}")
@example("[" * 100_000)
@example('{"a":' * 100_000)
@example("1" * 5_000)
@few
def test_noise_is_no_verdict(raw):
    """Noise, other encodings, deep nesting and huge numbers are refused."""
    with pytest.raises(MalformedVerdict):
        Verdict.from_json(raw)


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity", "1e999"])
@pytest.mark.parametrize("place", [("points",), ("max_points",), ("checks", 0, "figure", "median", 0)])
def test_numbers_of_a_verdict_are_finite(word, place):
    """NaN and infinity are no points, and nothing that a report draws."""
    raw = json.dumps(replaced(a_verdict(), ("questions", 0, *place), "HERE")).replace('"HERE"', word)
    with pytest.raises(MalformedVerdict):
        Verdict.from_json(raw)


@pytest.mark.parametrize("place", [(), ("questions", 0), ("questions", 0, "checks", 0)])
def test_unknown_field_of_a_verdict_is_refused(place):
    """A field that we do not write is refused, wherever it is."""
    good = a_verdict()
    inner = good
    for key in place:
        inner = inner[key]
    with pytest.raises(MalformedVerdict):
        Verdict.from_json(json.dumps(replaced(good, place, {**inner, "bonus": 1})))


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
    with pytest.raises(MalformedVerdict, match="at most"):
        Verdict.from_json("x" * (verdicts.MAX_BYTES + 1))


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


def test_verdict_has_one_spelling():
    """Keys given twice, spaces and other spellings of numbers are refused."""
    good = json.dumps(a_verdict())
    assert Verdict.from_json(good)
    for changed in (
        good.replace('"points": 1.0', '"points": 3.0, "points": 1.0'),
        good.replace('"points": 1.0', '"points": 1'),
        good.replace('"points": 1.0', '"points": 1e0'),
        good + "\n",
        "\ufeff" + good,
    ):
        assert changed != good
        with pytest.raises(MalformedVerdict):
            Verdict.from_json(changed)


def test_texts_of_a_verdict_are_safe_to_print():
    """What the judge writes has no escape codes left; a verdict that has some is refused."""
    said = QuestionResult("MLP", "error", 0.0, 3.0, "\x1b[31mred\x1b[0m\u202e\ud800 and long" + "g" * 9_000)
    read = Verdict.from_json(Verdict("02_regression", (said,)).to_json())
    assert read["MLP"].message.startswith("red and long")
    assert len(read["MLP"].message) == verdicts.MAX_TEXT
    with pytest.raises(MalformedVerdict):
        Verdict.from_json(json.dumps(replaced(a_verdict(), ("questions", 0, "message"), "\x1b[31m")))


def results_of(*changes: dict[str, Any]) -> Verdict:
    """A verdict that passes all of 02, some results changed."""
    spec = assignment("02_regression")
    passed = {
        q.name: QuestionResult(
            q.name, "manual" if q.manual else "pass", 0.0 if q.manual else q.points, q.points
        )
        for q in spec.questions
    }
    for change in changes:
        passed[change["name"]] = dataclasses.replace(passed[change["name"]], **change)
    return Verdict("02_regression", tuple(passed.values()))


def test_verdict_must_answer_what_was_asked():
    """Other assignments, questions and points than those asked for are refused."""
    spec = assignment("02_regression")
    results_of().expect(spec)
    results_of({"name": "MLP", "status": "error", "points": 0.0}).expect(spec)
    Verdict("02_regression", (), error="no judge").expect(spec)
    wrong = [
        Verdict("04_mdn", results_of().questions),
        Verdict("02_regression", results_of().questions[1:]),
        Verdict("02_regression", (*results_of().questions, results_of().questions[0])),
        Verdict("02_regression", (*results_of().questions, QuestionResult("bonus", "pass", 9.0, 9.0))),
        results_of({"name": "MLP", "max_points": 100.0, "points": 100.0}),
        results_of({"name": "MLP", "status": "error"}),
        results_of({"name": "MLP", "points": 1.0}),
        results_of({"name": "explain_bias", "status": "pass", "points": 2.0}),
    ]
    for verdict in wrong:
        with pytest.raises(MalformedVerdict):
            verdict.expect(spec)
    with pytest.raises(MalformedVerdict):
        results_of().expect(spec, ["MLP"])
