# The loss adds up the batch, where the mean is asked for.
#
# expect loss_fn: fail 0 "loss_fn"

# %% loss_fn
def loss_fn(params, x, y):
    return jnp.sum((model.apply(params, x) - y) ** 2)
