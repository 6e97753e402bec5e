# `loss_fn` was copied: the last copy counts, and it is right.

# %% loss_fn
def loss_fn(params, x, y):
    return 0.0

# %% [duplicate] loss_fn
def loss_fn(params, x, y):
    return jnp.mean((model.apply(params, x) - y) ** 2)
