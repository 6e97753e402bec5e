"""What a sandbox sees of the file system: the system, the interpreter and its packages, read-only, and nothing else.

Every folder is named one by one, so that what is not named (home, courses, other checkouts) is not there at all.
Where something secret lies inside a named folder, an empty folder lies over it.
"""

from __future__ import annotations

import os
import site
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import clustermass
from autograder import places

# Programs and libraries of the system. On many systems some of these are links into /usr.
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store", "/gnu/store")
# Where the loader finds libraries, which of several it takes, and what time it is.
_FILES = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime")
# nbgrader's exchange, with everybody's submissions, lies below /usr by default.
_NEVER = ("/usr/local/share/nbgrader",)


class UnfitPrefixError(RuntimeError):
    """Python is installed where it cannot be shown without showing what is private."""


@dataclass(frozen=True)
class View:
    """Folders and files to show read-only, links to make, folders to cover; shallow ones first."""

    shown: tuple[Path, ...]
    links: tuple[tuple[str, Path], ...]
    covered: tuple[Path, ...]


def view(hidden: Sequence[Path] = ()) -> View:
    """What a sandbox sees on this machine.

    Args:
        hidden: what must not be seen even where it lies inside something that is shown (the course).

    Raises:
        UnfitPrefixError: if the interpreter's folder is the home directory.
    """
    links: dict[Path, str] = {}
    shown = {_follow(Path(path), links) for path in (*_SYSTEM, *_FILES, *_python()) if os.path.lexists(path)}
    shown = {path for path in shown if path.exists()}
    secret = {path.resolve() for path in (*map(Path, _NEVER), *_answers(), *hidden, Path.home())}
    return View(
        shown=tuple(sorted(shown)),
        links=tuple((target, link) for link, target in sorted(links.items()) if not _below(link, shown)),
        covered=tuple(sorted(path for path in secret if path.is_dir() and _below(path, shown))),
    )


def _python() -> Iterator[str]:
    """The environment, the installation that it was made from, their packages, and ours."""
    for prefix in {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix}:
        if Path(prefix).resolve() in {Path.home().resolve(), Path("/")}:
            raise UnfitPrefixError(
                f"Python is installed in {prefix} itself, where private files are; use a virtual environment"
            )
        yield prefix
    yield os.path.dirname(sys.executable)
    yield os.path.dirname(getattr(sys, "_base_executable", sys.executable))
    yield from site.getsitepackages()
    if site.ENABLE_USER_SITE:
        yield site.getusersitepackages()
    # Of an editable installation these two folders, not the checkout around them.
    yield str(places.PACKAGE)
    yield str(Path(clustermass.__file__).parent)


def _answers() -> Iterator[Path]:
    """Solutions, and what else a checkout or the installed package has that a student does not."""
    for name in ("source", "solutions"):
        yield places.PACKAGE / "data" / name
    for name in ("source", "solutions", "tests", ".git"):
        yield places.PACKAGE.parent / name


def _follow(path: Path, links: dict[Path, str]) -> Path:
    """The real place of `path`; every link on the way there is noted, to be made in the sandbox too."""
    real, rest = Path(path.anchor), list(path.parts[1:])
    for _ in range(1_000):
        if not rest:
            return real
        step = real / rest.pop(0)
        if not step.is_symlink():
            real = step
            continue
        target = os.readlink(step)
        links[step] = target
        onward = Path(os.path.normpath(step.parent / target))
        real, rest = Path(onward.anchor), [*onward.parts[1:], *rest]
    raise UnfitPrefixError(f"{path} goes round in circles")


def _below(path: Path, folders: Iterable[Path]) -> bool:
    return any(path != folder and path.is_relative_to(folder) for folder in folders)
