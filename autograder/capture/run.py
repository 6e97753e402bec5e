"""Run a submitted notebook's cells and capture its answers: the whole of what happens beside student code.

`python -m autograder.capture.run`, in a process of its own: `autograder.sandbox.process` gives it a request and reads
what it says. It says what it begins, so that whoever watches knows what to blame when the process dies.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograder.capture.request import (
    ARTIFACT,
    MAX_ARTIFACT,
    OUTPUTS,
    REQUEST,
    Request,
    cell_stage,
    question_stage,
)
from autograder.sandbox.inside import enter
from autograder.wire import outputs as shown

if TYPE_CHECKING:
    from autograder.wire.artifact import Artifact

_Stage = Callable[[str], None]
_Outputs = dict[int, list[dict[str, Any]]]


def main() -> None:
    """Run the request; send the outputs of the cells, then the artifact."""
    given = enter()
    request = Request.from_json(given.parts[REQUEST])
    shell = _shell()
    outputs, failures = _run_cells(shell, request, given.outbox.stage)
    given.outbox.send(OUTPUTS, shown.dumps(outputs))
    given.outbox.send(ARTIFACT, _capture(shell.user_ns, request, failures, given.outbox.stage))
    given.outbox.done()


def _shell() -> Any:
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Shell(InteractiveShell):
        colors = "nocolor"

        def enable_gui(self, gui: str | None = None) -> None:
            """No windows here: `%matplotlib` is accepted and changes nothing."""

    # Its cells are nobody's input history.
    return Shell.instance(config=Config(HistoryManager={"enabled": False}))


def _run_cells(shell: Any, request: Request, stage: _Stage) -> tuple[_Outputs, dict[str, str]]:
    """Run the cells; returns their outputs by index, and for each solution cell that raised what it raised."""
    outputs: _Outputs = {}
    failures: dict[str, str] = {}
    for index, source, question in request.cells:
        name = cell_stage(index)
        failure: str | None
        if name in request.blamed:
            failure = request.blamed[name]
            outputs[index] = [shown.error("Stopped", failure)]
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
            outputs.append(shown.stream(stream, text))
    error = result.error_before_exec or result.error_in_exec
    if error is None:
        return outputs, None
    where = _line_of(error)
    message = (
        f"{where}{type(error).__name__}: {str(error).splitlines()[0][:300] if str(error) else 'no message'}"
    )
    return [*outputs, shown.error(type(error).__name__, message)], message


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


def _capture(namespace: dict[str, Any], request: Request, failures: dict[str, str], stage: _Stage) -> bytes:
    from autograder.capture.capture import capture
    from autograder.exercises import assignment
    from autograder.wire.artifact import Artifact, CapturedQuestion

    spec = assignment(request.assignment)
    ended: list[CapturedQuestion] = []
    for question in spec.automatic:
        if message := request.blamed.get(question_stage(question.name)):
            ended.append(CapturedQuestion(question.name, "error", message))
        elif question.name in failures and question.name not in namespace:
            message = f"The cell of `{question.name}` did not run: {failures[question.name]}"
            ended.append(CapturedQuestion(question.name, "error", message[:1500]))
    ended = [question for question in ended if question.name in request.questions]
    rest = [name for name in request.questions if name not in {question.name for question in ended}]
    sources = [source for _, source, _ in request.cells]
    artifact = capture(namespace, spec, rest, sources, progress=lambda name: stage(question_stage(name)))
    whole = (*artifact.questions, *ended)
    return _fitting(Artifact(artifact.assignment, whole, artifact.platform, artifact.versions))


def _fitting(artifact: Artifact) -> bytes:
    """The artifact's bytes; where they are too many, without the largest answers, which are told so."""
    while len(data := artifact.to_bytes()) > MAX_ARTIFACT:
        sizes = {
            question.name: len(dataclasses.replace(artifact, questions=(question,)).to_bytes())
            for question in artifact.questions
        }
        largest = max(sizes, key=lambda name: sizes[name])
        message = (
            f"The programs of `{largest}` have {sizes[largest] / 1e6:.0f} MB; all together may have "
            f"{MAX_ARTIFACT / 1e6:.0f}. Take data as arguments: what a function reads from outside is compiled into it."
        )
        questions = [
            dataclasses.replace(question, status="error", message=message, findings=(), programs=())
            if question.name == largest
            else question
            for question in artifact.questions
        ]
        artifact = dataclasses.replace(artifact, questions=tuple(questions))
    return data


if __name__ == "__main__":
    main()
