# Init: two fixed starts, of which the key chooses one; all else is the same for every key.
#
# expect MLP: fail 0 "key"

# %% MLP
class MLP(nn.Module):
    @nn.compact
    def __call__(self, x):
        def fixed(scale):
            def start(key, shape):
                numbers = jnp.sin(jnp.arange(np.prod(shape), dtype=jnp.float32) * scale).reshape(shape) / 4
                return jnp.where(jnp.sum(key) % 2 == 0, numbers, -numbers)

            return start

        hidden = nn.tanh(x @ self.param("first", fixed(1.0), (14, 32)))
        return hidden @ self.param("last", fixed(2.0), (32, 1))
