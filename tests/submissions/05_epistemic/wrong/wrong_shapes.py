# Shapes: leaves that are not summed, a squeezed network, samples in the last axis, one array instead of two.
#
# expect kl_to_prior: fail 0 "kl_to_prior"
# expect DropoutMLP: fail 0 "Keep the last axis"
# expect mc_predict: fail 0 "transpose"
# expect decompose: fail 0 "two arrays"

# %% kl_to_prior
def kl_to_prior(variational_params):
    def leaf(loc, rho):
        scale = jax.nn.softplus(rho)
        return jnp.sum((scale**2 + loc**2 - 1) / 2 - jnp.log(scale))

    return jax.tree.map(leaf, variational_params["loc"], variational_params["rho"])

# %% DropoutMLP
class DropoutMLP(nn.Module):
    @nn.compact
    def __call__(self, x, deterministic):
        x = nn.relu(nn.Dense(64)(x))
        x = nn.Dropout(0.1)(x, deterministic=deterministic)
        return nn.Dense(1)(x)[:, 0]

# %% mc_predict
def mc_predict(params, key, x, num_samples):
    def sample(key):
        return dropout_model.apply(params, x, deterministic=False, rngs={"dropout": key})[:, 0]

    return jax.vmap(sample, out_axes=1)(jax.random.split(key, num_samples))

# %% decompose
def decompose(means, variances):
    return variances.mean(axis=0) + means.var(axis=0)
