# Score forged: every answer is wrong, and its cell ends with the points that it wants.
#
# expect *: fail 0

# %% MLP
class MLP(nn.Module):
    @nn.compact
    def __call__(self, x):
        return 0.0 * nn.Dense(1)(x)


3.0

# %% loss_fn
def loss_fn(params, x, y):
    return jnp.float32(0)


3.0

# %% update
def update(params, opt_state, x, y):
    return params, opt_state


3.0

# %% [after] check-update
3.0
