"""Sources that are made to keep whoever reads them busy, or to exhaust its stack: read all the same, or left alone."""

import time

import pytest

from autograder.exercises import assignment
from autograder.judge.source import source_findings, stub_line

ASSIGNMENT = assignment("02_regression")
HEAD = "import jax.numpy as jnp\ntable = jnp.arange(3)\ndef loss_fn(params, x, y):\n"
DEEP = {
    "sum": f"    return {'+'.join(['1'] * 1_000)}\n",
    "longer sum": f"    return {'+'.join(['1'] * 20_000)}\n",
    "minus": f"    return {'-' * 900}1\n",
    "attributes": f"    return x{'.a' * 900}\n",
    "brackets": f"    return {'(' * 5_000}1{')' * 5_000}\n",
    "branches": "    if x: pass\n" + "    elif x: pass\n" * 900,
    "bytes": "    return '\x00'\n",
}


@pytest.mark.parametrize("body", DEEP.values(), ids=DEEP.keys())
def test_deep_sources_are_left_alone(body):
    """Nothing is raised: an answer that cannot be followed is judged by its program."""
    assert source_findings(ASSIGNMENT, "loss_fn", [HEAD + body]) == []
    assert stub_line(ASSIGNMENT["loss_fn"], [HEAD + body]) is None


def test_names_that_depend_on_each_other_are_followed_once():
    """A chain of sixty names, each made of the one before it twice."""
    chain = "".join(f"    n{i + 1} = n{i} + n{i}\n" for i in range(60))
    started = time.monotonic()
    (found,) = source_findings(ASSIGNMENT, "loss_fn", [f"{HEAD}    n0 = x\n{chain}    return n60 + table\n"])
    assert "`table`" in found.message
    assert time.monotonic() - started < 5
