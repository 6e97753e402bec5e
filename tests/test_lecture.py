"""Nothing in the lecture is without a cell that runs it: the table in docs/lecture.md against the solutions."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROWS = [
    [column.strip() for column in re.split(r"(?<!\\)\|", line)[1:-1]]
    for line in (ROOT / "docs/lecture.md").read_text().splitlines()
    if line.startswith("| ") and not line.startswith("| the lecture ")
]


@cache
def cells(notebook: str) -> dict[str, dict]:
    """nbgrader id -> cell of an executed solution."""
    text = (ROOT / "solutions" / notebook / f"{notebook}.ipynb").read_text()
    return {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in json.loads(text)["cells"]}


@pytest.mark.parametrize("item, places", ROWS, ids=[row[0] for row in ROWS])
def test_item_of_the_lecture_runs(item, places):
    """Each row names at least one cell; each is there, and ran without an error (written answers are there)."""
    notebook, named = None, 0
    for word in re.findall(r"\b\d\d_\w+\b|`[^`]+`", places):
        if not word.startswith("`"):
            notebook = word
            continue
        named += 1
        cell = cells(notebook)[word.strip("`")]
        if cell["cell_type"] == "code":
            assert cell["execution_count"], word
            assert not [output for output in cell["outputs"] if output["output_type"] == "error"]
    assert named, item
