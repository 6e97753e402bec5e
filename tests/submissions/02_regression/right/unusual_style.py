# Right, in another style: `setup`, a loss that carries its own helper, an update that is already jitted.

# %% MLP
class MLP(nn.Module):
    width: int = 64

    def setup(self):
        self.first = nn.Dense(self.width)
        self.second = nn.Dense(self.width)
        self.out = nn.Dense(1)

    def __call__(self, x):
        h = jnp.tanh(self.first(x))
        h = jnp.tanh(self.second(h))
        return self.out(h)

# %% loss_fn
def squared_residuals(params, x, y):
    return jnp.square(model.apply(params, x) - y)


loss_fn = lambda p, inputs, targets: squared_residuals(p, inputs, targets).mean()

# %% update
from functools import partial


@jax.jit
def update(params, opt_state, x, y):
    grads = jax.grad(partial(loss_fn, inputs=x, targets=y))(params)
    updates, opt_state = tx.update(grads, opt_state, params)
    return optax.apply_updates(params, updates), opt_state
