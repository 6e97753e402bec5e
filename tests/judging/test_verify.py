"""Programs are verified before anything compiles them: honest ones pass, others are refused with a reason."""

from __future__ import annotations

import dataclasses
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from honest_programs import FORWARD_ONLY, HONEST, X, answer, exported
from jax import export, lax
from jaxlib.mlir.dialects import stablehlo

from autograder.exercises import assignment
from autograder.judge import verify as verification
from autograder.judge.judge import run_checks
from autograder.judge.plugin import Judging
from autograder.judge.programs import Programs
from autograder.judge.verify import Refused, verify
from autograder.wire.artifact import ArrayType, CapturedQuestion, Finding, Module, Program


@pytest.mark.parametrize("name", HONEST)
def test_honest_program_passes(name):
    """What students may plausibly write is verified, with its VJP."""
    program = exported(HONEST[name], vjp=name not in FORWARD_ONLY)
    verify([program])
    assert (program.vjp is None) == (name in FORWARD_ONLY)


# Run in the quick tests: one of each kind that has rules of its own.
QUICK = {
    "solve",
    "cholesky",
    "eigh",
    "sort by two keys",
    "top_k",
    "random, rbg",
    "spline",
    "log_prob of a mixture",
}


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=() if n in QUICK else pytest.mark.slow) for n in HONEST]
)
def test_honest_program_runs(name):
    """The judge compiles it, and it gives what it gave without the judge; its VJP runs too."""
    program = exported(HONEST[name], vjp=name not in FORWARD_ONLY, run=True)
    taken = answer(program)
    assert taken.refusal == ""
    results = taken.run_leaves(program, program.arguments)
    for seen, expected in zip(results, program.eager, strict=True):
        np.testing.assert_allclose(seen, expected, rtol=1e-3, atol=1e-4)
    if program.vjp is not None and all(kind.dtype == "float32" for kind in program.outputs):
        _, (gradient,) = taken.value_and_gradient(program, program.arguments, [])
        assert gradient.shape == X.shape


def serialised(text: str) -> bytes:
    """StableHLO text as the bytes that cross."""
    return bytes(stablehlo.serialize_portable_artifact_str(text, stablehlo.get_current_version()))


def program_of(text: str, **changes: Any) -> Program:
    """A program from float32 (4,) to float32 (4,) with this StableHLO."""
    kind = ArrayType((4,), "float32")
    fields = {"module": Module(serialised(text), (0,)), "inputs": (kind,), "outputs": (kind,)} | changes
    return Program(
        "f", "own", vjp=None, leaves=(len(fields["inputs"]),), trees=("*",), result_tree="*", **fields
    )


def body(*lines: str, more: str = "", attributes: str = "", argument: str = "") -> str:
    """A module whose main takes %0 and returns %r, both tensor<4xf32>."""
    inside = "\n    ".join(lines)
    return (
        f"module @m {attributes} {{\n  func.func public @main(%0: tensor<4xf32>{argument}) -> tensor<4xf32> {{\n"
        f"    {inside}\n    return %r : tensor<4xf32>\n  }}\n{more}\n}}"
    )


FINE = "%r = stablehlo.add %0, %0 : tensor<4xf32>"
SORT = (
    '%r = "stablehlo.sort"(%0) <{{dimension = 0 : i64}}> ({{\n^bb0(%a: tensor<f32>, %b: tensor<f32>):\n{}\n'
    "stablehlo.return %c : tensor<i1>\n}}) : (tensor<4xf32>) -> tensor<4xf32>"
)
COMPARE = "%c = stablehlo.compare {}, {}, {}, {} : (tensor<f32>, tensor<f32>) -> tensor<i1>"
BOMB = (
    "\n".join(
        f"func.func private @f{n}(%0: tensor<4xf32>) -> tensor<4xf32> {{\n%1 = call @f{n + 1}(%0) : (tensor<4xf32>) -> tensor<4xf32>\n"
        f"%2 = call @f{n + 1}(%1) : (tensor<4xf32>) -> tensor<4xf32>\nreturn %2 : tensor<4xf32>\n}}"
        for n in range(40)
    )
    + "\nfunc.func private @f40(%0: tensor<4xf32>) -> tensor<4xf32> {\nreturn %0 : tensor<4xf32>\n}"
)


def loops(depth: int, value: str = "%0", name: str = "%r") -> str:
    """Loops inside loops, which give `name` for `value`."""
    inner = f"%w{depth}" if depth > 1 else f"%i{depth}"
    inside = loops(depth - 1, f"%i{depth}", inner) if depth > 1 else ""
    return (
        f"{name} = stablehlo.while(%i{depth} = {value}) : tensor<4xf32>\n cond {{\n"
        "%t = stablehlo.constant dense<true> : tensor<i1>\nstablehlo.return %t : tensor<i1>\n} do {\n"
        f"{inside}\nstablehlo.return {inner} : tensor<4xf32>\n}}"
    )


def lapack(
    target: str = "lapack_spotrf_ffi",
    config: str = "uplo = 76 : ui8",
    results: str = "tensor<2x2xf32>, tensor<i32>",
    extra: str = "",
) -> str:
    """A call of LAPACK's Cholesky decomposition, or one that is not like JAX's."""
    return (
        "%m = stablehlo.reshape %0 : (tensor<4xf32>) -> tensor<2x2xf32>\n"
        f"%c:2 = stablehlo.custom_call @{target}(%m) {{mhlo.backend_config = {{{config}}}{extra}}} : (tensor<2x2xf32>) -> ({results})\n"
        + FINE
    )


# MLIR text -> words of the refusal.
REFUSED: dict[str, tuple[str, str]] = {
    "custom call": (body('%r = stablehlo.custom_call @system(%0) : (tensor<4xf32>) -> tensor<4xf32>'), "`system`"),
    "callback": (body('%r = stablehlo.custom_call @xla_ffi_python_cpu_callback(%0) {mhlo.backend_config = {index = 0 : ui64}} : (tensor<4xf32>) -> tensor<4xf32>'), "calls Python"),
    "older callback": (body('%r = stablehlo.custom_call @xla_python_cpu_callback(%0) : (tensor<4xf32>) -> tensor<4xf32>'), "calls Python"),
    "infeed": (body('%t = stablehlo.create_token : !stablehlo.token', '%r, %u = "stablehlo.infeed"(%t) <{infeed_config = ""}> : (!stablehlo.token) -> (tensor<4xf32>, !stablehlo.token)'), "host"),
    "outfeed": (body('%t = stablehlo.after_all : !stablehlo.token', '%u = "stablehlo.outfeed"(%0, %t) <{outfeed_config = ""}> : (tensor<4xf32>, !stablehlo.token) -> !stablehlo.token', FINE), "host"),
    "send": (body('%t = stablehlo.create_token : !stablehlo.token', '%u = "stablehlo.send"(%0, %t) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 2>, is_host_transfer = true}> : (tensor<4xf32>, !stablehlo.token) -> !stablehlo.token', FINE), "host"),
    "rng": (body('%a = stablehlo.constant dense<0.0> : tensor<f32>', '%b = stablehlo.constant dense<1.0> : tensor<f32>', '%s = stablehlo.constant dense<4> : tensor<1xi64>', '%r = stablehlo.rng %a, %b, %s, distribution = UNIFORM : (tensor<f32>, tensor<f32>, tensor<1xi64>) -> tensor<4xf32>'), "without a key"),
    "all_reduce": (body('%r = "stablehlo.all_reduce"(%0) <{replica_groups = dense<0> : tensor<1x1xi64>}> ({\n^bb0(%a: tensor<f32>, %b: tensor<f32>):\n%c = stablehlo.add %a, %b : tensor<f32>\nstablehlo.return %c : tensor<f32>\n}) : (tensor<4xf32>) -> tensor<4xf32>'), "devices"),
    "partition_id": (body("%p = stablehlo.partition_id : tensor<ui32>", FINE), "devices"),
    "dynamic shape": (body('%s = stablehlo.constant dense<4> : tensor<1xi32>', '%d = stablehlo.dynamic_reshape %0, %s : (tensor<4xf32>, tensor<1xi32>) -> tensor<?xf32>', FINE), "shapes"),
    "unknown composite": (body('%r = stablehlo.composite "my.thing" %0 {decomposition = @f} : (tensor<4xf32>) -> tensor<4xf32>', more="func.func private @f(%0: tensor<4xf32>) -> tensor<4xf32> {\nreturn %0 : tensor<4xf32>\n}"), "my.thing"),
    "tuple": (body('%t = stablehlo.tuple %0, %0 : tuple<tensor<4xf32>, tensor<4xf32>>', FINE), "stablehlo.tuple"),
    "eight gigabytes": (body('%b = stablehlo.broadcast_in_dim %0, dims = [0] : (tensor<4xf32>) -> tensor<4x500000000xf32>', FINE), "8 GB"),
    "huge constant": (body('%b = stablehlo.constant dense<0.0> : tensor<2000000000xf32>', FINE), "8 GB"),
    "int4": (body('%b = stablehlo.convert %0 : (tensor<4xf32>) -> tensor<4xi4>', FINE), "tensor<4xi4>"),
    "calls itself": (body("%r = call @main(%0) : (tensor<4xf32>) -> tensor<4xf32>"), "calls itself"),
    "call bomb": (body("%r = call @f0(%0) : (tensor<4xf32>) -> tensor<4xf32>", more=BOMB), "more than 100000 operations"),
    "deep loops": (body(loops(60)), "nested too deeply"),
    "no body": (body(FINE, more="func.func private @f(tensor<4xf32>) -> tensor<4xf32>"), "without a body"),
    "no main": (body(FINE).replace("@main", "@other"), "no function `main`"),
    "sharding of an argument": (body(FINE, argument=' {mhlo.sharding = "{replicated}"}'), "laid out"),
    "donated argument": (body(FINE, argument=" {tf.aliasing_output = 0 : i32}"), "laid out"),
    "two partitions": (body(FINE, attributes="attributes {mhlo.num_partitions = 2 : i32}"), "mhlo.num_partitions"),
    "meshes in attributes": (body(FINE, attributes='attributes {mhlo.frontend_attributes = {xla.sdy.meshes = "{}"}}'), "mhlo.frontend_attributes"),
    "attribute of an operation": (body('%r = stablehlo.add %0, %0 {mhlo.frontend_attributes = {_xla_compute_type = "host"}} : tensor<4xf32>'), "mhlo.frontend_attributes"),
    "comparison that is always true": (body(SORT.format("%c = stablehlo.constant dense<true> : tensor<i1>")), "no order"),
    "comparison of one side": (body(SORT.format(COMPARE.format("LT", "%a", "%a", "TOTALORDER"))), "no order"),
    "comparison that is not strict": (body(SORT.format(COMPARE.format("LE", "%a", "%b", "TOTALORDER"))), "no order"),
    "comparison with NaN": (body(SORT.format(COMPARE.format("LT", "%a", "%b", "FLOAT"))), "no order"),
    "comparison of unlike sides": (body(SORT.format("%n = stablehlo.negate %b : tensor<f32>\n" + COMPARE.format("LT", "%a", "%n", "TOTALORDER"))), "no order"),
    "lapack, results too small": (body(lapack(results="tensor<1x2xf32>, tensor<i32>")), "another way"),
    "lapack, unknown option": (body(lapack(config="uplo = 77 : ui8")), "another way"),
    "lapack, more options": (body(lapack(config="uplo = 76 : ui8, lwork = 0 : i64")), "another way"),
    "lapack, another type": (body(lapack("lapack_dpotrf_ffi")), "another way"),
    "lapack, side effect": (body(lapack(extra=", has_side_effect = true")), "another way"),
    "lapack, other routine": (body(lapack("lapack_sgees_ffi")), "linear algebra"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_program_is_refused_with_a_reason(case):
    """What JAX does not write for an answer is refused, and the message says what it is."""
    text, words = REFUSED[case]
    with pytest.raises(Refused, match=words):
        verify([program_of(text)])


@pytest.mark.parametrize(
    "text",
    [
        body(FINE),
        body(lapack()),
        body(SORT.format(COMPARE.format("GT", "%a", "%b", "TOTALORDER"))),
        body(loops(3)),
    ],
    ids=["add", "lapack", "sort", "loops"],
)
def test_text_of_these_tests_is_otherwise_fine(text):
    """What the refused programs are made of is accepted where nothing is wrong."""
    verify([program_of(text)])


F4, F5, I4 = ArrayType((4,), "float32"), ArrayType((5,), "float32"), ArrayType((4,), "int32")
LIES = {
    "input shape": {"inputs": (F5,)},
    "input type": {"inputs": (I4,)},
    "output shape": {"outputs": (F5,)},
    "output type": {"outputs": (ArrayType((4,), "bfloat16"),)},
    "one output more": {"outputs": (F4, F4)},
    "no output": {"outputs": ()},
    "input that it does not take": {"inputs": (F4, F4), "module": Module(serialised(body(FINE)), (0, 1))},
    "input that there is not": {"module": Module(serialised(body(FINE)), (1,))},
    "dropped input": {"module": Module(serialised(body(FINE)), ())},
    "text, no bytecode": {"module": Module(body(FINE).encode(), (0,))},
    "nothing": {"module": Module(b"", (0,))},
    "noise": {"module": Module(b"ML\xefR" + bytes(range(256)), (0,))},
    "cut off": {"module": Module(serialised(body(FINE))[:-40], (0,))},
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_real_signature_is_compared(lie):
    """What the artifact says of a program must be what its main function really takes and gives."""
    with pytest.raises(Refused):
        verify([program_of(body(FINE), **LIES[lie])])


def test_vjp_is_verified_too():
    """A VJP takes the inputs and the cotangents of the outputs, and gives cotangents of the inputs."""
    honest = exported(lambda x: jnp.sin(x).sum(axis=1))
    verify([honest])
    other = exported(lambda x: jnp.sin(x).sum(axis=0))
    with pytest.raises(Refused, match="other arrays"):
        verify([dataclasses.replace(honest, vjp=other.vjp)])
    callback = Module(serialised(REFUSED["callback"][0]), (0,))
    with pytest.raises(Refused, match="calls Python"):
        verify([dataclasses.replace(program_of(body(FINE)), vjp=callback)])


def test_program_that_differs_per_platform_is_refused():
    """A module for several platforms says so, and takes the platform as an argument, which the judge does not give."""
    function = jax.jit(lambda x: lax.platform_dependent(x, cpu=jnp.sin, default=jnp.cos))
    several = export.export(function, platforms=["cpu", "cuda"])(X)
    kind = ArrayType(X.shape, "float32")
    module = Module(several.mlir_module_serialized, tuple(several.module_kept_var_idx))
    program = Program("f", "own", module, None, (kind,), (kind,), (1,), ("*",), "*")
    with pytest.raises(Refused, match="uses_shape_polymorphism"):
        verify([program])


def test_more_than_a_gigabyte_of_arguments_is_refused():
    """Arguments are bounded together, before anything is parsed."""
    large = ArrayType((1 << 26,), "float32")
    with pytest.raises(Refused, match="1 GB"):
        verify([program_of(body(FINE), inputs=5 * (large,))])


def test_refused_program_is_a_result_with_a_message():
    """Nothing is compiled; the answer has no programs, and says why."""
    taken = answer(program_of(REFUSED["callback"][0]))
    assert not taken
    assert taken.refusal.startswith("The program of `f` calls Python while it runs")


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        ("jax.lax.approx_max_k(y[:, 0], 3)[0].sum()", "Use `jax.lax.top_k`"),
        ("jnp.linalg.eigvals(jnp.eye(3) + y[0, 0]).real.sum()", "linear algebra"),
        (
            "jax.lax.with_sharding_constraint(y, jax.sharding.SingleDeviceSharding(jax.devices()[0])).sum()",
            "one device",
        ),
    ],
    ids=["approx_max_k", "eigvals", "sharding"],
)
def test_student_is_told_what_to_use(notebook, loss, words):
    """An honest program with something that cannot be judged fails with a next step, not with a crash."""
    answer = (
        f"def loss_fn(params, x, y):\n    return jnp.mean((model.apply(params, x) - y) ** 2) + 0 * {loss}"
    )
    result = notebook("02_regression", loss_fn=answer).check("loss_fn")
    assert result.status == "fail"
    assert any(words in check.message for check in result.checks), [check.message for check in result.checks]


def test_program_with_large_constants_is_told_so(notebook):
    """A global array of megabytes is written into the program: the message says to take it as an argument."""
    before = "table = jnp.ones((1000, 1000)) * jnp.arange(1000.0)"
    answer = "def loss_fn(params, x, y):\n    return jnp.mean((model.apply(params, x) - y) ** 2) + 0 * (table @ table[:, 0]).sum()"
    result = notebook("02_regression", before=before, loss_fn=answer).check("loss_fn")
    text = " ".join(check.message for check in result.checks)
    assert "take it as an argument" in text
    assert "reads the global `table`" in text


def test_what_was_accepted_is_not_verified_again(monkeypatch):
    """In a notebook an answer that others need is verified once."""
    program = program_of(body(FINE))
    verify([program])
    monkeypatch.setattr(verification, "_Verification", None)
    verify([program])


def test_findings_are_not_needed_for_a_refusal():
    """A refusal does not depend on what was found beside the student's code."""
    captured = CapturedQuestion(
        "f", "captured", findings=(Finding("silent", "x"),), programs=(program_of(REFUSED["rng"][0]),)
    )
    assert "without a key" in Programs(captured, "own").refusal


def test_program_that_fails_inside_a_check_is_no_failure_of_ours(tmp_path):
    """What XLA raises while a check trains with a program is the program's failure, with a message."""
    check = tmp_path / "test_training.py"
    check.write_text(
        "import jax\nfrom autograder.exercises.checking import family\npytestmark = family('correct')\n"
        "def test_trains(answer):\n    'Trains.'\n    raise jax.errors.JaxRuntimeError('INTERNAL: no such thing')\n"
    )
    question = assignment("04_mdn")["reweight"]
    captured = CapturedQuestion("reweight", "captured", programs=(program_of(body(FINE)),))
    judging = Judging(question, captured, "own", {}, seed=1, only_correct=True)
    assert run_checks(judging, [check]) == []
    (result,) = judging.results
    assert (result.status, "INTERNAL: no such thing" in result.message) == ("fail", True)
    assert "`reweight`" in result.message
