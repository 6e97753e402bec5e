# Lying objects: NaN is neither more nor less than any tolerance.
#
# expect *: fail 0
# expect MLP: fail 0 "NaN or infinite"

# %% MLP
class MLP(nn.Module):
    @nn.compact
    def __call__(self, x):
        return nn.Dense(1)(x) * jnp.nan

# %% loss_fn
def loss_fn(params, x, y):
    return jnp.mean((model.apply(params, x) - y) ** 2) * jnp.nan

# %% update
def update(params, opt_state, x, y):
    return jax.tree.map(lambda leaf: (leaf * jnp.nan).astype(leaf.dtype), (params, opt_state))
