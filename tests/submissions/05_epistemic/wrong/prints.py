# Right, but it says what it does.
#
# expect elbo_loss: fail 3.2 "print"
# expect decompose: fail 1.6 "print"

# %% elbo_loss
def elbo_loss(variational_params, key, x, y):
    loc, rho = variational_params["loc"], variational_params["rho"]
    first, second = jax.random.split(key)
    weights = {
        "slope": loc["slope"] + jax.nn.softplus(rho["slope"]) * jax.random.normal(first),
        "intercept": loc["intercept"] + jax.nn.softplus(rho["intercept"]) * jax.random.normal(second),
    }
    print("drawn", weights)
    log_likelihood = jax.scipy.stats.norm.logpdf(y, predict(weights, x), noise_scale).sum()
    return (kl_to_prior(variational_params) - log_likelihood) / len(y)

# %% decompose
def decompose(means, variances):
    print("decomposing")
    return variances.mean(axis=0), means.var(axis=0)
