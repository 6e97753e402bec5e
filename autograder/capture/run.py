"""Run a submitted notebook's cells and capture its answers: the whole of what happens beside student code.

`python -m autograder.capture.run FOLDER` in a process of its own. `request.json` in FOLDER has the cells to run; what
is going on is written, line by line, to `events.jsonl`: whoever watches knows what to blame when the process dies.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.artifact import Artifact, CapturedQuestion

# Files in the working folder that the watching process reads.
EVENTS, OUTPUTS, ARTIFACT = "events.jsonl", "outputs.json", "artifact.zip"
_MAX_OUTPUT = 20_000


@dataclass(frozen=True)
class Request:
    """What to run.

    Attributes:
        assignment: whose questions to take.
        cells: index in the notebook, source, and the question whose solution cell it is (or None), in order.
        blamed: stages ("cell 3", "question MDN") that ended an earlier process, with what to say of them.
    """

    assignment: str
    cells: tuple[tuple[int, str, str | None], ...]
    blamed: dict[str, str]

    def to_json(self) -> str:
        """The request as JSON."""
        return json.dumps({"assignment": self.assignment, "cells": self.cells, "blamed": self.blamed})

    @classmethod
    def from_json(cls, text: str) -> Request:
        """Read what `to_json` wrote."""
        raw = json.loads(text)
        return cls(raw["assignment"], tuple(tuple(cell) for cell in raw["cells"]), raw["blamed"])


def main(folder: Path) -> None:
    """Run the request in `folder`, leaving outputs and the artifact there."""
    request = Request.from_json((folder / "request.json").read_text())
    with (folder / EVENTS).open("a", buffering=1) as events:

        def stage(name: str) -> None:
            events.write(json.dumps(name) + "\n")

        shell = _shell()
        outputs, failures = _run_cells(shell, request, stage)
        (folder / OUTPUTS).write_text(json.dumps(outputs))
        artifact = _capture(shell.user_ns, request, failures, stage)
        (folder / ARTIFACT).write_bytes(artifact.to_bytes())
        stage("done")


def _shell() -> Any:
    from IPython.core.interactiveshell import InteractiveShell

    class Shell(InteractiveShell):
        colors = "nocolor"

        def enable_gui(self, gui: str | None = None) -> None:
            """No windows here: `%matplotlib` is accepted and changes nothing."""

    return Shell.instance()


def _run_cells(
    shell: Any, request: Request, stage: Any
) -> tuple[dict[int, list[dict[str, Any]]], dict[str, str]]:
    """Run the cells; returns their outputs by index, and for each solution cell that raised what it raised."""
    outputs: dict[int, list[dict[str, Any]]] = {}
    failures: dict[str, str] = {}
    for index, source, question in request.cells:
        name = f"cell {index}"
        failure: str | None
        if name in request.blamed:
            outputs[index], failure = [_error("Stopped", request.blamed[name])], request.blamed[name]
        else:
            stage(name)
            outputs[index], failure = _run_cell(shell, source)
        if failure and question:
            failures[question] = failure
    return outputs, failures


def _run_cell(shell: Any, source: str) -> tuple[list[dict[str, Any]], str | None]:
    from IPython.utils.capture import capture_output

    with capture_output() as captured:
        result = shell.run_cell(source, store_history=True)
    outputs = []
    for stream, text in (("stdout", captured.stdout), ("stderr", captured.stderr)):
        if text and not (stream == "stdout" and result.error_in_exec):
            outputs.append({"output_type": "stream", "name": stream, "text": text[:_MAX_OUTPUT]})
    error = result.error_before_exec or result.error_in_exec
    if error is None:
        return outputs, None
    where = _line_of(error)
    message = (
        f"{where}{type(error).__name__}: {str(error).splitlines()[0][:300] if str(error) else 'no message'}"
    )
    outputs.append(_error(type(error).__name__, message))
    return outputs, message


def _line_of(error: BaseException) -> str:
    """ "line 3: " of the cell that raised."""
    if isinstance(error, SyntaxError):
        return f"line {error.lineno}: " if error.lineno else ""
    line, traceback = None, error.__traceback__
    while traceback is not None:
        if (
            traceback.tb_frame.f_code.co_name == "<module>"
            and "ipython-input" in traceback.tb_frame.f_code.co_filename
        ):
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return f"line {line}: " if line else ""


def _error(name: str, message: str) -> dict[str, Any]:
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": [message]}


def _capture(namespace: dict[str, Any], request: Request, failures: dict[str, str], stage: Any) -> Artifact:
    from autograder.capture.capture import capture
    from autograder.exercises import assignment

    spec = assignment(request.assignment)
    ended: list[CapturedQuestion] = []
    for question in spec.automatic:
        if message := request.blamed.get(f"question {question.name}"):
            ended.append(CapturedQuestion(question.name, "error", message))
        elif question.name in failures and question.name not in namespace:
            message = f"The cell of `{question.name}` did not run: {failures[question.name]}"
            ended.append(CapturedQuestion(question.name, "error", message[:1500]))
    rest = [q.name for q in spec.automatic if q.name not in {question.name for question in ended}]
    sources = [source for _, source, _ in request.cells]
    artifact = capture(namespace, spec, rest, sources, progress=lambda name: stage(f"question {name}"))
    return Artifact(artifact.assignment, (*artifact.questions, *ended), artifact.platform, artifact.versions)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
