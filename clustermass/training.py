"""The training loop: `fit` runs one compiled `lax.scan` an epoch over shuffled minibatches.

The lecture's loop dispatches one compiled step after another from Python. Here a whole epoch is one XLA
program: shuffling, gathering and every optimiser step happen inside it, so Python is back in charge once an
epoch, to tick the progress bar and to look for a loss that is no longer a number.
"""

import time
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from clustermass.compilation import compile_once
from clustermass.history import History, TrainingDiverged, divergence_message
from clustermass.progress import progress_bar

LossFunction = Callable[[Any, jax.Array, jax.Array], jax.Array]


def fit(
    loss_fn: LossFunction,
    params: Any,
    x: Any,
    y: Any,
    *,
    optimizer: optax.GradientTransformation | None = None,
    epochs: int = 5,
    batch_size: int = 512,
    key: jax.Array | None = None,
    validation: tuple[Any, Any] | None = None,
    progress: bool = True,
) -> tuple[Any, History]:
    """Minimise `loss_fn` over minibatches of `x` and `y`; return the trained parameters and the `History`.

    Args:
        loss_fn: pure function `loss_fn(params, x, y) -> ()`, the mean loss of one batch.
        params: tree of arrays to start from. It is copied, so yours stays as it was.
        x: features, (n, …). In the course (n, 14), standardised.
        y: targets, (n, …). In the course (n, 1), log10(M200c / 1e14 h^-1 Msun).
        optimizer: an Optax optimiser; `optax.adam(1e-3)` (Kingma & Ba 2015, arXiv:1412.6980) if left out.
        epochs: passes over the data, at least 1. Each sees the rows in a new random order.
        batch_size: rows a step. The n % batch_size rows at the end of each epoch's order are dropped,
            other ones every epoch, so that every step has the same shape and compiles once.
        key: random key of the shuffling; `PRNGKey(0)` if left out. Same key, same result.
        validation: `(x, y)` held out, whose loss is taken whole (one batch) after each epoch.
        progress: draw a progress bar, where there is a terminal or a notebook to draw it on.

    Returns:
        `(params, history)`: a tree like `params`, and the losses as a `History`.

    Raises:
        ValueError: x and y have different lengths or none, batch_size or epochs make no sense, or the loss is
            not one number.
        TrainingDiverged: the loss became NaN or infinite.

    A second call compiles nothing where the program is the same. It is recognised by its text, not by the
    identity of `loss_fn`: running a notebook cell again is quick, and a changed global `model` is noticed,
    unless you put `jax.jit` on `loss_fn` yourself: it keeps the model it first saw, and is not needed here.
    """
    optimizer = optax.adam(1e-3) if optimizer is None else optimizer
    key = jax.random.PRNGKey(0) if key is None else key
    x, y = _as_data(x, y, "x and y")
    held_out = _as_data(*validation, "validation") if validation is not None else None
    _check_sizes(len(x), batch_size, epochs)
    _check_loss(loss_fn, params, x[:batch_size], y[:batch_size])

    # Each epoch donates its state to the next, which would delete the caller's own arrays: start from copies.
    state = _copy((params, optimizer.init(params)))
    run_epoch = compile_once(_epoch_function(loss_fn, optimizer, batch_size), state, key, x, y, donate=True)
    evaluate = compile_once(loss_fn, params, *held_out) if held_out else None

    losses, validation_losses, seconds = [], [], []
    with progress_bar(epochs, visible=progress) as tick:
        for epoch_key in jax.random.split(key, epochs):
            start = time.perf_counter()
            state, epoch_losses = run_epoch(state, epoch_key, x, y)
            losses.append(np.asarray(epoch_losses))  # waits for the epoch to end
            seconds.append(time.perf_counter() - start)
            if not np.isfinite(losses[-1]).all():
                raise TrainingDiverged(divergence_message(losses, x, y))
            shown = {"loss": losses[-1].mean()}
            if evaluate and held_out:
                validation_losses.append(float(evaluate(state[0], *held_out)))
                shown["validation"] = validation_losses[-1]
            tick(**shown)
    return state[0], History(np.concatenate(losses), np.array(validation_losses), np.array(seconds))


def _epoch_function(
    loss_fn: LossFunction, optimizer: optax.GradientTransformation, batch_size: int
) -> Callable[..., Any]:
    """`epoch((params, opt_state), key, x, y) -> ((params, opt_state), losses (steps,))`."""

    def epoch(state: Any, key: jax.Array, x: jax.Array, y: jax.Array) -> Any:
        def step(state: Any, rows: jax.Array) -> Any:
            params, opt_state = state
            loss, gradients = jax.value_and_grad(loss_fn)(params, x[rows], y[rows])
            updates, opt_state = optimizer.update(gradients, opt_state, params)
            return (optax.apply_updates(params, updates), opt_state), loss

        return jax.lax.scan(step, state, shuffled_batches(key, len(x), batch_size))

    return epoch


def shuffled_batches(key: jax.Array, n: int, batch_size: int) -> jax.Array:
    """Row numbers of one epoch's batches in random order, (n // batch_size, batch_size), int32.

    Sorting random bits takes half the time of `jax.random.permutation`, which sorts twice so that equal bits
    cannot
    matter: of 200,000 rows five pairs share their 32 bits, and a stable sort keeps those in order, which
    harms nobody.
    """
    steps = n // batch_size
    order = jnp.argsort(jax.random.bits(key, (n,)))
    return order[: steps * batch_size].reshape(steps, batch_size)


def _copy(tree: Any) -> Any:
    return jax.tree.map(jnp.array, tree)


def _as_data(x: Any, y: Any, name: str) -> tuple[jax.Array, jax.Array]:
    x, y = jnp.asarray(x), jnp.asarray(y)
    if x.ndim == 0 or y.ndim == 0:
        raise ValueError(
            f"{name}: the first axis must count the examples; got shapes {x.shape} and {y.shape}."
        )
    if len(x) != len(y):
        raise ValueError(
            f"{name} must describe the same examples: got {len(x)} rows of x, shape {x.shape}, "
            f"and {len(y)} of y, shape {y.shape}."
        )
    return x, y


def _check_sizes(n: int, batch_size: int, epochs: int) -> None:
    if epochs < 1:
        raise ValueError(f"epochs must be at least 1, the number of passes over the data; got {epochs}.")
    if not 1 <= batch_size <= n:
        raise ValueError(f"batch_size must be between 1 and the number of examples, {n}; got {batch_size}.")


def _check_loss(loss_fn: LossFunction, params: Any, x: jax.Array, y: jax.Array) -> None:
    loss = jax.eval_shape(loss_fn, params, x, y)
    if not isinstance(loss, jax.ShapeDtypeStruct):
        raise ValueError(
            f"loss_fn must return one number; got {type(loss).__name__}. Is its `return` missing?"
        )
    if loss.shape != () or not jnp.issubdtype(loss.dtype, jnp.floating):
        raise ValueError(
            f"loss_fn must return one real number, shape (); got shape {loss.shape}, {loss.dtype}. "
            "A gradient is taken of one number: average over the batch with `jnp.mean`."
        )
