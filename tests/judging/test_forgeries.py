"""Artifacts that were changed next to student code: a wrong answer gains nothing, and the judge has an answer to each."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import jax
import numpy as np
import pytest
from reference_cells import NEEDED, solution_cells

from autograder.capture.capture import capture
from autograder.exercises import assignment
from autograder.judge.judge import judge
from autograder.wire.artifact import ArrayType, Artifact, CapturedQuestion, MalformedArtifact, Program

SPEC = assignment("02_regression")
WRONG = {
    "MLP": "class MLP(nn.Module):\n    @nn.compact\n    def __call__(self, x):\n        return nn.relu(nn.Dense(1)(x))",
    "loss_fn": "def loss_fn(params, x, y):\n    return jnp.sum((model.apply(params, x) - y) ** 2)",
    "update": "def update(params, opt_state, x, y):\n    return params, opt_state",
}


def points(artifact: Artifact, question: str) -> float:
    """What the judge gives; a failure of the grader is an error here."""
    verdict = judge(Artifact.from_bytes(artifact.to_bytes()), [question], seed=3)
    assert verdict.error == ""
    return verdict[question].points


def of_each_program(change: Callable[[Program], Program]) -> Callable[[CapturedQuestion], CapturedQuestion]:
    """Change every program of a question."""
    return lambda question: dataclasses.replace(question, programs=tuple(map(change, question.programs)))


def without_findings(question: CapturedQuestion) -> CapturedQuestion:
    """All that was found, taken out."""
    return dataclasses.replace(question, findings=())


def other_names(program: Program) -> Program:
    """`init` called `apply`, and the other way round."""
    names = {"init": "apply", "apply": "init"}
    return dataclasses.replace(program, name=names.get(program.name, program.name))


def other_variants(program: Program) -> Program:
    """What was captured with stand-ins said to be the student's own, and the other way round."""
    return dataclasses.replace(program, variant="own" if program.variant == "stand_in" else "stand_in")


def other_trees(program: Program) -> Program:
    """Structures said to be what is asked for."""
    pair = ", ".join(tree.removeprefix("PyTreeDef(").removesuffix(")") for tree in program.trees[:2])
    return dataclasses.replace(program, result_tree=f"PyTreeDef(({pair}))")


def other_eager(program: Program) -> Program:
    """Plain results that nobody calculated."""
    return dataclasses.replace(program, eager=tuple(np.zeros_like(leaf) for leaf in program.eager))


def other_outputs(program: Program) -> Program:
    """Results said to have the shape that is asked for."""
    scalar = (ArrayType((), "float32"),)
    return dataclasses.replace(program, outputs=scalar)


FORGERIES = {
    "no findings": without_findings,
    "names": of_each_program(other_names),
    "variants": of_each_program(other_variants),
    "trees": of_each_program(other_trees),
    "plain results": of_each_program(other_eager),
    "types of the results": of_each_program(other_outputs),
    "no programs": lambda question: dataclasses.replace(question, programs=()),
    "a status of its own": lambda question: dataclasses.replace(
        question, status="error", message="Well done."
    ),
}


@pytest.fixture(scope="module")
def captured() -> dict[str, Artifact]:
    """A wrong answer to each question, captured once."""
    cells, found = solution_cells("02_regression"), {}
    for question, answer in WRONG.items():
        namespace: dict[str, Any] = {"__name__": "__main__"}
        for name in NEEDED["02_regression"]:
            exec(compile(answer if name == question else cells[name], f"<{name}>", "exec"), namespace)
        needed = SPEC[question].needs
        found[question] = capture(namespace, SPEC, [question], needed=needed)
    return found


@pytest.mark.parametrize("question", WRONG)
@pytest.mark.parametrize("forgery", FORGERIES)
def test_wrong_answer_gains_nothing(captured, question, forgery):
    """Whatever is changed in what was captured of it, a wrong answer has no points."""
    honest = captured[question]
    forged = dataclasses.replace(
        honest, questions=tuple(FORGERIES[forgery](q) if q.name == question else q for q in honest.questions)
    )
    assert points(forged, question) == 0


def test_other_platform_is_no_students_fault(captured):
    """Programs said to be for another device are an error of the run: nobody loses or gains points by it."""
    forged = dataclasses.replace(captured["loss_fn"], platform="tpu")
    verdict = judge(Artifact.from_bytes(forged.to_bytes()), ["loss_fn"], seed=3)
    assert "captured on 'tpu'" in verdict.error
    assert jax.default_backend() in verdict.error
    assert verdict.questions == ()


def test_answer_to_another_question_is_none(captured):
    """Questions that the assignment does not have are refused, however good their programs are."""
    honest = captured["loss_fn"]
    renamed = dataclasses.replace(honest.questions[0], name="bonus")
    forged = dataclasses.replace(honest, questions=(*honest.questions, renamed))
    with pytest.raises(MalformedArtifact, match="bonus"):
        Artifact.from_bytes(forged.to_bytes()).expect("02_regression", [q.name for q in SPEC.automatic])
