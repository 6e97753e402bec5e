"""Read a handed-in notebook, trusting nothing: the file may be no file, the JSON no notebook."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_BYTES = 50_000_000
MAX_CELLS = 2_000
CELL_TYPES = ("code", "markdown", "raw")


class UnreadableError(ValueError):
    """No notebook can be read there; the message tells the student what was found."""


@dataclass(frozen=True)
class SubmittedCell:
    """What matters of a submitted cell: its place, its type and text, and the nbgrader id it claims."""

    index: int
    kind: str
    source: str
    grade_id: str


def read_submission(path: Path) -> list[SubmittedCell]:
    """The cells of a handed-in notebook; everything else of it (outputs, tags, attachments) is left behind.

    Raises:
        UnreadableError: if there is no notebook, or none that can be read.
    """
    content = _bytes(path)
    try:
        raw = json.loads(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise UnreadableError(
            f"{path.name} is not text in UTF-8; save it from JupyterLab and hand it in again"
        ) from None
    except RecursionError:
        raise UnreadableError(f"{path.name} is nested too deeply to be a notebook") from None
    except ValueError as error:
        raise UnreadableError(f"{path.name} is no JSON ({error}); was it cut off while saving?") from None
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
        yield SubmittedCell(index, kind, source, _grade_id(cell))


def _grade_id(cell: dict[str, Any]) -> str:
    metadata = cell.get("metadata")
    options = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = options.get("grade_id") if isinstance(options, dict) else None
    return name if isinstance(name, str) else ""


def _bytes(path: Path) -> bytes:
    """The bytes of a plain file; a symbolic link could point anywhere, a FIFO would block for ever."""
    if path.parent.is_symlink():
        raise UnreadableError(f"{path.parent.name} is a symbolic link; hand in a folder")
    flags = (
        os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    try:
        if path.is_symlink():
            raise UnreadableError(f"{path.name} is a symbolic link; hand in the notebook itself")
        handle = os.open(path, flags)
    except FileNotFoundError:
        raise UnreadableError(f"there is no {path.name} in what was handed in") from None
    except OSError as error:
        raise UnreadableError(f"{path.name} cannot be read: {error.strerror}") from None
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode):
        os.close(handle)
        raise UnreadableError(f"{path.name} is not a file (but a folder, pipe or device)")
    with os.fdopen(handle, "rb") as file:
        if found.st_size > MAX_BYTES:
            size, most = found.st_size // 1_000_000, MAX_BYTES // 1_000_000
            raise UnreadableError(
                f"{path.name} has {size} MB, at most {most} are read; clear its outputs and save"
            )
        return file.read(MAX_BYTES + 1)
