"""Artifacts and verdicts are parsed strictly: what is not as written raises one error of ours, never another."""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from autograder import artifact as artifacts
from autograder import verdict as verdicts
from autograder.artifact import Artifact, CapturedQuestion, Finding, MalformedArtifact, Program
from autograder.verdict import CheckResult, MalformedVerdict, QuestionResult, Verdict

few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
texts = st.text(max_size=30)
lines = st.none() | st.integers(1, 999_999)
variants = st.sampled_from(["own", "stand_in"])
arrays = st.sampled_from(
    [np.float32(1.5), np.zeros((2, 3), np.float32), np.arange(3), np.ones(1, bool), np.ones(2, complex)]
).map(np.asarray)
findings = st.builds(Finding, texts, texts, lines, st.sampled_from(["fail", "advice"]), variants)
programs = st.builds(
    Program,
    texts,
    variants,
    st.binary(max_size=50),
    st.lists(st.integers(0, 9), max_size=3).map(tuple),
    st.lists(texts, max_size=3).map(tuple),
    texts,
    st.lists(arrays, max_size=2).map(tuple),
    st.lists(arrays, max_size=2).map(tuple),
)
captured = st.builds(
    CapturedQuestion,
    texts,
    st.sampled_from(["captured", "missing", "error"]),
    texts,
    lines,
    st.lists(findings, max_size=2).map(tuple),
    st.lists(programs, max_size=2).map(tuple),
)
all_artifacts = st.builds(
    Artifact,
    texts,
    st.lists(captured, max_size=2).map(tuple),
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
    program = Program(
        "apply", "own", b"stablehlo", (1,), ("*",), "*", (np.ones(2, np.float32),), (np.zeros(2),)
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


def with_manifest(change: Any) -> bytes:
    """The container of `an_artifact` with its manifest changed."""
    source = zipfile.ZipFile(io.BytesIO(an_artifact().to_bytes()))
    manifest = change(json.loads(source.read("manifest.json")))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as container:
        for name in source.namelist():
            text = json.dumps(manifest) if name == "manifest.json" else source.read(name)
            container.writestr(name, text)
    return buffer.getvalue()


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
    source = with_manifest(lambda manifest: replaced(manifest, place, "HERE"))
    buffer, deep = io.BytesIO(), b"[" * 10_000 + b"]" * 10_000
    with zipfile.ZipFile(buffer, "w") as container, zipfile.ZipFile(io.BytesIO(source)) as old:
        for name in old.namelist():
            container.writestr(name, old.read(name).replace(b'"HERE"', deep))
    with pytest.raises(MalformedArtifact):
        Artifact.from_bytes(buffer.getvalue())


def test_oversize_is_refused_unread(monkeypatch):
    """More bytes than are read are refused before anything is parsed."""
    monkeypatch.setattr(artifacts, "MAX_BYTES", 100)
    with pytest.raises(MalformedArtifact, match="at most"):
        Artifact.from_bytes(an_artifact().to_bytes())
    with pytest.raises(MalformedVerdict, match="at most"):
        Verdict.from_json("x" * (verdicts.MAX_BYTES + 1))


def test_compressed_entries_are_refused():
    """A zip bomb has compressed entries; we write none."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("manifest.json", "0" * 10_000_000)
    with pytest.raises(MalformedArtifact, match="compressed"):
        Artifact.from_bytes(buffer.getvalue())


def test_pickled_arrays_are_refused():
    """An array of objects would be unpickled; it is refused."""
    raw = an_artifact().to_bytes()
    buffer, pickled = io.BytesIO(), io.BytesIO()
    np.save(pickled, np.array([{}], dtype=object), allow_pickle=True)
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(buffer, "w") as container:
        for name in old.namelist():
            container.writestr(name, pickled.getvalue() if name.startswith("arrays") else old.read(name))
    with pytest.raises(MalformedArtifact):
        Artifact.from_bytes(buffer.getvalue())
