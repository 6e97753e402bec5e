"""The demo, from a checkout to its results."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.cli import app
from autograder.exercises import ASSIGNMENTS
from autograder.nbgrader.demo import CLASS

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout of the same sources, with nothing built."""
    for name in ("source", "tests", "pyproject.toml"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def demo():
    """Run `autograder demo`; returns its exit status and what it printed."""
    result = CliRunner().invoke(app, ["demo"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
def test_demo_builds_grades_and_says_where_to_look(checkout):
    """All of the class is graded, twice in a row; every file that the demo names is there."""
    for _ in range(2):
        status, printed = demo()
        assert status == 0, printed
    results = json.loads((checkout / "demo" / "results.json").read_text())
    assert len(results["assignment_runs"]) == len(CLASS) * len(ASSIGNMENTS)
    assert all(run["status"] == "graded" for run in results["assignment_runs"])
    assert (checkout / "release" / "04_mdn" / "04_mdn.ipynb").is_file()
    assert "demo/feedback/edwin/04_mdn/04_mdn.html" in printed
    assert (checkout / "demo/feedback/edwin/04_mdn/04_mdn.html").is_file()


def test_demo_leaves_a_folder_of_someone_else_alone(checkout):
    """What the demo has not made it does not remove."""
    (checkout / "demo").mkdir()
    (checkout / "demo" / "thesis.txt").write_text("years of work")
    status, printed = demo()
    assert (status, "was not made by the demo" in printed) == (2, True)
    assert (checkout / "demo" / "thesis.txt").read_text() == "years of work"
