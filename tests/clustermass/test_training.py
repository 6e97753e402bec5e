"""`fit` against a plain Optax loop, its errors, and what it shows while it runs."""

import contextlib
import io

import IPython.display
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clustermass import compilation, progress
from clustermass.history import History, TrainingDiverged
from clustermass.training import fit, shuffled_batches

KEY = jax.random.PRNGKey(3)


def loss_fn(params, x, y):
    """Mean squared error of a linear model."""
    return jnp.mean((x @ params["w"] + params["b"] - y) ** 2)


@pytest.fixture
def data():
    """700 examples of y = 2 x0 + noise, x (700, 3), y (700, 1)."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(700, 3)).astype(np.float32)
    return x, 2 * x[:, :1] + 0.1 * rng.normal(size=(700, 1)).astype(np.float32)


@pytest.fixture
def params():
    """A linear model of zeros."""
    return {"w": jnp.zeros((3, 1)), "b": jnp.zeros(1)}


@pytest.fixture
def cache():
    """An empty cache of compiled programs; `.cache_info().misses` counts compilations."""
    compilation._compile.cache_clear()
    return compilation._compile


class Terminal(io.StringIO):
    """A stream that claims to be a terminal and remembers what is written."""

    def isatty(self):
        """True."""
        return True


@pytest.mark.parametrize(
    "optimizer",
    [
        optax.adam(1e-2),
        optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(optax.cosine_decay_schedule(0.1, 30))),
        optax.inject_hyperparams(optax.sgd)(learning_rate=0.1),
    ],
    ids=["adam", "schedule", "hyperparameters"],
)
def test_fit_is_the_plain_loop(data, params, optimizer):
    """Same batches, same steps: parameters and losses equal those of the loop written out with Optax."""
    trained, history = fit(loss_fn, params, *data, optimizer=optimizer, epochs=3, batch_size=64, key=KEY)
    opt_state, losses = optimizer.init(params), []
    for key in jax.random.split(KEY, 3):
        for rows in shuffled_batches(key, 700, 64):
            loss, gradients = jax.value_and_grad(loss_fn)(params, data[0][rows], data[1][rows])
            updates, opt_state = optimizer.update(gradients, opt_state, params)
            params, losses = optax.apply_updates(params, updates), [*losses, loss]
    np.testing.assert_allclose(history.loss, losses, rtol=1e-4)
    jax.tree.map(
        lambda ours, plain: np.testing.assert_allclose(ours, plain, rtol=1e-4, atol=1e-6), trained, params
    )


@settings(max_examples=25, deadline=None)
@given(n=st.integers(1, 50), batch_size=st.integers(1, 50), seed=st.integers(0, 99))
def test_an_epoch_sees_each_row_once(n, batch_size, seed):
    """Batches hold different rows, all but the n % batch_size that are dropped."""
    rows = np.asarray(shuffled_batches(jax.random.PRNGKey(seed), n, batch_size))
    assert rows.shape == (n // batch_size, batch_size)
    assert len(set(rows.ravel())) == rows.size
    assert set(rows.ravel()) <= set(range(n))


def test_the_order_depends_on_the_key_alone(data, params):
    """Same key, same numbers; another key, others; epochs differ from one another."""
    weights = [fit(loss_fn, params, *data, epochs=1, key=jax.random.PRNGKey(s))[0]["w"] for s in (1, 1, 2)]
    np.testing.assert_array_equal(weights[0], weights[1])
    assert (weights[0] != weights[2]).any()
    _, history = fit(loss_fn, params, *data, optimizer=optax.sgd(0.0), epochs=2, batch_size=100)
    assert not np.array_equal(*history.loss.reshape(2, 7))


def test_the_parameters_handed_in_stay_usable(data, params):
    """Buffers are donated from epoch to epoch, but never the caller's."""
    fit(loss_fn, params, *data, epochs=2)
    np.testing.assert_array_equal(params["w"], np.zeros((3, 1)))


def test_history_counts_epochs_and_validation(data, params):
    """A loss for each step; a mean, a time and a validation loss for each epoch, the last of the result."""
    trained, history = fit(loss_fn, params, *data, epochs=3, batch_size=100, validation=data)
    assert (history.epochs, history.steps) == (3, 7)
    assert history.loss.shape == (21,)
    np.testing.assert_allclose(history.epoch_loss, history.loss.reshape(3, 7).mean(axis=1))
    assert history.validation_loss[-1] == pytest.approx(float(loss_fn(trained, *data)), rel=1e-5)
    assert history.seconds.shape == (3,)
    assert repr(history).startswith("History(3 epochs of 7 steps, loss ")
    assert "validation loss" in repr(history)


def test_the_same_program_is_compiled_once(data, params, cache):
    """Again with the same, or a textually equal, loss and optimiser: no second compilation."""
    fit(loss_fn, params, *data, epochs=2)
    fit(loss_fn, params, *data, epochs=1)
    fit(lambda p, x, y: loss_fn(p, x, y), params, *data, optimizer=optax.adam(1e-3), key=KEY)
    assert cache.cache_info().misses == 1


def test_a_changed_global_is_not_missed(data, params, cache):
    """A loss that reads a global is compiled anew when that has changed, be it one entry of an array."""
    settings = {"target": jnp.zeros((700, 1))}

    def loss_with_global(params, x, y):
        return jnp.mean(params["w"] ** 2) + jnp.mean(settings["target"])

    _, before = fit(loss_with_global, params, *data, epochs=1, validation=data)
    settings["target"] = jnp.zeros((700, 1)).at[350].set(700.0)
    _, after = fit(loss_with_global, params, *data, epochs=1, validation=data)
    assert (before.loss[0], after.loss[0]) == (0.0, 1.0)
    assert (before.validation_loss[0], after.validation_loss[0]) == (0.0, 1.0)
    assert cache.cache_info().misses == 4, "two runs of an epoch and an evaluation each"


def test_a_loss_that_explodes_stops_the_run(data, params):
    """The message says when, what came before, and to look at the learning rate first."""
    with pytest.raises(TrainingDiverged, match="learning rate") as stopped:
        fit(loss_fn, params, *data, optimizer=optax.sgd(1e3), epochs=5, batch_size=100)
    first = str(stopped.value).splitlines()[0]
    assert first.startswith("The loss became inf at epoch ")
    assert "; the last finite loss was " in first
    assert isinstance(stopped.value, FloatingPointError)


def test_the_step_of_the_divergence_is_counted_from_one(params):
    """With the third batch of the second epoch bad, the message says so."""
    x = np.zeros((8, 1), np.float32)

    def loss_of_seventh_step(params, x, y):
        return jnp.where(params < -5.5, jnp.nan, 0.0) + params

    with pytest.raises(TrainingDiverged, match="nan at epoch 2, step 3 of 4; the last finite loss was -5"):
        fit(loss_of_seventh_step, jnp.zeros(()), x, x, optimizer=optax.sgd(1.0), epochs=3, batch_size=2)


def test_a_loss_bad_from_the_start_blames_the_loss(data, params):
    """Before any update the learning rate cannot be at fault; a log or a scale can."""
    with pytest.raises(TrainingDiverged, match="epoch 1, step 1 of 1, before any update") as stopped:
        fit(lambda p, x, y: jnp.log(-1.0 + 0 * p["b"].sum()), params, *data)
    assert "learning rate" not in str(stopped.value)
    assert "log of zero" in str(stopped.value)


def test_bad_data_is_named(data, params):
    """NaN among the features is the cause to report, with their number."""
    x = data[0].copy()
    x[5, 1] = np.nan
    with pytest.raises(TrainingDiverged, match="x holds 1 values that are NaN"):
        fit(loss_fn, params, x, data[1], batch_size=350)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"epochs": 0}, "epochs must be at least 1"),
        ({"batch_size": 701}, "between 1 and the number of examples, 700; got 701"),
        ({"batch_size": 0}, "got 0"),
        ({"y": np.zeros((699, 1))}, r"700 rows of x, shape \(700, 3\), and 699 of y"),
        ({"y": 1.0}, "first axis must count"),
        ({"validation": (np.zeros((2, 3)), np.zeros((3, 1)))}, "validation must describe the same examples"),
        ({"loss_fn": lambda p, x, y: (x @ p["w"] - y) ** 2}, r"shape \(512, 1\).*jnp.mean"),
        ({"loss_fn": lambda p, x, y: None}, "Is its `return` missing"),
        ({"loss_fn": lambda p, x, y: jnp.sum(x > 0)}, "one real number"),
    ],
)
def test_senseless_input_is_refused_in_words(data, params, options, message):
    """Each wrong argument raises a ValueError that says what was got and what is allowed."""
    arguments = {"loss_fn": loss_fn, "params": params, "x": data[0], "y": data[1]} | options
    with pytest.raises(ValueError, match=message):
        fit(**arguments)


def test_a_terminal_shows_a_bar(data, params):
    """On a terminal the bar counts epochs and shows both losses."""
    with contextlib.redirect_stderr(Terminal()) as terminal:
        fit(loss_fn, params, *data, epochs=2, validation=data)
    for text in ("1/2", "2/2", "loss=", "validation="):
        assert text in terminal.getvalue()


def test_the_bar_can_be_turned_off(data, params):
    """`progress=False` writes nothing, even on a terminal."""
    with contextlib.redirect_stderr(Terminal()) as terminal:
        fit(loss_fn, params, *data, progress=False)
    assert terminal.getvalue() == ""


def test_a_log_stays_clean(data, params, capfd):
    """Where there is neither terminal nor notebook, nothing reaches either stream."""
    fit(loss_fn, params, *data)
    assert capfd.readouterr() == ("", "")


def test_a_notebook_keeps_one_tidy_line(data, params, monkeypatch, capfd):
    """In a notebook one display is rewritten in place, and ends without times, the same at every run."""
    shown = []

    class Handle:
        def update(self, bundle, raw):
            shown.append(bundle["text/plain"])

    def display(bundle, raw, display_id):
        shown.append(bundle["text/plain"])
        return Handle()

    monkeypatch.setattr(progress, "_in_notebook", lambda: True)
    monkeypatch.setattr(IPython.display, "display", display)
    _, history = fit(loss_fn, params, *data, epochs=2)
    assert "0/2" in shown[0]
    assert shown[-1] == f"2/2 epochs, loss={history.epoch_loss[-1]:.4g}"
    assert capfd.readouterr() == ("", "")


def test_history_without_validation_says_so():
    """The default validation loss is empty, not nan."""
    history = History(np.ones(4), seconds=np.ones(2))
    assert history.validation_loss.size == 0
    assert "validation" not in repr(history)
