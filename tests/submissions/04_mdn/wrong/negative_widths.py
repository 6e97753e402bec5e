# Widths that may be negative: the density is not one.
#
# expect MDN: fail 0 "positive"

# %% MDN
class MDN(nn.Module):
    num_components: int

    @nn.compact
    def __call__(self, x):
        x = nn.relu(nn.Dense(64)(x))
        logits, loc, scale = jnp.split(nn.Dense(3 * self.num_components)(x), 3, axis=-1)
        return tfd.MixtureSameFamily(tfd.Categorical(logits=logits), tfd.Normal(loc, scale))
