"""Every "pure" check fails for its own reason, and says where; right code in an unusual style passes."""

from __future__ import annotations

import pytest

LOSS = "def loss_fn(params, x, y):\n{body}    return jnp.mean((model.apply(params, x) - y) ** 2)\n"

# id -> (code before, answer to loss_fn, check that fails, line, words of the message)
IMPURE = {
    "print": ("", LOSS.format(body="    print('training')\n"), "silent", 2, ["line 2", "prints 'training'"]),
    "print in a helper": (
        "def helper(v):\n    print(v.shape)\n    return v",
        "def loss_fn(params, x, y):\n    return jnp.mean((helper(model.apply(params, x)) - y) ** 2)",
        "silent",
        2,
        ["prints"],
    ),
    "stdout.write": (
        "import sys",
        LOSS.format(body="    sys.stdout.write('hello')\n"),
        "silent",
        2,
        ["prints 'hello'"],
    ),
    "stderr": ("import sys", LOSS.format(body="    print('x', file=sys.stderr)\n"), "silent", 2, ["stderr"]),
    "warning": (
        "import warnings",
        LOSS.format(body="    warnings.warn('careful')\n"),
        "silent",
        2,
        ["warns (careful)"],
    ),
    "logging": (
        "import logging",
        LOSS.format(body="    logging.warning('slow')\n"),
        "silent",
        2,
        ["logs 'slow'"],
    ),
    "global params": (
        "params = {'params': {'w': jnp.ones(3)}}",
        "def loss_fn(p, x, y):\n    return jnp.mean((model.apply(p, x) - y) ** 2) + params['params']['w'].sum()",
        "reads_no_globals",
        2,
        ["`loss_fn`, line 2", "reads the global `params`", "a dict"],
    ),
    "global array": (
        "shift = jnp.zeros(1)",
        LOSS.format(body="    y = y + shift\n"),
        "reads_no_globals",
        2,
        ["`shift`", "an array of shape (1,)", "must use its argument"],
    ),
    "global array in a helper": (
        "shift = jnp.zeros(1)\ndef helper(v):\n    return v + shift",
        LOSS.format(body="    y = helper(y)\n"),
        "reads_no_globals",
        3,
        ["in `helper`", "`shift`"],
    ),
    "global list": (
        "scales = [1.0, 2.0]",
        LOSS.format(body="    y = y * scales[0]\n"),
        "reads_no_globals",
        2,
        ["a list"],
    ),
    "global key": (
        "key = jax.random.PRNGKey(0)",
        LOSS.format(body="    y = y + 0.0 * jax.random.normal(key, y.shape)\n"),
        "reads_no_globals",
        2,
        ["`key`"],
    ),
    "global key of the newer kind": (
        "key = jax.random.key(0)",
        LOSS.format(body="    y = y + 0.0 * jax.random.normal(key, y.shape)\n"),
        "reads_no_globals",
        2,
        ["`key`"],
    ),
    "global numpy array behind jit": (
        "shift = np.zeros(1, np.float32)",
        "@jax.jit\n" + LOSS.format(body="    y = y + shift\n"),
        "reads_no_globals",
        3,
        ["`shift`"],
    ),
    "number bound twice": (
        "scale = 1.0\nscale = 2.0",
        LOSS.format(body="    y = y * scale\n"),
        "reads_no_globals",
        2,
        ["`scale`"],
    ),
    "appends to a global": (
        "losses = []",
        LOSS.format(body="    losses.append(1)\n"),
        "changes_nothing",
        2,
        ["`losses`"],
    ),
    "global statement": (
        "calls = 0",
        LOSS.format(body="    global calls\n    calls += 1\n"),
        "changes_nothing",
        3,
        ["the global `calls`"],
    ),
    "function attribute": (
        "",
        LOSS.format(body="    loss_fn.calls = getattr(loss_fn, 'calls', 0) + 1\n"),
        "changes_nothing",
        None,
        ["attributes of `loss_fn`"],
    ),
    "mutable default": (
        "",
        "def loss_fn(params, x, y, seen=[]):\n    seen.append(1)\n    return jnp.mean((model.apply(params, x) - y) ** 2)",
        "changes_nothing",
        None,
        ["attributes of `loss_fn`"],
    ),
    "counter in a closure": (
        "",
        "def make():\n    calls = [0]\n    def loss(params, x, y):\n        calls[0] += 1\n"
        "        return jnp.mean((model.apply(params, x) - y) ** 2)\n    return loss\nloss_fn = make()",
        "changes_nothing",
        None,
        ["closure"],
    ),
    "changes its argument": (
        "",
        LOSS.format(body="    params['extra'] = 1\n    params = {'params': params['params']}\n"),
        "changes_nothing",
        None,
        ["argument 1"],
    ),
    "np.random": (
        "",
        LOSS.format(body="    y = y + np.random.normal(size=y.shape)\n"),
        "deterministic",
        None,
        ["different results for the same arguments", "np.random"],
    ),
    "clock": (
        "import time",
        LOSS.format(body="    y = y + time.perf_counter() % 1\n"),
        "deterministic",
        None,
        ["clock"],
    ),
    "np.random frozen by jit": (
        "",
        "@jax.jit\n" + LOSS.format(body="    y = y + np.random.normal(size=y.shape)\n"),
        "deterministic",
        None,
        ["np.random"],
    ),
    "debug print": (
        "",
        LOSS.format(body="    jax.debug.print('{}', y.sum())\n"),
        "no_callbacks",
        2,
        ["line 2", "debug", "compiled program"],
    ),
    "pure_callback": (
        "",
        LOSS.format(
            body="    y = jax.pure_callback(lambda v: v, jax.ShapeDtypeStruct(y.shape, y.dtype), y)\n"
            "    y = jax.lax.stop_gradient(y)\n"
        ),
        "no_callbacks",
        2,
        ["pure_callback"],
    ),
    "leaked tracer": (
        "kept = {}",
        LOSS.format(body="    kept['y'] = y * 2\n"),
        "no_leaked_tracers",
        None,
        ["tracer", "the global `kept`"],
    ),
}


@pytest.mark.parametrize("case", IMPURE)
def test_impure_answer_is_found(notebook, case):
    """An impure loss fails its own check, with a message that names the culprit and the line."""
    before, answer, check, line, words = IMPURE[case]
    captured = notebook("02_regression", before=before, loss_fn=answer).capture("loss_fn")
    findings = [item for item in captured.findings if item.check == check and item.level == "fail"]
    assert findings, [item.check for item in captured.findings]
    message = findings[0].message
    assert all(word in message for word in words), message
    if line is not None:
        assert findings[0].line == line, message


PURE = {
    "reads the global model": ("", LOSS.format(body="")),
    "module-level function": ("def square(v):\n    return v ** 2", "def loss_fn(p, x, y):\n    return jnp.mean(square(model.apply(p, x) - y))"),
    "string, bool and None": ("mode, fast, nothing = 'mean', True, None", LOSS.format(body="    assert mode == 'mean' and fast and nothing is None\n")),
    "dtype": ("kind = jnp.float32", LOSS.format(body="    y = y.astype(kind)\n")),
    "frozen configuration": (
        "import dataclasses\n@dataclasses.dataclass(frozen=True)\nclass Config:\n    scale: float = 1.0\nconfig = Config()",
        LOSS.format(body="    y = y * config.scale\n"),
    ),
    "default argument": ("scale = jnp.ones(1)", "def loss_fn(p, x, y, scale=scale):\n    return jnp.mean(scale * (model.apply(p, x) - y) ** 2)"),
    "partial": (
        "import functools\ndef weighted(weight, p, x, y):\n    return jnp.mean(weight * (model.apply(p, x) - y) ** 2)",
        "loss_fn = functools.partial(weighted, jnp.ones(1))",
    ),
    "factory": (
        "def make(weight):\n    def loss(p, x, y):\n        return jnp.mean(weight * (model.apply(p, x) - y) ** 2)\n    return loss",
        "loss_fn = make(jnp.ones(1))",
    ),
    "global read for its shape alone": ("template = jnp.zeros(1)", LOSS.format(body="    y = y.reshape(-1, template.shape[0])\n")),
    "jitted": ("", "@jax.jit\n" + LOSS.format(body="")),
    "lambda": ("", "loss_fn = lambda p, x, y: jnp.mean((model.apply(p, x) - y) ** 2)"),
    "local containers": ("", LOSS.format(body="    seen = []\n    seen.append(y)\n    y = seen[0]\n")),
    "callable object": (
        "class Loss:\n    def __call__(self, p, x, y):\n        return jnp.mean((model.apply(p, x) - y) ** 2)",
        "loss_fn = Loss()",
    ),
    "vmap over rows": (
        "",
        "def loss_fn(p, x, y):\n    one = lambda a, b: jnp.sum((model.apply(p, a[None])[0] - b) ** 2)\n    return jax.vmap(one)(x, y).mean()",
    ),
    "custom_jvp": (
        "@jax.custom_jvp\ndef square(v):\n    return v ** 2\nsquare.defjvp(lambda p, t: (square(p[0]), 2 * p[0] * t[0]))",
        "def loss_fn(p, x, y):\n    return jnp.mean(square(model.apply(p, x) - y))",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", PURE)
def test_pure_answer_passes(notebook, case):
    """A right loss in an unusual style gets full points."""
    before, answer = PURE[case]
    result = notebook("02_regression", before=before, loss_fn=answer).check("loss_fn")
    assert (result.status, result.message) == ("pass", "")


def test_global_number_is_advice(notebook):
    """A number bound once at module level is advice, and costs nothing."""
    result = notebook(
        "02_regression", before="half = 0.5", loss_fn=LOSS.format(body="    y = y * half * 2\n")
    ).check("loss_fn")
    assert result.status == "pass"
    (advice,) = [check.advice for check in result.checks if check.name == "reads_no_globals"]
    assert "`half`" in advice
    assert "costs nothing" in advice


def test_print_is_charged_to_its_own_question(notebook):
    """A print in `MLP` is charged to `MLP` alone, not to the loss that calls it."""
    network = (
        "class MLP(nn.Module):\n    @nn.compact\n    def __call__(self, x):\n        print('in the network')\n"
        "        return nn.Dense(1)(nn.relu(nn.Dense(8)(x)))"
    )
    book = notebook("02_regression", MLP=network)
    assert book.check("loss_fn").status == "pass"
    result = book.check("MLP")
    assert (result.status, result.line) == ("fail", 4)
    assert 0 < result.points < result.max_points  # correct and jittable, not pure


def test_nothing_is_printed_by_a_check(notebook, capfd):
    """Student output during a check reaches neither stdout nor stderr, file descriptors included."""
    notebook("02_regression", loss_fn=LOSS.format(body="    print('noise')\n")).capture("loss_fn")
    assert capfd.readouterr() == ("", "")


def test_tracer_that_an_earlier_answer_left_is_not_charged_again(notebook):
    """Once the leak is mended, what it left in the notebook costs nobody points until the kernel restarts."""
    leaky = notebook(
        "02_regression", before="kept = []", loss_fn=LOSS.format(body="    kept.append(y * 2)\n")
    )
    assert "no_leaked_tracers" in {item.check for item in leaky.capture("loss_fn").findings}
    exec(LOSS.format(body=""), leaky.namespace)
    assert not leaky.capture("loss_fn").findings
    assert not leaky.capture("update").findings
