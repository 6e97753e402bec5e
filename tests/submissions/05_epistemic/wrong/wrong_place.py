# Things in the wrong place: the division by b, dropout on the output, samples and points in a reshape, s - 1.
#
# expect elbo_loss: fail 0 "divide both"
# expect DropoutMLP: fail 0 "its output"
# expect mc_predict: fail 0 "reshape"
# expect decompose: fail 0 "ddof"

# %% elbo_loss
def elbo_loss(variational_params, key, x, y):
    loc, rho = variational_params["loc"], variational_params["rho"]
    first, second = jax.random.split(key)
    weights = {
        "slope": loc["slope"] + jax.nn.softplus(rho["slope"]) * jax.random.normal(first),
        "intercept": loc["intercept"] + jax.nn.softplus(rho["intercept"]) * jax.random.normal(second),
    }
    log_likelihood = jax.scipy.stats.norm.logpdf(y, predict(weights, x), noise_scale).mean()
    return kl_to_prior(variational_params) - log_likelihood

# %% DropoutMLP
class DropoutMLP(nn.Module):
    @nn.compact
    def __call__(self, x, deterministic):
        x = nn.relu(nn.Dense(64)(x))
        x = nn.relu(nn.Dense(64)(x))
        return nn.Dropout(0.1)(nn.Dense(1)(x), deterministic=deterministic)

# %% mc_predict
def mc_predict(params, key, x, num_samples):
    everything = jnp.repeat(x, num_samples, axis=0)
    y = dropout_model.apply(params, everything, deterministic=False, rngs={"dropout": key})
    return y.reshape(num_samples, len(x))

# %% decompose
def decompose(means, variances):
    return variances.mean(axis=0), means.var(axis=0, ddof=1)
