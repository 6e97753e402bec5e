# Time: every answer takes for ever, each when it is called and not before.
#
# expect *: error 0 "did not end"

# %% [before] MLP
import time

# %% MLP
class MLP(nn.Module):
    @nn.compact
    def __call__(self, x):
        time.sleep(10_000)
        return nn.Dense(1)(x)

# %% loss_fn
def loss_fn(params, x, y):
    time.sleep(10_000)
    return jnp.mean((model.apply(params, x) - y) ** 2)

# %% update
def update(params, opt_state, x, y):
    time.sleep(10_000)
    return params, opt_state
