"""`autograder start`: a student gets the notebooks, and never loses work."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from autograder import places
from autograder.cli import app
from autograder.exercises import ASSIGNMENTS


def start(folder: Path) -> Result:
    """The command line, as a student calls it."""
    return CliRunner().invoke(app, ["start", str(folder)])


def test_gives_every_notebook(tmp_path: Path) -> None:
    """The folder is made, holds the release notebooks as they are, and the next command is named."""
    result = start(tmp_path / "my" / "course")
    assert result.exit_code == 0, result.output
    for name in ASSIGNMENTS:
        given = places.notebooks("release") / name / f"{name}.ipynb"
        assert (tmp_path / "my" / "course" / f"{name}.ipynb").read_bytes() == given.read_bytes()
    assert f"Next: jupyter lab {tmp_path}/my/course" in result.output.splitlines()[-1]


def test_never_overwrites_work(tmp_path: Path) -> None:
    """A notebook that a student has worked on stays as it is, and the others still arrive."""
    mine = tmp_path / "02_regression.ipynb"
    mine.write_text("my work", encoding="utf-8")
    result = start(tmp_path)
    assert result.exit_code == 0
    assert mine.read_text(encoding="utf-8") == "my work"
    assert "02_regression.ipynb is yours and stays as it is" in result.output
    assert "04_mdn.ipynb is new" in result.output


def test_twice_changes_nothing(tmp_path: Path) -> None:
    """A second start says that everything is there already."""
    start(tmp_path)
    result = start(tmp_path)
    assert result.exit_code == 0
    assert result.output.count("is there already") == len(ASSIGNMENTS)


def test_folder_that_is_a_file(tmp_path: Path) -> None:
    """A place where no folder can be made is wrong usage, told without a traceback."""
    (tmp_path / "course").write_text("a file", encoding="utf-8")
    result = start(tmp_path / "course")
    assert result.exit_code == 2
    assert "cannot write to" in result.output
    assert "Choose another folder" in result.output


def test_installed_package_carries_the_notebooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a checkout the notebooks come from the package's own data."""
    package = tmp_path / "site-packages" / "autograder"
    carried = package / "data" / "release" / "04_mdn" / "04_mdn.ipynb"
    carried.parent.mkdir(parents=True)
    carried.write_text("{}", encoding="utf-8")
    monkeypatch.setattr(places, "PACKAGE", package)
    monkeypatch.chdir(tmp_path)
    assert start(tmp_path / "course").exit_code == 0
    assert (tmp_path / "course" / "04_mdn.ipynb").read_text(encoding="utf-8") == "{}"


def test_nothing_was_built_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no release was built, the command says how to build it."""
    monkeypatch.setattr(places, "PACKAGE", tmp_path / "autograder")
    monkeypatch.chdir(tmp_path)
    result = start(tmp_path / "course")
    assert result.exit_code == 1
    assert "autograder build" in result.output


def test_folder_remembers_from_then_on(tmp_path: Path) -> None:
    """`start` makes the place where hints and checks are remembered; a second start leaves it as it is."""
    start(tmp_path)
    place = tmp_path / ".autograder" / "progress.json"
    place.write_text('{"format_version": 1, "questions": {"04_mdn/MDN": {"hints": 2}}}')
    before = place.read_text()
    assert f"autograder status {tmp_path}" in start(tmp_path).output
    assert place.read_text() == before


def test_full_disk_leaves_no_half_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy that could not be finished is taken away: the next start would take it for the student's work."""

    class Full:
        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_: object) -> None: ...

        def write(self, _: bytes) -> int:
            raise OSError(28, "No space left on device")

    def opened(path: Path, mode: str = "r", *arguments: object, **options: object) -> object:
        if mode == "xb":
            path.touch()
            return Full()
        return original(path, mode, *arguments, **options)  # type: ignore[arg-type]

    original = Path.open
    monkeypatch.setattr(Path, "open", opened)
    result = start(tmp_path)
    assert result.exit_code == 2
    assert "No space left on device" in result.output
    assert list(tmp_path.iterdir()) == []
