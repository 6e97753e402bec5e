# A bracket is missing in one answer.
#
# expect loss_fn: error 0 "loss_fn" "syntax"

# %% loss_fn
def loss_fn(params, x, y):
    return jnp.mean((model.apply(params, x) - y) ** 2
