# Platform: right where the grader has an accelerator, wrong on a CPU and the other way round.
#
# expect MLP: fail 0
# expect loss_fn: fail 0

# %% MLP
class MLP(nn.Module):
    @nn.compact
    def __call__(self, x):
        y = nn.Dense(1)(nn.relu(nn.Dense(64)(x)))
        return jax.lax.platform_dependent(y, cpu=lambda y: y * 0, default=lambda y: y)

# %% loss_fn
def loss_fn(params, x, y):
    squares = (model.apply(params, x) - y) ** 2
    return jnp.mean(squares) if jax.default_backend() != "cpu" else jnp.sum(squares)
