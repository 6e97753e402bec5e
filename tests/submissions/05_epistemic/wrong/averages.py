# Averages where they do not belong: of the divergences, over eight draws, over the samples; and a standard deviation.
#
# expect kl_to_prior: fail 0 "take the sum"
# expect elbo_loss: fail 0 "vary too little"
# expect mc_predict: fail 0 "average"
# expect decompose: fail 0 "standard deviation"

# %% kl_to_prior
def kl_to_prior(variational_params):
    def leaf(loc, rho):
        scale = jax.nn.softplus(rho)
        return (scale**2 + loc**2 - 1) / 2 - jnp.log(scale)

    each = jax.tree.map(leaf, variational_params["loc"], variational_params["rho"])
    return jnp.mean(jnp.concatenate([jnp.ravel(leaf) for leaf in jax.tree.leaves(each)]))

# %% elbo_loss
def elbo_loss(variational_params, key, x, y):
    loc, rho = variational_params["loc"], variational_params["rho"]

    def log_likelihood(key):
        first, second = jax.random.split(key)
        weights = {
            "slope": loc["slope"] + jax.nn.softplus(rho["slope"]) * jax.random.normal(first),
            "intercept": loc["intercept"] + jax.nn.softplus(rho["intercept"]) * jax.random.normal(second),
        }
        return jax.scipy.stats.norm.logpdf(y, predict(weights, x), noise_scale).sum()

    average = jax.vmap(log_likelihood)(jax.random.split(key, 8)).mean()
    return (kl_to_prior(variational_params) - average) / len(y)

# %% mc_predict
def mc_predict(params, key, x, num_samples):
    def sample(key):
        return dropout_model.apply(params, x, deterministic=False, rngs={"dropout": key})[:, 0]

    return jax.vmap(sample)(jax.random.split(key, num_samples)).mean(axis=0)

# %% decompose
def decompose(means, variances):
    return variances.mean(axis=0), means.std(axis=0)
