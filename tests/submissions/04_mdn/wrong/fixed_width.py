# All components have the same fixed width: a right distribution, too wide to learn what the masses say.
#
# expect estimate_mass: fail 0 "MDN"

# %% MDN
class MDN(nn.Module):
    num_components: int

    @nn.compact
    def __call__(self, x):
        x = nn.relu(nn.Dense(64)(x))
        logits, loc = jnp.split(nn.Dense(2 * self.num_components)(x), 2, axis=-1)
        return tfd.MixtureSameFamily(tfd.Categorical(logits=logits), tfd.Normal(loc, 0.5))
