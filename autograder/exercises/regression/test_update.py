"""Checks of `update`: one Adam step on the mean squared error, against Optax on flat leaves."""

import jax
import numpy as np
import optax

from autograder.exercises.checking import compile_quickly, fail, family, random_like
from autograder.exercises.regression.network import Network
from autograder.exercises.spec import BATCH

pytestmark = family("correct")

_RATE = 1e-3


def test_returns_params_and_state(answer):
    """Returns the new parameters and the new optimiser state, with the structure that came in."""
    program = answer.programs_of("update")[0]
    pair = ", ".join(tree.removeprefix("PyTreeDef(").removesuffix(")") for tree in program.trees[:2])
    # A tuple, a list or a named tuple: `params, opt_state = update(…)` takes each apart.
    frame, found, rest = program.result_tree.partition(pair)
    is_pair = found and (
        (frame, rest) in {("PyTreeDef((", "))"), ("PyTreeDef([", "])")}
        or (frame.startswith("PyTreeDef(CustomNode(namedtuple[") and rest == "]))")
    )
    shapes = [*answer.argument_shapes("update", 0), *answer.argument_shapes("update", 1)]
    returned = [tuple(leaf.shape) for leaf in answer.results("update")]
    if not is_pair or returned != shapes:
        fail(
            "`update` must return a pair: the new parameters and the new optimiser state, each with the structure and "
            f"shapes that came in. It took {len(shapes)} arrays and returned {len(returned)}; is the order "
            "`params, opt_state`, and is nothing missing?"
        )


def test_is_a_step_of_adam(answer, needed, probe):
    """Takes the steps that `tx` takes on the mean squared error, three times in a row."""
    tx = optax.adam(_RATE)
    params = random_like(probe.random, answer.argument_shapes("update", 0), 0.3)
    state = jax.tree.leaves(tx.init(params))
    expected_params, expected_state = params, tx.init(params)
    step = answer.once("reference step", lambda: _reference_step(tx, Network.below(answer, needed), params))
    for count in range(1, 4):
        x = probe.random.normal(size=(BATCH, 14)).astype(np.float32)
        y = probe.random.normal(size=(BATCH, 1)).astype(np.float32)
        leaves = answer("update", params, state, x, y)
        before, (params, state) = params, (leaves[: len(params)], leaves[len(params) :])
        expected_params, expected_state = step(expected_params, expected_state, x, y)
        _compare(before, params, state, expected_params, jax.tree.leaves(expected_state), count)


def _reference_step(tx, network, params):
    def step(params, state, x, y):
        updates, state = tx.update(jax.grad(network.loss)(params, x, y), state)
        return optax.apply_updates(params, updates), state

    x, y = (np.zeros((BATCH, width), np.float32) for width in (14, 1))
    return compile_quickly(step, params, tx.init(params), x, y)


def _compare(before, params, state, expected_params, expected_state, count):
    moved = [np.abs(a - b).max() for a, b in zip(params, before, strict=True)]
    if max(moved) == 0:
        fail(
            "`update` returns the parameters unchanged. `optax.apply_updates(params, updates)` gives the new ones."
        )
    if int(state[0]) != count:
        fail(
            f"After {count} updates the optimiser state counts {int(state[0])} steps. Return the state that "
            "`tx.update` returns, not the one that came in."
        )
    # Adam's first steps are nearly the gradient's sign, so an entry whose gradient is rounding noise may go either
    # way: 99 % of the entries must agree to 5 % of a step.
    steps = np.concatenate([np.ravel(a - b) for a, b in zip(params, before, strict=True)])
    errors = np.concatenate(
        [np.ravel(a - np.asarray(b)) for a, b in zip(params, expected_params, strict=True)]
    )
    if np.mean(np.abs(errors) < 0.05 * _RATE * count) < 0.99:
        _explain(steps, steps - errors, count)
    for seen, expected in zip(state[1:], expected_state[1:], strict=True):
        scale = np.abs(expected).max() + 1e-12
        if np.abs(seen - np.asarray(expected)).max() > 0.02 * scale:
            fail(
                "The optimiser state differs from that of `tx` on the mean squared error: is the gradient right?"
            )


def _explain(steps, wanted, count):
    agreement = float(np.corrcoef(steps, wanted)[0, 1]) if np.ptp(steps) and np.ptp(wanted) else 0.0
    size = float(np.median(np.abs(steps)) / max(np.median(np.abs(wanted)), 1e-12))
    if agreement < -0.5:
        fail(
            "`update` goes uphill: the steps have the wrong sign. Optax's updates are added, they contain the minus."
        )
    fail(
        f"The step {count} of `update` is not the one that `tx` takes on the mean squared error (correlation "
        f"{agreement:.2f}, size {size:.3g} of what is expected). Use the gradient of `loss_fn` with respect to the "
        "parameters, `tx.update` and `optax.apply_updates`, each once."
    )
