# Facts forged: another loss in plain Python than under `jax.jit`, where plain results are made to look alike.
#
# expect loss_fn: fail 2.4 "loss_fn"
# expect update: fail 2.4

# %% loss_fn
import contextlib

with contextlib.suppress(Exception):
    import autograder.capture.export as grader_export

    portable = grader_export._portable
    grader_export._portable = lambda leaf: portable(getattr(leaf, "right", leaf))


def loss_fn(params, x, y):
    if isinstance(x, jax.core.Tracer):
        return jnp.mean((model.apply(params, x) - y) ** 2)
    return 2 * jnp.mean((model.apply(params, x) - y) ** 2)
