# One key for both weights, and one for all samples: the same key gives the same random numbers.
#
# expect elbo_loss: fail 0 "split the key" "+1.00"
# expect mc_predict: fail 0 "the same key gives the same mask"

# %% elbo_loss
def elbo_loss(variational_params, key, x, y):
    loc, rho = variational_params["loc"], variational_params["rho"]
    weights = jax.tree.map(lambda m, r: m + jax.nn.softplus(r) * jax.random.normal(key, m.shape), loc, rho)
    log_likelihood = jax.scipy.stats.norm.logpdf(y, predict(weights, x), noise_scale).sum()
    return (kl_to_prior(variational_params) - log_likelihood) / len(y)

# %% mc_predict
def mc_predict(params, key, x, num_samples):
    samples = [
        dropout_model.apply(params, x, deterministic=False, rngs={"dropout": key})[:, 0] for _ in range(num_samples)
    ]
    return jnp.stack(samples)
