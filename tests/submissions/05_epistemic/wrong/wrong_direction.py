# Directions mixed up: KL(prior || q), the bound maximised, dropout on when it should be off, the two parts swapped.
#
# expect kl_to_prior: fail 0 "the other way round"
# expect elbo_loss: fail 0 "opposite sign"
# expect DropoutMLP: fail 0 "negated"
# expect decompose: fail 0 "swapped"

# %% kl_to_prior
def kl_to_prior(variational_params):
    def leaf(loc, rho):
        q = tfd.Normal(loc, jax.nn.softplus(rho))
        return tfd.kl_divergence(tfd.Normal(0.0, 1.0), q).sum()

    return sum(jax.tree.leaves(jax.tree.map(leaf, variational_params["loc"], variational_params["rho"])))

# %% elbo_loss
def elbo_loss(variational_params, key, x, y):
    loc, rho = variational_params["loc"], variational_params["rho"]
    first, second = jax.random.split(key)
    weights = {
        "slope": loc["slope"] + jax.nn.softplus(rho["slope"]) * jax.random.normal(first),
        "intercept": loc["intercept"] + jax.nn.softplus(rho["intercept"]) * jax.random.normal(second),
    }
    log_likelihood = jax.scipy.stats.norm.logpdf(y, predict(weights, x), noise_scale).sum()
    return (log_likelihood - kl_to_prior(variational_params)) / len(y)

# %% DropoutMLP
class DropoutMLP(nn.Module):
    @nn.compact
    def __call__(self, x, deterministic):
        x = nn.relu(nn.Dense(64)(x))
        x = nn.Dropout(0.1)(x, deterministic=not deterministic)
        return nn.Dense(1)(x)

# %% decompose
def decompose(means, variances):
    return means.var(axis=0), variances.mean(axis=0)
