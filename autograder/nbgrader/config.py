"""What nbgrader's own commands need to know: one call in a course's `nbgrader_config.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autograder import places

HERE = "autograder.nbgrader.preprocess"
NBGRADER = "nbgrader.preprocessors"

# nbgrader's own order, with our `Restore` first: its preprocessors raise on some deleted or edited cells.
SANITIZE = [
    f"{HERE}.Restore",
    *(f"{NBGRADER}.{name}" for name in ("ClearOutput", "DeduplicateIds", "OverwriteKernelspec")),
    *(f"{NBGRADER}.{name}" for name in ("OverwriteCells", "CheckCellMetadata")),
]
# nbgrader's own order, with our judge in the place of `Execute` (nbgrader itself runs no student code), and grades and
# late penalties saved at once.
AUTOGRADE = [
    f"{HERE}.Judge",
    f"{NBGRADER}.LimitOutput",
    "autograder.nbgrader.save.SaveGrades",
    f"{NBGRADER}.CheckCellMetadata",
]
# A release is cleared and locked already; what is left of nbgrader's generation is to note its cells.
REGISTER = [f"{NBGRADER}.{name}" for name in ("CheckCellMetadata", "ComputeChecksums", "SaveCells")]
# `nbgrader validate` runs the notebook as it is, training included.
VALIDATE_SECONDS_PER_CELL = 900

CONFIG_FILE = '''"""nbgrader's commands in this course grade with clustermass's judge."""

from autograder.nbgrader import configure

configure(get_config())  # noqa: F821 (nbgrader defines it)
'''


def configure(c: Any) -> None:
    """Make nbgrader's own commands and formgrader work as `autograder grade` does, in the current folder's course."""
    c.Autograde.sanitize_preprocessors = SANITIZE
    c.Autograde.autograde_preprocessors = AUTOGRADE
    if "pre_convert_hook" not in c.Autograde:
        # A file that nbgrader cannot read never comes to `Judge`; no grade of an earlier one may stand for it.
        c.Autograde.pre_convert_hook = f"{HERE}.forget_first"
    c.OverwriteCells.add_missing_cells = True
    # Both feedback and formgrader; nbgrader shows what students wrote as HTML, scripts included.
    c.HTMLExporter.preprocessors = ["autograder.nbgrader.safe_html.SafeHTML"]
    c.HTMLExporter.filters = {"markdown2html": "autograder.nbgrader.safe_html.markdown"}
    c.Execute.timeout = VALIDATE_SECONDS_PER_CELL
    c.Execute.skip_cells_with_tag = ""  # nbclient's tag would let a student switch cells off
    if not any(Path("source").glob("*/*.ipynb")):
        # nbgrader and formgrader take the assignments of a course from its source.
        own = Path("release").absolute()
        c.CourseDirectory.source_directory = str(own if own.is_dir() else places.notebooks("release"))
        c.GenerateAssignment.preprocessors = REGISTER
