"""Whether a course can be written to: asked before, so that nothing is left half done for want of space."""

from __future__ import annotations

import os
from pathlib import Path

# More than the results of one submission take.
_BYTES = 4_000_000


def require_room(folder: Path) -> None:
    """Make sure that the results of a submission can be written.

    Raises:
        OSError: no space left, or a place that cannot be written to.
    """
    path = folder / "room"
    try:
        with path.open("wb") as file:
            file.write(bytes(_BYTES))
            file.flush()
            os.fsync(file.fileno())
    finally:
        path.unlink(missing_ok=True)
