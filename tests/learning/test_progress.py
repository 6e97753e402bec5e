"""What is remembered, and that a broken file costs nobody anything."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from autograder.learning import progress
from autograder.learning.progress import Record
from autograder.wire.verdict import QuestionResult, Verdict

KEY = "04_mdn/MDN"


def hinted(record: Record) -> Record:
    """One hint more."""
    return replace(record, hints=record.hints + 1)


def test_remembers(tmp_path):
    """What is written is read again; other questions stay."""
    progress.update(tmp_path, {KEY: hinted})
    progress.update(tmp_path, {KEY: hinted, "04_mdn/loss_fn": hinted})
    kept = progress.load(tmp_path)
    assert (kept[KEY].hints, kept["04_mdn/loss_fn"].hints, kept["04_mdn/reweight"].hints) == (2, 1, 0)
    assert [path.name for path in (tmp_path / ".autograder").iterdir()] == ["progress.json"]


@pytest.mark.parametrize(
    "broken", ["", "{", "[" * 100_000, "\x00", '{"format_version": 1, "questions": {"04_']
)
def test_broken_file_is_replaced(tmp_path, broken):
    """A file that was cut off is taken as empty, and the next note makes it whole."""
    progress.update(tmp_path, {})
    (tmp_path / progress.PLACE).write_text(broken)
    assert progress.load(tmp_path) == progress.Progress()
    progress.update(tmp_path, {KEY: hinted})
    assert progress.load(tmp_path)[KEY].hints == 1


@pytest.mark.parametrize(
    "foreign", ['{"format_version": 2, "questions": {}}', "[]", '{"name": "another program"}']
)
def test_foreign_file_is_left_alone(tmp_path, foreign):
    """What a newer kit or another program wrote is neither understood nor touched."""
    progress.update(tmp_path, {})
    (tmp_path / progress.PLACE).write_text(foreign)
    assert progress.load(tmp_path).records == {}
    with pytest.raises(OSError, match="another program or a newer kit"):
        progress.update(tmp_path, {KEY: hinted})
    assert (tmp_path / progress.PLACE).read_text() == foreign


@pytest.mark.parametrize(
    "entry", [None, 3, {"hints": "many"}, {"hints": -1}, {"status": "great"}, {"points": 1e9}, {"gold": 1}]
)
def test_nonsense_in_one_entry_spares_the_others(tmp_path, entry):
    """Entries are taken one by one."""
    progress.update(tmp_path, {"04_mdn/loss_fn": hinted})
    content = json.loads((tmp_path / progress.PLACE).read_text())
    content["questions"][KEY] = entry
    (tmp_path / progress.PLACE).write_text(json.dumps(content))
    kept = progress.load(tmp_path)
    assert (kept[KEY], kept["04_mdn/loss_fn"].hints) == (Record(), 1)


def test_checks_are_remembered_with_what_was_checked(tmp_path):
    """Status and points hold for the answer that was checked, and for no other."""
    results = (QuestionResult("MDN", "pass", 4.0, 4.0), QuestionResult("essay", "manual", 0.0, 2.0))
    changes = progress.checked(Verdict("04_mdn", results), {"MDN": "abc", "essay": "def"})
    progress.update(tmp_path, changes)
    record = progress.load(tmp_path)[KEY]
    assert (record.status, record.points) == ("pass", 4.0)
    assert record.passed("abc")
    assert not record.passed("xyz")
    assert set(progress.load(tmp_path).records) == {KEY}


def test_failure_of_the_grader_is_not_remembered():
    """A verdict with an error says nothing of the answers."""
    results = (QuestionResult("MDN", "fail", 0.0, 4.0),)
    assert progress.checked(Verdict("04_mdn", results, error="the judge died"), {"MDN": "abc"}) == {}


def test_whole_points_are_points(tmp_path):
    """A notebook's check gives full points as the manifest writes them, an integer: the record is read again."""
    verdict = Verdict("04_mdn", (QuestionResult("MDN", "pass", 4, 4),))
    progress.update(tmp_path, {KEY: hinted})
    progress.update(tmp_path, progress.checked(verdict, {"MDN": "abc"}))
    kept = progress.load(tmp_path)[KEY]
    assert (kept.status, kept.hints, kept.passed("abc")) == ("pass", 1, True)
    written = (tmp_path / progress.PLACE).read_text()
    (tmp_path / progress.PLACE).write_text(written.replace("4.0", "4"))
    assert progress.load(tmp_path)[KEY] == kept
