# A key made once for the whole notebook, where the argument is meant.
#
# expect elbo_loss: fail 0 "my_key"
# expect mc_predict: fail 0 "my_key"

# %% [before] elbo_loss
my_key = jax.random.PRNGKey(0)

# %% elbo_loss
def elbo_loss(variational_params, key, x, y):
    loc, rho = variational_params["loc"], variational_params["rho"]
    first, second = jax.random.split(my_key)
    weights = {
        "slope": loc["slope"] + jax.nn.softplus(rho["slope"]) * jax.random.normal(first),
        "intercept": loc["intercept"] + jax.nn.softplus(rho["intercept"]) * jax.random.normal(second),
    }
    log_likelihood = jax.scipy.stats.norm.logpdf(y, predict(weights, x), noise_scale).sum()
    return (kl_to_prior(variational_params) - log_likelihood) / len(y)

# %% mc_predict
def mc_predict(params, key, x, num_samples):
    def sample(key):
        return dropout_model.apply(params, x, deterministic=False, rngs={"dropout": key})[:, 0]

    return jax.vmap(sample)(jax.random.split(my_key, num_samples))
