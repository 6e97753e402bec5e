"""02_regression: a mean squared error, the masses it gives, and why they are biased."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import optax

from autograder.exercises.examples import example_inputs, example_key, flax_module
from autograder.exercises.regression import stand_ins
from autograder.exercises.spec import BATCH, SINGLE, Assignment, Call, Question, exported_only


def _given(names: Mapping[str, Any]) -> dict[str, Any]:
    return {"model": names["MLP"](), "tx": optax.adam(1e-3)}


def _mlp(names: Mapping[str, Any]) -> Iterator[Call]:
    module, (x, _) = flax_module(names["MLP"]), example_inputs()
    params = module.init(example_key(), x)
    yield Call("apply", module.apply, (params, x))
    # The student's code in `init` is that of `apply`: facts about it are taken there, once.
    yield exported_only("init", module.init, example_key(), x)
    yield exported_only("apply", module.apply, params, x[:SINGLE])


def _loss_fn(names: Mapping[str, Any]) -> Iterator[Call]:
    params = names["model"].init(example_key(), example_inputs()[0])
    for batch in (BATCH, SINGLE):
        yield Call("loss_fn", names["loss_fn"], (params, *example_inputs(batch)), facts=batch == BATCH)


def _update(names: Mapping[str, Any]) -> Iterator[Call]:
    params = names["model"].init(example_key(), example_inputs()[0])
    state = names["tx"].init(params)
    for batch in (BATCH, SINGLE):
        yield Call(
            "update",
            names["update"],
            (params, state, *example_inputs(batch)),
            facts=batch == BATCH,
            differentiable=False,
            feeds_back=2,
        )


ASSIGNMENT = Assignment(
    name="02_regression",
    title="Cluster masses from a mean squared error",
    checks=Path(__file__).parent,
    given=frozenset({"model", "tx", "x_train", "y_train", "x_test", "y_test", "train", "test", "catalog"}),
    rebind=_given,
    questions=(
        Question(
            name="MLP",
            points=3,
            task="return one real number per cluster, shape (b, 1), from its 14 features, shape (b, 14).",
            calls=_mlp,
            gradients=("apply",),
            hints=(
                "A network is a composition of affine maps (`nn.Dense`) and nonlinearities (`nn.relu`, `nn.tanh`).",
                "The last layer decides which values can come out: log masses are above and below zero.",
                "Two or three hidden `nn.Dense` layers with `nn.relu`, then `nn.Dense(1)` with nothing after it.",
            ),
            section="A neural network is a function of its parameters",
        ),
        Question(
            name="loss_fn",
            points=3,
            task="return the mean squared error of `model` with these parameters, a scalar.",
            calls=_loss_fn,
            gradients=("loss_fn",),
            needs=("MLP",),
            stand_ins=stand_ins.model,
            hints=(
                "`model.apply(params, x)` gives the predictions; the parameters are those of the argument.",
                "Predictions and targets both have shape (b, 1): check that their difference has it too.",
                "The mean, with `jnp.mean`, of the squared differences.",
            ),
            section="The loss",
        ),
        Question(
            name="update",
            points=3,
            task="take one step of the optimiser `tx` on `loss_fn`; return the new parameters and optimiser state.",
            calls=_update,
            needs=("MLP", "loss_fn"),
            stand_ins=stand_ins.model_and_loss,
            hints=(
                "`jax.grad(loss_fn)` differentiates with respect to the first argument, the parameters.",
                "`tx.update(grads, opt_state)` returns two things, and both are needed.",
                "`optax.apply_updates(params, updates)` gives the new parameters; return them with the new state.",
            ),
            section="One step of training",
        ),
        Question(
            name="explain_bias",
            points=2,
            task="explain in a few sentences why the masses come out too low where they do.",
            hints=(
                "Clusters of different mass look alike. Which single number minimises the squared error over them?",
                "Bayes: p(y|x) ∝ p(x|y) p(y). Whose distribution of masses is p(y) here, and which way does it fall?",
                "Of the clusters that look like a given one, most are lighter ones scattered up: there are so many "
                "more of them. What would more data, or a larger network, bring the output closer to?",
            ),
            section="What is going on?",
        ),
    ),
)
