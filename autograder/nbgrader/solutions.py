"""Sources executed: the notebooks for self-study, with every output, run as a student would run them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from autograder.nbgrader import outputs
from autograder.nbgrader.sources import Source

CELL_SECONDS = 300

# Called before each cell with the share of the notebook that is done, from 0 to 1, and the cell's id.
Progress = Callable[[float, str], None]


class ExecutionError(RuntimeError):
    """A solution that raises, does not score full points, or whose outputs must not be committed."""


def execute(source: Source, folder: Path, progress: Progress) -> Any:
    """The source's notebook with its outputs, run in a fresh kernel of this interpreter, in `folder`.

    Raises:
        ExecutionError: naming the cell and what it wrote.
    """
    notebook = nbformat.from_dict(source.notebook)  # a deep copy
    client = NotebookClient(
        notebook,
        km=AsyncKernelManager(kernel_spec_manager=_this_interpreter()),
        timeout=CELL_SECONDS,
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
        on_cell_start=lambda cell, cell_index: progress(cell_index / len(notebook.cells), cell.id),
    )
    with tempfile.TemporaryFile(
        "w+", encoding="utf-8"
    ) as log:  # of the kernel; what cells print is in the notebook
        try:
            client.execute(env=_environment(), stdout=log, stderr=log)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            raise ExecutionError(
                f"{source.assignment}, the reference solution: {error}\n{_end(log)}"
            ) from error
    notebook.metadata = source.notebook.metadata  # nbclient writes the Python version into it
    found = list(outputs.problems(source, notebook))
    if found:
        raise ExecutionError("\n".join(f"{source.assignment}: {problem}" for problem in found))
    return notebook


def _this_interpreter() -> KernelSpecManager:
    """Knows no kernel but this interpreter's: a user's own "python3" may be another Python."""
    manager = KernelSpecManager(ensure_native_kernel=True)
    manager.kernel_dirs = []
    return manager


def _environment() -> dict[str, str]:
    """The simulated catalogue and the CPU, whatever this machine has, so that solutions can be compared."""
    environment = {name: value for name, value in os.environ.items() if name != "CLUSTERMASS_CATALOG"}
    return environment | {"JAX_PLATFORMS": "cpu"}


def _end(log: IO[str]) -> str:
    log.seek(0)
    return log.read()[-2000:]
