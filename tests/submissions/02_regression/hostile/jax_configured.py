# Interpreter: JAX does not compile, checks nothing, computes in other types and on devices that are not there.
#
# expect *: error 0

# %% MLP
class MLP(nn.Module):
    @nn.compact
    def __call__(self, x):
        return 0.0 * nn.Dense(1)(x)

# %% loss_fn
def loss_fn(params, x, y):
    return jnp.float32(0)

# %% update
def update(params, opt_state, x, y):
    return params, opt_state

# %% [before] MLP
import contextlib
import os

for name, value in (
    ("jax_enable_x64", True),
    ("jax_disable_jit", True),
    ("jax_default_matmul_precision", "bfloat16"),
    ("jax_numpy_rank_promotion", "raise"),
    ("jax_debug_nans", True),
    ("jax_check_tracer_leaks", True),
    ("jax_platforms", "tpu"),
    ("jax_threefry_partitionable", False),
):
    with contextlib.suppress(Exception):
        jax.config.update(name, value)
os.environ["XLA_FLAGS"] = "--xla_no_such_flag"
jax.clear_caches()
