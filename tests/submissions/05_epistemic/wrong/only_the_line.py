# The divergence knows two weights by name; no gradient flows through the draw; an activation after the last layer.
#
# expect kl_to_prior: fail 0 "any tree of arrays"
# expect elbo_loss: fail 0 "no gradient flows through the draw"
# expect DropoutMLP: fail 0 "nothing may follow"
# expect mc_predict: fail 0 "hands it no key"

# %% kl_to_prior
def kl_to_prior(variational_params):
    total = 0.0
    for name in ("slope", "intercept"):
        loc, scale = variational_params["loc"][name], jax.nn.softplus(variational_params["rho"][name])
        total = total + (scale**2 + loc**2 - 1) / 2 - jnp.log(scale)
    return total

# %% elbo_loss
def elbo_loss(variational_params, key, x, y):
    loc, rho = variational_params["loc"], variational_params["rho"]
    first, second = jax.random.split(key)
    weights = {
        "slope": loc["slope"] + jax.nn.softplus(rho["slope"]) * jax.random.normal(first),
        "intercept": loc["intercept"] + jax.nn.softplus(rho["intercept"]) * jax.random.normal(second),
    }
    weights = jax.lax.stop_gradient(weights)
    log_likelihood = jax.scipy.stats.norm.logpdf(y, predict(weights, x), noise_scale).sum()
    return (kl_to_prior(variational_params) - log_likelihood) / len(y)

# %% DropoutMLP
class DropoutMLP(nn.Module):
    @nn.compact
    def __call__(self, x, deterministic):
        x = nn.relu(nn.Dense(64)(x))
        x = nn.Dropout(0.1)(x, deterministic=deterministic)
        return nn.relu(nn.Dense(1)(x))

# %% mc_predict
def mc_predict(params, key, x, num_samples):
    def sample(key):
        return dropout_model.apply(params, x, deterministic=False)[:, 0]

    return jax.vmap(sample)(jax.random.split(key, num_samples))
