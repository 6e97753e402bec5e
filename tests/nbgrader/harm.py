"""What attacks did to a trapped course and to the machine, told from outside."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import sqlite3
import sysconfig
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import psutil
from trap import Trap

from autograder import places

# What a grader writes for the students whom it grades.
_RESULTS = ("autograded", "feedback")
_GRADED = tuple(f"course/{step}" for step in _RESULTS)
_GRADEBOOK = "gradebook.db"
_ITS_OWN = {
    *(_GRADEBOOK, f"{_GRADEBOOK}-journal", "results.json", "socket"),
    *(".autograder", "seeds.json", "seeds.lock", "lock"),
}


@dataclass(frozen=True)
class State:
    """What must be the same after grading `students`: every file but their results, and everybody else's grades.

    Who has no results yet may get some.
    """

    files: dict[str, str]
    grades: dict[str, dict[str, float | None]]

    @classmethod
    def of(cls, trap: Trap, students: Collection[str]) -> State:
        """The state now."""
        files = {
            str(path.relative_to(trap.root)): _content(path)
            for path in _tree([trap.course, trap.home])
            if path.name not in _ITS_OWN and not _is_result(path, trap, students)
        }
        others = {who: grades for who, grades in grades_of(trap).items() if who not in students}
        return cls(files, others)

    def changes(self, after: State) -> Iterator[str]:
        """What is different, in words."""
        for name in sorted(self.files.keys() | after.files.keys()):
            if name not in self.files and not name.startswith(_GRADED):
                yield f"added: {name}"
            elif name in self.files and self.files[name] != after.files.get(name):
                yield f"{'changed' if name in after.files else 'removed'}: {name}"
        for student, grades in self.grades.items():
            if after.grades.get(student) != grades:
                yield f"grades of {student}: {after.grades.get(student)} instead of {grades}"


def grades_of(trap: Trap) -> dict[str, dict[str, float | None]]:
    """Automatic points in the gradebook, by student and graded cell."""
    database = trap.course / _GRADEBOOK
    if not database.is_file():
        return {}
    query = """
        SELECT submitted_assignment.student_id, base_cell.name, grade.auto_score FROM grade
        JOIN base_cell ON base_cell.id = grade.cell_id
        JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
        JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
    """
    found: dict[str, dict[str, float | None]] = {}
    with contextlib.closing(sqlite3.connect(database)) as connection:
        for student, cell, points in connection.execute(query):
            found.setdefault(student, {})[cell] = points
    return found


def loot(trap: Trap, student: str, said: str = "") -> Iterator[str]:
    """Secrets in the results of an attacker, or in what the grader `said`; and what the attack says it has."""
    texts = [said, *(path.read_text(errors="replace") for path in _results(trap, student))]
    for name, secret in (("a secret of others", trap.canary), ("the seed", str(trap.seed))):
        if any(secret in text for text in texts):
            yield f"read {name}"
    for line in re.findall(r"^LOOT .*", _shown(trap, student), re.MULTILINE):
        yield f"says: {line[5:100]}"


def left_behind(trap: Trap, seconds: float = 3.0) -> list[str]:
    """Processes that live on, after some time to end; and files in places that are not the course's."""
    end = time.monotonic() + seconds
    while (alive := list(_processes(trap.mark))) and time.monotonic() < end:
        time.sleep(0.2)
    outside = [path for path in elsewhere() if trap.mark in path.name]
    return [*alive, *(f"left in {path.parent}" for path in outside)]


def active_content(trap: Trap, student: str, said: str = "") -> Iterator[str]:
    """What would run in a browser or command a terminal, in an attacker's feedback and in what was printed."""
    for path in _results(trap, student):
        if path.suffix == ".html":
            parser = _Active()
            parser.feed(path.read_text(errors="replace"))
            yield from (f"{path.name}: {what}" for what in parser.found)
    if codes := sorted(set(_CODES.findall(said))):
        yield f"control codes: {codes}"


_CODES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Words of our attacks; nbgrader's own template has scripts too.
_HOSTILE = ("hostile", "alert(1)", "example.org")


class _Active(HTMLParser):
    """Finds elements and attributes that run, where they come from an attack."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside: str | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._inside = tag if tag in {"script", "style"} else None
        if tag in {"iframe", "object", "embed", "form", "input", "base", "link", "svg", "math"}:
            values = " ".join(value or "" for _, value in attributes)
            if tag in {"iframe", "form", "svg"} or any(word in values for word in _HOSTILE):
                self.found.append(f"<{tag}>")
        for name, value in attributes:
            runs = name.startswith("on") or re.match(
                r"\s*(javascript|data:text/html)", value or "", re.IGNORECASE
            )
            if runs or (name == "style" and "position" in (value or "")):
                self.found.append(f"<{tag} {name}>")

    def handle_endtag(self, tag: str) -> None:
        self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside and any(word in data for word in _HOSTILE):
            self.found.append(f"a script: {data[:60]}")


def _results(trap: Trap, student: str) -> list[Path]:
    return [path for step in _RESULTS for path in _tree([trap.course / step / student]) if path.is_file()]


def _shown(trap: Trap, student: str) -> str:
    """The texts of the outputs in an attacker's marked notebook."""
    texts = []
    for path in (trap.course / "autograded" / student).glob("*/*.ipynb"):
        with contextlib.suppress(ValueError):
            for cell in json.loads(path.read_text())["cells"]:
                texts += ["".join(output.get("text", "")) for output in cell.get("outputs", ())]
    return "\n".join(texts)


def _is_result(path: Path, trap: Trap, students: Collection[str]) -> bool:
    parts = path.relative_to(trap.root).parts
    return parts[0] == "course" and parts[1] in _RESULTS and (len(parts) < 3 or parts[2] in students)


def _tree(roots: Iterable[Path]) -> Iterator[Path]:
    """Every file and folder below, links not followed."""
    for root in roots:
        for folder, folders, files in os.walk(root):
            yield from (Path(folder, name) for name in (*folders, *files))


def _content(path: Path) -> str:
    if path.is_symlink():
        return f"link to {os.readlink(path)}"
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder, pipe or socket"


def _processes(mark: str) -> Iterator[str]:
    for process in psutil.process_iter(["pid", "cmdline", "name"]):
        words = [process.info["name"] or "", *(process.info["cmdline"] or ())]
        if process.info["pid"] != os.getpid() and any(mark in word for word in words):
            yield f"process alive: {' '.join(words)[:80]}"


def elsewhere() -> Iterator[Path]:
    """Files where an attack might leave something, apart from the course."""
    package = places.PACKAGE
    for place in ("/tmp", "/var/tmp", "/dev/shm", "/run", sysconfig.get_path("purelib"), package.parent):
        with contextlib.suppress(OSError):
            yield from Path(place).iterdir()
    yield from _tree([package])
