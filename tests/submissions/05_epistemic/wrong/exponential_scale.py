# The scale is exp(rho), in the divergence and in the draw; dropout by hand that divides by the rate; few keys.
#
# expect kl_to_prior: fail 0 "exp(rho)"
# expect elbo_loss: fail 0 "exp(rho)"
# expect DropoutMLP: fail 0 "1 - rate"
# expect mc_predict: fail 0 "the same mask"

# %% kl_to_prior
def kl_to_prior(variational_params):
    def leaf(loc, rho):
        return jnp.sum((jnp.exp(2 * rho) + loc**2 - 1) / 2 - rho)

    return sum(jax.tree.leaves(jax.tree.map(leaf, variational_params["loc"], variational_params["rho"])))

# %% elbo_loss
def elbo_loss(variational_params, key, x, y):
    loc, rho = variational_params["loc"], variational_params["rho"]
    first, second = jax.random.split(key)
    weights = {
        "slope": loc["slope"] + jnp.exp(rho["slope"]) * jax.random.normal(first),
        "intercept": loc["intercept"] + jnp.exp(rho["intercept"]) * jax.random.normal(second),
    }
    log_likelihood = jax.scipy.stats.norm.logpdf(y, predict(weights, x), noise_scale).sum()
    return (kl_to_prior(variational_params) - log_likelihood) / len(y)

# %% DropoutMLP
class DropoutMLP(nn.Module):
    @nn.compact
    def __call__(self, x, deterministic):
        x = nn.tanh(nn.Dense(64)(x))
        if not deterministic:
            x = x * jax.random.bernoulli(self.make_rng("dropout"), 0.9, x.shape) / 0.1
        return nn.Dense(1)(x)

# %% mc_predict
def mc_predict(params, key, x, num_samples):
    keys = jax.random.split(key, 2)
    samples = [
        dropout_model.apply(params, x, deterministic=False, rngs={"dropout": keys[i % 2]})[:, 0]
        for i in range(num_samples)
    ]
    return jnp.stack(samples)
