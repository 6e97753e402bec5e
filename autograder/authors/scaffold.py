"""A new assignment to begin from: small, whole, and accepted by every rule."""

from __future__ import annotations

import keyword
import re
from pathlib import Path
from string import Template

from autograder.exercises import ASSIGNMENTS
from clustermass._version import __version__

NAME = re.compile(r"\d\d_[a-z][a-z0-9_]*")
TEMPLATES = Path(__file__).parent / "templates"


class ScaffoldError(ValueError):
    """The assignment cannot be begun like this; the message says how it can."""


def scaffold(root: Path, name: str, title: str) -> list[Path]:
    """Write the files of an assignment called `name` into a checkout; returns them. All of them, or none.

    Raises:
        ScaffoldError: for a name that will not do, or where something is already.
    """
    package = package_of(name)
    files = _files(name, package)
    taken = [path for path in files if (root / path).exists()]
    if taken or (root / "autograder" / "exercises" / package).exists():
        there = taken[0] if taken else Path("autograder", "exercises", package)
        raise ScaffoldError(
            f"{there.as_posix()} is there already, and nothing is overwritten; choose another name"
        )
    values = {"name": name, "title": title, "version": __version__}
    texts = {
        path: Template((TEMPLATES / template).read_text(encoding="utf-8")).substitute(values)
        for path, template in files.items()
    }
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        with (root / path).open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    return list(texts)


def package_of(name: str) -> str:
    """The package with the checks of an assignment called `name`: what follows its number.

    Raises:
        ScaffoldError: if that is no name.
    """
    package = name.partition("_")[2]
    if not NAME.fullmatch(name) or keyword.iskeyword(package):
        raise ScaffoldError(
            f"`{name}` is no name for an assignment: two digits, `_`, small letters, as in `04_mdn`"
        )
    if name in ASSIGNMENTS:
        raise ScaffoldError(f"`{name}` is an assignment already; there are {', '.join(ASSIGNMENTS)}")
    if taken := [other for other in ASSIGNMENTS if other[:2] == name[:2]]:
        raise ScaffoldError(f"{name[:2]} is the number of `{taken[0]}`; take another one")
    return package


def registration(name: str) -> str:
    """The entry that makes it an assignment of the course."""
    return f'"{name}": "{package_of(name)}"'


def _files(name: str, package: str) -> dict[Path, str]:
    """Where which template goes."""
    checks = Path("autograder", "exercises", package)
    submissions = Path("tests", "submissions", name)
    return {
        Path("source", name, f"{name}.py"): "source.py.in",
        checks / "__init__.py": "manifest.py.in",
        checks / "test_to_mass.py": "checks.py.in",
        submissions / "right" / "reference.py": "reference.py.in",
        submissions / "wrong" / "natural_exponential.py": "wrong.py.in",
        submissions / "broken" / "stub.py": "stub.py.in",
    }
