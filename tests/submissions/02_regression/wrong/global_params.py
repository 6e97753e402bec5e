# The loss reads a global `params` and ignores its argument.
#
# expect loss_fn: fail 0 "loss_fn" "params"

# %% [before] loss_fn
params = model.init(jax.random.PRNGKey(0), jnp.zeros((1, 14)))

# %% loss_fn
def loss_fn(p, x, y):
    return jnp.mean((model.apply(params, x) - y) ** 2)
