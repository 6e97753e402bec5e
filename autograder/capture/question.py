"""One question: call the answer, record what is found, export what can be exported."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import jax
import numpy as np

from autograder.capture.compiled import not_compiled
from autograder.capture.export import export_call, lowering_failure
from autograder.capture.mistakes import remedy
from autograder.capture.mutation import Snapshot, TracerWatch
from autograder.capture.names import MissingName, StudentNames
from autograder.capture.output import recorded_output
from autograder.capture.reads import bound, reads_of_globals
from autograder.capture.tracing import (
    callbacks,
    locate,
    program_text,
    retraces,
    trace,
    trace_failure,
)
from autograder.exercises.spec import Call, Question, Unfit
from autograder.findings import gives_different_results
from autograder.wire.artifact import CapturedQuestion, Finding, Program, Variant
from autograder.wire.plain_text import first_line


def capture_question(question: Question, names: StudentNames, facts: bool = True) -> CapturedQuestion:
    """Everything that the judge will know of `question`; what student code raises becomes a result.

    Without `facts` it is exported, no more: for a question that only another one needs.
    """
    if question.name not in names:
        message = (
            f"There is no `{question.name}` in the notebook. Run the cell that defines it, and keep its name: "
            f"{question.task}"
        )
        return CapturedQuestion(question.name, "missing", message)
    findings: list[Finding] = not_compiled(question, names) if facts and question.compiled else []
    programs: list[Program] = []
    for variant, stand_ins in _variants(question, names):
        try:
            with bound(names.namespace, stand_ins), _plain_answers(question, names):
                found, exported = _capture_variant(question, names, variant, facts=facts and not programs)
        except StubLeft as stub:
            if stub.question == question.name:
                return CapturedQuestion(
                    question.name, "missing", f"The stub is still there. {stub}", stub.line
                )
            continue  # a needed answer is missing: the stand-in variant goes on without it
        except MissingName as missing:
            findings.append(
                Finding(
                    "runs",
                    f"`{question.name}` needs `{missing.args[0]}`, which is not there.",
                    None,
                    "fail",
                    variant,
                )
            )
            continue
        findings += [dataclasses.replace(item, variant=variant) for item in found]
        programs += exported
    return CapturedQuestion(question.name, "captured", findings=tuple(findings), programs=tuple(programs))


class StubLeft(Exception):
    """The answer, or one that it needs, is still the stub."""

    def __init__(self, question: str, message: str, line: int | None) -> None:
        """Note whose stub it is, and where."""
        super().__init__(message)
        self.question, self.line = question, line


def _variants(question: Question, names: StudentNames) -> Iterator[tuple[Variant, dict[str, Any]]]:
    """With the notebook's own answers below, and with public stand-ins where the question has them."""
    given: dict[str, Any] = {}
    if names.assignment.rebind:
        try:
            given = dict(names.assignment.rebind(names))
        except Exception:  # an answer that the given cell uses is missing or fails: leave what is there
            given = {}
    yield "own", given
    if question.stand_ins:
        yield "stand_in", given | dict(question.stand_ins())


def _plain_answers(question: Question, names: StudentNames) -> Any:
    """Bind the answer without its own `jax.jit`, whose caches would hide what its Python does."""
    answer = names[question.name]
    plain = getattr(answer, "__wrapped__", None)
    is_jit = hasattr(answer, "lower") and callable(plain)
    return bound(names.namespace, {question.name: plain} if is_jit else {})


def _capture_variant(
    question: Question, names: StudentNames, variant: Variant, facts: bool
) -> tuple[list[Finding], list[Program]]:
    findings: list[Finding] = []
    programs: list[Program] = []
    assert question.calls is not None  # written answers are not captured
    watch = TracerWatch(names, question.name)
    calls = question.calls(names)
    while True:
        try:
            with recorded_output(names, question.name) as said:
                # Building the arguments may already run the answer: a module's init.
                call = next(calls, None)
                found, program = (
                    _capture_call(question, names, call, variant, watch, facts) if call else ([], None)
                )
        except (StubLeft, MissingName):
            raise
        except Exception as error:
            return _unique([*findings, *said, _raised(error, question, names)]), programs
        findings += [*said, *found]
        if program is None:
            return _unique(findings), programs
        programs.append(program)


def _capture_call(
    question: Question, names: StudentNames, call: Call, variant: Variant, watch: TracerWatch, facts: bool
) -> tuple[list[Finding], Program | None]:
    """Run, trace and export one call."""
    findings: list[Finding] = []
    eager = None
    snapshot = Snapshot(names, question.name, call.args)
    if call.facts:
        eager = call.function(*call.args)
    if call.facts and facts:
        findings += _differences(eager, call.function(*call.args), question.name) + snapshot.findings()
    try:
        if call.facts and facts:
            closed = trace(call)
            findings += retraces(call, question.name) + callbacks(closed, names, question.name)
            findings += _unstable_trace(closed, call, question.name)
            findings += reads_of_globals(names, question.name, lambda: program_text(trace(call)))
        program = export_call(call, eager, variant)
    except Unfit as error:
        return [*findings, _raised(error, question, names)], None
    except Exception as error:
        _expect_no_stub(error, names)
        failure = trace_failure(error, names, question.name)
        return [*findings, failure, *watch.findings(call.args)], None
    if call.facts and facts:
        findings += lowering_failure(call, question.name) + watch.findings(call.args)
    return findings, program


def _differences(once: Any, again: Any, question: str) -> list[Finding]:
    pairs = zip(jax.tree.leaves(once), jax.tree.leaves(again), strict=False)
    if all(
        np.allclose(a, b, rtol=1e-4, atol=1e-6, equal_nan=True)
        for a, b in pairs
        if np.shape(a) == np.shape(b)
    ):
        return []
    return [gives_different_results(question, "gives different results for the same arguments")]


def _unstable_trace(closed: Any, call: Call, question: str) -> list[Finding]:
    if program_text(closed) == program_text(trace(call)):
        return []
    return [gives_different_results(question, "becomes a different program each time it is traced")]


def _raised(error: Exception, question: Question, names: StudentNames) -> Finding:
    line, where = locate(error, names, question.name)
    text = str(error)
    if isinstance(error, Unfit):
        return Finding("runs", f"`{question.name}` {text}")
    _expect_no_stub(error, names)
    message = f"{where} raised {type(error).__name__}: {first_line(error)}."
    next_step = remedy(error) or "Call it with small arrays in a cell of your own to see the whole story."
    return Finding("runs", f"{message} {next_step}", line)


def _expect_no_stub(error: Exception, names: StudentNames) -> None:
    """Raise StubLeft where `error` is what a stub raises."""
    for question in names.assignment.automatic:
        if isinstance(error, NotImplementedError) and str(error).startswith(f"Task {question.name}:"):
            raise StubLeft(question.name, str(error), locate(error, names, question.name)[0]) from None


def _unique(findings: list[Finding]) -> list[Finding]:
    return list(dict.fromkeys(findings))
