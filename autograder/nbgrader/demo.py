"""The demo: a small class with right, wrong and broken submissions, made from `tests/submissions`."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from autograder import places
from autograder.exercises import ASSIGNMENTS
from autograder.nbgrader import build
from autograder.nbgrader.config import CONFIG_FILE
from autograder.nbgrader.handed_in import write
from autograder.nbgrader.submissions import read

# Student -> assignment -> what is handed in; for assignments that are not named, the one under "*".
CLASS: Mapping[str, Mapping[str, str]] = {
    "annie": {"*": "right/reference"},
    "cecilia": {
        "01_jax": "right/unusual_style",
        "02_regression": "right/unusual_style",
        "04_mdn": "right/unusual_style",
        "*": "right/reference",
    },
    "edwin": {
        "01_jax": "wrong/reads_global",
        "02_regression": "wrong/side_effect_print",
        "04_mdn": "wrong/mean_not_reweighted",
        "*": "right/reference",
    },
    "fritz": {
        "01_jax": "wrong/not_compiled",
        "02_regression": "wrong/broadcast",
        "04_mdn": "wrong/loss_sum",
        "*": "broken/stub",
    },
    "jocelyn": {"04_mdn": "broken/exception", "*": "broken/stub"},
    "vera": {"02_regression": "broken/no_json", "04_mdn": "broken/deleted_cells", "*": "broken/stub"},
}


class DemoError(RuntimeError):
    """The demo cannot be made here; the message says why."""


def make_class() -> Path:
    """Build the releases, and make the demo course anew in the checkout; returns its folder.

    Raises:
        DemoError: if the folder `demo` holds something that no demo has put there.
        places.NoCheckoutError: without a checkout, which the submissions are part of.
    """
    root = places.checkout()
    course = root / "demo"
    if course.exists():
        if not (course / "nbgrader_config.py").is_file():
            raise DemoError("the folder `demo` was not made by the demo; move it away first")
        shutil.rmtree(course)
    build.write(build.build(root, with_solutions=False))
    course.mkdir()
    (course / "nbgrader_config.py").write_text(CONFIG_FILE, encoding="utf-8")
    for student, handed_in in CLASS.items():
        for assignment in ASSIGNMENTS:
            name = handed_in.get(assignment, handed_in["*"])
            submission = read(root / "tests" / "submissions" / assignment / f"{name}.py")
            write(submission, course / "submitted" / student / assignment / f"{assignment}.ipynb")
    return course
