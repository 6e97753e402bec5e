"""Files that no assignment makes: students would get them, or nobody would build them again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from autograder.authors.finding import Finding
from autograder.exercises import ASSIGNMENTS

SUFFIXES = {"source": ".py", "release": ".ipynb", "solutions": ".ipynb"}
REGISTER = "remove it, or register its assignment in autograder/exercises/__init__.py"


def check(root: Path) -> Iterator[Finding]:
    """Everything in source/, release/, solutions/, and every folder of checks or submissions, that is nobody's."""
    for step, suffix in SUFFIXES.items():
        made = {Path(step, name, f"{name}{suffix}") for name in ASSIGNMENTS}
        for path in _files(root / step):
            if path.relative_to(root) not in made:
                yield Finding(path.relative_to(root).as_posix(), 0, "no assignment makes this file", REGISTER)
    yield from _folders(root, Path("autograder", "exercises"), {*ASSIGNMENTS.values(), "common"})
    yield from _folders(root, Path("tests", "submissions"), ASSIGNMENTS)


def _files(folder: Path) -> Iterator[Path]:
    """All files below, without what editors and Python leave behind."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(map(_is_left_behind, path.relative_to(folder).parts)):
            yield path


def _is_left_behind(name: str) -> bool:
    return name.startswith(".") or name == "__pycache__"


def _folders(root: Path, folder: Path, known: Collection[str]) -> Iterator[Finding]:
    for path in sorted((root / folder).iterdir() if (root / folder).is_dir() else ()):
        nobodys = path.name not in known and not _is_left_behind(path.name)
        if path.is_dir() and nobodys and any(_files(path)):
            yield Finding(
                (folder / path.name).as_posix(), 0, "this folder belongs to no assignment", REGISTER
            )
