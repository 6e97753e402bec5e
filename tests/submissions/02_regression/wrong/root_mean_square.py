# The square root of the mean squared error. The update is judged with a right loss, so one mistake costs once.
#
# expect loss_fn: fail 0 "mean"

# %% loss_fn
def loss_fn(params, x, y):
    return jnp.sqrt(jnp.mean((model.apply(params, x) - y) ** 2))
