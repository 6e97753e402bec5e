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

# Who hands in what, assignment by assignment, in the order of ASSIGNMENTS.
CLASS: Mapping[str, tuple[str, ...]] = {
    "annie": ("right/reference", "right/reference"),
    "cecilia": ("right/unusual_style", "right/unusual_style"),
    "edwin": ("wrong/side_effect_print", "wrong/mean_not_reweighted"),
    "fritz": ("wrong/broadcast", "wrong/loss_sum"),
    "jocelyn": ("broken/stub", "broken/exception"),
    "vera": ("broken/no_json", "broken/deleted_cells"),
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
        for assignment, name in zip(ASSIGNMENTS, handed_in, strict=False):
            submission = read(root / "tests" / "submissions" / assignment / f"{name}.py")
            write(submission, course / "submitted" / student / assignment / f"{assignment}.ipynb")
    return course
