# Five components whatever is asked for.
#
# expect MDN: fail 0 "num_components=1"

# %% MDN
class MDN(nn.Module):
    num_components: int

    @nn.compact
    def __call__(self, x):
        x = nn.relu(nn.Dense(64)(x))
        logits, loc, rho = jnp.split(nn.Dense(15)(x), 3, axis=-1)
        return tfd.MixtureSameFamily(tfd.Categorical(logits=logits), tfd.Normal(loc, 1e-3 + nn.softplus(rho)))
