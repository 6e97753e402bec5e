# (b, 1) minus (b,) broadcasts to (b, b): the loss is a number, and a wrong one.
#
# expect loss_fn: fail 0 "loss_fn" "every pair"

# %% loss_fn
def loss_fn(params, x, y):
    return jnp.mean((model.apply(params, x) - y[:, 0]) ** 2)
