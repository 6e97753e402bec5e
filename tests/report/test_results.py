"""results.json: its shape is part of the contract."""

import json
from pathlib import Path

import pytest

from autograder.report.results import Run, results, write_atomically, write_results
from autograder.wire.verdict import CheckResult, QuestionResult, Verdict

GOLDEN = Path(__file__).parent / "golden" / "results.json"

QUESTIONS = (
    QuestionResult("MLP", "pass", 3.0, 3.0, checks=(CheckResult("prints_nothing", "pure", "pass"),)),
    QuestionResult(
        "loss_fn",
        "fail",
        0.0,
        3.0,
        checks=(
            CheckResult(
                "values", "correct", "fail", "`loss_fn`, line 2, sums\x1b[31m", 2, "values", {"a": [1]}
            ),
            CheckResult("gradient", "correct", "skip", "not run: `values` failed"),
        ),
    ),
    QuestionResult("update", "missing", 0.0, 3.0, "there is no `update`"),
    QuestionResult("explain_bias", "manual", 0.0, 2.0),
)
RUNS = [
    Run("vera", "02_regression", Verdict("02_regression", ()), 0.5, "the judge died"),
    Run("ada", "02_regression", Verdict("02_regression", QUESTIONS), 4.256),
]


def test_results_are_golden():
    """Every field, status and order is as agreed; `python tests/report/test_results.py` writes it anew."""
    assert results(RUNS, {"jax": "0", "clustermass": "0"}) == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_failed_grader_gives_no_score():
    """A run in error has no score, not even 0, and says why."""
    failed = results(RUNS, {})["assignment_runs"][1]
    assert (failed["status"], failed["score"], failed["message"]) == ("error", None, "the judge died")


def test_written_answers_are_outside_the_score():
    """`manual` counts neither in score nor in max_score."""
    graded = results(RUNS, {})["assignment_runs"][0]
    assert (graded["score"], graded["max_score"]) == (3.0, 9.0)


def test_no_half_file(tmp_path, monkeypatch):
    """If writing fails, the old file stays and nothing else is left."""
    path = tmp_path / "results.json"
    write_results(path, {"old": 1})
    monkeypatch.setattr("os.fsync", lambda handle: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_results(path, {"new": 1})
    assert json.loads(path.read_text()) == {"old": 1}
    assert list(tmp_path.iterdir()) == [path]


def test_mode_is_kept(tmp_path):
    """A private file is private from the first byte."""
    path = tmp_path / "seeds.json"
    write_atomically(path, "{}", mode=0o600)
    assert path.stat().st_mode & 0o777 == 0o600


if __name__ == "__main__":
    write_results(GOLDEN, results(RUNS, {"jax": "0", "clustermass": "0"}))
