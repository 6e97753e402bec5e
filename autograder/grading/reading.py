"""Read a handed-in notebook, trusting nothing: the file may be no file, the JSON no notebook."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.wire.plain_text import plain, shorten

MAX_BYTES = 50_000_000
MAX_CELLS = 2_000
MAX_BRACKETS = 1_000_000
# What JSON can say and no file can hold.
SURROGATE = re.compile("[\ud800-\udfff]")
CELL_TYPES = ("code", "markdown", "raw")

_LINK = "is a symbolic link; hand in the folder and the notebook themselves"
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class UnreadableError(ValueError):
    """No notebook can be read there; the message tells the student what was found."""


@dataclass(frozen=True)
class SubmittedCell:
    """What matters of a submitted cell: its place, its type and text, and the nbgrader id it claims."""

    index: int
    kind: str
    source: str
    grade_id: str


def read_submission(path: Path, within: Path | None = None) -> list[SubmittedCell]:
    """The cells of a handed-in notebook; everything else of it (outputs, tags, attachments) is left behind.

    Args:
        path: of the notebook.
        within: the folder of all submissions, below which symbolic links are refused; None for one's own notebook.

    Raises:
        UnreadableError: if there is no notebook, or none that can be read.
    """
    content = read_bytes(path, MAX_BYTES, within)
    # Each costs memory many times its byte: a file of nothing else would be a bomb.
    if content.count(b"{") + content.count(b"[") > MAX_BRACKETS:
        raise UnreadableError(
            f"{path.name} has more than {MAX_BRACKETS:,} brackets; clear its outputs and save"
        )
    try:
        raw = json.loads(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise UnreadableError(
            f"{path.name} is not text in UTF-8; save it from JupyterLab and hand it in again"
        ) from None
    except RecursionError:
        raise UnreadableError(f"{path.name} is nested too deeply to be a notebook") from None
    except ValueError as error:
        raise UnreadableError(f"{path.name} is no JSON, maybe cut off while saving ({error})") from None
    if not isinstance(raw, dict) or not isinstance(raw.get("cells"), list):
        raise UnreadableError(f"{path.name} is JSON, but no notebook: it has no list of cells")
    if len(raw["cells"]) > MAX_CELLS:
        raise UnreadableError(f"{path.name} has {len(raw['cells'])} cells; at most {MAX_CELLS} are read")
    return list(_cells(raw["cells"], path.name))


def _cells(raw: list[Any], name: str) -> Iterator[SubmittedCell]:
    for index, cell in enumerate(raw):
        kind = cell.get("cell_type") if isinstance(cell, dict) else None
        source = cell.get("source") if isinstance(cell, dict) else None
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if kind not in CELL_TYPES or not isinstance(source, str):
            raise UnreadableError(
                f"cell {index + 1} of {name} is no notebook cell: it needs a type and a source"
            )
        if SURROGATE.search(source):
            raise UnreadableError(
                f"cell {index + 1} of {name} has half a character (a lone surrogate); mend its text"
            )
        yield SubmittedCell(index, kind, source, _grade_id(cell))


def _grade_id(cell: dict[str, Any]) -> str:
    metadata = cell.get("metadata")
    options = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = options.get("grade_id") if isinstance(options, dict) else None
    return name if isinstance(name, str) else ""


def read_bytes(path: Path, most: int, within: Path | None = None) -> bytes:
    """The bytes of a plain file.

    Args:
        path: of the file.
        most: bytes that are read.
        within: a folder of ours; below it no symbolic link is followed, since it could point anywhere.

    Raises:
        UnreadableError: if there is no such file, or none that may be read. A pipe or device is not waited for.
    """
    try:
        handle = os.open(path, _FLAGS) if within is None else _open_within(within, path)
    except FileNotFoundError:
        raise UnreadableError(f"there is no {path.name} in what was handed in{_others(path)}") from None
    except OSError as error:
        raise UnreadableError(f"{path.name} cannot be read: {error.strerror}") from None
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode):
        os.close(handle)
        raise UnreadableError(f"{path.name} is not a file (but a folder, pipe or device)")
    with os.fdopen(handle, "rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        size = max(found.st_size, len(content)) / 1e6
        raise UnreadableError(
            f"{path.name} has {size:.3g} MB, at most {most / 1e6:.3g} are read; clear its outputs and save"
        )
    return content


def _others(path: Path) -> str:
    """Notebooks of other names beside it, as browsers and people make them."""
    with suppress(OSError):
        if not path.parent.is_symlink():
            names = sorted(name for name in os.listdir(path.parent) if name.endswith(".ipynb"))
            return f", but `{shorten(plain(names[0]), 100)}`" if names else ""
    return ""


def _open_within(within: Path, path: Path) -> int:
    """Open `path` step by step below `within`, so that no step can become a link between a look and the next."""
    parts = path.relative_to(within).parts
    if os.open not in os.supports_dir_fd:  # Windows
        _refuse_links([within.joinpath(*parts[: count + 1]) for count in range(len(parts))])
        return os.open(path, _FLAGS)
    folder = os.open(within, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parts[:-1]:
            below = _step(folder, part, os.O_RDONLY | os.O_DIRECTORY)
            os.close(folder)
            folder = below
        return _step(folder, parts[-1], _FLAGS)
    finally:
        os.close(folder)


def _step(folder: int, part: str, flags: int) -> int:
    try:
        return os.open(part, flags | os.O_NOFOLLOW, dir_fd=folder)
    except OSError as error:
        if error.errno != errno.ENOENT and stat.S_ISLNK(os.lstat(part, dir_fd=folder).st_mode):
            raise UnreadableError(f"{part} {_LINK}") from None
        raise


def _refuse_links(paths: list[Path]) -> None:
    for path in paths:
        if path.is_symlink():
            raise UnreadableError(f"{path.name} {_LINK}")
