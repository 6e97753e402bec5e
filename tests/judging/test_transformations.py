"""01_jax: mistakes are told by name, unusual right answers pass, given names are those of the notebook."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from autograder.exercises import assignment
from autograder.exercises.transformations import given

NAME = "01_jax"
JIT = "@jax.jit\n"
SOLUTIONS = ("grad(my_func)", "W.dot(x)", "W @ x", "jacobian(vector_func)", "hessian(scalar_func)", "grad(f)")

# id -> (question, code before, answer)
RIGHT = {
    "hard-coded gradient": ("gradient", "", "def gradient(x):\n    return jnp.ones(10)"),
    "gradient with its value": ("gradient", "", "def gradient(x):\n    return jax.value_and_grad(my_func)(x)[1]"),
    "default arguments": ("pure_polynomial", "", "def pure_polynomial(x, a=2.0, b=3.0, c=2.0):\n    return a * x**2 + b * x + c"),
    "power of a float": ("pure_polynomial", "", "def pure_polynomial(x):\n    return 2.0 * jnp.power(x, 2.0) + 3.0 * x + 2.0"),
    "wrapper, checked again": ("matvec", "fast = jax.jit(lambda W, x: W @ x)", "def matvec(W, x):\n    return fast(W, x)"),
    "static argument": (
        "matvec", "import functools",
        "@functools.partial(jax.jit, static_argnames='transpose')\ndef matvec(W, x, transpose=False):\n    return (W.T if transpose else W).dot(x)",
    ),
    "forward over reverse": ("hessian", "", "hessian = jax.jacfwd(jax.jacrev(scalar_func))"),
    "sum trick": ("batched_derivative", "", JIT + "def batched_derivative(x):\n    return jax.grad(lambda x: f(x).sum())(x)"),
    "diagonal of the Jacobian": ("batched_derivative", "", JIT + "def batched_derivative(x):\n    return jnp.diag(jax.jacobian(f)(x))"),
    "lax.map": ("batched_derivative", "", "batched_derivative = jax.jit(lambda x: jax.lax.map(jax.grad(f), x))"),
}  # fmt: skip


@pytest.mark.parametrize("case", RIGHT)
def test_right_answer_passes_again_and_again(notebook, case):
    """Full points and nothing to say, at the second check in the same kernel too."""
    question, before, answer = RIGHT[case]
    book = notebook(NAME, before=before, **{question: answer})
    for _ in range(2):
        result = book.check(question)
        assert (result.status, result.message) == ("pass", "")


# id -> (question, answer, check that fails first, words of its message)
WRONG = {
    "no return": ("gradient", "def gradient(x):\n    jax.grad(my_func)(x)", "output_shape", "Is there a `return`?"),
    "value and gradient": ("gradient", "gradient = jax.value_and_grad(my_func)", "output_shape", "it is 2 arrays"),
    "square forgotten": ("pure_polynomial", "def pure_polynomial(x):\n    return 2 * x * 2 + 3 * x + x + 2", "is_the_polynomial", "the square is missing"),
    "constant forgotten": ("pure_polynomial", "def pure_polynomial(x):\n    return 2 * x**2 + 3 * x", "is_the_polynomial", "The constant 2 is missing"),
    "constant of the other": ("pure_polynomial", "def pure_polynomial(x):\n    return 2 * x**2 + 3 * x + 10", "is_the_polynomial", "of the other polynomial"),
    "derivative": ("pure_polynomial", "def pure_polynomial(x):\n    return 4 * x + 3", "is_the_polynomial", "That is the derivative"),
    "summed": ("pure_polynomial", "def pure_polynomial(x):\n    return jnp.sum(2 * x**2 + 3 * x + 2)", "output_shape", "nothing is summed"),
    "of arrays alone": ("pure_polynomial", "@jax.vmap\ndef pure_polynomial(x):\n    return 2 * x**2 + 3 * x + 2", "runs", "vmap"),
    "caret": ("pure_polynomial", "def pure_polynomial(x):\n    return 2 * x^2 + 3 * x + 2", "runs", "line 2"),
    "integers": ("pure_polynomial", "def pure_polynomial(x):\n    return (2 * x**2 + 3 * x + 2).astype(int)", "output_shape", "expected float32"),
    "constant 2": ("offset_polynomial", "def offset_polynomial(x, c):\n    return 2 * x**2 + 3 * x + 2", "is_the_polynomial", "with c = 2"),
    "constant missing": ("offset_polynomial", "def offset_polynomial(x, c):\n    return 2 * x**2 + 3 * x", "is_the_polynomial", "The constant is missing"),
    "times c": ("offset_polynomial", "def offset_polynomial(x, c):\n    return 2 * x**2 + 3 * x * c", "is_the_polynomial", "c is added"),
    "one argument": ("offset_polynomial", "def offset_polynomial(x):\n    return 2 * x**2 + 3 * x + 10.0", "runs", "takes 1 positional argument but 2 were given"),
    "a list of C": ("offset_polynomial", "offsets = [C]\ndef offset_polynomial(x, c):\n    return 2 * x**2 + 3 * x + offsets[0]", "reads_no_globals", "`offsets`"),
    "sums of columns": ("matvec", JIT + "def matvec(W, x):\n    return (W * x).sum(axis=0)", "output_shape", "not for each column"),
    "sum of all": ("matvec", JIT + "def matvec(W, x):\n    return W.dot(x).sum()", "output_shape", "the sum over everything"),
    "a column": ("matvec", JIT + "def matvec(W, x):\n    return W @ x[:, None]", "output_shape", "without the second axis"),
    "squeezed": ("matvec", JIT + "def matvec(W, x):\n    return (W @ x[:, None]).squeeze()", "is_matrix_times_vector", "has shape (); expected (1,)"),
    "shape by force": ("jacobian", "def jacobian(x):\n    return jax.jacobian(vector_func)(x).T.reshape(2, 3)", "is_jacobian", "by `reshape`"),
    "one row": ("jacobian", "jacobian = jax.grad(lambda x: vector_func(x)[0])", "output_shape", "one row"),
    "second derivatives": ("jacobian", "jacobian = jax.hessian(vector_func)", "output_shape", "second derivatives"),
    "of vector_func": ("hessian", "hessian = jax.jacobian(vector_func)", "output_shape", "Jacobian of `vector_func`"),
    "value of scalar_func": ("hessian", "hessian = scalar_func", "output_shape", "the value of `scalar_func`"),
    "diagonal alone": ("hessian", "def hessian(x):\n    return jnp.diag(jnp.diag(jax.hessian(scalar_func)(x)))", "is_hessian", "mixed derivatives are missing"),
    "gradient on a diagonal": ("hessian", "def hessian(x):\n    return jnp.diag(jax.grad(scalar_func)(x))", "is_hessian", "first derivatives on a diagonal"),
    "second derivative of f": ("batched_derivative", "batched_derivative = jax.jit(jax.vmap(jax.grad(jax.grad(f))))", "is_derivative", "second derivative"),
    "sum of derivatives": ("batched_derivative", JIT + "def batched_derivative(x):\n    return jax.vmap(jax.grad(f))(x).sum()", "output_shape", "derivative of its own"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_wrong_answer_is_told_why(notebook, case):
    """The first check that fails is the one that knows; its message names question and mistake, and shows no answer."""
    question, answer, check, words = WRONG[case]
    result = notebook(NAME, **{question: answer}).check(question)
    failed = [item for item in result.checks if item.status == "fail"]
    assert failed[0].name == check, failed
    assert words in failed[0].message, failed[0].message
    assert f"`{question}`" in failed[0].message
    assert result.points == 0
    assert not [solution for solution in SOLUTIONS if solution in failed[0].message]


def test_given_names_are_those_of_the_notebook(notebook):
    """What capture binds computes what the notebook's locked cells compute."""
    book, names = notebook(NAME), given.names()
    assert assignment(NAME).given == names.keys()
    np.testing.assert_array_equal(names["m"], book.namespace["m"])
    point = jnp.array([0.3, -0.7, 1.1])
    for name, x in {
        "my_func": jnp.arange(10.0),
        "f": 0.3,
        "vector_func": point,
        "scalar_func": point,
    }.items():
        for transform in (lambda g: g, jax.jacobian):
            np.testing.assert_array_equal(transform(names[name])(x), transform(book.namespace[name])(x))


def test_changed_given_names_change_nothing(notebook):
    """Who overwrites `f` with a mapped one, as the lecture's slides do, is judged with the given one."""
    book = notebook(NAME)
    exec("@jax.vmap\ndef f(x):\n    return 5 * x\nm = 2 * m", book.namespace)
    for question in ("gradient", "batched_derivative"):
        assert book.check(question).status == "pass"


@pytest.mark.parametrize("question", assignment(NAME).questions, ids=lambda question: question.name)
def test_stub_is_missing(notebook, question):
    """A stub is no answer, and its task is named."""
    arguments = {"matvec": "W, x", "offset_polynomial": "x, c"}.get(question.name, "x")
    stub = f"def {question.name}({arguments}):\n    raise NotImplementedError({question.stub_message!r})"
    result = notebook(NAME, **{question.name: stub}).check(question.name)
    assert (result.status, result.points) == ("missing", 0)
    assert question.stub_message in result.message
