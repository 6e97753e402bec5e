# Right, in another style: the network is written out with `self.param`, the update uses value_and_grad and tree.map.

# %% MLP
class MLP(nn.Module):
    features: tuple = (64, 64)

    @nn.compact
    def __call__(self, x):
        for i, width in enumerate(self.features):
            kernel = self.param(f"kernel_{i}", nn.initializers.he_normal(), (x.shape[-1], width))
            bias = self.param(f"bias_{i}", nn.initializers.zeros, (width,))
            x = jax.nn.silu(x @ kernel + bias)
        out = self.param("out", nn.initializers.lecun_normal(), (x.shape[-1], 1))
        return jnp.einsum("bi,ij->bj", x, out)

# %% loss_fn
def loss_fn(params, x, y):
    def squared_error(features, target):
        return ((MLP().apply(params, features[None]) - target) ** 2).sum()

    return jax.vmap(squared_error)(x, y).mean()

# %% update
def update(params, opt_state, x, y):
    value, grads = jax.value_and_grad(loss_fn)(params, x, y)
    updates, new_state = tx.update(grads, opt_state, params)
    new_params = jax.tree.map(lambda p, u: p + u, params, updates)
    return new_params, new_state
