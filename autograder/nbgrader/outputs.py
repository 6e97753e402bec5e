"""What an executed solution must show before it may be committed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from autograder.nbgrader.sources import Source

LARGEST = 2_000_000  # bytes of a notebook: what a website still shows without a pause


def problems(source: Source, notebook: Any) -> Iterator[str]:
    """Warnings, paths of this machine, lost points, a huge file: one sentence each."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            yield from _unfit(cell.id, output)
    for cell, executed in zip(source.cells, notebook.cells, strict=True):
        if cell.options["grade"] and executed.cell_type == "code":
            yield from _points_lost(executed, float(cell.options["points"]))
    size = len(nbformat.writes(notebook).encode())
    if size > LARGEST:
        yield f"the notebook has {size:,} bytes with its outputs; at most {LARGEST:,} are wanted"


def _unfit(cell: str, output: Any) -> Iterator[str]:
    if output.output_type == "stream" and output.name == "stderr":
        yield f"cell `{cell}` wrote to stderr: {output.text[:500]}"
    text = output.get("text", "") + "".join(
        output.get("data", {}).get(f"text/{kind}", "") for kind in ("plain", "html")
    )
    for path in {str(Path.home()), sys.prefix, os.getcwd()} - {"/"}:
        if path in text:
            yield f"cell `{cell}` shows a path of this machine: {path}"


def _points_lost(cell: Any, points: float) -> Iterator[str]:
    """The value of a check cell, which nbgrader reads as its points, must be the question's full points."""
    values = [
        output.data.get("text/plain") for output in cell.outputs if output.output_type == "execute_result"
    ]
    if values != [str(points)]:
        seen = ", ".join(map(str, values)) or "nothing"
        yield f"the reference must score {points} in `{cell.id}`, whose value is {seen}: run it to see why"
