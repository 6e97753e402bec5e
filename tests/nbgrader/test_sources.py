"""Reading sources: what an author may get wrong, and the message that says so, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.exercises import Assignment, Question
from autograder.nbgrader import rules, sources
from clustermass._version import __version__

LOCKED = (
    'nbgrader={"grade": false, "grade_id": "{id}", "locked": true, "schema_version": 3, '
    '"solution": false, "task": false}'
)
ANSWER = LOCKED.replace('"locked": true', '"locked": false').replace('"solution": false', '"solution": true')

GOOD = f"""\
# %% [markdown] {LOCKED.replace("{id}", "title")}
# # Doubling

# %% {LOCKED.replace("{id}", "setup")} tags=["given"]
import autograder

autograder.begin("01_toy", version="{__version__}")

# %% {ANSWER.replace("{id}", "double")}
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% nbgrader={{"grade": true, "grade_id": "check-double", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}}
autograder.check("double")
"""  # noqa: E501 (a cell marker is one line)

MANIFEST = Assignment(
    name="01_toy",
    title="Doubling",
    checks=Path(),
    questions=(
        Question(
            name="double", points=2, task="return twice x.", calls=lambda _: iter(()), section="Doubling"
        ),
    ),
)

# What an author writes instead of what, the line that is reported, and what is said of it.
MISTAKES = {
    "text before the first cell": (
        "# %% [markdown]",
        "x = 1\n\n# %% [markdown]",
        1,
        "text before the first one",
    ),
    "dotted keys": (LOCKED.replace("{id}", "setup"), 'nbgrader.grade_id="setup"', 4, "would be ignored"),
    "single quotes": ('"grade_id": "setup"', "'grade_id': 'setup'", 4, "is not JSON"),
    "Python's booleans": ('{"grade": true', '{"grade": True', 15, "is not JSON"),
    "no metadata": (LOCKED.replace("{id}", "title"), "", 1, "no nbgrader metadata"),
    "no id": ('"grade_id": "setup", ', "", 4, "lacks grade_id"),
    "an empty id": ('"grade_id": "setup"', '"grade_id": ""', 4, "1 to 64 letters"),
    "a duplicated id": ('"grade_id": "setup"', '"grade_id": "title"', 4, "taken by the cell at line 1"),
    "an old schema": (
        '"schema_version": 3, "solution": true',
        '"schema_version": 2, "solution": true',
        9,
        "must be 3",
    ),
    "no points": ('"points": 2, ', "", 15, '"points": 2'),
    "other points": ('"points": 2, ', '"points": 3, ', 15, "has 3 points, the manifest says 2"),
    "an ungraded check": ('{"grade": true', '{"grade": false', 15, "must be graded"),
    "no check cell": ("check-double", "cheque-double", 9, "no cell `check-double`"),
    "a check that is not last": ('check("double")\n', 'check("double")\nx = 1\n', 15, "must end with"),
    "no begin": ("autograder.begin", "autograder.start", 4, "no such call"),
    "another version": (f'version="{__version__}"', 'version="0.0.0"', 4, '"01_toy", version="0.0.0")`'),
    "no end marker": ("    ### END SOLUTION\n", "", 9, "must have its line"),
    "no markers": ("### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION", "return 2 * x", 9, "has no"),
    "a solution in a locked cell": ("import autograder", "### BEGIN SOLUTION", 4, "students would see it"),
    "an unlocked cell": ('"setup", "locked": true', '"setup", "locked": false', 4, "must be locked"),
    "an answer to no question": ('"grade_id": "double"', '"grade_id": "triple"', 9, "no question of 01_toy"),
    "no such heading": ("# # Doubling", "# # Halving", 15, 'no heading reads "Doubling"'),
}


def check(path: Path, text: str) -> sources.Source:
    """Read and check `text` as the source of 01_toy."""
    path.write_text(text, encoding="utf-8")
    source = sources.read(path)
    rules.check(source, MANIFEST)
    return source


def test_good_source_is_read(tmp_path: Path) -> None:
    """A source without mistakes gives a notebook whose cell ids are nbgrader's, with nothing random in it."""
    source = check(tmp_path / "01_toy.py", GOOD)
    assert [cell.id for cell in source.notebook.cells] == ["title", "setup", "double", "check-double"]
    assert source.notebook.cells[1].metadata.tags == ["given"]
    assert source.notebook == sources.read(tmp_path / "01_toy.py").notebook


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake_is_named_with_its_line(tmp_path: Path, mistake: str) -> None:
    """Each mistake is refused, with the file, the line of the cell, and what is wrong."""
    right, wrong, line, said = MISTAKES[mistake]
    assert right in GOOD
    with pytest.raises(sources.SourceError) as caught:
        check(tmp_path / "01_toy.py", GOOD.replace(right, wrong, 1))
    report = [problem for problem in str(caught.value).splitlines() if f"01_toy.py:{line}: " in problem]
    assert any(said in problem for problem in report), str(caught.value)


def test_all_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    """An author sees every mistake of a source in one go, in the order of the lines."""
    wrong = (
        GOOD.replace('"points": 2', '"points": 5')
        .replace("0.", "9.")
        .replace('"title", "locked": true', '"title", "locked": false')
    )
    with pytest.raises(sources.SourceError) as caught:
        check(tmp_path / "01_toy.py", wrong)
    assert [int(line.split(":")[1]) for line in str(caught.value).splitlines()] == [1, 4, 15]


def test_message_shows_no_path_of_the_machine(tmp_path: Path) -> None:
    """A source is named by its last folders, so that a message reads the same everywhere."""
    folder = tmp_path / "source" / "01_toy"
    folder.mkdir(parents=True)
    with pytest.raises(sources.SourceError, match=r"^source/01_toy/01_toy\.py:4: "):
        check(folder / "01_toy.py", GOOD.replace("autograder.begin", "autograder.start"))
