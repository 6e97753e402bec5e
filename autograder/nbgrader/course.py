"""An nbgrader course directory: who handed in what, and with which settings nbgrader works there."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, PyFileConfigLoader

from autograder import exercises
from autograder.nbgrader import carried
from autograder.nbgrader.config import configure


class CourseError(ValueError):
    """The course is not what the command line says it is; the message names the next step."""


@dataclass(frozen=True, order=True)
class HandedIn:
    """One submission: a folder in nbgrader's layout, whatever is in it."""

    assignment: str
    student: str
    folder: Path

    @property
    def notebook(self) -> Path:
        """Where the notebook should be."""
        return self.folder / f"{self.assignment}.ipynb"

    def __str__(self) -> str:
        """For people."""
        return f"{self.student} {self.assignment}"


@dataclass(frozen=True)
class Course:
    """A course directory. `config` is nbgrader's: the course's own `nbgrader_config.py`, then ours."""

    root: Path
    config: Config

    @property
    def submitted(self) -> Path:
        """What students handed in; only ever read."""
        return self.root / "submitted"

    @property
    def private(self) -> Path:
        """Our own files of this course, for the instructor alone; made when first asked for."""
        folder = self.root / ".autograder"
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def directory(self, **settings: Any) -> CourseDirectory:
        """nbgrader's view of the course; `settings` are its traits, such as `student_id`."""
        return CourseDirectory(config=self.config, root=str(self.root), **settings)

    @property
    def database(self) -> str:
        """The URL of the gradebook."""
        return str(self.directory().db_url)

    def release(self, assignment: str) -> Path:
        """The release notebook: the course's own where it has one, else the one that the kit carries."""
        own = self.root / "release" / assignment / f"{assignment}.ipynb"
        return own if own.is_file() else carried.release(assignment)

    def has_source(self, assignment: str) -> bool:
        """Whether the instructor generates this assignment with nbgrader, in this course."""
        return (self.root / "source" / assignment / f"{assignment}.ipynb").is_file()

    def handed_in(self, assignments: Iterable[str] = (), student: str | None = None) -> list[HandedIn]:
        """The submissions of these assignments, or of all, by assignment and student.

        Raises:
            CourseError: for a student that there is not (an unknown assignment: `exercises.UnknownQuestion`).
        """
        names = [exercises.assignment(name).name for name in assignments] or list(exercises.ASSIGNMENTS)
        students = self._students()
        if student is not None and student not in students:
            there = ", ".join(students) or "nobody"
            raise CourseError(f"there is no student `{student}` in {_name(self.submitted)}; there is {there}")
        wanted = students if student is None else [student]
        found = [HandedIn(name, who, self.submitted / who / name) for who in wanted for name in names]
        return sorted(item for item in found if item.folder.is_symlink() or item.folder.exists())

    def astray(self, student: str | None = None) -> list[str]:
        """What is called nearly like an assignment, of one student or all; other names are other kits' assignments."""
        wanted = self._students() if student is None else [student]
        folders = [self.submitted / who for who in wanted if not (self.submitted / who).is_symlink()]
        beside = sorted(path for folder in folders for path in folder.iterdir())
        names = list(exercises.ASSIGNMENTS)
        return [
            f"{path.parent.name}/{path.name}{close}"
            for path in beside
            if path.name not in names and (close := exercises.meant(path.stem, names))
        ]

    def _students(self) -> list[str]:
        return sorted(
            path.name for path in self.submitted.iterdir() if path.is_dir() and not path.name.startswith(".")
        )


def open_course(root: Path) -> Course:
    """The course in `root`.

    Raises:
        CourseError: if there is none, or if its configuration does not load.
    """
    root = root.resolve()
    if not root.is_dir():
        raise CourseError(f"there is no folder {_name(root)}; `--course` takes an nbgrader course directory")
    if not (root / "submitted").is_dir():
        raise CourseError(
            f"{_name(root)} has no folder `submitted`; submissions are expected at "
            "submitted/STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb. `autograder demo` makes a course to look at"
        )
    return Course(root, _config(root))


def _config(root: Path) -> Config:
    config = Config()
    with chdir(root):  # as nbgrader's commands, which load it from there
        if (root / "nbgrader_config.py").is_file():
            try:
                config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
            except Exception as error:
                # The instructor's own code: whatever it raises is a wrong setting, not a crash of ours.
                what = f"{type(error).__name__}: {error}"
                raise CourseError(f"nbgrader_config.py does not load: {what}") from error
        configure(config)
    return config


def _name(path: Path) -> str:
    return f"`{path}`"
