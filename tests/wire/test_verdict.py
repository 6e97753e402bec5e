"""Verdicts are parsed strictly: what is not as written raises one error of ours, never another."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from json_trees import anything, few, lines, places, replaced, texts

from autograder.exercises import assignment
from autograder.wire import verdict as verdicts
from autograder.wire.verdict import CheckResult, MalformedVerdict, QuestionResult, Verdict

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


def a_verdict() -> dict[str, Any]:
    """A small verdict with one of everything, as plain JSON."""
    check = CheckResult("traces", "jittable", "fail", "message", 3, "title", {"median": [0.1]}, "advice")
    question = QuestionResult("MLP", "fail", 1.0, 3.0, "message", 2, (check,))
    return dict(json.loads(Verdict("02_regression", (question,), "", {"jax": "1"}).to_json()))


@given(all_verdicts)
@few
def test_verdict_survives_its_json(verdict):
    """What is written is read back."""
    assert Verdict.from_json(verdict.to_json()) == verdict


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


def test_oversize_is_refused_unread():
    """More characters than are read are refused before anything is parsed."""
    with pytest.raises(MalformedVerdict, match="at most"):
        Verdict.from_json("x" * (verdicts.MAX_BYTES + 1))
