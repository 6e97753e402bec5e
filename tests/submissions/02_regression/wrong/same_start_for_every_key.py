# Parameters that start the same whatever the key.
#
# expect MLP: fail 0 "every key"

# %% MLP
class MLP(nn.Module):
    @nn.compact
    def __call__(self, x):
        w1 = self.param("w1", lambda key: jnp.sin(jnp.arange(14 * 32.0)).reshape(14, 32) / 4)
        w2 = self.param("w2", lambda key: jnp.cos(jnp.arange(32.0)).reshape(32, 1) / 4)
        return nn.tanh(x @ w1) @ w2
